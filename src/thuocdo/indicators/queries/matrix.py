"""The values in force of many bodies and indicators for one period, as arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection
from django.db.models import Exists, ExpressionWrapper, Field, FloatField, OuterRef, QuerySet
from django.db.models.functions import Cast
from numpy.typing import NDArray

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.quality.sample_error import standard_error
from thuocdo.indicators.models import BY_STRENGTH, Frequency, Indicator, Kind, Measurement, Provenance, State
from thuocdo.organisations.models import Body

from .errors import scale_ends

# How long after the end of a period its value may still stand for the running one, by update rule.
CYCLE: dict[str, timedelta] = {
    Frequency.DAY: timedelta(days=1),
    Frequency.MONTH: timedelta(days=31),
    Frequency.QUARTER: timedelta(days=92),
    Frequency.YEAR: timedelta(days=366),
}
# A plain field around the number keeps Django from passing every value through a converter once more.
AS_FLOAT = ExpressionWrapper(Cast("value", FloatField()), output_field=Field())
ERROR_AS_FLOAT = ExpressionWrapper(Cast("standard_error", FloatField()), output_field=Field())
# Indicator, body, period, strength, kind, provenance, state, value, standard error, sample size, number of the row.
Row = tuple[int, int, str, int, str, str, str, float | None, float | None, int | None, int]
# So many cells are read at once.
MOST_AT_ONCE = 100_000
# So many batches are asked for at once; databases bind only so many numbers.
MOST_BATCHES = 5_000
# How well the period of a row fits the period asked for.
EXACT, WITHIN, AROUND, CARRIED = 3, 2, 1, 0


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Values of bodies (rows) × indicators (columns); nan where there is none.

    `strength` is the place of the provenance in BY_STRENGTH (−1 without a value), for a derived value that of
    its weakest input; `measurement` the id of the row behind a cell (0 without one); `carried` marks values
    of an earlier period that stand in while the period is running; `error` is the standard error of a value in
    the indicator's unit where it is known, as its source tells it or as its sample gives it.
    """

    period: Period
    bodies: tuple[Body, ...]
    indicators: tuple[Indicator, ...]
    values: NDArray[np.float64]
    not_applicable: NDArray[np.bool_]
    strength: NDArray[np.int8]
    derived: NDArray[np.bool_]
    measurement: NDArray[np.int64]
    carried: NDArray[np.bool_]
    error: NDArray[np.float64]

    def provenance(self, row: int, column: int) -> str:
        """The provenance of a cell; empty without a value."""
        strength = int(self.strength[row, column])
        if strength < 0:
            return ""
        return Provenance.DERIVED.value if self.derived[row, column] else BY_STRENGTH[strength]


