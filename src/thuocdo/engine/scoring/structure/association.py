"""Correlations between columns, each pair on the units that have both, with p-values."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtr

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray
from thuocdo.engine.scoring.rank import rank_rows, to_significant

Kind = Literal["pearson", "spearman", "kendall"]
# A correlation on fewer units says nothing.
_LEAST = 3


@dataclass(frozen=True, eq=False, slots=True)
class Correlations:
    """Coefficients, p-values and numbers of units for every pair of rows; nan where a pair has no correlation."""

    kind: Kind
    coefficients: FloatArray
    p_values: FloatArray
    counts: FloatArray


def correlate(rows: FloatArray, kind: Kind = "pearson") -> Correlations:
    """Correlations of rows (columns of a run × units), pairwise complete, p-values two-sided.

    Pearson and Spearman (Pearson on mid-ranks of the shared units) by Student's t with n - 2 degrees of freedom,
    t = r √((n - 2)/(1 - r²)); Kendall's tau-b as scipy has it. nan below three shared units or without spread.
    """
    number = len(rows)
    present = np.asarray(~np.isnan(rows))
    counts = present.astype(np.float64) @ present.T.astype(np.float64)
    if kind == "pearson":
        found = _pearson(rows)
    else:
        found = np.full((number, number), np.nan)
        complete = np.asarray(present.all(axis=1))
        ranked = _mid_ranks(rows) if kind == "spearman" else rows
        if kind == "spearman":
            inside = np.flatnonzero(complete)
            found[np.ix_(inside, inside)] = _pearson(ranked[inside])
        for one in range(number):
            for other in range(one, number):
                if kind == "spearman" and complete[one] and complete[other]:
                    continue
                both = present[one] & present[other]
                found[one, other] = found[other, one] = _pair(rows[[one, other]][:, both], kind)
    with np.errstate(invalid="ignore", divide="ignore"):
        if kind == "kendall":
            p_values = _kendall_p_values(rows, present)
        else:
            freedom = np.where(counts >= _LEAST, counts - 2, np.nan)
            statistic = np.abs(found) * np.sqrt(freedom / np.maximum(1 - found**2, 0.0))
            p_values = np.where(np.isnan(found), np.nan, 2 * stdtr(freedom, -statistic))
    return Correlations(kind, found, p_values, counts)


def _pearson(rows: FloatArray) -> FloatArray:
    """Pearson's r of all pairs at once: sums over shared units as matrix products, about the rows' own means
    (which cancel out of r but keep the sums small)."""
    present = (~np.isnan(rows)).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = np.where(present.sum(axis=1) > 0, np.nansum(rows, axis=1) / present.sum(axis=1), 0.0)
        scaled = np.where(present > 0, rows - middle[:, None], 0.0)
        size = np.sqrt((scaled**2).sum(axis=1, keepdims=True) / np.maximum(present.sum(axis=1, keepdims=True), 1.0))
        scaled = scaled / np.where(size > 0, size, 1.0)
        counts = present @ present.T
        first = scaled @ present.T
        squares = (scaled**2) @ present.T
        cross = scaled @ scaled.T - first * first.T / counts
        spread = squares - first**2 / counts
        # What rounding leaves of a constant row is no spread.
        spread = np.where(spread > 1e-12 * counts, spread, np.nan)
        found = np.clip(cross / np.sqrt(spread * spread.T), -1.0, 1.0)
    return np.where(counts >= _LEAST, found, np.nan)


def _mid_ranks(rows: FloatArray) -> FloatArray:
    return rank_rows(to_significant(rows), "average")


def _pair(both: FloatArray, kind: Kind) -> float:
    if both.shape[1] < _LEAST or (np.ptp(both, axis=1) == 0).any():
        return float("nan")
    if kind == "spearman":
        return float(_pearson(_mid_ranks(both))[0, 1])
    return _kendall(both)[0]


def _kendall(both: FloatArray) -> tuple[float, float]:
    """Tau-b of two rows, and its p-value."""
    # Loaded when needed: it takes longer than all of Pearson's correlations.
    from scipy.stats import kendalltau

    found = kendalltau(both[0], both[1])
    return float(found.statistic), float(found.pvalue)


def _kendall_p_values(rows: FloatArray, present: BoolArray) -> FloatArray:
    found = np.full((len(rows), len(rows)), np.nan)
    for one in range(len(rows)):
        for other in range(one, len(rows)):
            both = rows[[one, other]][:, present[one] & present[other]]
            if both.shape[1] >= _LEAST and (np.ptp(both, axis=1) > 0).all():
                found[one, other] = found[other, one] = _kendall(both)[1]
    return found
