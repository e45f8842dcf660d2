"""Weights derived from the data of a run, family by family from the lowest level upwards."""

from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.aggregate import combine, fill_nodes, is_weighed_by_unit
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.weight.benefit import benefit_of_doubt
from thuocdo.engine.scoring.weight.components import principal_weights
from thuocdo.engine.scoring.weight.effect import EffectWeights, effect_weights
from thuocdo.engine.scoring.weight.given import sibling_weights
from thuocdo.engine.scoring.weight.spread import critic_weights, entropy_weights

# A wish for shares of correlation counts as met within this.
_MET = 0.005


@dataclass(frozen=True, eq=False, slots=True)
class Weighed:
    """Scores of a run (columns × units) with the weights that made them, and what people should know of these.

    `weights` has one entry per column, or is columns × units where every unit has its own; `effects` holds,
    by node, the shares that were wanted and reached.
    """

    scores: FloatArray
    weights: FloatArray
    effects: dict[str, EffectWeights]
    warnings: tuple[str, ...]


def is_derived(spec: Spec) -> bool:
    """Whether the weights of a scorecard come from the data."""
    return spec.weighting not in ("given", "equal")


def weigh(spec: Spec, counted: FloatArray, not_applicable: BoolArray | None) -> Weighed:
    """Weights by the scorecard's method and the scores they give, from normalised values (indicators × units).

    The weights of a family rest on the scores of its children, so that the levels are done one after the
    other; a family of one keeps its weight. ScoringError names the node whose children have none.
    """
    tree, weights = spec.tree, sibling_weights(spec)
    if spec.weighting == "benefit_of_doubt":
        weights = np.repeat(weights[:, None], counted.shape[1], axis=1)
    scores = np.empty((len(tree.columns), counted.shape[1]))
    scores[: tree.leaf_count] = counted
    effects: dict[str, EffectWeights] = {}
    warnings: list[str] = []
    for place, children in enumerate(tree.children):
        node, rows = tree.columns[tree.leaf_count + place], list(children)
        chosen = not spec.weighing.levels or tree.levels[place] in spec.weighing.levels
        if chosen and (len(rows) > 1 or is_weighed_by_unit(spec, place)):
            try:
                weights[rows] = _family(spec, place, scores[rows], weights[rows], effects, warnings)
            except ScoringError as error:
                raise ScoringError(f"Below {node}, {error}", error.code, node) from error
        fill_nodes(spec, scores, not_applicable, weights, places=(place,))
    return Weighed(scores, weights, effects, tuple(warnings))


def _family(
    spec: Spec,
    place: int,
    block: FloatArray,
    given: FloatArray,
    effects: dict[str, EffectWeights],
    warnings: list[str],
) -> FloatArray:
    node = spec.tree.columns[spec.tree.leaf_count + place]
    match spec.weighting:
        case "pca":
            components = principal_weights(block)
            if components.is_mixed:
                warnings.append(f"children of {node} load on its first component with opposite signs")
            return components.weights
        case "effect":
            rule = spec.aggregations[place]

            def score_of(values: FloatArray, weights: FloatArray) -> FloatArray:
                gaps = np.isnan(values)
                return combine(rule, values, weights, gaps if gaps.any() else None, node)

            effects[node] = effect_weights(block, given, score_of)
            if effects[node].gap > _MET:
                warnings.append(f"no weights give the children of {node} the shares of correlation wanted")
            return effects[node].weights
        case "critic":
            return critic_weights(block)
        case "entropy":
            return entropy_weights(block)
    return benefit_of_doubt(block, spec.weighing.shares)
