"""Values in force over several quarters for the indicators that rules speak of, read in one pass."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.indicators.models import Indicator, Measurement, State
from thuocdo.indicators.models import Kind as Finality


@dataclass(frozen=True, slots=True)
class Value:
    """A value in force and the number of the row behind it."""

    value: float
    measurement: int


# indicator code → body → period → value
Series = dict[str, dict[int, dict[Period, Value]]]


def series_of(codes: Collection[str], *, since: date, until: date) -> Series:
    """Every value in force of the indicators for periods within [since, until): strongest, final, newest."""
    known = dict(Indicator.objects.filter(code__in=codes).values_list("pk", "code"))
    later = Measurement.objects.filter(supersedes=OuterRef("pk"))
    rows = (
        Measurement.objects.filter(
            ~Exists(later),
            indicator__in=list(known),
            period_start__gte=since,
            period_end__lte=until,
            state=State.VALUE,
        )
        .order_by("recorded_at", "pk")
        .values_list("pk", "indicator_id", "body_id", "period", "value", "strength", "kind")
    )
    found: Series = {code: {} for code in known.values()}
    merits: dict[tuple[int, int, str], tuple[int, bool]] = {}
    periods: dict[str, Period] = {}
    for pk, indicator, body, label, value, strength, kind in rows.iterator():
        merit, place = (strength, kind == Finality.FINAL), (indicator, body, label)
        if value is None or merits.get(place, (-1, False)) > merit:
            continue
        merits[place] = merit
        if label not in periods:
            periods[label] = parse_period(label)
        found[known[indicator]].setdefault(body, {})[periods[label]] = Value(float(value), pk)
    return found


def in_quarter(values: dict[Period, Value], quarter: Period) -> Value | None:
    """The quarter's own value, or that of its newest month or day."""
    if quarter in values:
        return values[quarter]
    within = [one for one in values if quarter.start <= one.start and one.end <= quarter.end]
    return values[max(within, key=lambda one: (one.end, one.start))] if within else None


def months_of(values: dict[Period, Value], months: Sequence[Period]) -> list[float | None]:
    """The values of the months, None where there is none."""
    return [values[one].value if one in values else None for one in months]
