"""Which figures are older than their update rule allows: the one of the next period should have been there by now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from thuocdo.engine.calendars import Period, day_of, month_of, quarter_of, year_of
from thuocdo.indicators.models import Frequency, Indicator, Measurement, Provenance, State
from thuocdo.organisations.models import Body

from .dictionary import DUE_DAYS
from .history import Course
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

    code: str
    indicator_id: int
    body_id: int
    period_end: date
    recorded_at: datetime
    days: int


def days_overdue(indicator: Indicator, period_end: date, today: date) -> int:
    """Days since the successor of a figure that ends there should have been told; 0 as long as it need not be."""
    return _overdue(indicator.frequency, indicator.due_days, indicator.retired_on, period_end, today)


def _overdue(frequency: str, due_days: int | None, retired_on: date | None, period_end: date, today: date) -> int:
    following = AROUND[frequency](period_end)
    if retired_on is not None and following.last_day >= retired_on:
        return 0
    term = DUE_DAYS[frequency] if due_days is None else due_days
    return max(0, (today - following.last_day).days - term)


def is_counted_by_machine(provenance: str, indicator: Indicator) -> bool:
    """Whether a figure is counted from records of the system: then it is as new as they are, and none is awaited.

    What a formula computes from other figures is awaited like these.
    """
    return provenance == Provenance.DERIVED and not indicator.formula


def stale_of_rows(rows: Iterable[Measurement], *, today: date, period: Period) -> list[Stale]:
    """The same as `stale_figures` for standing rows of one body that are at hand with their indicators."""
    newest: dict[str, Measurement] = {}
    for row in rows:
        recent = row.period_end > min(period.start, today - 2 * CYCLE[row.indicator.frequency])
        if row.state == State.NULL or not recent or is_counted_by_machine(row.provenance, row.indicator):
            continue
        known = newest.get(row.indicator.code)
        if known is None or (row.period_end, row.recorded_at) > (known.period_end, known.recorded_at):
            newest[row.indicator.code] = row
    found = [
        Stale(code, row.indicator_id, row.body_id, row.period_end, row.recorded_at, days)
        for code, row in newest.items()
        if (days := days_overdue(row.indicator, row.period_end, today))
    ]
    return sorted(found, key=lambda one: (-one.days, one.code))


def stale_of_course(indicator: Indicator, body: Body, course: Course | None, today: date) -> Stale | None:
    """The newest figure of a course, where its successor is overdue today."""
    if course is None or course.newest is None:
        return None
    end, at = course.newest
    days = days_overdue(indicator, end, today)
    return Stale(indicator.code, indicator.pk, body.pk, end, at, days) if days else None


# Body and indicator by number, its code, frequency, term and end, the newest period and recording, withdrawals.
_Newest = tuple[int, int, str, str, int | None, date | None, date | None, datetime | None, int]


def _newest(rows: QuerySet[Measurement]) -> list[_Newest]:
    """Of every cell the newest period and recording among the rows that hold a figure, and how many withdraw one."""
    there = ~Q(state=State.NULL)
    return list(
        rows.order_by()
        .values_list(
            "body_id", "indicator_id", "indicator__code", "indicator__frequency", "indicator__due_days",
            "indicator__retired_on",
        )
        .annotate(
            end=Max("period_end", filter=there), at=Max("recorded_at", filter=there),
            withdrawals=Count("pk", filter=Q(state=State.NULL)),
        )
    )  # fmt: skip


def stale_figures(
    bodies: Sequence[Body] | QuerySet[Body], *, codes: Iterable[str], today: date, period: Period
) -> dict[int, list[Stale]]:
    """By number of the body its newest figures of the indicators whose successors are overdue, oldest first; one query,
    or two where figures were withdrawn.

    Only figures that may still stand in the period are told of: those of a part of it, and earlier ones that stand in
    until a cycle after their successor's own has passed.
    """
    among = list(codes)
    if not among:
        return {}
    recent = Q()
    for frequency, cycle in CYCLE.items():
        recent |= Q(indicator__frequency=frequency, period_end__gt=min(period.start, today - 2 * cycle))
    counted = Q(provenance=Provenance.DERIVED) & (Q(indicator__formula__isnull=True) | Q(indicator__formula=""))
    told = Measurement.objects.filter(
        recent, indicator__in=Indicator.objects.filter(code__in=among).values("pk"), body__in=bodies
    ).exclude(counted)
    rows = _newest(told)
    # Which rows are superseded takes long to ask and matters only where a figure was withdrawn, which is rare.
    if withdrawn := [row for row in rows if row[-1]]:
        doubtful = {row[:2] for row in withdrawn}
        standing = told.filter(
            superseded_by__isnull=True,
            body__in={body for body, _ in doubtful},
            indicator__in={indicator for _, indicator in doubtful},
        )
        rows = [row for row in rows if not row[-1]] + [row for row in _newest(standing) if row[:2] in doubtful]
    found: dict[int, list[Stale]] = {}
    # Thousands of cells share a handful of periods.
    overdue: dict[tuple[int, date], int] = {}
    for body, indicator, code, frequency, due_days, retired_on, end, at, _ in rows:
        if end is None or at is None:
            continue
        days = overdue.get((indicator, end))
        if days is None:
            days = overdue[indicator, end] = _overdue(frequency, due_days, retired_on, end, today)
        if days:
            found.setdefault(body, []).append(Stale(code, indicator, body, end, at, days))
    for stale in found.values():
        stale.sort(key=lambda one: (-one.days, one.code))
    return found
