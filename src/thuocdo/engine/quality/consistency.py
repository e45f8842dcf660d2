"""Thống nhất: whether sources of equal strength agree, and whether parts add up to their whole.

Codes are common by construction: a row with another code is refused before it is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .delivered import NONE, VALUE, Columns, Faults, Flags, Places, Quality, Rows, Shares, agree, faults_of, tallied
from .delivered import together as all_of

CONTRADICTS, PARTS, LEVELS = "contradicts", "parts", "levels"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Columns whose values must add up to that of `whole`, within the tolerance in the unit."""

    whole: int
    parts: tuple[int, ...]
    tolerance: float


@dataclass(frozen=True, eq=False, slots=True)
class Levels:
    """Columns in which the figure of a body is the sum of those below: `parent` is the place of the body above each
    (NONE for none), `applies` (bodies × indicators) says who is measured at all."""

    columns: tuple[int, ...]
    parent: Places
    applies: Flags


def consistency(
    rows: Rows,
    columns: Columns,
    expected: Flags,
    *,
    breakdowns: Sequence[Breakdown] = (),
    levels: Levels | None = None,
) -> Quality:
    """Cells told by several sources of equal strength, and wholes of which all parts are told, by whether they agree.

    Parts that are missing are no zeros: the whole is judged only when all are told, or when those told alone exceed
    it (nothing that is counted can be negative).
    """
    judged = [_contradictions(rows, columns, expected)]
    if breakdowns or (levels is not None and levels.columns):
        known = _Known(rows, len(expected))
        judged += [_adds_up(rows, known, one, expected) for one in breakdowns]
        if levels is not None:
            judged += [_tree(rows, known, columns, levels, column, expected) for column in levels.columns]
    return Quality(
        met=sum((one.met for one in judged), np.zeros(expected.shape)),
        judged=sum((one.judged for one in judged), np.zeros(expected.shape)),
        apart=np.zeros(len(expected)),
        faults=all_of(one.faults for one in judged),
    )


def _contradictions(rows: Rows, columns: Columns, expected: Flags) -> Quality:
    usable = np.flatnonzero(rows.crowded & rows.standing & (rows.state == VALUE) & expected[rows.body, rows.indicator])
    key = rows.cell[usable] * 8 + rows.strength[usable]
    order = usable[np.lexsort((rows.at[usable], rows.value[usable], key))]
    key = rows.cell[order] * 8 + rows.strength[order]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.append(starts, len(key)))
    several = starts[sizes > 1]
    low, high = order[several], order[several + sizes[sizes > 1] - 1]
    is_met = agree(rows.value[low], rows.value[high], columns.tolerance[rows.indicator[low]])
    bad = ~is_met
    return Quality(
        met=tallied(expected.shape, rows.body[low], rows.indicator[low], is_met),
        judged=tallied(expected.shape, rows.body[low], rows.indicator[low]),
        apart=np.zeros(len(expected)),
        faults=_at(CONTRADICTS, rows, low[bad], other=high[bad]),
    )


def _at(reason: str, rows: Rows, row: Places, other: "Places | int" = NONE) -> Faults:
    return faults_of(reason, rows.body[row], rows.indicator[row], rows.start[row], rows.end[row], row=row, other=other)


class _Known:
    """The values in force by period and body, and the rows that hold them, column by column."""

    def __init__(self, rows: Rows, bodies: int) -> None:
        self._rows = rows
        self.shape = (int(rows.period.max(initial=0)) + 1, bodies)
        held = rows.in_force
        held = held[rows.state[held] == VALUE]
        self._held = held[np.argsort(rows.indicator[held], kind="stable")]
        self._columns = rows.indicator[self._held]

    def of(self, column: int) -> tuple[Shares, Places]:
        first, last = np.searchsorted(self._columns, [column, column + 1])
        mine = self._held[first:last]
        values, places = np.full(self.shape, np.nan), np.full(self.shape, NONE, dtype=np.int64)
        values[self._rows.period[mine], self._rows.body[mine]] = self._rows.value[mine]
        places[self._rows.period[mine], self._rows.body[mine]] = mine
        return values, places


def _adds_up(rows: Rows, known: _Known, one: Breakdown, expected: Flags) -> Quality:
    whole, places = known.of(one.whole)
    parts = np.stack([known.of(part)[0] for part in one.parts])
    told = ~np.isnan(parts)
    missing = len(one.parts) - told.sum(axis=0)
    negative = (np.nan_to_num(parts) < 0).any(axis=0)
    total = np.nansum(parts, axis=0)
    return _held_against(
        PARTS,
        rows,
        whole,
        places,
        total,
        missing,
        np.asarray(told.any(axis=0)),
        np.asarray(negative),
        one.tolerance,
        one.whole,
        expected,
    )


def _tree(rows: Rows, known: _Known, columns: Columns, levels: Levels, column: int, expected: Flags) -> Quality:
    whole, places = known.of(column)
    below = np.flatnonzero((levels.parent != NONE) & levels.applies[:, column])
    above = levels.parent[below]
    told = ~np.isnan(whole[:, below])
    total, number = np.zeros(known.shape), np.zeros(known.shape)
    negative = np.zeros(known.shape)
    for into, given in ((total, np.nan_to_num(whole[:, below])), (number, told), (negative, whole[:, below] < 0)):
        np.add.at(into.T, above, given.T.astype(np.float64))
    owed = np.bincount(above, minlength=known.shape[1])
    return _held_against(
        LEVELS,
        rows,
        whole,
        places,
        total,
        (owed[None, :] - number).astype(np.int64),
        number > 0,
        negative > 0,
        float(columns.tolerance[column]),
        column,
        expected,
    )


def _held_against(
    reason: str,
    rows: Rows,
    whole: Shares,
    places: Places,
    total: Shares,
    missing: NDArray[np.int64],
    is_told: Flags,
    negative: Flags,
    tolerance: float,
    column: int,
    expected: Flags,
) -> Quality:
    usable = ~np.isnan(whole) & is_told & expected[None, :, column]
    is_equal = agree(np.nan_to_num(whole), total, np.asarray(tolerance))
    exceeds = ~negative & (total > np.nan_to_num(whole)) & ~is_equal
    judged = usable & ((missing == 0) | exceeds)
    is_met = judged & (missing == 0) & is_equal
    met, of = np.zeros(expected.shape), np.zeros(expected.shape)
    met[:, column], of[:, column] = is_met.sum(axis=0), judged.sum(axis=0)
    return Quality(met, of, np.zeros(len(expected)), _at(reason, rows, places[judged & ~is_met]))
