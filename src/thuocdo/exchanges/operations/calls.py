"""Calls that write are answered once, and files are taken ahead of the reports that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.exchanges.models import AnsweredCall, ReceivedFile
from thuocdo.tasks.files import Upload, check_upload


class CallRepeatedOtherwise(ValueError):
    """The idempotency key came before with another request."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a call, and whether it is that of an earlier one with the same key."""

    status: int
    answer: dict[str, Any]
    is_repeated: bool = False


def answer_once(
    *,
    actor: Actor,
    at: datetime,
    idempotency_key: str,
    request_digest: str,
    act: Callable[[], tuple[int, dict[str, Any]]],
) -> Answered:
    """Do what `act` does and keep its answer under the key, in one transaction; a repeated call gets that answer.

    What raises is not kept: nothing was written then, and the same call may be made again. Of two calls at the same
    moment the second waits for the first. Raises CallRepeatedOtherwise.
    """
    if not idempotency_key or actor.key_id is None:
        with transaction.atomic():
            return Answered(*act())
    known = AnsweredCall.objects.filter(key=actor.key_id, idempotency_key=idempotency_key)
    if (before := known.first()) is not None:
        return _again(before, request_digest)
    try:
        with transaction.atomic():
            # The empty row makes a second call with this key wait here until the first one is through.
            row = AnsweredCall.objects.create(
                key_id=actor.key_id, idempotency_key=idempotency_key, request_digest=request_digest, at=at
            )
            row.status, row.answer = act()
            row.save(update_fields=["status", "answer"])
    except IntegrityError:
        if (before := known.first()) is None:
            raise
        return _again(before, request_digest)
    return Answered(row.status, row.answer)


def _again(before: AnsweredCall, request_digest: str) -> Answered:
    if before.request_digest != request_digest:
        raise CallRepeatedOtherwise(
            gettext("Khóa chống gửi trùng này đã dùng cho một lần gửi khác; tạo khóa mới cho nội dung mới.")
        )
    return Answered(before.status, before.answer, is_repeated=True)


@transaction.atomic
def take_file(*, actor: Actor, at: datetime, upload: Upload) -> ReceivedFile:
    """Keep a file that a report will name by its digest; the same bytes again change nothing.

    Raises FileRefused for what would not be let in as evidence either. No ledger entry: nothing refers to it yet.
    """
    checked = check_upload(upload, max_bytes=settings.MAX_UPLOAD)
    digest = digest_of_bytes(checked.data)
    row, _is_new = ReceivedFile.objects.get_or_create(
        key_id=actor.key_id,
        digest=digest,
        defaults={
            "name": checked.name,
            "media_type": checked.media_type,
            "size": len(checked.data),
            "address": default_storage.save(checked.name, ContentFile(checked.data)),
            "at": at,
        },
    )
    return row
