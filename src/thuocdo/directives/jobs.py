"""What the machine does with a document later: look for the assignments in it."""

from typing import TYPE_CHECKING

import structlog
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.engine.extraction.amendments import find_orders
from thuocdo.engine.extraction.reader import UnreadableDocument

from .operations import record_failure, record_found, record_pages, record_text
from .queries import documents_waiting_for_extraction
from .recognition import recognise

if TYPE_CHECKING:
    from .models import Document

log = structlog.get_logger(__name__)


@task()
def extract(entry: int) -> None:
    """Look for assignments in every document that waits for it; asked for by ledger entry `entry`.

    One job covers all that wait, so a later one that finds nothing left ends at once. A document on which the
    rules break is marked as failed with the kind of error, so that the others still get their turn.
    """
    actor = machine("extraction", timezone.localdate())
    for document in documents_waiting_for_extraction():
        try:
            read = _recognised(document) if document.is_scan_to_read else document
            found = find_orders(read.text, issued_on=read.issued_on)
        except UnreadableDocument as error:
            record_failure(actor=actor, at=timezone.now(), document=document, code=error.code)
        except Exception as error:
            # Whatever breaks on one text must not keep the others waiting; it is logged and shown on the page.
            log.exception("extraction_failed", document=document.pk, entry=entry)
            record_failure(actor=actor, at=timezone.now(), document=document, code=type(error).__name__)
        else:
            record_found(actor=actor, at=timezone.now(), document=document, found=found)


def _recognised(document: "Document") -> "Document":
    """The document with the text that was recognised on its pages."""
    with default_storage.open(document.file) as kept:
        data = kept.read()
    source = recognise(data, document.pages_to_recognise, lambda pages: record_pages(document=document, pages=pages))
    return record_text(
        actor=machine("extraction", timezone.localdate()), at=timezone.now(), document=document, source=source
    )
