"""What the machine does with tasks later: look whether a new document means known ones."""

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.directives.queries import document_by_label
from thuocdo.ledger.queries import entry_by_number

from .operations import propose_matches


@task()
def match(entry: int) -> None:
    """Propose the known tasks that the document of ledger entry `entry` repeats or amends; twice does no harm."""
    told = entry_by_number(entry)
    document = document_by_label(told.subject) if told is not None else None
    if document is not None:
        propose_matches(actor=machine("matching", timezone.localdate()), at=timezone.now(), document=document)
