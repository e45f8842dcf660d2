"""What a sensitivity analysis explains: one number for the ranking of each run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.uncertainty.ranking import RankArray


@dataclass(frozen=True, slots=True)
class Target:
    """The number asked of each run: how far ranks shift on average from the published ones, the rank of one
    `unit`, or which share of the published first `k` are still among the first k."""

    kind: Literal["mean_shift", "rank", "top_kept"] = "mean_shift"
    unit: str = ""
    k: int = 10


@dataclass(frozen=True, eq=False)
class Measure:
    """A target with the published ranks in code order; nan or 0 is no rank."""

    target: Target
    nominal: FloatArray
    place: int = 0

    def __call__(self, ranks: RankArray) -> FloatArray:
        """The target's value for each run of a block (runs × units). Only units with both ranks count."""
        published = np.nan_to_num(self.nominal, nan=0.0)
        held = ranks.astype(np.float64)
        match self.target.kind:
            case "rank":
                return held[:, self.place]
            case "top_kept":
                first = (published > 0) & (published <= self.target.k)
                kept = (held[:, first] > 0) & (held[:, first] <= self.target.k)
                return np.asarray(kept.sum(axis=1) / max(1, np.count_nonzero(first)), dtype=np.float64)
        counting = (held > 0) & (published > 0)
        shift = np.where(counting, np.abs(held - published), 0.0)
        return np.asarray(shift.sum(axis=1) / np.maximum(counting.sum(axis=1), 1), dtype=np.float64)


def make_measure(target: Target, units: Mapping[str, int], nominal: FloatArray) -> Measure:
    """The measure of a target; ScoringError for a unit without a rank or a k below one."""
    if target.kind == "top_kept" and target.k < 1:
        raise ScoringError("The first k units must be at least one: ask for the first 10", "target_k")
    place = 0
    if target.kind == "rank":
        place = units.get(target.unit, -1)
        if place < 0 or np.isnan(nominal[place]):
            raise ScoringError(f"The unit {target.unit!r} has no rank: name one that has", "target_unit")
    return Measure(target, nominal, place)
