"""Large batches: acknowledged as soon as their bytes lie safe, recorded by a job, once, whatever is killed when."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, require_anywhere
from thuocdo.accounts.queries import actor_for_key
from thuocdo.indicators.models import Batch, Landing
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .reading import OnError, Unreadable, read_batch
from .recording import KeyUsedBefore, check, write
from .telling import RecordingResult, RowError, Told

# The status of a batch that is acknowledged and waits.
WAITING = 202
# A batch that cannot be recorded after so many attempts is given up; its bytes stay where they are.
MOST_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Landed:
    """A batch that was acknowledged: its number, and its answer once there is one."""

    batch: int
    result: RecordingResult | None = None


def landed_before(*, actor: Actor, key: str, request_digest: str) -> Landed | None:
    """The batch that the idempotency key brought before; raises KeyUsedBefore when its content was another."""
    batch = Batch.objects.filter(owner=actor.label, idempotency_key=key).first()
    if batch is None:
        return None
    if batch.request_digest != request_digest:
        raise KeyUsedBefore(_("Khóa chống gửi trùng này đã dùng cho nội dung khác; hãy dùng khóa mới."))
    return Landed(batch.pk, None if batch.status == WAITING else RecordingResult.read(batch.answer))


def land_measurements(
    *,
    actor: Actor,
    at: datetime,
    content: bytes,
    media_type: str,
    encoding: str,
    on_error: OnError,
    rows: int,
    idempotency_key: str | None = None,
    request_digest: str = "",
) -> Landed:
    """Keep a batch of a source system as it came and promise to record it; `rows` is how many it was read to hold.

    When this returns, the bytes are on the disk under their digest, and the batch, the ledger entry and the job
    are committed together: from here on nothing that is killed loses it. Raises KeyUsedBefore, NotAllowed, and
    OSError when the disk is full, with nothing acknowledged.
    """
    if actor.key_id is None:
        raise NotAllowed(actor, Permission.FEED_MEASUREMENT)
    if idempotency_key and (before := landed_before(actor=actor, key=idempotency_key, request_digest=request_digest)):
        return before
    address = default_storage.save("", ContentFile(content))
    try:
        with transaction.atomic():
            return Landed(
                _promise(
                    actor, at, content, address, media_type, encoding, on_error, rows, idempotency_key, request_digest
                )
            )
    except IntegrityError:
        if idempotency_key and (
            before := landed_before(actor=actor, key=idempotency_key, request_digest=request_digest)
        ):
            return before
        raise


def _promise(
    actor: Actor,
    at: datetime,
    content: bytes,
    address: str,
    media_type: str,
    encoding: str,
    on_error: OnError,
    rows: int,
    idempotency_key: str | None,
    request_digest: str,
) -> int:
    batch = Batch.objects.create(
        owner=actor.label,
        idempotency_key=idempotency_key or None,
        request_digest=request_digest,
        recorded_at=at,
        accepted=0,
        rejected=0,
        answer=RecordingResult(0, 0, (), None).as_plain(),
        status=WAITING,
    )
    Landing.objects.create(
        batch=batch,
        key_id=actor.key_id or 0,
        address=address,
        size=len(content),
        media_type=media_type,
        encoding=encoding,
        on_error=on_error,
        language=translation.get_language() or "vi",
        rows=rows,
        landed_at=at,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.MEASUREMENTS_LANDED,
        subject=batch.label,
        data={"content": address.rpartition("/")[2], "bytes": len(content), "rows": rows},
    )
    return int(batch.pk)


def record_landed(*, actor: Actor, at: datetime, number: int) -> RecordingResult | None:
    """Record a batch that was landed; None when that has been done, or is given up.

    Rights are those of the day on which it was acknowledged: a key that is revoked later loses nothing that was
    promised to it. Checked outside, written in one transaction together with the mark that it is finished: killed
    at any step it is done again from the start, and never twice.
    """
    require_anywhere(actor, Permission.FEED_MEASUREMENT)
    landing = Landing.objects.select_related("batch", "key").get(batch=number)
    if landing.finished_at is not None:
        return None
    Landing.objects.filter(pk=landing.pk).update(started_at=at, attempts=landing.attempts + 1, checked=0)
    source = actor_for_key(landing.key, on=timezone.localdate(landing.landed_at))
    with translation.override(landing.language):
        if landing.attempts >= MOST_ATTEMPTS:
            return _refuse(
                landing,
                at,
                RowError(
                    0,
                    "",
                    "given_up",
                    _("Hệ thống không ghi được lô này sau nhiều lần thử; nội dung vẫn được giữ, đề nghị báo quản trị."),
                ),
            )
        try:
            rows = _rows(landing)
        except Unreadable as wrong:
            return _refuse(landing, at, RowError(0, wrong.field, wrong.code, str(wrong)))
        good, told = check(source, at, rows, "", every=_progress(landing))
        if told and landing.on_error == "refuse_all":
            good = []
        with transaction.atomic():
            # Whoever comes second waits here, and finds the work done.
            locked = Landing.objects.select_for_update().select_related("batch").get(pk=landing.pk)
            if locked.finished_at is not None:
                return None
            result = write(
                actor=source,
                at=at,
                rows=rows,
                good=good,
                told=told,
                idempotency_key=locked.batch.idempotency_key,
                request_digest=locked.batch.request_digest,
                batch=locked.batch,
            )
            locked.checked, locked.rows, locked.finished_at = len(rows), len(rows), at
            locked.save(update_fields=["checked", "rows", "finished_at"])
            return result


def _rows(landing: Landing) -> list[Any]:
    """The rows of the kept bytes; raises Unreadable also when they are no longer those that were acknowledged."""
    try:
        with default_storage.open(landing.address) as file:
            content = file.read()
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != landing.address.rpartition("/")[2]:
        text = _("Nội dung đã tiếp nhận không còn nguyên vẹn trên máy chủ; hãy gửi lại với khóa chống gửi trùng mới.")
        raise Unreadable("", "content_lost", text)
    return read_batch(content, media_type=landing.media_type, encoding=landing.encoding).rows


def _progress(landing: Landing) -> Callable[[int], None]:
    def tell(checked: int) -> None:
        Landing.objects.filter(pk=landing.pk).update(checked=checked)

    return tell


@transaction.atomic
def _refuse(landing: Landing, at: datetime, error: RowError) -> RecordingResult:
    """End a batch that cannot be recorded, with the reason as its answer."""
    told = Told()
    told.add(error)
    batch = landing.batch
    result = RecordingResult(0, landing.rows, (error.as_plain(),), None, counts=dict(told.codes), batch=batch.pk)
    batch.rejected, batch.status, batch.answer = landing.rows, result.status, result.as_plain()
    batch.save(update_fields=["rejected", "status", "answer"])
    Landing.objects.filter(pk=landing.pk).update(finished_at=at)
    return result
