"""What recognition reads from a scan: page by page how far it has come, and in the end the text."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.directives.models import Document
from thuocdo.engine.extraction.head import read_head
from thuocdo.engine.extraction.reader import SourceText
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .receiving import issuer_of, search_words, take_text


def record_pages(*, document: Document, pages: int) -> None:
    """Note how many pages are recognised, for whoever waits; no event, for nothing follows from it."""
    Document.objects.filter(pk=document.pk).update(pages_recognised=pages)


@transaction.atomic
def record_text(*, actor: Actor, at: datetime, document: Document, source: SourceText) -> Document:
    """Give a scan the text that was recognised on its pages; one that has a text already keeps it."""
    document = Document.objects.select_for_update(of=("self",)).select_related("body").get(pk=document.pk)
    require(actor, Permission.REVIEW_CANDIDATES, document.body)
    if document.text:
        return document
    head = read_head(source.text)
    # Without a title the document went by the name of its file.
    if document.title == document.file_name.rpartition(".")[0][:500]:
        document.title = ""
    named = document.title or document.file_name.rpartition(".")[0][:500]
    take_text(document, source, head)
    document.title = document.title or named
    if document.issued_on is not None and document.issued_on > localdate(at):
        document.issued_on = None
    document.issuer = document.issuer or issuer_of(head, document.issued_on)
    document.pages_recognised = document.pages_to_recognise
    document.search = search_words(document)
    document.save()
    append(
        actor=actor.label,
        at=at,
        event=Event.DOCUMENT_RECOGNISED,
        subject=document.label,
        data={"pages": document.pages_to_recognise},
    )
    return document
