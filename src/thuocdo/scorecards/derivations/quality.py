"""Reporting discipline and the six data qualities, a first version computed from the measurements alone.

Looked at is what others deliver: declared, fed, surveyed and cross-checked values, not derived ones. The
machine counts its own records here, so the figures are as strong as a system's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.indicators.queries import (
    Batch,
    Frequency,
    Indicator,
    Measurement,
    Provenance,
    State,
    freshness,
    indicators,
)
from thuocdo.indicators.queries.matrix import CYCLE
from thuocdo.organisations.models import Body
from thuocdo.scorecards.queries.inputs import AROUND

from .figures import DECIMALS, DERIVED_ROOMS, Figure

BY_COUNTING = "system"
# Days after the end of a period within which its value has to be there. A default of the method.
TERM = {
    Frequency.DAY: timedelta(days=1),
    Frequency.MONTH: timedelta(days=10),
    Frequency.QUARTER: timedelta(days=15),
    Frequency.YEAR: timedelta(days=45),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One delivered row; `repeats` says that it supersedes a row with the same content."""

    period: Period
    strength: int
    provenance: str
    state: str
    value: Decimal | None
    source: str
    recorded_at: datetime
    repeats: bool
    is_head: bool


class Records:
    """Everything delivered for a period by some bodies: one query, and what was expected of whom."""

    def __init__(self, period: Period, on: date, bodies: Sequence[Body]) -> None:
        self.period, self.on, self.bodies = period, on, bodies
        self.columns = [one for one in indicators() if one.derived_from not in DERIVED_ROOMS]
        self._owned = [one for one in self.columns if not one.applies_to and one.owner_id is not None]
        self._told: dict[tuple[int, int], list[Told]] = {}
        self._owed: dict[str, list[tuple[Period, date]]] = {}
        self._expected: dict[str, list[Indicator]] = {}
        wanted = {body.pk for body in bodies}
        periods: dict[str, Period] = {}
        for indicator, body, label, strength, provenance, state, value, source, at, old, old_state, later in (
            Measurement.objects.filter(
                indicator__in=self.columns, period_start__lt=period.end, period_end__gt=period.start
            )
            .exclude(provenance=Provenance.DERIVED)
            .order_by("recorded_at", "pk")
            .values_list(
                "indicator_id", "body_id", "period", "strength", "provenance", "state", "value", "source",
                "recorded_at", "supersedes__value", "supersedes__state", "superseded_by",
            )
        ):  # fmt: skip
            if body in wanted:
                place = periods.get(label) or periods.setdefault(label, parse_period(label))
                repeats = old_state == state and old == value
                self._told.setdefault((indicator, body), []).append(
                    Told(place, strength, provenance, state, value, source, at, repeats, later is None)
                )

    def expected(self, body: Body) -> list[Indicator]:
        """What others deliver for the body: indicators of its peer group, figures it answers for."""
        if body.peer_group not in self._expected:
            self._expected[body.peer_group] = [one for one in self.columns if body.peer_group in one.applies_to]
        owned = [one for one in self._owned if one.owner_id == body.pk]
        return self._expected[body.peer_group] + owned

    def told(self, body: Body, indicator: Indicator) -> list[Told]:
        """The rows of the period, oldest first."""
        return self._told.get((indicator.pk, body.pk), [])

    def owed(self, indicator: Indicator) -> list[tuple[Period, date]]:
        """The indicator's own periods that end in this one and are due by now, with the day they fell due."""
        if indicator.frequency not in self._owed:
            self._owed[indicator.frequency] = list(self._fallen_due(Frequency(indicator.frequency)))
        return self._owed[indicator.frequency]

    def _fallen_due(self, frequency: Frequency) -> Iterator[tuple[Period, date]]:
        place = AROUND[frequency](self.period.start)
        while place.end <= self.period.end:
            due = place.last_day + TERM[frequency]
            if due <= self.on:
                yield place, due
            place = place.next()


def _cells(records: Records, is_met: Callable[[Sequence[Told], Period, date], bool], scale: float) -> list[Figure]:
    """The share of owed cells that meet a condition."""
    figures = []
    for body in records.bodies:
        met = owed = 0
        for indicator in records.expected(body):
            told = records.told(body, indicator)
            for place, due in records.owed(indicator):
                owed += 1
                met += is_met(told, place, due)
        figures.append(_share(body, met, owed, scale))
    return figures


def _share(body: Body, part: float, whole: float, scale: float = 1) -> Figure:
    return Figure(body.code, round(scale * part / whole, DECIMALS) if whole else None, BY_COUNTING)


