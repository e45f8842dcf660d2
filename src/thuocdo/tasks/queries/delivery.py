"""What each body delivered of what fell due in a period; the figures behind discipline and results."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from thuocdo.engine.calendars import Period
from thuocdo.tasks.lifecycle import OWED, Effectiveness, State
from thuocdo.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Delivery:
    """One lead body's tasks that fell due in a period, as they stood at the end of a day.

    `due` counts tasks whose deadline has passed or whose result is accepted; one still running within its
    deadline is not counted. `delay_days` are calendar days beyond the deadline, of late results and of what is
    still owed. `weight_*` add up priorities.
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


def delivery_matrix(period: Period, on: date) -> list[Delivery]:
    """Delivery of every lead body with tasks due in the period, as known on the day, by code; one query."""
    done = Q(state=State.COMPLETED, completed_on__lte=on)
    # A result that was accepted only after the day was still owed on it.
    owed = Q(state__in=sorted(OWED)) | Q(state=State.COMPLETED, completed_on__gt=on)
    none = Value(timedelta(0), output_field=DurationField())
    delay = Case(
        When(done & Q(completed_on__gt=F("due_on")), then=_days(F("completed_on") - F("due_on"))),
        When(owed & Q(due_on__lt=on), then=_days(Value(on) - F("due_on"))),
        default=none,
        output_field=DurationField(),
    )
    rows = (
        Task.objects.filter(due_on__gte=period.start, due_on__lt=period.end, assigned_on__lte=on)
        .filter(done | (owed & Q(due_on__lt=on)))
        .order_by()
        .values("lead__code")
        .annotate(
            due=Count("pk"),
            completed=Count("pk", filter=done),
            in_time=Count("pk", filter=done & Q(completed_on__lte=F("due_on"))),
            in_time_by_original=Count("pk", filter=done & Q(completed_on__lte=F("original_due_on"))),
            effective=Count("pk", filter=done & Q(effectiveness=Effectiveness.EFFECTIVE)),
            not_effective=Count("pk", filter=done & Q(effectiveness=Effectiveness.NOT_EFFECTIVE)),
            delay=Sum(delay),
            weight_due=Sum("weight"),
            weight_completed=Coalesce(Sum("weight", filter=done), Decimal(0)),
        )
        .order_by("lead__code")
    )
    return [
        Delivery(
            lead=row["lead__code"],
            due=row["due"],
            completed=row["completed"],
            in_time=row["in_time"],
            in_time_by_original=row["in_time_by_original"],
            effective=row["effective"],
            not_effective=row["not_effective"],
            delay_days=row["delay"].days,
            weight_due=row["weight_due"],
            weight_completed=row["weight_completed"],
        )
        for row in rows
    ]


def _days(difference: Combinable) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(difference, output_field=DurationField())
