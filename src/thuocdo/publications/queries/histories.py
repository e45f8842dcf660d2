"""What happened to the tasks that some bodies led: read in four questions, however many bodies and tasks there are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import get_current_timezone

from thuocdo.publications.lifecycle import History, Moved, Occurred, Taken
from thuocdo.tasks.lifecycle import Rhythm, State
from thuocdo.tasks.models import Extension, Occurrence, Task, Transition
from thuocdo.tasks.queries.delivery import nationwide

# Steps that say nothing of who owes what until when; there are more of these than of all others together.
_OF_NO_ACCOUNT = (
    "report_progress", "submit", "judge_effectiveness", "judge_product", "put_in_charge", "leave_unattended", "divide",
    "set_products", "set_milestones", "move_milestone", "set_dependencies", "set_indicators", "set_budget", "extend",
    "request_extension", "refuse_extension", "accept_assignment", "awaited", "link",
)  # fmt: skip


def histories_of(
    bodies: QuerySet[Any] | Iterable[int], *, since: date, longer: tuple[int, date] | None = None
) -> dict[int, list[History]]:
    """By body (id): the tasks that it led and that were owed on any day from `since` on, by code.

    `longer` is one of the bodies and an earlier day from which its own tasks are wanted.

    A task that went from one body to another stands with both. Drafts, tasks of a body's own and parts that a lead
    body kept are left out, as in the figures of delivery.
    """
    found = _tasks(bodies, since, longer)
    tasks = list(
        found.order_by("code").values_list(
            "pk", "code", "title", "lead_id", "assigned_on", "due_on", "original_due_on", "completed_on", "state",
            "effectiveness", "rhythm",
        )
    )  # fmt: skip
    if not tasks:
        return {}
    numbers = found.order_by().values("pk")
    zone = get_current_timezone()
    steps, moves = _steps(numbers, zone), _moves(numbers, zone)
    is_any_recurring = any(row[10] != Rhythm.NONE for row in tasks)
    occurrences = _occurrences(numbers) if is_any_recurring else {}
    by_body: dict[int, list[History]] = defaultdict(list)
    for row in tasks:
        pk, code, title, lead, assigned_on, due, original, completed_on, state, effectiveness, rhythm = row
        history = History(
            task=pk,
            code=code,
            title=title,
            lead=lead,
            assigned_on=assigned_on,
            due=due,
            original_due=original,
            completed_on=completed_on,
            state=state,
            effectiveness=effectiveness,
            is_recurring=rhythm != Rhythm.NONE,
            steps=tuple(steps.get(pk, ())),
            moves=tuple(moves.get(pk, ())),
            occurrences=tuple(occurrences.get(pk, ())),
        )
        for body in {lead, *(step.lead for step in history.steps)}:
            by_body[body].append(history)
    return dict(by_body)


def _tasks(
    bodies: QuerySet[Any] | Iterable[int], since: date, longer: tuple[int, date] | None = None
) -> QuerySet[Task]:
    """Tasks that the bodies lead or led, without those that were over before the day."""
    wanted = _led_by(bodies) & _owed_since(since)
    if longer is not None:
        wanted |= _led_by([longer[0]]) & _owed_since(longer[1])
    return Task.objects.filter(nationwide()).exclude(state=State.DRAFT).filter(wanted)


def _led_by(bodies: QuerySet[Any] | Iterable[int]) -> Q:
    gone = Transition.objects.filter(lead__in=bodies).exclude(task__lead=F("lead")).values("task")
    return Q(lead__in=bodies) | Q(pk__in=gone)


def _owed_since(day: date) -> Q:
    """Neither completed nor cancelled before the day."""
    begun = datetime.combine(day, time(), get_current_timezone())
    cancelled = Transition.objects.filter(task=OuterRef("pk"), to_state=State.CANCELLED, at__gte=begun)
    is_not_done = Q(completed_on__isnull=True) | Q(completed_on__gte=day)
    return is_not_done & (~Q(state=State.CANCELLED) | Q(Exists(cancelled)))


def _steps(tasks: QuerySet[Any], zone: tzinfo) -> dict[int, list[Taken]]:
    rows = (
        Transition.objects.filter(task__in=tasks)
        .exclude(step__in=_OF_NO_ACCOUNT)
        .order_by("at", "pk")
        .values_list("task_id", "step", "at", "to_state", "lead_id")
    )
    found: dict[int, list[Taken]] = defaultdict(list)
    for task, step, at, to_state, lead in rows:
        found[task].append(Taken(step, at.astimezone(zone).date(), to_state, lead, at))
    return found


def _moves(tasks: QuerySet[Any], zone: tzinfo) -> dict[int, list[Moved]]:
    rows = Extension.objects.filter(task__in=tasks).order_by("at", "pk")
    found: dict[int, list[Moved]] = defaultdict(list)
    for task, old, new, objective, at in rows.values_list("task_id", "old_due_on", "new_due_on", "is_objective", "at"):
        found[task].append(Moved(at.astimezone(zone).date(), old, new, objective, at))
    return found


def _occurrences(tasks: QuerySet[Any]) -> dict[int, list[Occurred]]:
    rows = Occurrence.objects.filter(task__in=tasks).order_by("due_on", "pk")
    found: dict[int, list[Occurred]] = defaultdict(list)
    for task, due, completed in rows.values_list("task_id", "due_on", "completed_on"):
        found[task].append(Occurred(due, completed))
    return found
