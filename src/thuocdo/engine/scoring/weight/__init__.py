"""Weights: given in the file, derived from the normalised values of a run, or elicited from people (handbook step 6).

The functions that derive them take one family, children × units, and know nothing of trees;
`weighing` in the folder above applies them to a scorecard.
"""

from thuocdo.engine.scoring.weight.benefit import benefit_of_doubt
from thuocdo.engine.scoring.weight.components import Components, principal_weights
from thuocdo.engine.scoring.weight.effect import EffectWeights, effect_weights
from thuocdo.engine.scoring.weight.elicited import AllocatedWeights, ComparedWeights, allocate_budget, compare_pairs
from thuocdo.engine.scoring.weight.given import effective_weights, present_weight, sibling_weights
from thuocdo.engine.scoring.weight.spread import critic_weights, entropy_weights

__all__ = [
    "AllocatedWeights",
    "ComparedWeights",
    "Components",
    "EffectWeights",
    "allocate_budget",
    "benefit_of_doubt",
    "compare_pairs",
    "critic_weights",
    "effect_weights",
    "effective_weights",
    "entropy_weights",
    "present_weight",
    "principal_weights",
    "sibling_weights",
]
