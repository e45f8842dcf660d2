"""What was delivered for a period and what was owed, as the arrays from which the six qualities are judged.

Looked at is what others deliver: declared, fed, surveyed and cross-checked values, not derived ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from django.db.models import F
from django.utils import timezone

from thuocdo.engine.calendars import Period
from thuocdo.engine.quality.accuracy import accuracy
from thuocdo.engine.quality.cleanliness import cleanliness
from thuocdo.engine.quality.completeness import completeness, timeliness
from thuocdo.engine.quality.consistency import Breakdown, Levels, consistency
from thuocdo.engine.quality.delivered import (
    NONE,
    NOT_APPLICABLE,
    NULL,
    VALUE,
    Columns,
    Flags,
    Owed,
    Quality,
    Rows,
)
from thuocdo.engine.quality.liveness import liveness
from thuocdo.engine.quality.sharing import sharing
from thuocdo.indicators.models import Reading
from thuocdo.indicators.queries import (
    Batch,
    Frequency,
    Indicator,
    Kind,
    Measurement,
    Provenance,
    State,
    due_days,
    freshness,
    indicators,
    is_owed,
)
from thuocdo.indicators.queries.matrix import AS_FLOAT, CYCLE
from thuocdo.indicators.queries.staleness import AROUND
from thuocdo.organisations.models import Body, Descent, Hierarchy

from .figures import DERIVED_ROOMS

STATES = {State.VALUE.value: VALUE, State.NOT_APPLICABLE.value: NOT_APPLICABLE, State.NULL.value: NULL}
# With more bodies than these a query names none of them.
FEW_BODIES = 200
# A figure is in shared use that another body read within so many days.
READ_WITHIN_DAYS = 366


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """The delivered rows of a period as arrays, and the id of every row in the same order."""

    rows: Rows
    ids: "np.ndarray[tuple[int], np.dtype[np.int64]]"


class Records:
    """Everything delivered for a period by some bodies: one query, and what was expected of whom.

    `bodies` are those asked for; `everyone` are these, then those below them whose figures theirs must add up to.
    """

    def __init__(self, period: Period, on: date, bodies: Sequence[Body]) -> None:
        self.period, self.on, self.bodies = period, on, tuple(bodies)
        self.day = min(on, period.end)
        self.columns = [
            one for one in indicators() if one.derived_from not in DERIVED_ROOMS and is_owed(one, period.start)
        ]
        self.column_of = {one.pk: place for place, one in enumerate(self.columns)}
        self._summed = tuple(place for place, one in enumerate(self.columns) if one.adds_up_the_tree)
        below = self._below() if self._summed else []
        known = {body.pk for body in self.bodies}
        self.everyone = self.bodies + tuple({child.pk: child for _, child in below if child.pk not in known}.values())
        self._place = {body.pk: place for place, body in enumerate(self.everyone)}
        self.parent = np.full(len(self.everyone), NONE, dtype=np.int64)
        for above, child in below:
            self.parent[self._place[child.pk]] = self._place[above]

    def _below(self) -> list[tuple[int, Body]]:
        wanted = {body.pk for body in self.bodies}
        found = Descent.objects.valid_on(min(self.on, self.period.last_day)).filter(
            depth=1, hierarchy=Hierarchy.TERRITORIAL
        )
        if len(wanted) <= FEW_BODIES:
            found = found.filter(ancestor__in=wanted)
        pairs = found.select_related("descendant").order_by("pk")
        return [(pair.ancestor_id, pair.descendant) for pair in pairs if pair.ancestor_id in wanted]

    @cached_property
    def applies(self) -> Flags:
        """Of everyone and every indicator: whether others deliver it for the body."""
        groups = {body.peer_group for body in self.everyone}
        of_group = {
            group: np.array([group in one.applies_to for one in self.columns], dtype=np.bool_) for group in groups
        }
        found = np.zeros((len(self.everyone), len(self.columns)), dtype=np.bool_)
        for place, body in enumerate(self.everyone):
            found[place] = of_group[body.peer_group]
        for column, one in enumerate(self.columns):
            if not one.applies_to and one.owner_id in self._place:
                found[self._place[one.owner_id], column] = True
        return found

    @cached_property
    def expected(self) -> Flags:
        """The same of the bodies asked for: indicators of their peer group, figures they answer for."""
        found = self.applies.copy()
        found[len(self.bodies) :] = False
        return found

    @cached_property
    def described(self) -> Columns:
        """What the dictionary says of every indicator."""

        def bound(value: object) -> float:
            return np.nan if value is None else float(str(value))

        cycles = {frequency: int(span.days) for frequency, span in CYCLE.items()}
        return Columns(
            tolerance=np.array([float(one.tolerance) for one in self.columns]),
            lower=np.array([bound(one.lower) for one in self.columns]),
            upper=np.array([bound(one.upper) for one in self.columns]),
            cycle=np.array([cycles[one.frequency] for one in self.columns], dtype=np.int64),
            term=np.array([due_days(one) for one in self.columns], dtype=np.int64),
        )

    @cached_property
    def read(self) -> Read:
        """The rows of the period."""
        found = Measurement.objects.filter(
            indicator__in=list(self.column_of), period_start__lt=self.period.end, period_end__gt=self.period.start
        ).exclude(provenance=Provenance.DERIVED)
        if len(self.everyone) <= FEW_BODIES:
            found = found.filter(body__in=list(self._place))
        number: list[tuple[float, ...]] = []
        zone, days = timezone.get_current_timezone(), {}
        for pk, indicator, body, start, end, at, strength, state, provenance, kind, value, old, old_state, later in (
            found.annotate(told=AS_FLOAT, before=F("supersedes__value"))
            .values_list(
                "pk", "indicator_id", "body_id", "period_start", "period_end", "recorded_at", "strength", "state",
                "provenance", "kind", "told", "before", "supersedes__state", "superseded_by",
            )
            .iterator(chunk_size=20_000)
        ):  # fmt: skip
            place = self._place.get(body)
            if place is None:
                continue
            if at not in days:
                days[at] = at.astimezone(zone).date().toordinal()
            repeats = old_state == state and (old is None) == (value is None)
            repeats = repeats and (old is None or float(old) == value)
            number.append(
                (
                    pk, place, self.column_of[indicator], start.toordinal(), end.toordinal(), days[at],
                    _microseconds(at), strength, STATES[state], np.nan if value is None else value,
                    provenance == Provenance.DECLARED, provenance == Provenance.SYSTEM, kind == Kind.FINAL,
                    later is None, repeats,
                )
            )  # fmt: skip
        return _as_arrays(number)

    @cached_property
    def owed(self) -> Owed:
        """Every indicator's own periods that end in this one and are due by now, with the day they fell due."""
        found = [
            (column, place.start.toordinal(), place.end.toordinal(), due.toordinal())
            for column, one in enumerate(self.columns)
            for place, due in self._fallen_due(one)
        ]
        table = np.array(found, dtype=np.int64).reshape(-1, 4)
        return Owed(*table.T)

    def _fallen_due(self, one: Indicator) -> Iterator[tuple[Period, date]]:
        place = AROUND[Frequency(one.frequency)](self.period.start)
        while place.end <= self.period.end:
            due = place.last_day + timedelta(days=due_days(one))
            is_defined = one.valid_from is None or one.valid_from < place.end
            if due <= self.on and is_defined and is_owed(one, place.last_day):
                yield place, due
            place = place.next()

    @cached_property
    def newest(self) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
        """The day after the newest period told of by every body and indicator, as known on the day; 0 for none."""
        known_at = None
        if self.on >= self.period.end:
            known_at = timezone.make_aware(datetime.combine(self.period.end, datetime.min.time()))
        bodies = self.bodies if len(self.bodies) <= FEW_BODIES else None
        found = np.zeros((len(self.everyone), len(self.columns)), dtype=np.int64)
        for one in freshness(bodies=bodies, delivered=True, known_at=known_at):
            place, column = self._place.get(one.body_id), self.column_of.get(one.indicator_id)
            if place is not None and column is not None:
                found[place, column] = one.period_end.toordinal()
        return found

    @cached_property
    def refused(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """How many rows of every body were refused in the period while others were kept."""
        start, end = (
            timezone.make_aware(datetime.combine(day, datetime.min.time()))
            for day in (self.period.start, self.period.end)
        )
        codes = {body.code: place for place, body in enumerate(self.bodies)}
        found = np.zeros(len(self.everyone))
        counted = Batch.objects.filter(recorded_at__gte=start, recorded_at__lt=end).exclude(refused={})
        for counts in counted.values_list("refused", flat=True):
            for code, number in counts.items():
                if code in codes:
                    found[codes[code]] += number
        return found

    @cached_property
    def served(self) -> Flags:
        """Of everyone and every indicator: whether a machine sent a figure of the period."""
        rows = self.read.rows
        found = np.zeros(self.expected.shape, dtype=np.bool_)
        found[rows.body[rows.fed], rows.indicator[rows.fed]] = True
        return found

    @cached_property
    def breakdowns(self) -> list[Breakdown]:
        """What the dictionary says to add up, where all of it is delivered."""
        places = {one.code: place for place, one in enumerate(self.columns)}
        return [
            Breakdown(
                places[one.code], tuple(places[code] for code in named["parts"]), float(named.get("tolerance", 0))
            )
            for one in self.columns
            for named in one.breakdowns or ()
            if all(code in places for code in named["parts"])
        ]

    @cached_property
    def accuracy(self) -> Quality:
        return accuracy(self.read.rows, self.described, self.expected)

    @cached_property
    def completeness(self) -> Quality:
        return completeness(self.read.rows, self.owed, self.expected)

    @cached_property
    def timeliness(self) -> Quality:
        return timeliness(self.read.rows, self.owed, self.expected)

    @cached_property
    def cleanliness(self) -> Quality:
        return cleanliness(self.read.rows, self.described, self.expected, self.refused)

    @cached_property
    def liveness(self) -> Quality:
        return liveness(self.newest, self.described, self.expected, self.day.toordinal())

    @cached_property
    def consistency(self) -> Quality:
        levels = Levels(self._summed, self.parent, self.applies) if self._summed else None
        rows, described = self.read.rows, self.described
        return consistency(rows, described, self.expected, breakdowns=self.breakdowns, levels=levels)

    @cached_property
    def sharing(self) -> Quality:
        return sharing(self.served, self.reused, self.expected)

    @cached_property
    def reused(self) -> Flags | None:
        """Of everyone and every indicator: whether another body read a figure in the year before; None where nobody
        ever read anything there, for then nobody can be reproached with not being read."""
        readings = Reading.objects.filter(day__lte=self.on, day__gt=self.on - timedelta(days=READ_WITHIN_DAYS))
        if not readings.exists():
            return None
        found = np.zeros((len(self.everyone), len(self.columns)), dtype=np.bool_)
        for indicator, body in readings.exclude(reader=F("body")).values_list("indicator_id", "body_id").distinct():
            if indicator in self.column_of and body in self._place:
                found[self._place[body], self.column_of[indicator]] = True
        return found


def _microseconds(at: datetime) -> int:
    """The moment as microseconds since 1970, exactly."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _as_arrays(number: Sequence[Sequence[float]]) -> Read:
    """Rows of numbers as arrays; of two rows from one moment the later number came later."""
    table = list(zip(*number, strict=True)) if number else [()] * 15
    ids, body, indicator, start, end, recorded, at = (np.array(part, dtype=np.int64) for part in table[:7])
    order = np.empty(len(ids), dtype=np.int64)
    order[np.lexsort((ids, at))] = np.arange(len(ids))
    strength, state = (np.array(part, dtype=np.int8) for part in table[7:9])
    flags = [np.array(part, dtype=np.bool_) for part in table[10:]]
    value = np.array(table[9], dtype=np.float64)
    return Read(Rows(body, indicator, start, end, recorded, order, strength, state, value, *flags), ids)
