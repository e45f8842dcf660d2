"""Weights as the file gives them: relative among siblings, and multiplied down the tree."""

import numpy as np

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray
from thuocdo.engine.scoring.spec import Spec


def sibling_weights(spec: Spec) -> FloatArray:
    """The weight of every column of a run as the scorecard gives it, relative among siblings."""
    if spec.weighting == "equal":
        return np.ones(len(spec.tree.columns))
    stated = {part.code: part.weight for part in spec.nodes}
    stated.update((part.code, part.weight) for part in spec.indicators)
    return np.array([stated[code] for code in spec.tree.columns], dtype=np.float64)


def effective_weights(spec: Spec, weights: FloatArray | None = None) -> FloatArray:
    """The share of every column in the index: 1 for the index, and every family sums to its parent's share."""
    weights = sibling_weights(spec) if weights is None else weights
    tree = spec.tree
    shares = np.zeros(len(tree.columns))
    shares[-1] = 1.0
    for place in reversed(range(len(tree.children))):
        children = list(tree.children[place])
        shares[children] = shares[tree.leaf_count + place] * weights[children] / weights[children].sum()
    return shares


def present_weight(
    spec: Spec, present: BoolArray, not_applicable: BoolArray | None, weights: FloatArray | None = None
) -> FloatArray:
    """The share of weight that rests on values (columns × units), 0 to 1; nan where nothing applies.

    `present` and `not_applicable` are indicators × units. What does not apply gives its weight to its siblings.
    """
    tree = spec.tree
    weights = sibling_weights(spec) if weights is None else weights
    shares = np.empty((len(tree.columns), present.shape[1]))
    shares[: tree.leaf_count] = present
    if not_applicable is not None:
        shares[: tree.leaf_count][not_applicable] = np.nan
    for place, children in enumerate(tree.children):
        block, family = shares[list(children)], weights[list(children), None]
        applies = np.where(np.isnan(block), 0.0, family)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares[tree.leaf_count + place] = np.nansum(block * family, axis=0) / applies.sum(axis=0)
    return shares
