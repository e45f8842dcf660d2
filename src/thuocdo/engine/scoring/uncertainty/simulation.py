"""What a simulation says: rank intervals, chances of a rank, who is better than whom, who cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.uncertainty.brackets import brackets_of, cliques_of
from thuocdo.engine.scoring.uncertainty.design import Design
from thuocdo.engine.scoring.uncertainty.ranking import RankArray

# Units compared with all others at once.
_PAIR_ROWS = 16


@dataclass(frozen=True, slots=True)
class Failure:
    """Runs that gave no ranking, and why."""

    reason: str
    runs: int


@dataclass(frozen=True, eq=False)
class Intervals:
    """Ranks with their spread, one entry per unit; nan for a unit without a score.

    `low` and `high` are quantiles of type 7, widened where needed so that they hold the nominal rank.
    """

    units: tuple[str, ...]
    rank: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray

    def overlapping(self, unit: str) -> tuple[str, ...]:
        """The other units whose intervals share a rank with this one's, whatever their peer group; KeyError."""
        place = _place(self.units, unit)
        shared = (self.low <= self.high[place]) & (self.high >= self.low[place])
        shared[place] = False
        return tuple(self.units[index] for index in np.flatnonzero(shared))


@dataclass(frozen=True, eq=False)
class Pair:
    """The shares of runs in which the first is better, the second is, or both hold one rank; they add up to 1."""

    better: float
    worse: float
    tied: float


