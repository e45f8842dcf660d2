"""What the machine does with tasks later: match new documents, follow bodies that merge and people who leave."""

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.directives.queries import document_by_label
from thuocdo.ledger.queries import entry_by_number

from . import operations
from .operations import propose_matches


@task()
def match(entry: int) -> None:
    """Propose the known tasks that the document of ledger entry `entry` repeats or amends; twice does no harm."""
    told = entry_by_number(entry)
    document = document_by_label(told.subject) if told is not None else None
    if document is not None:
        propose_matches(actor=machine("matching", timezone.localdate()), at=timezone.now(), document=document)


@task()
def follow_successions(entry: int) -> None:
    """A body went over into others: its tasks follow; what several bodies could take waits for people."""
    _follow_successions()


@task()
def free_tasks_of_the_gone(entry: int) -> None:
    """A role or an account ended: tasks whose person no longer works at the lead body are freed and shown."""
    _free_tasks_of_the_gone()


@task()
def tend() -> None:
    """Successions and roles that end on a day of their own accord, without any entry on that day."""
    _follow_successions()
    _free_tasks_of_the_gone()


def _follow_successions() -> None:
    operations.follow_successions(actor=machine("successions", timezone.localdate()), at=timezone.now())


def _free_tasks_of_the_gone() -> None:
    operations.leave_unattended(actor=machine("roles", timezone.localdate()), at=timezone.now())
