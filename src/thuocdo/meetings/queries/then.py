"""How tasks stood at a past moment, from what was written down then, not from what they are today."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.utils.timezone import localdate

from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.meetings.pack import Counts
from thuocdo.tasks.lifecycle import OWED, Progress, State, Timing, timing
from thuocdo.tasks.models import Task, Transition
from thuocdo.tasks.queries import with_status

# Steps that may move a deadline, and steps that may give a task to another body.
MOVING = frozenset({"extend", "amend", "resume", "approve_result", "import"})
GIVING = frozenset({"transfer", "reassign", "inherit", "amend"})
# So many numbers go into one question.
_AT_ONCE = 10_000
_SPEAKING = frozenset({State.SUBMITTED, State.RETURNED, State.DISPUTED, State.SUSPENDED, State.CANCELLED})
_OF_TIMING = {
    Timing.IN_TIME: "on_time",
    Timing.DUE_SOON: "due_soon",
    Timing.OVERDUE: "overdue",
    Timing.NO_DEADLINE: "no_deadline",
    Timing.SUSPENDED: "suspended",
}


@dataclass(frozen=True, slots=True)
class Then:
    """How a task that has changed since stood at a moment; without a state it did not exist yet."""

    task: Task
    state: str
    due_on: date | None
    lead: str

    def is_overdue(self, on: date) -> bool:
        """Whether it was owed and late on the day of the moment."""
        return self.state in OWED and self.due_on is not None and self.due_on < on

    def mark(self, on: date) -> str:
        """How it stood, in the word of its mark; empty when it did not exist."""
        return mark_of(self.state, self.due_on, None, on) if self.state else ""


def mark_of(state: str, due_on: date | None, completed_on: date | None, on: date) -> str:
    """The word of a task's mark on a day: the state where it says more than the clock, else the timing."""
    if state == State.COMPLETED:
        is_late = completed_on is not None and due_on is not None and completed_on > due_on
        return "done_late" if is_late else "done"
    if state in _SPEAKING:
        return str(state)
    return _OF_TIMING[timing(state, due_on, completed_on, on)]


def counted_as(state: str, due_on: date | None, completed_on: date | None, on: date) -> str:
    """Under which word of STANDINGS a task is counted; empty for one that is not counted."""
    if state == State.COMPLETED:
        return mark_of(state, due_on, completed_on, on)
    return _OF_TIMING.get(timing(state, due_on, completed_on, on), "")


def changed_since(tasks: QuerySet[Task], since: datetime) -> dict[int, Then]:
    """By task (id): how each stood at the moment, of those on which anything was done after it.

    Two queries for ten thousand tasks, and one more where deadlines moved or leads changed.
    """
    # By number: which tasks a meeting speaks of is a question with branches, and where the database has not counted its
    # tables yet (a nation just loaded), PostgreSQL would ask it anew for every step.
    wanted = sorted(tasks.values_list("pk", flat=True))
    first: dict[int, Transition] = {}
    taken: dict[int, set[str]] = defaultdict(set)
    for begin in range(0, len(wanted), _AT_ONCE):
        steps = Transition.objects.filter(at__gt=since, task__in=wanted[begin : begin + _AT_ONCE])
        for step in steps.select_related("task__lead", "task__document").order_by("at", "pk"):
            first.setdefault(step.task_id, step)
            taken[step.task_id].add(step.step)
    existed = {pk for pk, step in first.items() if step.from_state and step.from_state != State.DRAFT}
    told = _told([first[pk].task for pk in existed if taken[pk] & (MOVING | GIVING)], since)
    return {
        pk: Then(
            step.task,
            step.from_state if pk in existed else "",
            _due(step.task, told[pk]) if pk in told and taken[pk] & MOVING else step.task.due_on,
            _lead(step.task, told[pk]) if pk in told and taken[pk] & GIVING else step.task.lead.code,
        )
        for pk, step in first.items()
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """What the ledger tells of a task before and after the moment, oldest first."""

    before: list[dict[str, Any]]
    after: list[dict[str, Any]]


def _told(tasks: Collection[Task], since: datetime) -> dict[int, _Told]:
    """By task (id): what was told of those whose deadline or lead may have moved since; one query, if there are any."""
    if not tasks:
        return {}
    found = {task.label: _Told([], []) for task in tasks}
    entries = Entry.objects.filter(subject__in=found, event=Event.TASK_CHANGED.value).order_by("number")
    for subject, at, data in entries.values_list("subject", "at", "data"):
        (found[subject].before if at <= since else found[subject].after).append(json.loads(data))
    return {task.pk: found[task.label] for task in tasks}


def _due(task: Task, told: _Told) -> date | None:
    """The deadline in force at the moment."""
    if told.before:
        raw = told.before[-1].get("due_on")
        return date.fromisoformat(raw) if raw else None
    # Given in a batch, whose entry names no deadlines: the first move says what it moved from.
    raw = next((data["old_due_on"] for data in told.after if data.get("old_due_on")), None)
    return date.fromisoformat(raw) if raw else task.original_due_on


def _lead(task: Task, told: _Told) -> str:
    """The code of the lead body at the moment."""
    if told.before:
        return str(told.before[-1]["lead"])
    return next((data["lead_before"] for data in told.after if "lead_before" in data), task.lead.code)


def counts_at(
    tasks: QuerySet[Task], today: date, since: datetime | None, changed: Iterable[Then]
) -> tuple[Counts, Counts]:
    """By lead body (code) and standing: how many of the tasks stand how today, and how at the past moment; one query.

    Tasks on which nothing was done since stood then as the clock says, the others as they were written down.
    """
    now = _counted(tasks, today, "now")
    if since is None:
        return _by_body(now)["now"], {}
    day = localdate(since)
    later = Transition.objects.filter(task=OuterRef("pk"), at__gt=since)
    counted = _by_body(now.union(_counted(tasks.exclude(Exists(later)), day, "then"), all=True))
    found = counted["then"]
    for one in changed:
        # A task that was completed then keeps the day of its completion unless it was reopened since.
        done_on = one.task.completed_on if one.state == State.COMPLETED else None
        word = counted_as(one.state, one.due_on, done_on, day) if one.state else ""
        if word:
            counts = found.setdefault(one.lead, {})
            counts[word] = counts.get(word, 0) + 1
    return counted["now"], found


def _counted(tasks: QuerySet[Task], day: date, side: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = with_status(tasks.exclude(state=State.CANCELLED), day).order_by()
    named: QuerySet[Any] = rows.annotate(side=Value(side)).values(
        "side", "lead__code", "shown_progress", "shown_timing"
    )
    counted: QuerySet[Any] = named.annotate(number=Count("pk"))
    return counted


def _by_body(rows: QuerySet[Any]) -> dict[str, dict[str, dict[str, int]]]:
    sides: dict[str, dict[str, dict[str, int]]] = {"now": {}, "then": {}}
    for row in rows:
        found = sides[row["side"]]
        if row["shown_progress"] == Progress.DONE:
            word = "done_late" if row["shown_timing"] == Timing.LATE else "done"
        else:
            word = _OF_TIMING[Timing(row["shown_timing"])]
        counts = found.setdefault(row["lead__code"], {})
        counts[word] = counts.get(word, 0) + row["number"]
    return sides
