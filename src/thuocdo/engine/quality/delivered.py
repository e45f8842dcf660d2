"""What the six qualities are computed from, as arrays, and what each of them gives.

Bodies are rows and indicators are columns throughout; days are proleptic ordinals, spans of days half-open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Places = NDArray[np.int64]
Shares = NDArray[np.float64]
Flags = NDArray[np.bool_]

# What a row says: a number, that the indicator does not apply, or that a figure is withdrawn.
VALUE, NOT_APPLICABLE, NULL = 0, 1, 2
# No row.
NONE = -1


@dataclass(frozen=True, eq=False)
class Rows:
    """Delivered rows as arrays of equal length; the order does not matter, `at` tells which of two came later.

    `body` and `indicator` are places in the matrix, `start` and `end` the period, `recorded` the day of recording,
    `strength` grows with the provenance, `declared` marks what the body itself told, `fed` what a machine sent;
    `standing` marks rows that nothing supersedes, `repeats` those that supersede a row of the same content.
    """

    body: Places
    indicator: Places
    start: Days
    end: Days
    recorded: Days
    at: NDArray[np.int64]
    strength: NDArray[np.int8]
    state: NDArray[np.int8]
    value: Shares
    declared: Flags
    fed: Flags
    final: Flags
    standing: Flags
    repeats: Flags

    def __len__(self) -> int:
        return len(self.body)

    def taken(self, chosen: "NDArray[np.int64] | Flags") -> "Rows":
        """Some of the rows, by place or mask."""
        return Rows(**{one.name: getattr(self, one.name)[chosen] for one in fields(self)})

    @cached_property
    def period(self) -> Places:
        """The number of every row's period among the periods that occur, shortest description of both days."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        # Days of a few years are few: counting them is faster than sorting the rows.
        starts, ends = (days - days.min() for days in (self.start, self.end))
        both = starts * (int(ends.max()) + 1) + ends
        return np.asarray(np.cumsum(np.bincount(both) > 0)[both] - 1, dtype=np.int64)

    @cached_property
    def cell(self) -> Places:
        """One number for body, indicator and period together."""
        columns = int(self.indicator.max(initial=0)) + 1
        periods = int(self.period.max(initial=0)) + 1
        return (self.body * columns + self.indicator) * periods + self.period

    @cached_property
    def crowded(self) -> Flags:
        """The rows that share their cell with another one; most share it with none and need no sorting."""
        return np.asarray(np.bincount(self.cell)[self.cell] > 1) if len(self) else np.zeros(0, dtype=np.bool_)

    @cached_property
    def in_force(self) -> Places:
        """The place of the row that counts in every cell: strongest, final before provisional, newest."""
        found = np.flatnonzero(self.standing & (self.state != NULL))
        order = found[np.lexsort((self.at[found], self.final[found], self.strength[found], self.cell[found]))]
        return order[_last_of_each(self.cell[order])]


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """What the dictionary says of every indicator: tolerance and range in its unit (nan: none), and in days the
    length of its cycle and the term after the end of a period within which the value is owed."""

    tolerance: Shares
    lower: Shares
    upper: Shares
    cycle: Days
    term: Days


@dataclass(frozen=True, eq=False, slots=True)
class Owed:
    """The periods of every indicator that have fallen due, as arrays: column, period, day on which it fell due."""

    indicator: Places
    start: Days
    end: Days
    due: Days


@dataclass(frozen=True, eq=False, slots=True)
class Faults:
    """What counts against a quality, as arrays of equal length: why, where, the rows concerned (NONE for none), and
    how much of one judged case is lost, within (0, 1]."""

    reason: NDArray[np.str_]
    body: Places
    indicator: Places
    start: Days
    end: Days
    row: Places
    other: Places
    loss: Shares

    def __len__(self) -> int:
        return len(self.body)


@dataclass(frozen=True, eq=False)
class Quality:
    """One quality: of the judged cases of every body and indicator how many met it, and what counts against it.

    `apart` are cases of a body that belong to no indicator and did not meet it.
    """

    met: Shares
    judged: Shares
    apart: Shares
    faults: Faults

    @property
    def of_cells(self) -> Shares:
        """The share of every body and indicator, within [0, 1]; nan where nothing could be judged."""
        return _share(self.met, self.judged)

    @property
    def of_bodies(self) -> Shares:
        """The share of every body over all its indicators, within [0, 1]; nan where nothing could be judged."""
        return _share(self.met.sum(axis=1), self.judged.sum(axis=1) + self.apart)

    @property
    def of_indicators(self) -> Shares:
        """The share of every indicator over all bodies, within [0, 1]; nan where nothing could be judged."""
        return _share(self.met.sum(axis=0), self.judged.sum(axis=0))


def _share(met: Shares, judged: Shares) -> Shares:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(judged > 0, met / np.where(judged > 0, judged, 1), np.nan))


def tallied(shape: tuple[int, int], body: Places, indicator: Places, weight: "Shares | Flags | None" = None) -> Shares:
    """How many cases (or how much weight) fall on every body and indicator."""
    flat = np.bincount(
        body * shape[1] + indicator,
        weights=None if weight is None else weight.astype(np.float64),
        minlength=shape[0] * shape[1],
    )
    return flat.astype(np.float64).reshape(shape)


def faults_of(
    reason: "str | Sequence[str] | NDArray[np.str_]",
    body: Places,
    indicator: Places,
    start: Days,
    end: Days,
    *,
    row: "Places | int" = NONE,
    other: "Places | int" = NONE,
    loss: "Shares | float" = 1.0,
) -> Faults:
    """Faults of which some parts may be the same for all."""
    size = len(body)

    def spread(given: "Places | int") -> Places:
        return np.broadcast_to(np.asarray(given, dtype=np.int64), (size,))

    return Faults(
        np.broadcast_to(np.asarray(reason), (size,)),
        body,
        indicator,
        start,
        end,
        spread(row),
        spread(other),
        np.broadcast_to(np.asarray(loss, dtype=np.float64), (size,)),
    )


def together(parts: Iterable[Faults]) -> Faults:
    """All the faults of several lists."""
    given = list(parts) or [faults_of("", *(np.zeros(0, dtype=np.int64) for _ in range(4)))]
    return Faults(*(np.concatenate([getattr(one, part.name) for one in given]) for part in fields(Faults)))


def agree(one: Shares, other: Shares, tolerance: Shares) -> Flags:
    """Whether two values lie within the tolerance of each other, binary fractions of decimals forgiven."""
    forgiven = 1e-12 * np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-300)
    return np.asarray(np.abs(one - other) <= tolerance * (1 + 1e-9) + forgiven)


def _last_of_each(keys: Places) -> Places:
    """The places at which a run of equal keys ends, in sorted keys."""
    return np.flatnonzero(np.append(keys[1:] != keys[:-1], True)) if len(keys) else np.zeros(0, dtype=np.int64)
