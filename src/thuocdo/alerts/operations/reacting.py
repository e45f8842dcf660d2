"""What people are told at once because something was done: assigned, returned, waiting for a verdict, decided."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate

from thuocdo.accounts.models import RoleHolding
from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.lifecycle import Kind
from thuocdo.alerts.models import Told
from thuocdo.alerts.queries.recipients import approving, deciding, extending, in_charge, leading
from thuocdo.alerts.queries.seats import Directory, Seat
from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import entries, newest_number
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import visible_to

from .findings import OF_FINDINGS, follow_findings
from .settling import settle
from .telling import Telling, tell_ledger, write_notices

if TYPE_CHECKING:
    from thuocdo.ledger.models import Entry

BATCH = 500
ENTRIES_AT_ONCE = 200
FIRST_LOOK_BACK = timedelta(days=3)
Audience = Callable[[Directory, Task], Sequence[Seat]]

# Step of a task → why people are told, and whom it concerns; what stands not here concerns nobody at once.
CONCERNS: Mapping[str, tuple[Kind, Audience]] = {
    "assign": (Kind.ASSIGNED, leading),
    "issue": (Kind.ASSIGNED, leading),
    "transfer": (Kind.ASSIGNED, leading),
    "reassign": (Kind.ASSIGNED, leading),
    "put_in_charge": (Kind.ASSIGNED, in_charge),
    "dispute": (Kind.WAITING, deciding),
    "request_extension": (Kind.WAITING, extending),
    "refuse_extension": (Kind.DECIDED, leading),
    "reopen": (Kind.DECIDED, leading),
    "inherit": (Kind.DECIDED, leading),
    "uphold": (Kind.DECIDED, leading),
    "withdraw": (Kind.DECIDED, leading),
    "amend": (Kind.DECIDED, leading),
    "extend": (Kind.DECIDED, leading),
    "suspend": (Kind.DECIDED, leading),
    "resume": (Kind.DECIDED, leading),
    "cancel": (Kind.DECIDED, leading),
    "submit": (Kind.WAITING, approving),
    "return_result": (Kind.RETURNED, leading),
    "approve_result": (Kind.JUDGED, leading),
    "judge_effectiveness": (Kind.JUDGED, leading),
}
# Entries that give many tasks at once, by the codes of the first and the last of them.
_OF_MANY = (Event.TASKS_ASSIGNED, Event.SHEET_IMPORTED)


def catch_up(*, actor: Actor, at: datetime) -> int:
    """Tell of every entry that nobody was told of yet, oldest first; gives the number of notices.

    A bulk of writes asks for this once, at its end. The first time, an instance tells of the last days only: what
    happened longer ago is known, and what is still owed of it comes by the ladder.
    """
    told = Told.objects.filter(pk=1).first()
    # Entries are numbered in the order of their commits: what comes after this number has a job of its own.
    newest = newest_number()
    waiting = (
        entries()
        .filter(event__in=[Event.TASK_CHANGED, Event.REMARK_MADE, *_OF_MANY, *OF_FINDINGS], number__lte=newest)
        .order_by("number")
    )
    after = told.entry if told is not None else 0
    if told is None:
        waiting = waiting.filter(at__gte=at - FIRST_LOOK_BACK)
    number = 0
    while True:
        rows = list(waiting.filter(number__gt=after)[:ENTRIES_AT_ONCE])
        for entry in rows:
            if entry.event not in OF_FINDINGS:
                number += react(actor=actor, at=at, entry=entry)
        # Together, so that many findings at one body are one notice.
        number += follow_findings([entry for entry in rows if entry.event in OF_FINDINGS], actor=actor, at=at)
        after = rows[-1].number if len(rows) == ENTRIES_AT_ONCE else max(after, newest)
        Told.objects.update_or_create(pk=1, defaults={"entry": after})
        if len(rows) < ENTRIES_AT_ONCE:
            return number


def react(*, actor: Actor, at: datetime, entry: "Entry") -> int:
    """Tell the people concerned by an entry of the ledger; gives the number of notices. Twice does no harm."""
    data: dict[str, Any] = json.loads(entry.data)
    if entry.event == Event.TASK_CHANGED:
        return _one(entry, data, actor=actor, at=at)
    if entry.event in _OF_MANY and data.get("first"):
        return _many(entry, data, actor=actor, at=at)
    if entry.event == Event.REMARK_MADE and data.get("mentioned"):
        return _mentioned(entry, data["mentioned"], actor=actor, at=at)
    if entry.event in OF_FINDINGS:
        return follow_findings([entry], actor=actor, at=at)
    return 0


@transaction.atomic
def _one(entry: "Entry", data: Mapping[str, Any], *, actor: Actor, at: datetime) -> int:
    number = entry.subject.partition(":")[2]
    task = Task.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if task is None:
        return 0
    settle(actor=actor, at=at, tasks=[task.pk])
    step = str(data.get("step", ""))
    if step not in CONCERNS or _is_overtaken(task, step):
        return 0
    kind, audience = CONCERNS[step]
    if step == "amend" and task.state == State.ASSIGNED:
        kind = Kind.ASSIGNED
    before = str(data.get("lead_before", ""))
    former = Body.objects.filter(code=before).exclude(pk=task.lead_id).first() if before else None
    around = {task.lead_id, task.assigned_by_id}
    around |= {body for body in (task.accepting_body_id, former.pk if former else None) if body is not None}
    directory = Directory(localdate(at), around=around)
    told = [_telling(entry, task, seat, kind, step) for seat in audience(directory, task)]
    if former is not None and step in ("transfer", "reassign"):
        old = Task(pk=task.pk, lead_id=former.pk, assigned_by_id=task.assigned_by_id)
        told += [_telling(entry, task, seat, Kind.DECIDED, step) for seat in leading(directory, old)]
    return _tell(entry, told, directory, actor=actor, at=at)


def _is_overtaken(task: Task, step: str) -> bool:
    """Whether the task has gone on since: a late job does not call people to what is done already."""
    still = {
        "assign": {State.ASSIGNED},
        "issue": {State.ASSIGNED},
        "transfer": {State.ASSIGNED},
        "reassign": {State.ASSIGNED},
        "dispute": {State.DISPUTED},
        "submit": {State.SUBMITTED},
        "return_result": {State.RETURNED},
    }
    return step in still and task.state not in still[step]


def _many(entry: "Entry", data: Mapping[str, Any], *, actor: Actor, at: datetime) -> int:
    given = Task.objects.filter(
        code__gte=data["first"], code__lte=data.get("last", data["first"]), state=State.ASSIGNED
    ).order_by("pk")
    number, after = 0, 0
    while True:
        tasks = list(given.filter(pk__gt=after)[:BATCH])
        if not tasks:
            return number
        after = tasks[-1].pk
        with transaction.atomic():
            directory = Directory(localdate(at), around={task.lead_id for task in tasks})
            told = [
                _telling(entry, task, seat, Kind.ASSIGNED, "assign")
                for task in tasks
                for seat in leading(directory, task)
            ]
            number += _tell(entry, told, directory, actor=actor, at=at)


@transaction.atomic
def _mentioned(entry: "Entry", people: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Tell the people whom a remark names; each in the first of their roles."""
    number, today = entry.subject.partition(":")[2], localdate(at)
    task = Task.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if task is None:
        return 0
    places = RoleHolding.objects.valid_on(today).filter(user__in=people).values_list("body", flat=True)
    directory = Directory(today, around={task.lead_id, task.assigned_by_id, *places})
    seats = [Seat(user, held[0].role, held[0].body_id) for user in people if (held := directory.held.get(user))]
    told = [_telling(entry, task, seat, Kind.MENTIONED, "remark") for seat in seats]
    return _tell(entry, told, directory, actor=actor, at=at)


def _telling(entry: "Entry", task: Task, seat: Seat, kind: Kind, step: str) -> Telling:
    return Telling(
        stem=f"entry:{entry.number}:{task.pk}",
        seat=seat,
        kind=kind,
        task_id=task.pk,
        lead_id=task.lead_id,
        step=step,
        due_on=task.due_on,
    )


def _tell(entry: "Entry", told: Iterable[Telling], directory: Directory, *, actor: Actor, at: datetime) -> int:
    """Write the notices of those who may see their task today, but not of the one who did the thing."""
    by_person: dict[int, list[Telling]] = {}
    for telling in told:
        if f"user:{telling.seat.user_id}" != entry.actor:
            by_person.setdefault(telling.seat.user_id, []).append(telling)
    allowed: list[Telling] = []
    for user, tellings in by_person.items():
        tasks = {telling.task_id for telling in tellings if telling.task_id is not None}
        seen = set(visible_to(directory.actor(user)).filter(pk__in=tasks).values_list("pk", flat=True))
        allowed += [telling for telling in tellings if telling.task_id in seen]
    notices = write_notices(allowed, at=at)
    tell_ledger(notices, entry.subject, actor=actor, at=at)
    return len(notices)
