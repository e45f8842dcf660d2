"""What the machine does with a document later: look for the assignments in it."""

import structlog
from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.engine.extraction.amendments import find_orders

from .operations import record_failure, record_found
from .queries import documents_waiting_for_extraction

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
            found = find_orders(document.text, issued_on=document.issued_on)
        except Exception as error:
            # Whatever breaks on one text must not keep the others waiting; it is logged and shown on the page.
            log.exception("extraction_failed", document=document.pk, entry=entry)
            record_failure(actor=actor, at=timezone.now(), document=document, code=type(error).__name__)
        else:
            record_found(actor=actor, at=timezone.now(), document=document, found=found)
