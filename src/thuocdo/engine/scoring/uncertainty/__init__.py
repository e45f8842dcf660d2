"""How sure a ranking is: many runs with other weights, methods and measurement errors, and what they agree on."""

from thuocdo.engine.scoring.uncertainty.alternatives import Alternatives, with_weights
from thuocdo.engine.scoring.uncertainty.confidence import RankSets, rank_confidence_sets
from thuocdo.engine.scoring.uncertainty.design import Design, Layout, draw_design, layout_of, weights_of
from thuocdo.engine.scoring.uncertainty.on_scale import errors_in_points
from thuocdo.engine.scoring.uncertainty.robustness import PartialOrder, Robustness, partial_order, robust_pairs
from thuocdo.engine.scoring.uncertainty.runs import replay, simulate
from thuocdo.engine.scoring.uncertainty.simulation import Failure, Intervals, Pair, Simulation

__all__ = [
    "Alternatives",
    "Design",
    "Failure",
    "Intervals",
    "Layout",
    "Pair",
    "PartialOrder",
    "RankSets",
    "Robustness",
    "Simulation",
    "draw_design",
    "errors_in_points",
    "layout_of",
    "partial_order",
    "rank_confidence_sets",
    "replay",
    "robust_pairs",
    "simulate",
    "weights_of",
    "with_weights",
]
