"""Weights by effect: chosen so that each child's correlation with the score has the share that was wanted."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.weight.complete import LEAST_UNITS, ordered

# Children × units and weights in, one score per unit out.
ScoreOf = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True, eq=False, slots=True)
class EffectWeights:
    """The weights (sum 1), the shares of correlation that were wanted and that they reach, and how far apart
    these are: the root of the mean squared difference, 0 where the wish is met."""

    weights: FloatArray
    wanted: FloatArray
    reached: FloatArray
    gap: float


def effect_weights(block: FloatArray, wanted: FloatArray, score_of: ScoreOf) -> EffectWeights:
    """Minimise Σ (r_i / Σ r - t_i)² over w ≥ 0, Σ w = 1, with r_i the Pearson correlation of child i and the score.

    The block is children × units, `wanted` t is relative. A child that shall have no effect has no weight;
    a wish may be out of reach, for children move together, and the result then says how near one comes.
    Sequential least squares from several starts, the best of which is kept (OECD/JRC handbook, step 6;
    Becker et al. 2017, doi 10.1016/j.ecolind.2017.03.056, without its weights below 0). ScoringError where a
    child does not vary or has fewer than three units.
    """
    # Loaded when needed: it takes longer than scoring, and few scorecards ask for it.
    from scipy.optimize import minimize

    block, wanted = ordered(block), wanted / wanted.sum()
    spreads = np.array([np.std(row[~np.isnan(row)]) if (~np.isnan(row)).any() else 0.0 for row in block])
    if (spreads == 0).any() or (np.count_nonzero(~np.isnan(block), axis=1) < LEAST_UNITS).any():
        raise ScoringError("some child does not vary between three units: give the weights", "weights_undefined")

    def shares(weights: FloatArray) -> FloatArray:
        if not (weights > 0).any():
            return np.zeros(len(weights))
        score = score_of(block, np.maximum(weights, 0.0))
        found = np.array([_correlation(row, score) for row in block])
        total = found.sum()
        return np.asarray(found / total if total > 1e-9 else np.zeros(len(found)), dtype=np.float64)

    def loss(weights: FloatArray) -> float:
        return float(((shares(weights) - wanted) ** 2).sum())

    starts = [wanted, np.full(len(wanted), 1 / len(wanted)), (wanted / spreads) / (wanted / spreads).sum()]
    best, least = wanted, loss(wanted)
    for start in starts:
        found = minimize(
            lambda weights: 1e4 * loss(weights),
            start,
            method="SLSQP",
            bounds=[(0.0, 1.0 if one > 0 else 0.0) for one in wanted],
            constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1.0},
            options={"ftol": 1e-14, "maxiter": 300},
        )
        weights = np.clip(found.x, 0.0, 1.0)
        if weights.sum() <= 0:
            continue
        weights /= weights.sum()
        if loss(weights) < least * (1 - 1e-9):
            best, least = weights, loss(weights)
    return EffectWeights(best, wanted, shares(best), float(np.sqrt(least / len(wanted))))


def _correlation(row: FloatArray, score: FloatArray) -> float:
    both = ~(np.isnan(row) | np.isnan(score))
    one, other = row[both] - row[both].mean(), score[both] - score[both].mean()
    size = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / size) if size > 0 else 0.0
