"""A directive that is written here clause by clause, instead of arriving as a file: the conclusions of a meeting.

Clauses are only ever added at the end, so that the offsets of earlier ones hold; the bytes are kept anew with each.
"""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.directives.lifecycle import DocumentState
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.queries import WRITTEN_HERE
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.extraction.reader import TEXT
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body

from .receiving import search_words
from .refusals import DirectiveRefused
from .reviewing import add_by_hand


@transaction.atomic
def begin_document(
    *, actor: Actor, at: datetime, body: Body, title: str, kind: str, heading: str, file_name: str
) -> Document:
    """Begin a document of a body with its heading; it has neither number nor day until it is issued (`describe`).

    The heading must tell it from every other document: the same bytes are never kept twice.
    """
    require(actor, Permission.RECEIVE_DIRECTIVE, body)
    document = Document(
        body=body,
        issuer=body,
        issuer_text=body.name[:200],
        title=nfc(title)[:500],
        kind=nfc(kind)[:80],
        file_name=file_name,
        media_type=TEXT,
        encoding="utf-8",
        notes=[WRITTEN_HERE],
        state=DocumentState.EXTRACTED,
        received_at=at,
        received_by=actor.label,
    )
    _take(document, nfc(heading).strip())
    document.search = search_words(document)
    document.save(force_insert=True)
    append(
        actor=actor.label,
        at=at,
        event=Event.DOCUMENT_WRITTEN,
        subject=document.label,
        data={"body": body.code, "digest": document.digest, "size": document.size},
    )
    return document


@transaction.atomic
def add_words(*, actor: Actor, at: datetime, document: Document, text: str) -> tuple[int, int]:
    """Write one more line into a document that is written here; gives the span at which it stands.

    Raises DirectiveRefused for a document that was received.
    """
    current = Document.objects.select_for_update(of=("self",)).select_related("body", "issuer").get(pk=document.pk)
    require(actor, Permission.REVIEW_CANDIDATES, current.body)
    if WRITTEN_HERE not in current.notes:
        raise DirectiveRefused(
            gettext("Văn bản này được tiếp nhận từ tệp nên không ghi thêm được; tiếp nhận văn bản sửa đổi, bổ sung."),
            code="not_written_here",
            field="document",
        )
    start = len(current.text) + 1
    _take(current, f"{current.text}\n{' '.join(nfc(text).split())}")
    current.save(update_fields=["text", "passages", "file", "digest", "size"])
    append(
        actor=actor.label,
        at=at,
        event=Event.DOCUMENT_EXTENDED,
        subject=current.label,
        data={"digest": current.digest, "size": current.size, "start": start, "end": len(current.text)},
    )
    return start, len(current.text)


@transaction.atomic
def add_clause(*, actor: Actor, at: datetime, document: Document, text: str, **fields: Any) -> Candidate:
    """Write one more line and mark it as an assignment; `fields` are those of CORRECTABLE, names are resolved."""
    start, end = add_words(actor=actor, at=at, document=document, text=text)
    return add_by_hand(actor=actor, at=at, document=document, start=start, end=end, **fields)


def _take(document: Document, text: str) -> None:
    """Give a document its text, and keep the bytes under their digest."""
    data = text.encode()
    document.text = text
    document.passages = _passages(text)
    document.digest, document.size = digest_of_bytes(data), len(data)
    document.file = default_storage.save(document.file_name, ContentFile(data))


def _passages(text: str) -> list[dict[str, int | None]]:
    """Each line as a paragraph."""
    found: list[dict[str, int | None]] = []
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        found.append({"start": start, "end": start + len(line), "page": None, "paragraph": number})
        start += len(line) + 1
    return found