def _stands_for(row: Told, place: Period) -> bool:
    """Whether a row tells of the place: its own period, one within it, or one around it."""
    inside = place.start <= row.period.start and row.period.end <= place.end
    around = row.period.start <= place.start and place.end <= row.period.end
    return row.state != State.NULL and (inside or around)


def reporting_discipline(records: Records) -> list[Figure]:
    """Figures owed in the period that were there within the term of their update rule, per cent."""

    def is_in_time(told: Sequence[Told], place: Period, due: date) -> bool:
        return any(_stands_for(row, place) and timezone.localdate(row.recorded_at) <= due for row in told)

    return _cells(records, is_in_time, 100)


def completeness(records: Records) -> list[Figure]:
    """Owed cells that hold a value or are marked not applicable, 0 to 1."""

    def is_there(told: Sequence[Told], place: Period, due: date) -> bool:
        return any(_stands_for(row, place) and row.is_head for row in told)

    return _cells(records, is_there, 1)


def liveness(records: Records) -> list[Figure]:
    """Mean over the indicators of what is left of the update term: 1 within it, 0 at one cycle overdue."""
    day = min(records.on, records.period.end)
    newest = {(one.indicator_id, one.body_id): one.period_end for one in freshness(bodies=None, delivered=True)}
    figures = []
    for body in records.bodies:
        expected = records.expected(body)
        left = 0.0
        for indicator in expected:
            end = newest.get((indicator.pk, body.pk))
            if end is not None:
                frequency = Frequency(indicator.frequency)
                overdue = day - (end + CYCLE[frequency] + TERM[frequency])
                left += min(1.0, max(0.0, 1 - overdue / CYCLE[frequency]))
        figures.append(_share(body, left, len(expected)))
    return figures


def accuracy(records: Records) -> list[Figure]:
    """Declared values within tolerance of the strongest other value of the same cell, 0 to 1."""
    figures = []
    for body in records.bodies:
        agreeing = compared = 0
        for indicator in records.expected(body):
            for rows in _by_period(records.told(body, indicator)).values():
                declared = [row for row in rows if row.provenance == Provenance.DECLARED]
                stronger = [row for row in rows if row.provenance != Provenance.DECLARED]
                if declared and stronger:
                    compared += 1
                    best = max(stronger, key=lambda row: row.strength).value or Decimal(0)
                    agreeing += abs((declared[-1].value or Decimal(0)) - best) <= indicator.tolerance
        figures.append(_share(body, agreeing, compared))
    return figures


def consistency(records: Records) -> list[Figure]:
    """Cells told by several sources of equal strength that do not contradict each other, 0 to 1.

    Codes are common by construction: a row with another code is refused. That parts add up to the whole
    will be checked once the dictionary says which indicators are parts of which.
    """
    figures = []
    for body in records.bodies:
        agreeing = checked = 0
        for indicator in records.expected(body):
            for rows in _by_period(records.told(body, indicator)).values():
                for strength in {row.strength for row in rows}:
                    values = [row.value for row in rows if row.strength == strength and row.value is not None]
                    if len(values) > 1:
                        checked += 1
                        agreeing += max(values) - min(values) <= indicator.tolerance
        figures.append(_share(body, agreeing, checked))
    return figures


def cleanliness(records: Records) -> list[Figure]:
    """Values taken and new among those that came in: refused rows and repetitions of the same are not, 0 to 1."""
    refused: dict[str, int] = {}
    start, end = (
        timezone.make_aware(datetime.combine(day, datetime.min.time()))
        for day in (records.period.start, records.period.end)
    )
    for counts in (
        Batch.objects.filter(recorded_at__gte=start, recorded_at__lt=end)
        .exclude(refused={})
        .values_list("refused", flat=True)
    ):
        for code, number in counts.items():
            refused[code] = refused.get(code, 0) + number
    figures = []
    for body in records.bodies:
        rows = [row for indicator in records.expected(body) for row in records.told(body, indicator)]
        clean = sum(not row.repeats for row in rows)
        figures.append(_share(body, clean, len(rows) + refused.get(body.code, 0)))
    return figures


def sharing(records: Records) -> list[Figure]:
    """Indicators of the body that arrive through the programming interface, 0 to 1.

    Reuse by other bodies is not recorded yet; until it is, this is the half that can be told.
    """
    figures = []
    for body in records.bodies:
        expected = records.expected(body)
        fed = sum(
            any(row.provenance == Provenance.SYSTEM for row in records.told(body, indicator)) for indicator in expected
        )
        figures.append(_share(body, fed, len(expected)))
    return figures


def _by_period(told: Sequence[Told]) -> dict[Period, list[Told]]:
    """Standing values by their period."""
    found: dict[Period, list[Told]] = {}
    for row in told:
        if row.is_head and row.state == State.VALUE:
            found.setdefault(row.period, []).append(row)
    return found
