"""Contributions: how many points of the index each indicator accounts for, adding up exactly."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import is_weighed_by_unit
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray
from thuocdo.engine.scoring.shapley import shapley_values
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.statistics import means as row_means
from thuocdo.engine.scoring.suppose import Ground
from thuocdo.engine.scoring.weight import sibling_weights


@dataclass(frozen=True, eq=False, slots=True)
class Contributions:
    """Points of the index by unit and indicator: `start` + Σ `points` = the index, for every unit.

    `start` is 0 where the index is a sum (method "weighted": effective weight × normalised value). Otherwise
    the points are Shapley values, and `start` is the index that the unit would have with the mean of its peer
    group in every indicator that it has a value for; a point is then above or below the peers. `errors` holds
    the standard errors of sampled values, which add up exactly all the same; None where all are exact.
    Missing cells have 0, units without an index nan. With Copeland's rule over more units than pairwise comparison
    allows in reasonable time the method is "too_large", and all points are nan.
    """

    points: FloatArray
    start: FloatArray
    method: Literal["weighted", "shapley", "shapley_sampled", "too_large"]
    errors: FloatArray | None = None


def is_additive(spec: Spec) -> bool:
    """Whether every node is an arithmetic mean, so that the index is a plain sum over indicators."""
    return all(rule.method == "arithmetic" for rule in spec.aggregations)


def contribute(spec: Spec, scores: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """Points of an additive index (indicators × units) from the scores of a run (columns × units).

    Effective weight × normalised value, the weight being the one left after gaps gave theirs to their
    siblings; the rows add up to the index. Cells that do not count have 0; units without an index have nan.
    `weights` (columns, or columns × units) are those of the scorecard unless given.
    """
    tree, weights = spec.tree, sibling_weights(spec) if weights is None else weights
    weights = weights[:, None] if weights.ndim == 1 else weights
    shares = np.zeros_like(scores)
    shares[-1] = np.where(np.isnan(scores[-1]), np.nan, 1.0)
    for place in reversed(range(len(tree.children))):
        children = list(tree.children[place])
        family = np.where(np.isnan(scores[children]), 0.0, weights[children])
        if not is_weighed_by_unit(spec, place):
            total = family.sum(axis=0)
            family = family / np.where(total > 0, total, 1.0)
        shares[children] = shares[tree.leaf_count + place] * family
    leaves = slice(0, tree.leaf_count)
    return np.asarray(shares[leaves] * np.where(np.isnan(scores[leaves]), 0.0, scores[leaves]))


def account(
    spec: Spec,
    scores: FloatArray,
    weights: FloatArray,
    not_applicable: BoolArray | None,
    groups: NDArray[np.int64] | None,
) -> Contributions:
    """The contributions of a run from its scores (columns × units), weights and peer groups (a code per unit).

    Normalised values are those of the run, whatever the method made of them, with confidence and with zeros for
    what is missing where the scorecard says so.
    """
    index = scores[-1]
    if is_additive(spec):
        return Contributions(contribute(spec, scores, weights).T, np.where(np.isnan(index), np.nan, 0.0), "weighted")
    ground = Ground(spec, scores, weights, not_applicable)
    means = peer_means(scores[: spec.tree.leaf_count], groups)
    found = shapley_values(ground, means)
    start = np.where(np.isnan(index), np.nan, ground.index(means, np.arange(len(index))))
    if found.errors is not None:
        return Contributions(found.values.T, start, "shapley_sampled", found.errors.T)
    is_known = not np.isnan(found.values).all() or np.isnan(index).all()
    return Contributions(found.values.T, start, "shapley" if is_known else "too_large")


def peer_means(values: FloatArray, groups: NDArray[np.int64] | None) -> FloatArray:
    """For every cell (indicators × units) the mean of its row over the unit's peer group; nan where it has a gap."""
    filled = np.empty_like(values)
    codes = np.zeros(values.shape[1], dtype=np.int64) if groups is None else groups
    for code in np.unique(codes):
        members = codes == code
        filled[:, members] = row_means(values[:, members])[:, None]
    return np.where(np.isnan(values), np.nan, filled)
