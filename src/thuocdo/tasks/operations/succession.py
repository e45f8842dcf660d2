"""A body ended and its work went to others: its tasks follow, to one by themselves, to several by decision."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.engine.canonical import canonical_json
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import successors
from thuocdo.tasks.lifecycle import OPEN, State
from thuocdo.tasks.models import Coordination, Task, Transition
from thuocdo.tasks.permissions import may_take
from thuocdo.tasks.queries.succession import ended_bodies_in_tasks

from .refusals import TaskRefused
from .steering import cancel
from .taking import require_over

_STAYS_OWED = sorted(OPEN | {State.DRAFT})


@transaction.atomic
def follow_successions(*, actor: Actor, at: datetime) -> list[Task]:
    """Give what ended bodies owe, gave or were to accept to the one body that followed each; one ledger entry.

    Where several followed, or the successor owes the same collective task already, people decide: see
    `queries.without_living_lead`. Doing it twice does no harm.
    """
    today = localdate(at)
    moved: list[Task] = []
    for ended in ended_bodies_in_tasks(today):
        heirs = [heir for heir in successors(ended) if heir.valid_from <= today]
        if len(heirs) == 1:
            moved += _move(_led_by(ended), heirs[0], actor=actor, at=at)
            _take_other_places(ended, heirs[0])
    if moved:
        _append(moved, actor=actor, at=at)
    return moved


@transaction.atomic
def decide_succession(*, actor: Actor, at: datetime, tasks: Sequence[Task], successor: Body) -> list[Task]:
    """Give tasks of ended bodies to one of their successors; all or none, in one ledger entry.

    A task that the successor owes already as another instance of the same collective order is cancelled in its favour.
    Raises TaskRefused for a body that is no successor, NotAllowed for a task that the actor may not steer.
    """
    rows = list(
        Task.objects.select_for_update(of=("self",))
        .select_related("lead", "assigned_by")
        .filter(pk__in=[task.pk for task in tasks], state__in=_STAYS_OWED)
        .order_by("pk")
    )
    require_over(actor, Permission.ASSIGN_TASK, [successor])
    for row in rows:
        if not may_take(actor, "inherit", row):
            require_over(actor, Permission.ASSIGN_TASK, [row.lead, row.assigned_by])
        if successor.pk not in {heir.pk for heir in successors(row.lead)}:
            raise TaskRefused(
                gettext("%(body)s không kế thừa %(lead)s; chọn một cơ quan kế thừa.")
                % {"body": successor.name, "lead": row.lead.name},
                code="no_successor",
                field="successor",
            )
    moved = _move(rows, successor, actor=actor, at=at)
    taken = {row.pk for row in moved}
    for row in rows:
        if row.pk not in taken:
            other = Task.objects.get(collective=row.collective, lead=successor)
            cancel(
                actor=actor,
                at=at,
                task=row,
                reason=gettext("Gộp vào %(code)s khi sắp xếp tổ chức bộ máy") % {"code": other.code},
            )
    if moved:
        _append(moved, actor=actor, at=at)
    return moved


def _led_by(body: Body) -> list[Task]:
    return list(
        Task.objects.select_for_update(of=("self",))
        .select_related("lead")
        .filter(lead=body, state__in=_STAYS_OWED)
        .order_by("pk")
    )


def _move(rows: Sequence[Task], successor: Body, *, actor: Actor, at: datetime) -> list[Task]:
    """Let the successor lead the tasks, except those of which it owes another instance; nothing is appended."""
    collectives = {row.collective_id for row in rows if row.collective_id is not None}
    owed = set(Task.objects.filter(collective__in=collectives, lead=successor).values_list("collective", flat=True))
    moved, notes = [], []
    for row in rows:
        if row.collective_id is not None and row.collective_id in owed:
            continue
        if row.collective_id is not None:
            owed.add(row.collective_id)
        before = row.lead
        row.lead, row.responsible, row.responsible_post = successor, None, ""
        if row.accepting_body_id == successor.pk:
            # Nobody accepts their own result: it goes back to those above the lead body.
            row.accepting_body = None
        moved.append(row)
        notes.append(
            Transition(
                task=row,
                step="inherit",
                from_state=row.state,
                to_state=row.state,
                lead=successor,
                at=at,
                by_label=actor.label,
                by_user_id=actor.user_id,
                note=gettext("Kế thừa từ %(body)s") % {"body": before.name},
            )
        )
    fields = ["lead", "responsible", "responsible_post", "accepting_body"]
    Task.objects.bulk_update(moved, fields, batch_size=500)
    Transition.objects.bulk_create(notes, batch_size=500)
    Coordination.objects.filter(task__in=[row.pk for row in moved], body=successor).delete()
    return moved


def _take_other_places(ended: Body, successor: Body) -> None:
    """Put the successor where the ended body assigned, accepts or coordinates in tasks that are still owed."""
    owed = Task.objects.filter(state__in=_STAYS_OWED)
    owed.filter(assigned_by=ended).update(assigned_by=successor)
    owed.filter(accepting_body=ended).exclude(lead=successor).update(accepting_body=successor)
    owed.filter(accepting_body=ended, lead=successor).update(accepting_body=None)
    places = Coordination.objects.filter(task__state__in=_STAYS_OWED, body=ended)
    doubled = Coordination.objects.filter(body=successor).values("task")
    places.filter(task__in=doubled).delete()
    places.filter(task__lead=successor).delete()
    places.update(body=successor)


def _append(moved: Sequence[Task], *, actor: Actor, at: datetime) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.TASKS_INHERITED,
        subject="tasks",
        data={
            "tasks": len(moved),
            "leads": sorted({row.lead.code for row in moved}),
            "root": merkle_root([canonical_json([row.code, row.lead.code]) for row in moved]),
        },
    )
