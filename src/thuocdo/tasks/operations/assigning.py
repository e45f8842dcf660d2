"""Orders become tasks: one task with one lead, many at once, or one instance for each body of a group."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.canonical import canonical_json
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Collective, Task

from .taking import append_change, begin, finish
from .writing import FIRST_STEPS, TaskDescription, check_deadline, write_collective, write_tasks


@transaction.atomic
def assign(*, actor: Actor, at: datetime, task: TaskDescription, assigning_body: Body | None = None) -> Task:
    """Give a body a task; the assigning body is by default the one for which the actor may assign."""
    return _one(task, State.ASSIGNED, actor=actor, at=at, assigning_body=assigning_body)


@transaction.atomic
def draft(*, actor: Actor, at: datetime, task: TaskDescription, assigning_body: Body | None = None) -> Task:
    """Prepare a task that only the assigning side sees until it is issued."""
    return _one(task, State.DRAFT, actor=actor, at=at, assigning_body=assigning_body)


def _one(task: TaskDescription, state: State, *, actor: Actor, at: datetime, assigning_body: Body | None) -> Task:
    (row,) = write_tasks([task], actor=actor, at=at, assigning_body=assigning_body, state=state)
    append_change(FIRST_STEPS[state], row, "", actor=actor, at=at)
    return row


@transaction.atomic
def issue(*, actor: Actor, at: datetime, task: Task) -> Task:
    """Issue a draft: from this day the lead body owes it."""
    current = begin("issue", task, actor=actor)
    today = localdate(at)
    check_deadline(current.due_on, today)
    current.assigned_on = today
    return finish("issue", current, actor=actor, at=at)


@transaction.atomic
def assign_many(
    *, actor: Actor, at: datetime, tasks: Sequence[TaskDescription], assigning_body: Body | None = None
) -> list[Task]:
    """Give many tasks at once, all or none; one ledger entry with a Merkle root over them."""
    if not tasks:
        return []
    rows = write_tasks(tasks, actor=actor, at=at, assigning_body=assigning_body)
    append_batch("tasks", rows, actor=actor, at=at)
    return rows


@transaction.atomic
def assign_collective(
    *,
    actor: Actor,
    at: datetime,
    task: TaskDescription,
    bodies: Iterable[Body],
    groups: Sequence[str] = (),
    assigning_body: Body | None = None,
) -> Collective:
    """Give every body its own instance of the task (`task.lead` is replaced by each); one ledger entry.

    `groups` are the codes of the groups that the bodies came from.
    """
    leads = list({body.pk: body for body in bodies}.values())
    collective, rows = write_collective(task, leads, groups=groups, actor=actor, at=at, assigning_body=assigning_body)
    append_batch(collective.label, rows, actor=actor, at=at)
    return collective


def append_batch(subject: str, rows: Sequence[Task], *, actor: Actor, at: datetime) -> None:
    """Tell the ledger of many new tasks in one entry: `tasks` or a collective, with a Merkle root over them."""
    append(
        actor=actor.label,
        at=at,
        event=Event.TASKS_ASSIGNED,
        subject=subject,
        data={
            "tasks": len(rows),
            "first": rows[0].code,
            "last": rows[-1].code,
            "root": merkle_root([canonical_json([row.code, row.lead.code, row.due_on]) for row in rows]),
        },
    )
