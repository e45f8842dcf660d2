"""A document arrives: its bytes are read, kept under their digest, and written down; or nothing is."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, require
from thuocdo.directives.models import Document
from thuocdo.directives.queries import receiving_body
from thuocdo.directives.reading import read_apart
from thuocdo.directives.recognition import MOST_PAGES, SCANNED, is_available
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.extraction.head import DocumentHead, read_head
from thuocdo.engine.extraction.reader import PDF, SourceText, UnreadableDocument
from thuocdo.engine.spelling import nfc, search_key
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies_named

from .refusals import DirectiveRefused


class AlreadyReceived(DirectiveRefused):
    """The same bytes were received before; `first` is that document (show it only to whoever may see it)."""

    def __init__(self, first: Document) -> None:
        super().__init__(
            gettext("Tệp này đã được tiếp nhận ngày %(day)s; mở văn bản đã có thay vì tải lên lần nữa.")
            % {"day": date_format(localtime(first.received_at), "d/m/Y")},
            code="already_received",
            field="file",
        )
        self.first = first


def receive(
    *,
    actor: Actor,
    at: datetime,
    data: bytes,
    file_name: str,
    title: str = "",
    number: str = "",
    issuer: Body | None = None,
    issued_on: date | None = None,
    body: Body | None = None,
) -> Document:
    """Receive a directive for a body (by default the one where the actor may) and read its text.

    What the person leaves empty is taken from the head of the text. Raises UnreadableDocument (of the engine),
    AlreadyReceived or DirectiveRefused; then nothing is written. The assignments are found later, by a job.
    """
    body = body or receiving_body(actor)
    if body is None:
        raise NotAllowed(actor, Permission.RECEIVE_DIRECTIVE)
    require(actor, Permission.RECEIVE_DIRECTIVE, body)
    source = _read(data)
    digest = digest_of_bytes(data)
    _refuse_repetition(digest)
    head = read_head(source.text)
    document = _document(source, head, file_name, body=body, title=title, number=number)
    if issued_on is not None:
        _check_day(issued_on, at)
        document.issued_on = issued_on
    elif document.issued_on is not None and document.issued_on > localdate(at):
        # A date that was only read from the text and cannot be is no date.
        document.issued_on = None
    document.issuer = issuer or issuer_of(head, document.issued_on)
    document.received_at, document.received_by = at, actor.label
    document.digest, document.size = digest, len(data)
    document.search = search_words(document)
    return _keep(document, data, actor=actor, at=at)


def _read(data: bytes) -> SourceText:
    """The text of an upload; of a scan, where a machine can recognise it later, only how many pages it has."""
    try:
        return read_apart(data, max_bytes=settings.MAX_UPLOAD)
    except UnreadableDocument as error:
        pages = int(error.details.get("pages", 0))
        if error.code != "pdf_without_text" or not 0 < pages <= MOST_PAGES or not is_available():
            raise
    return SourceText("", PDF, None, (), (SCANNED, str(pages)))


@transaction.atomic
def describe(
    *,
    actor: Actor,
    at: datetime,
    document: Document,
    title: str,
    number: str,
    issuer: Body | None,
    issued_on: date | None,
) -> Document:
    """Correct what stands at the head of a document; its text, its candidates and their dates stay as they are."""
    current = Document.objects.select_for_update(of=("self",)).select_related("body").get(pk=document.pk)
    require(actor, Permission.REVIEW_CANDIDATES, current.body)
    if not title.strip():
        raise DirectiveRefused(
            gettext("Chưa có trích yếu; nhập tên hoặc trích yếu của văn bản."), code="title_empty", field="title"
        )
    if issued_on is not None:
        _check_day(issued_on, at)
    current.title, current.number = nfc(title.strip())[:500], nfc(number.strip())[:80]
    current.issuer, current.issued_on = issuer, issued_on
    current.search = search_words(current)
    current.save(update_fields=["title", "number", "issuer", "issued_on", "search"])
    append(
        actor=actor.label,
        at=at,
        event=Event.DOCUMENT_DESCRIBED,
        subject=current.label,
        data={"issuer": issuer.code if issuer else None, "issued_on": issued_on},
    )
    return current


def _check_day(issued_on: date, at: datetime) -> None:
    if issued_on > localdate(at):
        raise DirectiveRefused(
            gettext("Ngày ban hành %(day)s ở sau ngày hôm nay; sửa lại ngày ban hành của văn bản.")
            % {"day": date_format(issued_on, "d/m/Y")},
            code="issued_in_future",
            field="issued_on",
        )


def search_words(document: Document) -> str:
    """What lists are searched by: number, title and issuer without accents."""
    issuer = document.issuer.name if document.issuer else ""
    return search_key(f"{document.number} {document.title} {document.issuer_text} {issuer}")


def _document(
    source: SourceText, head: DocumentHead, file_name: str, *, body: Body, title: str, number: str
) -> Document:
    name = _plain_name(file_name)
    scanned = source.notes[:1] == (SCANNED,)
    document = Document(
        body=body,
        number=nfc(number.strip())[:80],
        title=nfc(title.strip())[:500],
        file_name=name,
        media_type=source.media_type,
        notes=[SCANNED] if scanned else [],
        pages_to_recognise=int(source.notes[1]) if scanned else 0,
    )
    take_text(document, source if not scanned else SourceText("", source.media_type, None, (), (SCANNED,)), head)
    document.title = document.title or PurePosixPath(name).stem[:500]
    return document


def take_text(document: Document, source: SourceText, head: DocumentHead) -> None:
    """Give a document its text and, where nobody has said otherwise, what its head says."""
    # PostgreSQL keeps no zero character in text; a space in its place leaves every offset as it is.
    document.text = source.text.replace("\x00", " ")
    document.encoding = source.encoding or ""
    document.passages = [asdict(passage) for passage in source.passages]
    document.notes = list(source.notes)
    document.number = document.number or nfc(head.number or "")[:80]
    document.kind = document.kind or nfc(head.kind or "")[:80]
    document.title = document.title or nfc(" ".join((head.subject or "").split()))[:500]
    document.issuer_text = nfc(head.issuer or "")[:200]
    document.issued_on = document.issued_on or head.issued_on
    document.place, document.urgency = nfc(head.place or "")[:60], head.urgency or ""
    document.signer_post, document.signer = nfc(head.signer_post or "")[:200], nfc(head.signer or "")[:80]
    document.addressed_to = [nfc(line) for line in head.addressed_to]
    document.recipients = [nfc(line) for line in head.recipients]
    document.legal_bases = [nfc(line) for line in head.legal_bases]


def _plain_name(file_name: str) -> str:
    """The last part of a file name without control characters; it is shown, never used as a path."""
    last = PurePosixPath(nfc(file_name).replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[-255:] or "van-ban"


def issuer_of(head: DocumentHead, on: date | None) -> Body | None:
    """The body that the head names, if exactly one does: all its lines, or the last of them, which names who signs."""
    lines = head.issuer_lines or ((head.issuer,) if head.issuer else ())
    for first in range(len(lines)):
        bodies = bodies_named(" ".join(lines[first:]), on=on)
        if len(bodies) == 1:
            return bodies[0]
    return None


def _refuse_repetition(digest: str) -> None:
    first = Document.objects.filter(digest=digest).first()
    if first is not None:
        raise AlreadyReceived(first)


def _keep(document: Document, data: bytes, *, actor: Actor, at: datetime) -> Document:
    try:
        with transaction.atomic():
            # The row comes before the file: of two who bring the same bytes, the second waits here and is refused.
            document.file = f"{document.digest[:2]}/{document.digest}"
            document.save(force_insert=True)
            document.file = default_storage.save(document.file_name, ContentFile(data))
            document.save(update_fields=["file"])
            append(
                actor=actor.label,
                at=at,
                event=Event.DOCUMENT_RECEIVED,
                subject=document.label,
                data={
                    "body": document.body.code,
                    "digest": document.digest,
                    "size": document.size,
                    "media_type": document.media_type,
                    "issued_on": document.issued_on,
                },
            )
    except IntegrityError:
        _refuse_repetition(document.digest)
        raise
    return document
