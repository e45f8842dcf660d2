"""Contributions: how many points of the index each indicator accounts for, exactly, in arithmetic trees."""

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.weight import sibling_weights


def is_additive(spec: Spec) -> bool:
    """Whether every node is an arithmetic mean, so that the index is a plain sum over indicators."""
    return all(rule.method == "arithmetic" for rule in spec.aggregations)


def contribute(spec: Spec, scores: FloatArray) -> FloatArray:
    """Points of the index (indicators × units) from the scores of a run (columns × units).

    Effective weight × normalised value, the weight being the one left after gaps gave theirs to their
    siblings; the rows add up to the index. Cells that do not count have 0; units without an index have nan.
    """
    tree, weights = spec.tree, sibling_weights(spec)
    shares = np.zeros_like(scores)
    shares[-1] = np.where(np.isnan(scores[-1]), np.nan, 1.0)
    for place in reversed(range(len(tree.children))):
        children = list(tree.children[place])
        family = np.where(np.isnan(scores[children]), 0.0, weights[children, None])
        total = family.sum(axis=0)
        shares[children] = shares[tree.leaf_count + place] * family / np.where(total > 0, total, 1.0)
    leaves = slice(0, tree.leaf_count)
    return np.asarray(shares[leaves] * np.where(np.isnan(scores[leaves]), 0.0, scores[leaves]))
