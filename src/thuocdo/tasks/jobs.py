"""What the machine does with tasks later: match new documents, follow bodies that merge and people who leave."""

import json

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.directives.queries import document_by_label
from thuocdo.ledger.queries import entry_by_number

from . import operations
from .files import open_file
from .operations import propose_matches
from .previewing import NotShown, prints_of
from .queries.evidence import evidence_by_digests


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


@task(queue_name="slow")
def compare(entry: int) -> None:
    """Look whether the files that ledger entry `entry` tells of look or read like others; twice does no harm."""
    told = entry_by_number(entry)
    if told is None:
        return
    for file in evidence_by_digests(told.subject, json.loads(told.data)["digests"]):
        with open_file(file.file) as kept:
            data = kept.read()
        try:
            prints = prints_of(data, file.media_type)
        except NotShown:
            # Looked into by others at this moment: the queue comes back to it.
            compare.enqueue(entry)
            return
        operations.compare_evidence(
            actor=machine("comparing", timezone.localdate()),
            at=timezone.now(),
            task=file.report.task,
            digest=file.digest,
            prints=prints,
        )


@task()
def forget_erased(entry: int) -> None:
    """Delete the bytes of the evidence that ledger entry `entry` erased, and all pictures of it."""
    told = entry_by_number(entry)
    if told is not None:
        operations.forget_file(digest=json.loads(told.data)["digest"])
