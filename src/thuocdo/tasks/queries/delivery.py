"""What each body delivered of what it owed in a period; the figures behind discipline and results."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from thuocdo.engine.calendars import Period
from thuocdo.tasks.lifecycle import OWED, Effectiveness, State
from thuocdo.tasks.models import Extension, Occurrence, Task


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one lead body owed in a period, as it stood at the end of a day: tasks that fell due in it, and
    tasks due earlier whose result had not been accepted when it began.

    `due` counts tasks whose deadline has passed or whose result is accepted; one still running within its
    deadline is not counted. `delay_days` are calendar days beyond the deadline, of late results and of what is
    still owed. `weight_*` add up priorities.
    `objective` counts those late against their original deadline whose extension was approved for an objective cause.
    """

    lead: str
    due: int
    completed: int
    in_time: int
    in_time_by_original: int
    effective: int
    not_effective: int
    delay_days: int
    weight_due: Decimal
    weight_completed: Decimal
    objective: int = 0


def carried_into(period: Period) -> Q:
    """Due in the period, or due before and not accepted before it began: a debt does not lapse with its quarter."""
    not_accepted_before = Q(completed_on__isnull=True) | Q(completed_on__gte=period.start)
    return Q(due_on__lt=period.end) & (Q(due_on__gte=period.start) | not_accepted_before)


def accepted_by(day: date) -> Q:
    """The result had been accepted by the end of the day."""
    return Q(state=State.COMPLETED, completed_on__lte=day)


def owed_on(day: date) -> Q:
    """The result was still owed at the end of the day, even if it was accepted afterwards."""
    return Q(state__in=sorted(OWED)) | Q(state=State.COMPLETED, completed_on__gt=day)


def counted_in(period: Period, day: date) -> Q:
    """The tasks by which a body's delivery in a period is judged: accepted by the day, or past their deadline."""
    return nationwide() & carried_into(period) & (accepted_by(day) | (owed_on(day) & Q(due_on__lt=day)))


def nationwide(task: str = "") -> Q:
    """Tasks that count for the nation: none of a body's own, and no part that the lead body of the whole kept.

    A part that went to another body is owed by that body and counts for it. `task` is the way to the task.
    """
    return Q(**{f"{task}is_local": False}) & ~Q(**{f"{task}parent__lead": F(f"{task}lead")})


def judged_within_a_year(day: date) -> Q:
    """The tasks whose effectiveness counts: accepted in the last twelve months and judged since."""
    recent = accepted_by(day) & Q(completed_on__gt=day - timedelta(days=365))
    return recent & ~Q(effectiveness=Effectiveness.NOT_JUDGED)


def delivery_matrix(period: Period, on: date) -> list[Delivery]:
    """Delivery of every lead body that owed tasks in the period, as known on the day, by code; two queries.

    Each occurrence of a recurring task counts as a task of its own.
    """
    done, owed = accepted_by(on), owed_on(on)
    tasks = Task.objects.filter(nationwide(), assigned_on__lte=on)
    whole = _figures(tasks, period, on, done, owed, lead="lead__code", weight="weight", effectiveness="effectiveness")
    accepted, later = Q(completed_on__lte=on), Q(completed_on__gt=on)
    passed = Occurrence.objects.filter(nationwide("task__")).exclude(task__state=State.CANCELLED)
    # Effectiveness is judged on the whole task; the state of an occurrence says nothing of it.
    times = _figures(passed, period, on, accepted, later, lead="task__lead__code", weight="task__weight")
    return [
        _sum(lead, [figures[lead] for figures in (whole, times) if lead in figures])
        for lead in sorted(whole.keys() | times.keys())
    ]


def _figures(
    rows: QuerySet[Any],
    period: Period,
    on: date,
    done: Q,
    owed: Q,
    *,
    lead: str,
    weight: str,
    effectiveness: str = "",
) -> dict[str, dict[str, Any]]:
    """The figures of `Delivery` by lead, of rows with `due_on`, `original_due_on` and `completed_on`."""
    delay = Case(
        When(done & Q(completed_on__gt=F("due_on")), then=_days(F("completed_on") - F("due_on"))),
        When(owed & Q(due_on__lt=on), then=_days(Value(on) - F("due_on"))),
        default=Value(timedelta(0), output_field=DurationField()),
        output_field=DurationField(),
    )
    counts = {
        "due": Q(),
        "completed": done,
        "in_time": done & Q(completed_on__lte=F("due_on")),
        "in_time_by_original": done & Q(completed_on__lte=F("original_due_on")),
    }
    if effectiveness:
        approved = Extension.objects.filter(task=OuterRef("pk"), is_objective=True)
        counts["objective"] = done & Q(completed_on__gt=F("original_due_on")) & Q(Exists(approved))
        counts["effective"] = done & Q(**{effectiveness: Effectiveness.EFFECTIVE})
        counts["not_effective"] = done & Q(**{effectiveness: Effectiveness.NOT_EFFECTIVE})
    found = (
        rows.filter(carried_into(period))
        .filter(done | (owed & Q(due_on__lt=on)))
        .order_by()
        .values(lead)
        .annotate(
            **{name: Count("pk", filter=condition) for name, condition in counts.items()},
            delay=Sum(delay),
            weight_due=Sum(weight),
            weight_completed=Coalesce(Sum(weight, filter=done), Decimal(0)),
        )
    )
    return {row.pop(lead): row for row in found}


def _sum(lead: str, parts: list[dict[str, Any]]) -> Delivery:
    names = ("due", "completed", "in_time", "in_time_by_original", "effective", "not_effective", "objective")
    return Delivery(
        lead=lead,
        **{name: sum(part.get(name, 0) for part in parts) for name in names},
        delay_days=sum(part["delay"].days for part in parts),
        weight_due=sum((part["weight_due"] for part in parts), Decimal(0)),
        weight_completed=sum((part["weight_completed"] for part in parts), Decimal(0)),
    )


def _days(difference: Combinable) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(difference, output_field=DurationField())
