"""Scores of many runs at once: one matrix product per family instead of one pass over the units per run.

For a family with values Y (units × children, missing ones zero) and weights W (children × runs) the weighted sums
of all runs are Y W, and the weights that were present M W with the mask M, needed only for the units with gaps.
Geometric means stay in logarithms up to the top, harmonic and generalised ones work on powers in the same way.
Runs come in blocks and units in stretches, so that the working set stays in the cache.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from thuocdo.engine.scoring.aggregate import copeland
from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.uncertainty.block import Block
from thuocdo.engine.scoring.uncertainty.prepare import Leaves
from thuocdo.engine.scoring.uncertainty.products import Tiled
from thuocdo.engine.scoring.uncertainty.tree import Family

# Units evaluated at once for a block of runs.
STRETCH: Final = 2048
_POWER_MEANS: Final = ("geometric", "harmonic", "generalised")


# The values of one column for a stretch of units: units × runs (or units × 1 when the same in every run), zero
# where absent; and the variance of their error, None for none.
Column = tuple[FloatArray, FloatArray | None]


class Stretch:
    """Some units of one choice of methods, with everything about them that no run changes."""

    def __init__(self, spec: Spec, families: Mapping[int, Family], leaves: Leaves, units: slice, top: int) -> None:
        self.spec, self.top, self.units = spec, top, units
        self.values = np.ascontiguousarray(leaves.values[:, units].T)
        self.number = len(self.values)
        self.deviations = None if leaves.deviations is None else np.ascontiguousarray(leaves.deviations[:, units].T)
        self.families = {column: _cut(family, units) for column, family in families.items()}
        self._prepared: dict[int, Tiled] = {}
        self._variances: dict[int, Tiled] = {}
        self._masks: dict[int, Tiled] = {}

    def scores(self, block: Block) -> FloatArray:
        """The scores of the top column, runs × units; nan where absent."""
        values, variance = self._column(block, self.top)
        values = _realised(block, values, variance)
        family = self.families.get(self.top)
        absent = np.isnan(self.values[:, self.top]) if family is None else family.absent
        if absent.any():
            values = np.where(absent[:, None], np.nan, values)
        return np.broadcast_to(values, (self.number, block.runs)).T

    def _column(self, block: Block, column: int) -> Column:
        """The values of a column and the variance of their errors."""
        if column not in self.families:
            return self._leaf(column)
        family = self.families[column]
        if len(family.children) == 1 and family.rule.method != "copeland":
            return self._only_child(block, family)
        if family.rule.method == "arithmetic":
            return self._arithmetic(block, family)
        if family.rule.method == "geometric":
            return _filled(np.exp(self._geometric(block, family)), family), None
        if family.rule.method in _POWER_MEANS and not family.nodes and not self._errs(family.leaves):
            return self._power_mean_of_leaves(block, family), None
        return _filled(self._stacked(block, family), family), None

    def _only_child(self, block: Block, family: Family) -> Column:
        (child,) = family.children
        values, variance = self._column(block, child)
        if family.rule.method in _POWER_MEANS:
            values, variance = self._not_negative(block, family, child, values, variance), None
        return _filled(values, family), None if variance is None else _filled(variance, family)

    def _leaf(self, column: int) -> Column:
        values = np.nan_to_num(self.values[:, column, None])
        if not self._errs((column,)) or self.deviations is None:
            return values, None
        return values, self.deviations[:, column, None] ** 2

    def _errs(self, leaves: tuple[int, ...]) -> bool:
        return self.deviations is not None and bool(self.deviations[:, list(leaves)].any())

    def _arithmetic(self, block: Block, family: Family) -> Column:
        """Σ w x / Σ w and the variance of its error, Σ w² s² / (Σ w)²."""
        shares, leaves = block.shares(family), len(family.leaves)
        values: FloatArray = self._leaf_values(family).times(shares[:leaves])
        variance: FloatArray | None = None
        if self._errs(family.leaves):
            variance = self._leaf_variances(family).times(shares[:leaves] ** 2)
        for place, child in enumerate(family.nodes, start=leaves):
            share = shares[place]
            child_values, child_variance = self._column(block, child)
            values += share * child_values
            if child_variance is not None:
                variance = share**2 * child_variance if variance is None else variance + share**2 * child_variance
        self._rescale(shares, family, values, variance)
        return values, variance

    def _geometric(self, block: Block, family: Family) -> FloatArray:
        """Σ w ln x / Σ w, zero where absent."""
        shares, leaves = block.shares(family), len(family.leaves)
        if self._errs(family.leaves):
            values = np.zeros((self.number, block.runs))
            for place, child in enumerate(family.leaves):
                values += shares[place] * self._log_child(block, family, place, child)
        else:
            values = self._leaf_values(family).times(shares[:leaves])
        for place, child in enumerate(family.nodes, start=leaves):
            values += shares[place] * self._log_child(block, family, place, child)
        self._rescale(shares, family, values, None)
        return values

    def _log_child(self, block: Block, family: Family, place: int, child: int) -> FloatArray:
        inner = self.families.get(child)
        if inner is not None and inner.rule.method == "geometric" and len(inner.children) > 1:
            return self._geometric(block, inner)
        values, variance = self._column(block, child)
        values = self._not_negative(block, family, child, values, variance)
        present = family.present[place]
        return _log(values) if present.all() else np.where(present[:, None], _log(values), 0.0)

    def _power_mean_of_leaves(self, block: Block, family: Family) -> FloatArray:
        """1 / (Σ w / x / Σ w), or u (Σ w (x/u)^p / Σ w)^(1/p) with u the largest (smallest) value of the unit."""
        shares = block.shares(family)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = self._leaf_values(family).times(shares)
            self._rescale(shares, family, values, None)
            if family.rule.method == "harmonic":
                return _filled(1.0 / values, family)
            power = family.rule.power or 1.0
            return _filled(values ** (1.0 / power) * self._unit(family), family)

    def _unit(self, family: Family) -> FloatArray:
        block = self.values[:, list(family.leaves)]
        power = family.rule.power or 1.0
        size = np.fmax.reduce(block, axis=1) if power > 0 else np.fmin.reduce(block, axis=1)
        return np.where(size > 0, size, 1.0)[:, None]

    def _stacked(self, block: Block, family: Family) -> FloatArray:
        """The rules that need all children of a unit together: children × units × runs, nan where absent."""
        columns = []
        for place, child in enumerate(family.children):
            values, variance = self._column(block, child)
            if family.rule.method in _POWER_MEANS:
                values = self._not_negative(block, family, child, values, variance)
            else:
                values = _realised(block, values, variance)
            columns.append(np.where(family.present[place][:, None], values, np.nan))
        stack = np.stack(np.broadcast_arrays(*columns))
        match family.rule.method:
            case "minimum":
                return np.asarray(np.fmin.reduce(stack, axis=0))
            case "median":
                return _median(stack)
            case "copeland":
                weights = block.weights[:, list(family.children)]
                last = stack.shape[2] - 1
                every = [copeland(stack[:, :, min(run, last)], weight) for run, weight in enumerate(weights)]
                return np.array(every).T
        return self._stacked_power_mean(block, family, stack)

    def _stacked_power_mean(self, block: Block, family: Family, stack: FloatArray) -> FloatArray:
        shares = np.where(np.isnan(stack), 0.0, block.shares(family)[:, None, :])
        total = shares.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            if family.rule.method == "harmonic":
                return np.asarray(total / np.nansum(shares / stack, axis=0))
            power = family.rule.power or 1.0
            size = np.fmax.reduce(stack, axis=0) if power > 0 else np.fmin.reduce(stack, axis=0)
            unit = np.where(size > 0, size, 1.0)
            mean = np.nansum(shares * (stack / unit) ** power, axis=0) / total
            return np.asarray(mean ** (1.0 / power) * unit)

    def _leaf_values(self, family: Family) -> Tiled:
        """The family's indicators (units × children) as its rule adds them up, zero where missing."""
        if family.column not in self._prepared:
            block = self.values[:, list(family.leaves)]
            if family.rule.method in _POWER_MEANS:
                _refuse_negative(self.spec, family, negative=bool((block < 0).any()))
            with np.errstate(divide="ignore", invalid="ignore"):
                match family.rule.method:
                    case "geometric":
                        block = np.log(block)
                    case "harmonic":
                        block = 1.0 / block
                    case "generalised":
                        block = (block / self._unit(family)) ** (family.rule.power or 1.0)
            self._prepared[family.column] = Tiled(np.where(np.isnan(block), 0.0, block))
        return self._prepared[family.column]

    def _leaf_variances(self, family: Family) -> Tiled:
        if family.column not in self._variances and self.deviations is not None:
            self._variances[family.column] = Tiled(self.deviations[:, list(family.leaves)] ** 2)
        return self._variances[family.column]

    def _rescale(self, shares: FloatArray, family: Family, values: FloatArray, variance: FloatArray | None) -> None:
        """Divide by the share of weight that is present, in place, for the units with gaps."""
        gaps = family.gaps
        if len(gaps):
            if family.column not in self._masks:
                self._masks[family.column] = Tiled(family.present[:, gaps].T.astype(np.float64))
            total = self._masks[family.column].times(shares)
            values[gaps] /= total
            if variance is not None:
                variance[gaps] /= total**2
        if family.absent.any():
            values[family.absent] = 0.0
            if variance is not None:
                variance[family.absent] = 0.0

    def _not_negative(
        self, block: Block, family: Family, child: int, values: FloatArray, variance: FloatArray | None
    ) -> FloatArray:
        """A child as a power mean may take it: the run fails where it is negative, and an error ends at zero."""
        negative = (values < 0).any(axis=0)
        if negative.any():
            if child not in self.families:
                _refuse_negative(self.spec, family, negative=True)
            reason = _negative_reason(self.spec, family)
            block.fail(np.broadcast_to(negative, block.runs), reason)
            values = np.maximum(values, 0.0)
        return values if variance is None else np.maximum(_realised(block, values, variance), 0.0)


