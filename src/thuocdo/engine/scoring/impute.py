"""Imputation: what stands in for a missing value before treatment (handbook step 3).

Every statistic is of the units that remained after screening, on the values as they are after transform and
denominator. A group, a row or a column without any value leaves its gaps empty.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import BoolArray, Cells, FloatArray
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.statistics import extremes, means, medians, spreads


@dataclass(frozen=True, slots=True)
class StandIns:
    """What imputation takes from the data, by indicator.

    `values` hold for every unit (mean, median); `by_group` for the units of a group; `low` and `high` are the
    extremes between which a row's mean is put back.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    by_group: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    low: Mapping[str, float] = field(default_factory=dict)
    high: Mapping[str, float] = field(default_factory=dict)


def impute(
    spec: Spec, cells: Cells, values: FloatArray, earlier: Sequence[FloatArray] = (), frozen: StandIns | None = None
) -> FloatArray:
    """The values (indicators × units) with gaps filled where the method can; not-applicable cells stay empty.

    `earlier` are values of former times, the oldest first, prepared like `values`: `last_known` takes the
    latest of them. With `frozen` the statistics are taken from there.
    """
    imputation = spec.imputation
    gaps = gaps_of(cells, values)
    if imputation.method == "none" or not gaps.any():
        return values
    filled = values.copy()
    rows = np.flatnonzero(gaps.any(axis=1))
    match imputation.method:
        case "constant":
            filled[gaps] = imputation.value
        case "last_known":
            for former in reversed(earlier):
                _fill(filled, gaps & np.isnan(filled), rows, former[rows])
        case "mean" | "median":
            if frozen is None:
                stand_in = _statistic(imputation.method)(values[rows])
            else:
                stand_in = np.array([frozen.values[spec.indicators[row].code] for row in rows])
            _fill(filled, gaps, rows, stand_in[:, None])
        case "group_mean" | "group_median":
            labels = cells.labels(str(imputation.group), "imputation by group")
            if frozen is None:
                stand_in = _by_group(values[rows], labels, imputation.method)
            else:
                known = [frozen.by_group[spec.indicators[row].code] for row in rows]
                stand_in = np.array([[group.get(str(label), np.nan) for label in labels] for group in known])
            _fill(filled, gaps, rows, stand_in)
        case "row_mean":
            if frozen is None:
                low, high = directed_extremes(spec, values)
            else:
                codes = [indicator.code for indicator in spec.indicators]
                low, high = (np.array([ends[code] for code in codes]) for ends in (frozen.low, frozen.high))
            _fill(filled, gaps, rows, _row_means(spec, values, low, high)[rows])
    return filled


def learn_stand_ins(spec: Spec, cells: Cells, values: FloatArray) -> StandIns:
    """What `impute` takes from the data, of every indicator and group, so that another run can be given it."""
    method, codes = spec.imputation.method, [indicator.code for indicator in spec.indicators]
    if method in ("mean", "median"):
        return StandIns(values=dict(zip(codes, _statistic(method)(values).tolist(), strict=True)))
    if method in ("group_mean", "group_median"):
        labels = cells.labels(str(spec.imputation.group), "imputation by group")
        by_unit = _by_group(values, labels, method).tolist()
        known = {
            code: {str(label): one for label, one in zip(labels, row, strict=True) if label}
            for code, row in zip(codes, by_unit, strict=True)
        }
        return StandIns(by_group=known)
    if method == "row_mean":
        low, high = directed_extremes(spec, values)
        return StandIns(
            low=dict(zip(codes, low.tolist(), strict=True)), high=dict(zip(codes, high.tolist(), strict=True))
        )
    return StandIns()


def gaps_of(cells: Cells, values: FloatArray) -> BoolArray:
    """The applicable cells without a value."""
    gaps: BoolArray = np.isnan(values)
    return gaps if cells.not_applicable is None else gaps & ~cells.not_applicable


def directed_extremes(spec: Spec, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The worst and the best value of every indicator, both times its direction."""
    return extremes(values * _directions(spec))


def _directions(spec: Spec) -> FloatArray:
    return np.array([indicator.direction for indicator in spec.indicators], dtype=np.float64)[:, None]


def _statistic(method: str) -> Callable[[FloatArray], FloatArray]:
    return means if method.endswith("mean") else medians


def _fill(filled: FloatArray, gaps: BoolArray, rows: NDArray[np.intp], stand_in: FloatArray) -> None:
    filled[rows] = np.where(gaps[rows], stand_in, filled[rows])


def _by_group(values: FloatArray, labels: NDArray[np.str_], method: str) -> FloatArray:
    """For every cell the mean or median of its row within the unit's group; nan for units without a group."""
    statistic = _statistic(method)
    stand_in = np.full_like(values, np.nan)
    names, codes = np.unique(labels, return_inverse=True)
    for code, name in enumerate(names):
        if name:
            members = codes == code
            stand_in[:, members] = statistic(values[:, members])[:, None]
    return stand_in


def _row_means(spec: Spec, values: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """For every cell the mean of the unit's other indicators on a 0–1 scale, put back on the cell's scale.

    With a level as group only indicators under the same node of that level count. A constant indicator has no
    place on the scale and does not count, but its own gaps get its constant.
    """
    directions = _directions(spec)
    shares = (values * directions - low[:, None]) / spreads(low, high)[:, None]
    stand_in = np.empty_like(values)
    for members in _families(spec):
        block = shares[members]
        number = np.count_nonzero(~np.isnan(block), axis=0)
        stand_in[members] = np.nansum(block, axis=0) / np.where(number > 0, number, np.nan)
    return np.asarray((stand_in * (high - low)[:, None] + low[:, None]) * directions, dtype=np.float64)


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
