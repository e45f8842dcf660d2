"""Holds declared values against stronger ones wherever figures came since the last time, and nowhere else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.quality.gaps import flattery, gap
from thuocdo.engine.quality.gaps_inflation import capped
from thuocdo.evaluations.lifecycle import Kind, Outcome
from thuocdo.evaluations.models import Finding, Followed, SampleUnit
from thuocdo.indicators.models import Batch, Indicator, Measurement, Provenance
from thuocdo.indicators.models import Kind as Finality
from thuocdo.indicators.queries import batches_between
from thuocdo.ledger.queries import newest_number

from .settling import Observed, Settled, settle, weight

COMPARE = "compare"
# Batches are taken together up to so many rows, so that a long backlog needs no more memory than a short one.
MOST_AT_ONCE = 100_000
# Cells, of whatever indicators and periods, that are compared in one transaction, for which nobody waits long.
MOST_CELLS = 2_000
DECLARED, FINAL = Provenance.DECLARED.value, Finality.FINAL.value
COMPARED = (Provenance.DECLARED, Provenance.CROSS_CHECKED, Provenance.INDEPENDENT, Provenance.SYSTEM)

Bound = str | int | float | date | None
# The numbers of the declared and of the stronger row, and by how many tolerances the declared one flatters.
Pair = tuple[int, int, float | None]


class Cell(NamedTuple):
    """What is measured where and for when: numbers of indicator and body, label of the period."""

    indicator: int
    period: str
    body: int


def compare(*, actor: Actor, at: datetime) -> Settled:
    """Open, change and close gap findings of every cell that was told of since the last run; gives what was done.

    The machine's job; some cells at a time are one transaction, so that a killed run goes on where it stopped. What
    it costs follows the rows that arrived, not those that are stored.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    done, since, until = Settled(), followed(COMPARE), newest_number()
    for batches in _slices(batches_between(since, until).filter(is_derived=False).iterator()):
        told = Measurement.objects.filter(
            _is_declared(), batch__in=[one.pk for one in batches], provenance__in=COMPARED
        )
        cells = [Cell(*row) for row in told.values_list("indicator_id", "period", "body_id").distinct()]
        # As the rows of a body lie together, a piece reads few pages of the database.
        cells.sort(key=lambda cell: (cell.body, cell.indicator, cell.period))
        known = Indicator.objects.in_bulk({cell.indicator for cell in cells})
        checked = _checked(cells)
        for start in range(0, len(cells), MOST_CELLS):
            done.add(_compare_cells(cells[start : start + MOST_CELLS], known, checked, actor=actor, at=at))
        follow(COMPARE, batches[-1].ledger or since)
    follow(COMPARE, until)
    return done


def _is_declared() -> Exists:
    """Whether the cell of a row was ever declared: where it was not, nothing is held against anything.

    Machines send thousands of rows for cells that nobody declares; a transaction for each of them would hold up
    everybody who writes.
    """
    return Exists(
        Measurement.objects.filter(
            body=OuterRef("body"),
            indicator=OuterRef("indicator"),
            period_start=OuterRef("period_start"),
            period=OuterRef("period"),
            provenance=Provenance.DECLARED,
        )
    )


def followed(job: str) -> int:
    """The newest entry that a kind of job has followed; 0 at first."""
    return Followed.objects.filter(job=job).values_list("number", flat=True).first() or 0


@transaction.atomic
def follow(job: str, number: int) -> None:
    """Remember that a kind of job has followed every entry up to the number."""
    row, _is_new = Followed.objects.select_for_update().get_or_create(job=job)
    if row.number < number:
        row.number = number
        row.save(update_fields=["number"])


def _slices(batches: Iterable[Batch]) -> Iterator[Sequence[Batch]]:
    taken: list[Batch] = []
    rows = 0
    for one in batches:
        taken.append(one)
        rows += one.accepted
        if rows >= MOST_AT_ONCE:
            yield taken
            taken, rows = [], 0
    if taken:
        yield taken


class Head(NamedTuple):
    """A standing value of a cell, and how strong it is beside others: its provenance, and final before provisional."""

    number: int
    value: Decimal | None
    merit: tuple[int, bool]


