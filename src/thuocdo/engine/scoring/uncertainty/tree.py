"""The tree of a scorecard as the batched evaluation needs it: which children count, and which cells are there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import applicable_columns, level_thresholds
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray
from thuocdo.engine.scoring.spec import Aggregation, Spec


@dataclass(frozen=True, eq=False)
class Family:
    """A node with the children whose weight is not zero: indicators first, then nodes, as columns of a run.

    `gaps` are the units that lack some child but not the node, `absent` those that lack the node: neither
    depends on the run, since no weight becomes zero and no value comes or goes.
    """

    column: int
    rule: Aggregation
    leaves: tuple[int, ...]
    nodes: tuple[int, ...]
    present: BoolArray
    gaps: NDArray[np.intp]
    absent: BoolArray

    @property
    def children(self) -> tuple[int, ...]:
        """The columns of the children, in the order of `present`."""
        return (*self.leaves, *self.nodes)


def families(
    spec: Spec, values: FloatArray, not_applicable: BoolArray | None, weights: FloatArray, top: int
) -> dict[int, Family]:
    """The families from the lowest up to the column `top`, for counted values (indicators × units) and weights
    of which only matters whether they are zero."""
    tree = spec.tree
    present = np.zeros((len(tree.columns), values.shape[1]), dtype=np.bool_)
    present[: tree.leaf_count] = ~np.isnan(values)
    thresholds = level_thresholds(spec)
    applies = applicable_columns(spec, not_applicable, values.shape[1])
    found: dict[int, Family] = {}
    for place, children in enumerate(tree.children):
        column = tree.leaf_count + place
        counting = sorted(child for child in children if weights[child] > 0)
        here = np.asarray(present[counting].any(axis=0))
        if thresholds is not None:
            expected = applies[list(children)].sum(axis=0)
            number = present[list(children)].sum(axis=0)
            here &= number >= thresholds[tree.levels[place] - 2] * expected - 1e-9
        present[column] = here
        found[column] = Family(
            column=column,
            rule=_plain(spec.aggregations[place]),
            leaves=tuple(child for child in counting if child < tree.leaf_count),
            nodes=tuple(child for child in counting if child >= tree.leaf_count),
            present=present[counting],
            gaps=np.flatnonzero(here & ~present[counting].all(axis=0)),
            absent=~here,
        )
    needed = _below(found, top)
    return {column: family for column, family in found.items() if column in needed}


def is_static(found: dict[int, Family], values: FloatArray) -> bool:
    """Whether no run can make a value come or go: harmonic means of values on both sides of zero may vanish."""
    rules = {family.rule.method for family in found.values()}
    return "harmonic" not in rules or ("copeland" not in rules and not (values < 0).any())


def _plain(rule: Aggregation) -> Aggregation:
    """The generalised mean of power 1 is the arithmetic one."""
    return Aggregation("arithmetic") if rule.method == "generalised" and (rule.power or 1.0) == 1 else rule


def _below(found: dict[int, Family], top: int) -> set[int]:
    needed = {top}
    for column in sorted(found, reverse=True):
        if column in needed:
            needed.update(found[column].nodes)
    return needed
