"""Ranks of many runs at once, equal to those the scorecard's own run would give to the same scores."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.rank import rank_rows, round_half_up, to_significant
from thuocdo.engine.scoring.spec import Rounding

# int16, int32 or float32, as `rank_type` says.
RankArray = NDArray[Any]
IntArray = NDArray[np.int64]
# Beyond this many possible keys per unit, counting them costs more than sorting.
_COUNTABLE: Final = 8
_FEW: Final = 32_000
# Scores ranked at once.
_SCORES: Final = 110_720


def rank_type(ties: str, units: int) -> type[np.int16] | type[np.int32] | type[np.float32]:
    """How ranks are kept: whole numbers unless ties are averaged."""
    if ties == "average":
        return np.float32
    return np.int16 if units <= _FEW else np.int32


def rank_block(rounding: Rounding, scores: FloatArray, groups: IntArray | None) -> RankArray:
    """The ranks of each row of scores (runs × units), 1 for the best and 0 for none, within each group."""
    ranks: RankArray = np.zeros(scores.shape, dtype=rank_type(rounding.ties, scores.shape[1]))
    members = [] if groups is None else [np.flatnonzero(groups == code) for code in np.unique(groups)]
    rows = max(1, _SCORES // max(1, scores.shape[1]))
    for start in range(0, len(scores), rows):
        part = slice(start, start + rows)
        if groups is None:
            ranks[part] = _ranked(rounding, scores[part])
        for together in members:
            ranks[part, together] = _ranked(rounding, scores[part, together])
    return ranks


def _ranked(rounding: Rounding, scores: FloatArray) -> FloatArray | IntArray:
    if not scores.size:
        return np.zeros(scores.shape)
    if rounding.rank_on == "full":
        return np.nan_to_num(rank_rows(to_significant(scores), rounding.ties), nan=0.0)
    rounded = round_half_up(scores, rounding.decimals)
    if rounding.ties == "min":
        counted = _count(rounded, 10.0**rounding.decimals)
        if counted is not None:
            return counted
    return np.nan_to_num(rank_rows(rounded, rounding.ties), nan=0.0)


def _count(rounded: FloatArray, power: float) -> IntArray | None:
    """The "1224" ranks of rounded scores by counting how many are better; None when they spread too far.

    Every row has its own stretch of counters, one for each key from the best score downwards.
    """
    missing = np.isnan(rounded)
    gaps = bool(missing.any())
    high = np.fmax.reduce(rounded, axis=1) if gaps else rounded.max(axis=1)
    low = np.fmin.reduce(rounded, axis=1) if gaps else rounded.min(axis=1)
    spread = (np.fmax.reduce(high - low) if gaps else (high - low).max()) * power
    if not spread <= _COUNTABLE * rounded.shape[1]:
        return None
    number = int(np.rint(spread)) + 2
    keys = np.rint((high[:, None] - rounded) * power)
    if gaps:
        # What has no score comes after everything else.
        keys[missing] = number - 1
    places = keys.astype(np.int64)
    places += np.arange(len(rounded))[:, None] * number
    counts = np.bincount(places.ravel(), minlength=len(rounded) * number).reshape(-1, number)
    better = np.cumsum(counts, axis=1)
    better -= counts
    better += 1
    if gaps:
        better[:, number - 1] = 0
    return np.asarray(better.ravel()[places], dtype=np.int64)
