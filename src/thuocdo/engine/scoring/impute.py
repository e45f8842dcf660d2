"""Imputation: what stands in for a missing value before normalisation (handbook step 3)."""

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import BoolArray, Cells, FloatArray
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.statistics import extremes, means, medians


def impute(spec: Spec, cells: Cells, values: FloatArray) -> FloatArray:
    """The values (indicators × units) with gaps filled where the method can; not-applicable cells stay empty.

    A group, a row or a column without any value leaves its gaps. `last_known` needs history, which the
    caller has and this function has not: it changes nothing here.
    """
    imputation = spec.imputation
    gaps = np.isnan(values)
    if cells.not_applicable is not None:
        gaps &= ~cells.not_applicable
    if imputation.method in ("none", "last_known") or not gaps.any():
        return values
    filled = values.copy()
    rows = np.flatnonzero(gaps.any(axis=1))
    match imputation.method:
        case "constant":
            filled[gaps] = imputation.value
        case "mean" | "median":
            statistic = means if imputation.method == "mean" else medians
            _fill(filled, gaps, rows, statistic(values[rows])[:, None])
        case "group_mean" | "group_median":
            labels = cells.labels(str(imputation.group), "imputation by group")
            _fill(filled, gaps, rows, _by_group(values[rows], labels, imputation.method))
        case "row_mean":
            _fill(filled, gaps, rows, _row_means(spec, values)[rows])
    return filled


def _fill(filled: FloatArray, gaps: BoolArray, rows: NDArray[np.intp], stand_in: FloatArray) -> None:
    filled[rows] = np.where(gaps[rows], stand_in, filled[rows])


def _by_group(values: FloatArray, labels: NDArray[np.str_], method: str) -> FloatArray:
    """For every cell the mean or median of its row within the unit's group."""
    statistic = means if method == "group_mean" else medians
    stand_in = np.empty_like(values)
    names, codes = np.unique(labels, return_inverse=True)
    for code in range(len(names)):
        members = codes == code
        stand_in[:, members] = statistic(values[:, members])[:, None]
    return stand_in


def _row_means(spec: Spec, values: FloatArray) -> FloatArray:
    """For every cell the mean of the unit's other indicators on a 0–1 scale, put back on the cell's scale.

    With a level as group only indicators under the same node of that level count.
    """
    directions = np.array([indicator.direction for indicator in spec.indicators], dtype=np.float64)[:, None]
    directed = values * directions
    low, high = extremes(directed)
    spread = np.where(high > low, high - low, np.nan)[:, None]
    shares = (directed - low[:, None]) / spread
    stand_in = np.empty_like(values)
    for members in _families(spec):
        block = shares[members]
        number = np.count_nonzero(~np.isnan(block), axis=0)
        with np.errstate(invalid="ignore"):
            stand_in[members] = np.nansum(block, axis=0) / np.where(number > 0, number, np.nan)
    return np.asarray((stand_in * spread + low[:, None]) * directions, dtype=np.float64)


def _families(spec: Spec) -> list[NDArray[np.intp]]:
    """The rows of the indicators that are imputed from each other."""
    level = spec.imputation.group
    if not isinstance(level, int):
        return [np.arange(len(spec.indicators))]
    levels = dict(zip(spec.tree.columns[spec.tree.leaf_count :], spec.tree.levels, strict=True))
    parents = {node.code: node.parent for node in spec.nodes}

    def ancestor(code: str) -> str:
        parent = parents[code]
        return code if parent is None or levels[parent] > level else ancestor(parent)

    homes = np.array([ancestor(indicator.parent) for indicator in spec.indicators])
    return [np.flatnonzero(homes == home) for home in dict.fromkeys(homes)]
