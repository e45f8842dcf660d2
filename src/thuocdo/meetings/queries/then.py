"""How tasks stood at a past moment, from what was written down then, not from what they are today."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
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

    One query, and one more each where deadlines moved and where leads changed.
    """
    steps = (
        Transition.objects.filter(at__gt=since, task__in=tasks.values("pk"))
        .select_related("task__lead", "task__document")
        .order_by("at", "pk")
    )
    first: dict[int, Transition] = {}
    taken: dict[int, set[str]] = defaultdict(set)
    for step in steps:
        first.setdefault(step.task_id, step)
        taken[step.task_id].add(step.step)
    existed = {pk for pk, step in first.items() if step.from_state and step.from_state != State.DRAFT}
    moved = {pk for pk in existed if taken[pk] & MOVING}
    dues = _dues([first[pk].task for pk in moved], since)
    leads = _leads({pk for pk in existed if taken[pk] & GIVING}, since)
    return {
        pk: Then(
            step.task,
            step.from_state if pk in existed else "",
            dues.get(pk, step.task.due_on),
            leads.get(pk, step.task.lead.code),
        )
        for pk, step in first.items()
    }


def _dues(tasks: Collection[Task], since: datetime) -> dict[int, date | None]:
    """The deadlines in force at the moment of tasks whose deadline may have moved since, from the ledger."""
    if not tasks:
        return {}
    labels = {task.label: task for task in tasks}
    told: dict[str, list[tuple[bool, dict[str, Any]]]] = defaultdict(list)
    entries = Entry.objects.filter(subject__in=labels, event=Event.TASK_CHANGED.value).order_by("number")
    for subject, at, data in entries.values_list("subject", "at", "data"):
        told[subject].append((at <= since, json.loads(data)))
    found: dict[int, date | None] = {}
    for label, task in labels.items():
        before = [data for is_before, data in told[label] if is_before]
        after = [data for is_before, data in told[label] if not is_before]
        if before:
            raw = before[-1].get("due_on")
        else:
            # Given in a batch, whose entry names no deadlines: the first move says what it moved from.
            raw = next((data["old_due_on"] for data in after if "old_due_on" in data), None)
            if raw is None:
                found[task.pk] = task.original_due_on
                continue
        found[task.pk] = date.fromisoformat(raw) if raw else None
    return found


def _leads(tasks: Collection[int], since: datetime) -> dict[int, str]:
    """Who led at the moment, of tasks that may have gone to another body since."""
    if not tasks:
        return {}
    steps = Transition.objects.filter(task__in=tasks, at__lte=since).order_by("at", "pk")
    return dict(steps.values_list("task", "lead__code"))


def counts_now(tasks: QuerySet[Task], today: date) -> Counts:
    """By lead body (code) and standing: how many of the tasks stand how today; one query."""
    return _counted(tasks, today)


def counts_then(tasks: QuerySet[Task], since: datetime, changed: Iterable[Then]) -> Counts:
    """The same as at a past moment: those that nothing was done on since by the clock, the others as they stood."""
    day = localdate(since)
    later = Transition.objects.filter(task=OuterRef("pk"), at__gt=since)
    found = {lead: dict(counts) for lead, counts in _counted(tasks.exclude(Exists(later)), day).items()}
    for one in changed:
        # A task that was completed then keeps the day of its completion unless it was reopened since.
        done_on = one.task.completed_on if one.state == State.COMPLETED else None
        word = counted_as(one.state, one.due_on, done_on, day) if one.state else ""
        if word:
            counts = found.setdefault(one.lead, {})
            counts[word] = counts.get(word, 0) + 1
    return found


def _counted(tasks: QuerySet[Task], day: date) -> dict[str, dict[str, int]]:
    annotated: QuerySet[Any] = with_status(tasks.exclude(state=State.CANCELLED), day)
    rows = annotated.order_by().values("lead__code", "shown_progress", "shown_timing").annotate(number=Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["shown_progress"] == Progress.DONE:
            word = "done_late" if row["shown_timing"] == Timing.LATE else "done"
        else:
            word = _OF_TIMING[Timing(row["shown_timing"])]
        counts = found.setdefault(row["lead__code"], {})
        counts[word] = counts.get(word, 0) + row["number"]
    return found