def _realised(block: Block, values: FloatArray, variance: FloatArray | None) -> FloatArray:
    """Values with their errors drawn: a sum of independent normal errors is one normal error."""
    if variance is None:
        return values
    return values + np.sqrt(variance) * block.normals(len(variance))


def _log(values: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.log(values)


def _filled(values: FloatArray, family: Family) -> FloatArray:
    return np.where(family.absent[:, None], 0.0, values) if family.absent.any() else values


def _median(stack: FloatArray) -> FloatArray:
    ordered = np.sort(stack, axis=0)
    number = np.count_nonzero(~np.isnan(stack), axis=0)[None]
    lower = np.take_along_axis(ordered, np.maximum(number - 1, 0) // 2, axis=0)[0]
    upper = np.take_along_axis(ordered, np.minimum(number // 2, len(stack) - 1), axis=0)[0]
    return np.where(number[0] > 0, (lower + upper) / 2, np.nan)


def _negative_reason(spec: Spec, family: Family) -> str:
    return (
        f"{spec.tree.columns[family.column]} is a {family.rule.method} mean, and below it are negative values: "
        "normalise to 0 or more, or use the arithmetic mean"
    )


def _refuse_negative(spec: Spec, family: Family, *, negative: bool) -> None:
    if negative:
        raise ScoringError(_negative_reason(spec, family), "mean_undefined")


def _cut(family: Family, units: slice) -> Family:
    present, absent = family.present[:, units], family.absent[units]
    return Family(
        column=family.column,
        rule=family.rule,
        leaves=family.leaves,
        nodes=family.nodes,
        present=present,
        gaps=np.flatnonzero(~absent & ~present.all(axis=0)),
        absent=absent,
    )