@transaction.atomic
def _compare_cells(
    cells: Sequence[Cell],
    known: Mapping[int, Indicator],
    checked: Mapping[Cell, Sequence[str]],
    *,
    actor: Actor,
    at: datetime,
) -> Settled:
    # Two workers may meet at the same cells; the second waits here and then finds the first one's findings.
    Followed.objects.get_or_create(job=COMPARE)
    Followed.objects.select_for_update().get(job=COMPARE)
    declared, stronger = _sides(cells)
    both = {cell: (declared[cell], stronger[cell]) for cell in declared if cell in stronger}
    _keep(cells, known, both)
    observed = [
        one for cell, pair in both.items() if (one := _observed(known[cell.indicator], cell, *pair)) is not None
    ]
    touched = {cell.indicator for cell in cells}
    subject = f"indicator:{known[touched.pop()].code}" if len(touched) == 1 else "indicators"
    done = settle(observed, among=_gaps_of(cells), actor=actor, at=at, subject=subject)
    if causes := [cause for cell in cells for cause in checked.get(cell, ())]:
        among = Finding.objects.filter(cause__in=causes)
        done.add(_check_again(among, known, declared, actor=actor, at=at, subject=subject))
    return done


def _cause(cell: Cell) -> str:
    return f"gap:{cell.indicator}:{cell.body}:{cell.period}"


def _observed(indicator: Indicator, cell: Cell, told: Head, other: Head) -> Observed | None:
    if told.value is None or other.value is None:
        return None
    found = gap(told.value, other.value, tolerance=indicator.tolerance, direction=indicator.direction)
    if found is None:
        return None
    return Observed(
        cause=_cause(cell),
        kind=Kind.GAP,
        body_id=cell.body,
        indicator_id=indicator.pk,
        period=cell.period,
        size=found.size,
        sign=found.sign,
        tolerance=indicator.tolerance,
        in_tolerances=found.in_tolerances,
        is_flattering=found.is_flattering,
        claimed_value=told.value,
        stronger_value=other.value,
        claimed_id=told.number,
        stronger_id=other.number,
        risk=weight(found.in_tolerances, found.is_flattering),
    )


def _checked(cells: Iterable[Cell]) -> dict[Cell, list[str]]:
    """The causes of findings of samples, by cell; read from samples, whose values are few, for findings are many."""
    wrong = SampleUnit.objects.filter(outcome=Outcome.WRONG, measurement__period__in=_labels(cells))
    found: dict[Cell, list[str]] = {}
    rows = wrong.values_list("pk", "measurement__indicator_id", "measurement__period", "measurement__body_id")
    for unit, indicator, period, body in rows.iterator():
        found.setdefault(Cell(indicator, period, body), []).append(f"checked:{unit}")
    return found


def _check_again(
    checked: QuerySet[Finding],
    known: Mapping[int, Indicator],
    declared: Mapping[Cell, Head],
    *,
    actor: Actor,
    at: datetime,
    subject: str,
) -> Settled:
    """Findings of samples: corrected once the body declares what the verifier found."""
    still = []
    for row in checked.filter(stronger_value__isnull=False):
        if row.indicator_id is None or row.stronger_value is None:
            continue
        indicator, head = known[row.indicator_id], declared.get(Cell(row.indicator_id, row.period, row.body_id))
        if head is None or head.value is None:
            continue
        found = gap(head.value, row.stronger_value, tolerance=indicator.tolerance, direction=indicator.direction)
        if found is not None:
            still.append(
                Observed(
                    cause=row.cause,
                    kind=Kind.CHECKED,
                    body_id=row.body_id,
                    size=found.size,
                    sign=found.sign,
                    tolerance=indicator.tolerance,
                    in_tolerances=found.in_tolerances,
                    is_flattering=found.is_flattering,
                    claimed_value=head.value,
                    stronger_value=row.stronger_value,
                    claimed_id=head.number,
                    facts=row.facts,
                    risk=weight(found.in_tolerances, found.is_flattering),
                )
            )
    return settle(still, among=checked, actor=actor, at=at, subject=subject)


