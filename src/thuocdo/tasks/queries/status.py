"""The shown status as the database computes it; `lifecycle.shown_status` is the same rule for one task."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import DUE_SOON_DAYS, NOT_STARTED, OWED, Progress, Shown, State, Timing, shown_status
from thuocdo.tasks.models import Task


def _timing(deadline: str, today: date) -> Case:
    soon = today + timedelta(days=DUE_SOON_DAYS)
    return Case(
        When(state=State.CANCELLED, then=Value(Timing.CANCELLED.value)),
        When(state=State.SUSPENDED, then=Value(Timing.SUSPENDED.value)),
        When(**{f"{deadline}__isnull": True}, then=Value(Timing.NO_DEADLINE.value)),
        When(state=State.COMPLETED, completed_on__gt=F(deadline), then=Value(Timing.LATE.value)),
        When(state=State.COMPLETED, then=Value(Timing.IN_TIME.value)),
        When(**{f"{deadline}__lt": today}, then=Value(Timing.OVERDUE.value)),
        When(**{f"{deadline}__lte": soon}, then=Value(Timing.DUE_SOON.value)),
        default=Value(Timing.IN_TIME.value),
        output_field=CharField(),
    )


def with_status(tasks: QuerySet[Task], today: date) -> QuerySet[Task]:
    """The tasks with `shown_progress`, `shown_timing` and `timing_against_original` on the day."""
    return tasks.annotate(
        shown_progress=Case(
            When(state=State.COMPLETED, then=Value(Progress.DONE.value)),
            When(state__in=sorted(NOT_STARTED), then=Value(Progress.NOT_STARTED.value)),
            When(
                Q(state__in=[State.SUSPENDED, State.CANCELLED]) & Q(reported_on__isnull=True),
                then=Value(Progress.NOT_STARTED.value),
            ),
            default=Value(Progress.IN_PROGRESS.value),
            output_field=CharField(),
        ),
        shown_timing=_timing("due_on", today),
        timing_against_original=_timing("original_due_on", today),
    )


def status_of(task: Task, today: date) -> Shown:
    """The shown status of one task on the day."""
    return shown_status(
        task.state,
        task.due_on,
        task.original_due_on,
        task.completed_on,
        today,
        has_reported=task.reported_on is not None,
    )


def counts_by_status(tasks: QuerySet[Task], today: date) -> dict[tuple[Progress, Timing], int]:
    """How many of the tasks show each pair of progress and timing, in one query; pairs without tasks are absent."""
    annotated: QuerySet[Any] = with_status(tasks, today)
    rows = annotated.order_by().values("shown_progress", "shown_timing").annotate(number=Count("pk", distinct=True))
    return {(Progress(row["shown_progress"]), Timing(row["shown_timing"])): cast("int", row["number"]) for row in rows}


@dataclass(frozen=True, slots=True)
class InState:
    """How many tasks are in a state, and of these how many are past their day or reach it in the days to come."""

    number: int
    past: int
    soon: int


def counts_by_state(tasks: QuerySet[Task], today: date) -> dict[State, InState]:
    """How many of the tasks are in each state, in one query that an index answers; states without tasks are absent."""
    soon = today + timedelta(days=DUE_SOON_DAYS)
    rows: QuerySet[Any] = tasks.order_by().values("state")
    rows = rows.annotate(
        number=Count("pk"),
        past=Count("pk", filter=Q(due_on__lt=today)),
        soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=soon)),
    )
    return {State(row["state"]): InState(row["number"], row["past"], row["soon"]) for row in rows}


def most_overdue(tasks: QuerySet[Task], today: date) -> tuple[Body, int] | None:
    """The body that leads most of the overdue tasks among these, with their number; None without any."""
    overdue: QuerySet[Any] = tasks.filter(state__in=sorted(OWED), due_on__lt=today).order_by()
    row = overdue.values("lead").annotate(number=Count("pk")).order_by("-number", "lead").first()
    return None if row is None else (Body.objects.get(pk=row["lead"]), row["number"])
