"""What a change is made of."""

from dataclasses import dataclass
from typing import Literal

from thuocdo.engine.scoring.matrix import FloatArray

How = Literal["sum", "logarithmic", "shapley", "shapley_sampled"]


@dataclass(frozen=True, slots=True)
class RankChange:
    """Places won: by the unit's own data, by those of the others, and by the method with its weights.

    Each part is the mean over all orders in which the three change; they add up to `before` - `after`.
    """

    before: float
    after: float
    own: float
    others: float
    method: float


@dataclass(frozen=True, eq=False, slots=True)
class Change:
    """Why the index of one unit changed: Σ `values` + `weights` + `method` + `peers` = `after` - `before`.

    `values` has the unit's own part by indicator (of either run; value, gap, confidence and further columns of
    its row). `weights` is the part of other weights, `method` of everything else that the scorecard says (and of
    the weights, where the trees differ), `peers` of the other units, where the method compares with them. `how` says
    by which rule: "sum" and "logarithmic" are exact and closed, "shapley" exact over all coalitions,
    "shapley_sampled" over drawn orders, with the standard errors of all parts in `error` (the largest).
    """

    unit: str
    before: float
    after: float
    indicators: tuple[str, ...]
    values: FloatArray
    weights: float
    method: float
    peers: float
    how: How
    error: float
    rank: RankChange

    @property
    def total(self) -> float:
        """New less old index."""
        return self.after - self.before

    @property
    def own(self) -> float:
        """The part of all of the unit's own values."""
        return float(self.values.sum())