# Cells as a table: a list of triples cannot be bound otherwise. Numbers are our own and stand in the text, for to bind
# ten thousand of them takes longer than to look the cells up; labels and days of periods are bound, once each.
# CROSS JOIN keeps SQLite to the order of the tables.
CELLS = """
    WITH periods (number, period, period_start, period_end) AS (VALUES {periods}),
         cells (indicator_id, body_id, number{more}) AS (VALUES {cells})
"""
SIDES = """
    SELECT m.id, m.indicator_id, m.period, m.body_id, CAST(m.value AS text), m.provenance, m.strength, m.kind
    FROM cells CROSS JOIN periods CROSS JOIN indicators_measurement AS m
    WHERE periods.number = cells.number AND m.body_id = cells.body_id AND m.indicator_id = cells.indicator_id
      AND m.period_start = periods.period_start AND m.period = periods.period AND m.state <> 'null'
      AND m.provenance IN ({compared})
      AND NOT EXISTS (SELECT 1 FROM indicators_measurement AS later WHERE later.supersedes_id = m.id)
    ORDER BY m.recorded_at, m.id
"""
GAPS = """
    SELECT f.id FROM cells CROSS JOIN periods CROSS JOIN evaluations_finding AS f
    WHERE periods.number = cells.number
      AND f.cause = 'gap:' || cells.indicator_id || ':' || cells.body_id || ':' || periods.period
"""
FORGET = """
    DELETE FROM evaluations_comparison
    WHERE (indicator_id, period, body_id) IN
      (SELECT cells.indicator_id, periods.period, cells.body_id
       FROM cells CROSS JOIN periods WHERE periods.number = cells.number)
"""
# The columns beside those of the cell, and what they hold.
PAIR = ", claimed_id, stronger_id, flattery"
KEEP = """
    INSERT INTO evaluations_comparison
      (indicator_id, period, body_id, period_end, claimed_id, stronger_id, flattery)
    SELECT cells.indicator_id, periods.period, cells.body_id, periods.period_end, cells.claimed_id, cells.stronger_id,
           CAST(cells.flattery AS double precision)
    FROM cells CROSS JOIN periods WHERE periods.number = cells.number
    ON CONFLICT (indicator_id, period, body_id) DO UPDATE
    SET claimed_id = excluded.claimed_id, stronger_id = excluded.stronger_id, flattery = excluded.flattery
"""


def _labels(cells: Iterable[Cell]) -> set[str]:
    return {cell.period for cell in cells}


def _as_tables(cells: Iterable[Cell], more: Mapping[Cell, Pair] | None = None) -> tuple[str, list[Bound]]:
    """The beginning of a statement that names the cells (with their pair, where given), and what it binds."""
    numbers: dict[str, int] = {}
    rows = []
    for cell in cells:
        text = f"{cell.indicator:d},{cell.body:d},{numbers.setdefault(cell.period, len(numbers)):d}"
        if more is not None:
            claimed, stronger, signed = more[cell]
            text += f",{claimed:d},{stronger:d},{'NULL' if signed is None else repr(float(signed))}"
        rows.append(f"({text})")
    bound: list[Bound] = []
    written = connection.ops.adapt_datefield_value
    for period in map(parse_period, numbers):
        bound += [period.label, written(period.start), written(period.end)]
    periods = ", ".join(f"({number:d}, %s, %s, %s)" for number in numbers.values())
    return CELLS.format(periods=periods, cells=", ".join(rows), more=PAIR if more is not None else ""), bound


def _sides(cells: Sequence[Cell]) -> tuple[dict[Cell, Head], dict[Cell, Head]]:
    """The declared and the strongest other standing value of each cell, in one query; of equals the newest."""
    tables, bound = _as_tables(cells)
    query = tables + SIDES.format(compared=", ".join(["%s"] * len(COMPARED)))
    declared: dict[Cell, Head] = {}
    stronger: dict[Cell, Head] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, [*bound, *(one.value for one in COMPARED)])
        for number, indicator, period, body, value, provenance, strength, kind in cursor.fetchall():
            cell, merit = Cell(indicator, period, body), (strength, kind == FINAL)
            side = declared if provenance == DECLARED else stronger
            if cell not in side or side[cell].merit <= merit:
                side[cell] = Head(number, None if value is None else Decimal(value), merit)
    return declared, stronger


def _gaps_of(cells: Sequence[Cell]) -> QuerySet[Finding]:
    """The findings of the cells that there are, whatever their state."""
    tables, bound = _as_tables(cells)
    with connection.cursor() as cursor:
        cursor.execute(tables + GAPS, bound)
        return Finding.objects.filter(pk__in=[number for (number,) in cursor.fetchall()])


def _keep(cells: Iterable[Cell], known: Mapping[int, Indicator], pairs: Mapping[Cell, tuple[Head, Head]]) -> None:
    """Write the pairs of the cells, near or far, in place of what was there."""
    near_or_far: dict[Cell, Pair] = {}
    for cell, (told, other) in pairs.items():
        if told.value is None or other.value is None:
            continue
        indicator = known[cell.indicator]
        signed = flattery(told.value, other.value, tolerance=indicator.tolerance, direction=indicator.direction)
        near_or_far[cell] = (told.number, other.number, None if signed is None else capped(signed))
    with connection.cursor() as cursor:
        if gone := [cell for cell in cells if cell not in near_or_far]:
            tables, bound = _as_tables(gone)
            cursor.execute(tables + FORGET, bound)
        if near_or_far:
            tables, bound = _as_tables(near_or_far, near_or_far)
            cursor.execute(tables + KEEP, bound)
