"""Rankings that hold whatever the weights: robust pairs, dominance, and the ranks that a partial order leaves open.

All of it compares counted values of the indicators (normalised, discounted, missing ones as the scorecard says) on
those that both units have, and is defined for scorecards whose means are all arithmetic. The work grows with the square
of the units: less than a second for hundreds, most of a minute for thousands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.contribute import is_additive
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError
from thuocdo.engine.scoring.pipeline import Outcome
from thuocdo.engine.scoring.rank import to_significant
from thuocdo.engine.scoring.weight import effective_weights

# Units compared with all others at once.
_ROWS = 8


@dataclass(frozen=True, eq=False)
class Robustness:
    """How far weights may move before a better unit is no longer better.

    `tolerated` is units × units: the largest share e of the weight that may be given away to any indicators, with
    the unit of the row still at least as good as that of the column; 1 is dominance, 0 where the row is not ahead,
    nan where the two are not comparable (one and the same, other peer groups, nothing in common).
    """

    units: tuple[str, ...]
    tolerated: FloatArray

    def of(self, unit: str, other: str) -> float:
        """The share e for one pair; ValueError for an unknown unit."""
        return float(self.tolerated[self.units.index(unit), self.units.index(other)])

    def robust_share(self, share: float) -> float:
        """Which part of the pairs with one unit ahead stays so when `share` of the weight moves; nan without pairs."""
        ahead = self.tolerated[np.nan_to_num(self.tolerated) > 0]
        return float((ahead >= share).mean()) if ahead.size else float("nan")


@dataclass(frozen=True, eq=False)
class PartialOrder:
    """What dominance alone says of each unit: how many are surely above and below, hence its best and worst rank.

    A unit dominates another that is nowhere better and somewhere worse, on the indicators both have. `average` is the
    local partial order model's mean rank (U + 1)(n + 1) / (n + 1 - I), with U above and I incomparable
    (Bruggemann & Carlsen 2011). nan for units without an index.
    """

    units: tuple[str, ...]
    above: FloatArray
    below: FloatArray
    best: FloatArray
    worst: FloatArray
    average: FloatArray


def robust_pairs(outcome: Outcome, units: Sequence[str] | None = None) -> Robustness:
    """How robust each pair of units is (all of them when None) against other weights.

    With the gap D = Σ w_i (y_ci - y_di) > 0 and m = min_i (y_ci - y_di), the unit c stays ahead for all weights
    (1 - e) w + e w', w' any weights, as long as (1 - e) D + e m >= 0: up to e = D / (D - m), or 1 where m >= 0
    (Foster, McGillivray & Seth 2013, Econometric Reviews 32). The weights are rescaled to the indicators both units
    have. ScoringError for a scorecard that is no weighted sum; ValueError for an unknown unit.
    """
    rows = _rows(outcome, units)
    values, weights = _comparable(outcome, rows), _weights(outcome)
    tolerated = np.full((len(rows), len(rows)), np.nan)
    together = _together(outcome, rows)
    for start in range(0, len(rows), _ROWS):
        part = slice(start, start + _ROWS)
        gaps = values[part, None, :] - values[None, :, :]
        shared = ~np.isnan(gaps)
        weight = (shared * weights).sum(axis=2)
        with np.errstate(invalid="ignore", divide="ignore"):
            ahead = np.where(shared, gaps * weights, 0.0).sum(axis=2) / weight
            least = np.where(shared & (weights > 0), gaps, np.inf).min(axis=2)
            share = np.where(least >= 0, 1.0, ahead / (ahead - least))
        share = np.where(ahead > 0, share, 0.0)
        tolerated[part] = np.where(together[part] & (weight > 0), share, np.nan)
    return Robustness(tuple(outcome.units[row] for row in rows), tolerated)


def partial_order(outcome: Outcome) -> PartialOrder:
    """The ranks that dominance alone allows, within peer groups; ScoringError as in `robust_pairs`."""
    rows = _rows(outcome, None)
    values, weights = _comparable(outcome, rows), _weights(outcome)
    values = values[:, weights > 0]
    together = _together(outcome, rows)
    number = len(rows)
    above, below = np.zeros(number), np.zeros(number)
    for start in range(0, number, _ROWS):
        part = slice(start, start + _ROWS)
        better, worse = np.zeros((2, len(values[part]), number), dtype=np.bool_)
        for column in values.T:
            better |= column[part, None] > column
            worse |= column[part, None] < column
        below[part] = (better & ~worse & together[part]).sum(axis=1)
        above[part] = (worse & ~better & together[part]).sum(axis=1)
    ranked = ~np.isnan(outcome.scores[:, -1])
    size = (together & ranked).sum(axis=1) + 1.0
    incomparable = size - 1 - above - below
    missing = np.where(ranked, 0.0, np.nan)
    return PartialOrder(
        units=outcome.units,
        above=above + missing,
        below=below + missing,
        best=above + 1 + missing,
        worst=size - below + missing,
        average=(above + 1) * (size + 1) / (size + 1 - incomparable) + missing,
    )


def _rows(outcome: Outcome, units: Sequence[str] | None) -> list[int]:
    if not is_additive(outcome.spec):
        raise ScoringError(
            "Robustness against weights is defined where every mean is arithmetic: some node of this scorecard has "
            "another",
            "not_additive",
        )
    return list(range(len(outcome.units))) if units is None else [outcome.units.index(unit) for unit in units]


def _comparable(outcome: Outcome, rows: list[int]) -> FloatArray:
    """Counted values, units × indicators, with what is equal to 12 digits made equal."""
    values = to_significant(outcome.scores[rows, : outcome.spec.tree.leaf_count])
    values[np.isnan(outcome.scores[rows, -1])] = np.nan
    return values


def _weights(outcome: Outcome) -> FloatArray:
    if outcome.weights.ndim > 1:
        raise ScoringError(
            "With the benefit of the doubt every unit has its own weights: robustness against others is not defined",
            "weights_by_unit",
        )
    return effective_weights(outcome.spec, outcome.weights)[: outcome.spec.tree.leaf_count]


def _together(outcome: Outcome, rows: list[int]) -> BoolArray:
    """Which pairs of different units are ranked together."""
    together = ~np.eye(len(rows), dtype=np.bool_)
    if outcome.peer_groups is not None:
        groups = outcome.peer_groups[rows]
        together &= groups[:, None] == groups
    return np.asarray(together)