def matrix(
    *,
    indicators: Sequence[Indicator],
    bodies: QuerySet[Body] | Sequence[Body],
    period: Period,
    known_at: datetime | None = None,
    carry_on: date | None = None,
    as_peers: str | None = None,
) -> Cells:
    """The values in force for the period, as known at the moment (now, when not given), in one query or a few.

    For each cell the row of the period itself prevails, then the newest shorter period within it, then the
    year around it. With `carry_on`, a day on which the period is still running or in grace, the newest
    earlier value stands in as long as its update rule has not fallen due again. Among rows of one period:
    the strongest provenance, then final over provisional, then the newest. A cell is not applicable where
    the indicator does not apply to the body's peer group (or to `as_peers`, for bodies that no longer belong
    to one), or where its value in force says so.
    """
    bodies = tuple(bodies)
    cells = empty_cells(indicators, bodies, period, as_peers=as_peers)
    if not bodies or not indicators:
        return cells
    earliest = _earliest(indicators, period, carry_on)
    # Rows of thousands of bodies take hundreds of megabytes, so of many indicators only some are held at a time.
    most = max(1, MOST_AT_ONCE // len(bodies))
    for first in range(0, len(indicators), most):
        fill(cells, _rows(indicators[first : first + most], bodies, period, known_at, earliest), carry_on)
    return cells


def empty_cells(
    indicators: Sequence[Indicator], bodies: Sequence[Body], period: Period, *, as_peers: str | None = None
) -> Cells:
    """Cells of which nothing is told yet; only what does not apply by the dictionary is known."""
    shape = (len(bodies), len(indicators))
    return Cells(
        period=period,
        bodies=tuple(bodies),
        indicators=tuple(indicators),
        values=np.full(shape, np.nan),
        not_applicable=_structurally_not_applicable(bodies, indicators, as_peers),
        strength=np.full(shape, -1, dtype=np.int8),
        derived=np.zeros(shape, dtype=np.bool_),
        measurement=np.zeros(shape, dtype=np.int64),
        carried=np.zeros(shape, dtype=np.bool_),
        error=np.full(shape, np.nan),
    )


def renew(cells: Cells, *, batches: Sequence[int], carry_on: date | None) -> int:
    """Read again, into `cells`, every cell that rows of the batches (by number) touch; gives how many those were.

    One query, whose cost follows the rows that arrived and not the size of the matrix.
    """
    if not batches or not cells.bodies or not cells.indicators:
        return 0
    place_of_body = {body.pk: row for row, body in enumerate(cells.bodies)}
    place_of_indicator = {indicator.pk: column for column, indicator in enumerate(cells.indicators)}
    rows = _touched_rows(batches, cells.period, _earliest(cells.indicators, cells.period, carry_on))
    touched = {
        (place_of_body[row[1]], place_of_indicator[row[0]])
        for row in rows
        if row[1] in place_of_body and row[0] in place_of_indicator
    }
    if touched:
        at = tuple(np.array(list(touched), dtype=np.intp).T)
        structural = _structurally_not_applicable(cells.bodies, cells.indicators, None)
        cells.values[at], cells.not_applicable[at] = np.nan, structural[at]
        cells.strength[at], cells.derived[at], cells.measurement[at], cells.carried[at] = -1, False, 0, False
        cells.error[at] = np.nan
        fill(cells, (row for row in rows if row[0] in place_of_indicator), carry_on)
    return len(touched)


def _earliest(indicators: Sequence[Indicator], period: Period, carry_on: date | None) -> date:
    """The first day whose values can count for the period."""
    longest = max(CYCLE[indicator.frequency] for indicator in indicators) if carry_on else timedelta()
    return period.start - longest


def _begin(period: Period, earliest: date) -> date:
    """On which day the earliest period begins that can count; a year around the period starts before it, and nothing
    longer exists."""
    return min(earliest, date(period.start.year, 1, 1)) - timedelta(days=366)


def fill(cells: Cells, rows: Iterable[Row], carry_on: date | None) -> None:
    """Put the value in force of each cell that rows tell of into the cells; rows come oldest first."""
    period = cells.period
    place_of_body = {body.pk: row for row, body in enumerate(cells.bodies)}
    place_of_indicator = {indicator.pk: column for column, indicator in enumerate(cells.indicators)}
    cycles = {indicator.pk: CYCLE[indicator.frequency] for indicator in cells.indicators}
    fits: dict[tuple[str, int], tuple[int, int] | None] = {}
    best: dict[tuple[int, int], tuple[int, int, int, bool]] = {}
    chosen: dict[tuple[int, int], Row] = {}
    # Oldest first, so that of equals the newest stays.
    for told in rows:
        indicator, body, label, strength, kind, _provenance, state, _value, _error, _size, _pk = told
        row = place_of_body.get(body)
        if row is None or state == State.NULL:
            continue
        fit = fits.get((label, indicator), ())
        if fit == ():
            fit = fits[label, indicator] = _fit(parse_period(label), period, carry_on, cycles[indicator])
        if not fit:
            continue
        place = (row, place_of_indicator[indicator])
        merit = (*fit, strength, kind == Kind.FINAL)
        if place not in best or merit >= best[place]:
            best[place] = merit
            chosen[place] = told
    samples: list[tuple[tuple[int, int], int]] = []
    for place, (_, _, _, strength, _, provenance, state, value, error, size, pk) in chosen.items():
        cells.measurement[place] = pk
        cells.strength[place] = strength
        cells.derived[place] = provenance == Provenance.DERIVED
        cells.carried[place] = best[place][0] == CARRIED
        if state == State.NOT_APPLICABLE:
            cells.not_applicable[place] = True
            continue
        cells.values[place] = value
        if error is not None:
            cells.error[place] = error
        elif size is not None:
            samples.append((place, size))
    if samples:
        _fill_errors(cells, samples)


def _fill_errors(cells: Cells, sizes: Iterable[tuple[tuple[int, int], int]]) -> None:
    """Put the standard errors of values of samples into the cells; sizes of indicators that count everybody give none.

    `sizes` has the place of each value with its number of observations.
    """
    ends = {column: scale_ends(one) for column, one in enumerate(cells.indicators) if one.is_sampled}
    of_samples = [(*place, size) for place, size in sizes if place[1] in ends]
    if of_samples:
        rows, columns, observations = np.array(of_samples, dtype=np.intp).T
        lower, upper = np.array([ends[column] for column in columns.tolist()]).T
        error = standard_error(cells.values[rows, columns], observations, lower=lower, upper=upper)
        cells.error[rows, columns] = error


# First the cells of the rows that arrived, then by the index of bodies the rows of each cell; CROSS JOIN keeps SQLite
# to that order. Written by hand, for a list of pairs would have to be bound cell by cell.
TOUCHED = """
    SELECT m.indicator_id, m.body_id, m.period, m.strength, m.kind, m.provenance, m.state,
           CAST(m.value AS double precision), CAST(m.standard_error AS double precision), m.sample_size, m.id
    FROM (SELECT DISTINCT indicator_id, body_id FROM indicators_measurement WHERE batch_id IN ({marks})) AS touched
    CROSS JOIN indicators_measurement AS m
    WHERE m.body_id = touched.body_id AND m.indicator_id = touched.indicator_id
      AND m.period_start >= %s AND m.period_start < %s AND m.period_end > %s
      AND NOT EXISTS (SELECT 1 FROM indicators_measurement AS later WHERE later.supersedes_id = m.id)
    ORDER BY m.recorded_at, m.id
"""


def _touched_rows(batches: Sequence[int], period: Period, earliest: date) -> list[Row]:
    """What `_rows` gives, of the cells alone that rows of the batches belong to."""
    found: list[Row] = []
    window = [connection.ops.adapt_datefield_value(day) for day in (_begin(period, earliest), period.end, earliest)]
    with connection.cursor() as cursor:
        for first in range(0, len(batches), MOST_BATCHES):
            piece = list(batches[first : first + MOST_BATCHES])
            cursor.execute(TOUCHED.format(marks=", ".join(["%s"] * len(piece))), [*piece, *window])
            found += cursor.fetchall()
    return found


def _rows(
    indicators: Sequence[Indicator],
    bodies: Sequence[Body],
    period: Period,
    known_at: datetime | None,
    earliest: date,
) -> QuerySet[Measurement, Row]:
    """Heads of the chains in the window, oldest first; numbers come as floats, without Django's converters.

    Whoever changes what is asked for changes TOUCHED as well.
    """
    later = Measurement.objects.filter(supersedes=OuterRef("pk"))
    found = Measurement.objects.filter(
        indicator__in=[indicator.pk for indicator in indicators],
        period_start__gte=_begin(period, earliest),
        period_start__lt=period.end,
        period_end__gt=earliest,
    )
    if known_at is not None:
        found = found.filter(recorded_at__lte=known_at)
        later = later.filter(recorded_at__lte=known_at)
    groups = {body.peer_group for body in bodies}
    found = found.filter(body__peer_group__in=groups) if len(bodies) > 200 else found.filter(body__in=bodies)
    return (
        found.filter(~Exists(later))
        .order_by("recorded_at", "pk")
        .values_list(
            "indicator_id", "body_id", "period", "strength", "kind", "provenance", "state",
            AS_FLOAT, ERROR_AS_FLOAT, "sample_size", "pk",
        )
    )  # fmt: skip


def _fit(given: Period, asked: Period, carry_on: date | None, cycle: timedelta) -> tuple[int, int] | None:
    """How well a row's period fits the one asked for (class, end as ordinal); None when it does not."""
    end = given.end.toordinal()
    if given == asked:
        return EXACT, end
    if asked.start <= given.start and given.end <= asked.end:
        return WITHIN, end
    if given.start <= asked.start and asked.end <= given.end:
        return AROUND, -end
    # The next value falls due one cycle after the end of the period that this one tells of, plus a cycle
    # in which it is collected.
    if carry_on is not None and given.end <= asked.start and carry_on <= given.end + 2 * cycle:
        return CARRIED, end
    return None


def _structurally_not_applicable(
    bodies: Sequence[Body], indicators: Sequence[Indicator], as_peers: str | None
) -> NDArray[np.bool_]:
    group_of = [body.peer_group if as_peers is None else as_peers for body in bodies]
    groups = sorted(set(group_of))
    by_group = np.array(
        [[not indicator.applies(group) for indicator in indicators] for group in groups], dtype=np.bool_
    ).reshape(len(groups), len(indicators))
    position = {group: index for index, group in enumerate(groups)}
    return by_group[[position[group] for group in group_of]]
