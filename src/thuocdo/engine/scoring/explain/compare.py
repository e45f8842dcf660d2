"""Two units of a run side by side: where the difference between their indices comes from."""

from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.pipeline import Outcome


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """The difference between the indices of two units (first less second) = `start` + Σ `points`.

    `points` has one entry per indicator: the difference of the contributions. `start` is the difference of what
    the contributions start from: 0 where the index is a sum, and for Shapley values where both have the same
    peers and the same gaps.
    """

    first: str
    second: str
    indicators: tuple[str, ...]
    points: FloatArray
    start: float
    difference: float

    @property
    def largest(self) -> tuple[tuple[str, float], ...]:
        """Indicators with their points, those that tell the two furthest apart first."""
        order = np.argsort(-np.abs(self.points), kind="stable")
        return tuple((self.indicators[place], float(self.points[place])) for place in order)


def compare(outcome: Outcome, first: str, second: str) -> Comparison:
    """Where one unit is ahead of another and where behind; ScoringError for units without an index or unknown."""
    rows = []
    for unit in (first, second):
        if unit not in outcome.units:
            raise ScoringError(f"{unit!r} is not among the units", "unit_unknown")
        rows.append(outcome.units.index(unit))
        if np.isnan(outcome.scores[rows[-1], -1]):
            raise ScoringError(f"{unit!r} has no index to compare", "no_index")
    accounted = outcome.accounted
    return Comparison(
        first=first,
        second=second,
        indicators=tuple(indicator.code for indicator in outcome.spec.indicators),
        points=accounted.points[rows[0]] - accounted.points[rows[1]],
        start=float(accounted.start[rows[0]] - accounted.start[rows[1]]),
        difference=float(outcome.scores[rows[0], -1] - outcome.scores[rows[1], -1]),
    )