@dataclass(frozen=True, eq=False)
class Simulation:
    """Ranks of every successful run. `ranks` is runs × units, 1 for the best and 0 for "no score".

    Ranks are whole numbers (int16, int32 above 32,000 units), or float32 where ties are averaged. `runs` are the
    numbers of the successful runs in the design. `groups` holds the peer group of each unit, None for one ranking.
    """

    column: str
    units: tuple[str, ...]
    nominal_ranks: FloatArray
    ranks: RankArray
    runs: NDArray[np.int64]
    failures: tuple[Failure, ...]
    design: Design
    groups: NDArray[np.str_] | None = None

    @property
    def seed(self) -> int:
        """The number from which everything random was drawn."""
        return self.design.seed

    @property
    def failed(self) -> int:
        """How many runs gave no ranking."""
        return sum(failure.runs for failure in self.failures)

    @cached_property
    def sorted_ranks(self) -> RankArray:
        """The ranks of each unit in ascending order, units × runs; "no score" (0) comes first."""
        ranks = self.ranks
        if ranks.dtype == np.int32 and ranks.max(initial=0) < 2**16:
            ranks = ranks.astype(np.uint16)
        # Sixteen-bit numbers are sorted by radix in this way, in time that grows with their number alone.
        return np.sort(np.ascontiguousarray(ranks.T), axis=1, kind="stable")

    def quantile(self, share: float) -> FloatArray:
        """The quantile of type 7 of each unit's rank over the runs in which it has one; nan where it has none.

        With n runs in order, h = (n - 1) share: x[⌊h⌋] + (h - ⌊h⌋)(x[⌊h⌋ + 1] - x[⌊h⌋]) (Hyndman & Fan 1996).
        """
        ordered = self.sorted_ranks
        number = np.count_nonzero(ordered > 0, axis=1)
        first = ordered.shape[1] - number
        place = np.maximum(number - 1, 0) * share
        below = np.minimum(np.floor(place).astype(np.int64), np.maximum(number - 1, 0))
        above = np.minimum(below + 1, np.maximum(number - 1, 0))
        last = ordered.shape[1] - 1
        rows = np.arange(len(ordered))
        lower = ordered[rows, np.minimum(first + below, last)].astype(np.float64)
        upper = ordered[rows, np.minimum(first + above, last)].astype(np.float64)
        return np.where(number > 0, lower + (place - below) * (upper - lower), np.nan)

    def intervals(self, low: float = 0.05, high: float = 0.95) -> Intervals:
        """Ranks with the interval in which they lie in the middle share of the runs, and the median.

        The published rank is one of the possible ones, so an interval that the runs alone would put beside it
        is widened to reach it. A unit without a published rank has no interval, even if some method ranks it.
        """
        nominal = self.nominal_ranks
        without = np.where(np.isnan(nominal), np.nan, 0.0)
        return Intervals(
            units=self.units,
            rank=nominal,
            low=np.fmin(self.quantile(low), nominal) + without,
            median=self.quantile(0.5) + without,
            high=np.fmax(self.quantile(high), nominal) + without,
        )

    def top(self, k: int) -> FloatArray:
        """The share of runs in which each unit ranks k or better (within its peer group)."""
        return np.asarray(((self.ranks > 0) & (self.ranks <= k)).mean(axis=0), dtype=np.float64)

    def acceptability(self, unit: str) -> FloatArray:
        """The share of runs for each rank from 1 to the number of units ranked together; KeyError.

        The rank acceptability index of SMAA-2 (Lahdelma & Salminen 2001). An averaged rank counts at the whole
        rank above it. The shares add up to 1 where the unit has a score in every run.
        """
        place = _place(self.units, unit)
        together = len(self.units) if self.groups is None else int((self.groups == self.groups[place]).sum())
        held = np.floor(self.ranks[:, place]).astype(np.int64)
        return np.bincount(held, minlength=together + 1)[1 : together + 1] / len(held)

    def compare(self, unit: str, other: str) -> Pair:
        """In which share of the runs one unit is better than another of the same peer group; KeyError."""
        return self._compare(_place(self.units, unit), _place(self.units, other))

    def probability_better(self, unit: str, other: str) -> float:
        """The share of runs in which `unit` ranks before `other`; KeyError."""
        return self.compare(unit, other).better

    def pairwise(self, units: Sequence[str]) -> FloatArray:
        """The share of runs in which the unit of the row ranks before the unit of the column; KeyError."""
        ranks = _unscored_last(self.ranks[:, [_place(self.units, unit) for unit in units]])
        better = np.empty((len(units), len(units)))
        for start in range(0, len(units), _PAIR_ROWS):
            rows = slice(start, start + _PAIR_ROWS)
            better[rows] = (ranks[:, rows, None] < ranks[:, None, :]).mean(axis=0)
        return better

    def indistinguishable(self, low: float = 0.05, high: float = 0.95) -> tuple[tuple[str, ...], ...]:
        """The largest groups of at least two units whose intervals all overlap each other, from the top down.

        A unit may belong to several. Peer groups are apart. Units without a score belong to none.
        """
        return self._grouped(low, high, cliques_only=True)

    def brackets(self, low: float = 0.05, high: float = 0.95) -> tuple[tuple[str, ...], ...]:
        """The units in rank order cut where no interval reaches across: every unit is in exactly one bracket.

        Two units of different brackets are told apart; two of one bracket may be, if others link them.
        """
        return self._grouped(low, high, cliques_only=False)

    def _grouped(self, low: float, high: float, *, cliques_only: bool) -> tuple[tuple[str, ...], ...]:
        intervals = self.intervals(low, high)
        found: list[tuple[str, ...]] = []
        labels = np.zeros(len(self.units)) if self.groups is None else self.groups
        for label in np.unique(labels):
            members = np.flatnonzero((labels == label) & ~np.isnan(self.nominal_ranks))
            order = members[np.lexsort((members, self.nominal_ranks[members]))]
            rule = cliques_of if cliques_only else brackets_of
            for group in rule(intervals.low[order], intervals.high[order]):
                found.append(tuple(self.units[index] for index in order[group]))
        return tuple(found)

    def _compare(self, place: int, other: int) -> Pair:
        first, second = _unscored_last(self.ranks[:, [place, other]]).T
        better, worse = float((first < second).mean()), float((first > second).mean())
        return Pair(better, worse, float((first == second).mean()))


def _unscored_last(ranks: RankArray) -> FloatArray:
    return np.where(ranks == 0, np.inf, ranks).astype(np.float64)


def _place(units: tuple[str, ...], unit: str) -> int:
    try:
        return units.index(unit)
    except ValueError as error:
        raise KeyError(unit) from error
