"""What a parent tells a child: every task that is the child's to do, as it stands, from where the child left off."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.exchanges.protocol import DECISIONS
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Coordination, Extension, ReturnedPoint, Task, Transition

# Entries about one task each, and those about many.
_OF_ONE, _OF_MANY = Event.TASK_CHANGED, (Event.TASKS_ASSIGNED, Event.TASKS_WITHDRAWN)
_OF_ANY = (Event.TASKS_INHERITED, Event.SHEET_IMPORTED, Event.BODY_SUCCEEDED)
_MOST_ENTRIES = 1_000


class UnknownCursor(ValueError):
    """A cursor that no answer of this instance gave."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders as they stand at ledger entry `as_of`, the cursor of the next call, and whether to call at once."""

    items: list[dict[str, Any]]
    following: str
    as_of: int
    has_more: bool


def orders_after(actor: Actor, cursor: str, *, limit: int) -> Orders:
    """The tasks led, now or before, by bodies that the actor sees, which changed since the cursor.

    The order of an item is what it is now, not what changed: told twice it does no harm, and a child that was away
    for long is told each task once. A cursor `entry:N` stands in the ledger, `all:N:P` in a walk over all tasks that
    ends at entry N. Raises UnknownCursor.
    """
    kind, *places = (cursor or "all:0:0").split(":")
    if not all(place.isascii() and place.isdecimal() and len(place) < 19 for place in places):
        raise UnknownCursor(cursor)
    newest = newest_number()
    match kind, [int(place) for place in places]:
        case "entry", [after]:
            return _changed(actor, after, newest, limit)
        case "all", [until, after]:
            return _all(actor, until or newest, after, newest, limit)
    raise UnknownCursor(cursor)


def _changed(actor: Actor, after: int, newest: int, limit: int) -> Orders:
    if after > newest:
        # A ledger shorter than what the child knows: it was restored, so everything is told again.
        return _all(actor, newest, 0, newest, limit)
    found = Entry.objects.filter(number__gt=after, number__lte=newest, event__in=[_OF_ONE, *_OF_MANY, *_OF_ANY])
    numbers: set[int] = set()
    spans = Q(pk__in=[])
    last, has_more = newest, False
    for count, entry in enumerate(found.order_by("number")[: _MOST_ENTRIES + 1]):
        if count == _MOST_ENTRIES or len(numbers) >= limit:
            has_more = True
            break
        last = entry.number
        if entry.event in _OF_ANY:
            return _all(actor, newest, 0, newest, limit)
        if entry.event == _OF_ONE:
            numbers.add(int(entry.subject.partition(":")[2]))
            continue
        data = json.loads(entry.data)
        spans |= Q(code__gte=data["first"], code__lte=data["last"])
    else:
        last = newest
    tasks = _of(actor).filter(Q(pk__in=numbers) | spans)
    return Orders(_items(actor, tasks.order_by("pk"), newest), f"entry:{last}", newest, has_more)


def _all(actor: Actor, until: int, after: int, newest: int, limit: int) -> Orders:
    rows = list(_of(actor).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: limit + 1])
    has_more = len(rows) > limit
    items = _items(actor, _of(actor).filter(pk__in=rows[:limit]).order_by("pk"), newest)
    return Orders(items, f"all:{until}:{rows[limit - 1]}" if has_more else f"entry:{until}", newest, has_more)


def _of(actor: Actor) -> QuerySet[Task]:
    bodies = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    led = Transition.objects.filter(task=OuterRef("pk"), lead__in=bodies)
    return Task.objects.filter(Q(lead__in=bodies) | Exists(led)).exclude(state=State.DRAFT)


def _items(actor: Actor, tasks: QuerySet[Task], as_of: int) -> list[dict[str, Any]]:
    mine = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    rows = list(
        tasks.annotate(is_mine=Exists(mine.filter(pk=OuterRef("lead"))))
        .select_related("lead", "assigned_by", "document")
        .prefetch_related(
            Prefetch("coordinations", Coordination.objects.select_related("body").order_by("position")),
            Prefetch("extensions", Extension.objects.order_by("pk")),
            Prefetch("transitions", Transition.objects.filter(step__in=DECISIONS).order_by("pk")),
            Prefetch("returned_points", ReturnedPoint.objects.order_by("pk")),
        )
    )
    return [_item(task, as_of) for task in rows]


def _item(task: Task, as_of: int) -> dict[str, Any]:
    extensions = {one.at: one for one in task.extensions.all()}
    points: dict[Any, list[str]] = {}
    for point in task.returned_points.all():
        points.setdefault(point.at, []).append(point.message)
    return {
        "id": task.code,
        "as_of": as_of,
        # The task went to a body outside: there is nothing left to do for the child.
        "is_withdrawn": not task.is_mine,  # type: ignore[attr-defined]
        "title": task.title,
        "lead": task.lead.code,
        "coordinators": [one.body.code for one in task.coordinations.all()],
        "assigned_by": task.assigned_by.code,
        "document": {"number": task.document.number, "title": task.document.title} if task.document else None,
        "deliverable": task.deliverable,
        "target": task.target,
        "deadline_raw": task.deadline_raw,
        "deadline_kind": task.deadline_kind,
        "assigned_on": _day(task.assigned_on),
        "due_on": _day(task.due_on),
        "original_due_on": _day(task.original_due_on),
        "rhythm": task.rhythm,
        "rhythm_day": task.rhythm_day,
        "is_core": task.is_core,
        "weight": str(task.weight),
        "secrecy": task.secrecy,
        "programme": task.programme,
        "state": task.state,
        "completed_on": _day(task.completed_on),
        "decisions": [
            {
                "id": step.pk,
                "step": step.step,
                "to": step.to_state,
                "at": step.at.isoformat(),
                "note": step.note or "; ".join(points.get(step.at, [])),
                **(_extension(extensions[step.at]) if step.step == "extend" and step.at in extensions else {}),
            }
            for step in task.transitions.all()
        ],
    }


def _extension(one: Extension) -> dict[str, Any]:
    return {
        "new_due_on": _day(one.new_due_on),
        "decision_number": one.decision_number,
        "reason": one.reason,
        "is_objective": one.is_objective,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
