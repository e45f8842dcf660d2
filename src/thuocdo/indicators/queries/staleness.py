"""Which figures are older than their update rule allows: the one of the next period should have been there by now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet

from thuocdo.engine.calendars import Period, day_of, month_of, quarter_of, year_of
from thuocdo.indicators.models import Frequency, Indicator, Measurement, Provenance, State
from thuocdo.organisations.models import Body

from .dictionary import is_owed, term
from .matrix import CYCLE

# The period of each frequency that holds a day: of the shorter ones in a quarter the first falls due first.
AROUND: Mapping[str, Callable[[date], Period]] = {
    Frequency.DAY: day_of,
    Frequency.MONTH: month_of,
    Frequency.QUARTER: quarter_of,
    Frequency.YEAR: year_of,
}


@dataclass(frozen=True, slots=True)
class Stale:
    """The newest figure of an indicator at a body whose successor is overdue, by how many days; `period_end` is the
    first day of which it no longer tells."""

    indicator: Indicator
    body_id: int
    period_end: date
    recorded_at: datetime
    days: int


def days_overdue(indicator: Indicator, period_end: date, today: date) -> int:
    """Days since the successor of a figure that ends there should have been told; 0 as long as it need not be."""
    following = AROUND[indicator.frequency](period_end)
    if not is_owed(indicator, following.last_day):
        return 0
    return max(0, (today - (following.last_day + term(indicator))).days)


def is_counted_by_machine(provenance: str, indicator: Indicator) -> bool:
    """Whether a figure is counted from records of the system: then it is as new as they are, and none is awaited.

    What a formula computes from other figures is awaited like these.
    """
    return provenance == Provenance.DERIVED and not indicator.formula


def stale_figures(
    bodies: Sequence[Body] | QuerySet[Body], *, indicators: Iterable[Indicator], today: date, period: Period
) -> dict[int, list[Stale]]:
    """By number of the body its newest figures whose successors are overdue, in one query, oldest first.

    Only figures that may still stand in the period are told of: those of a part of it, and earlier ones that stand in
    until a cycle after their successor's own has passed.
    """
    known = {one.pk: one for one in indicators}
    if not known:
        return {}
    recent = Q()
    for frequency, cycle in CYCLE.items():
        among = [pk for pk, one in known.items() if one.frequency == frequency]
        if among:
            recent |= Q(indicator__in=among, period_end__gt=min(period.start, today - 2 * cycle))
    formulas = [pk for pk, one in known.items() if one.formula]
    rows = (
        Measurement.objects.filter(recent, body__in=bodies, superseded_by__isnull=True)
        .filter(~Q(state=State.NULL), ~Q(provenance=Provenance.DERIVED) | Q(indicator__in=formulas))
        .order_by()
        .values_list("indicator_id", "body_id")
        .annotate(Max("period_end"), Max("recorded_at"))
    )
    found: dict[int, list[Stale]] = {}
    # Thousands of cells share a handful of periods.
    overdue: dict[tuple[int, date], int] = {}
    for indicator, body, end, at in rows:
        days = overdue.get((indicator, end))
        if days is None:
            days = overdue[indicator, end] = days_overdue(known[indicator], end, today)
        if days:
            found.setdefault(body, []).append(Stale(known[indicator], body, end, at, days))
    for stale in found.values():
        stale.sort(key=lambda one: (-one.days, one.indicator.code))
    return found
