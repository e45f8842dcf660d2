"""Confidence sets for ranks when scores are estimates with known errors: which ranks the data do not exclude."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError

# Rounds of step-down; each one only ever narrows the sets.
_MOST_ROUNDS: Final = 20
_STREAM: Final = 0xC5


@dataclass(frozen=True, eq=False)
class RankSets:
    """For each unit the best and the worst rank that are not excluded; nan for a unit without a score."""

    best: FloatArray
    worst: FloatArray
    critical: float


def rank_confidence_sets(
    scores: FloatArray, deviations: FloatArray, *, seed: int, coverage: float = 0.95, draws: int = 2_000
) -> RankSets:
    """Sets that hold all true ranks at once in `coverage` of the cases, for independent normal scores.

    With z_jk = (S_j - S_k) / sqrt(s_j² + s_k²) and c the quantile of max |z_jk| when all true scores are equal,
    found by simulation, j is surely better than k where z_jk > c; pairs so decided leave the maximum, and c falls,
    until nothing changes. The set runs from 1 + (surely better units) to n - (surely worse ones) (Mogstad, Romano,
    Shaikh & Wilhelm 2024, Review of Economic Studies 91). The work is units² × draws. ScoringError for deviations
    that are negative or not shaped like the scores, and for a coverage outside (0, 1).
    """
    scores, deviations = np.asarray(scores, dtype=np.float64), np.asarray(deviations, dtype=np.float64)
    if scores.shape != deviations.shape or (deviations < 0).any() or not 0 < coverage < 1:
        raise ScoringError("Give one non-negative deviation for each score, and a coverage such as 0.95", "rank_sets")
    known = np.flatnonzero(~np.isnan(scores))
    points, spread = scores[known], np.nan_to_num(deviations[known])
    pair_spread = np.hypot(spread[:, None], spread[None, :])
    gaps = points[:, None] - points[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.where(pair_spread > 0, gaps / pair_spread, np.sign(gaps) * np.inf)
    statistics[gaps == 0] = 0.0
    random = np.random.Generator(np.random.Philox(key=[seed, _STREAM]))
    noise = random.standard_normal((draws, len(known))) * spread
    open_pairs = (pair_spread > 0) & ~np.eye(len(known), dtype=np.bool_)
    critical = 0.0
    for _ in range(_MOST_ROUNDS):
        if not open_pairs.any():
            break
        critical = float(np.quantile(_largest(noise, pair_spread, open_pairs), coverage))
        decided = open_pairs & (np.abs(statistics) > critical)
        if not decided.any():
            break
        open_pairs &= ~decided
    sure = ~open_pairs & (statistics != 0)
    best, worst = np.full(len(scores), np.nan), np.full(len(scores), np.nan)
    best[known] = 1 + (sure & (statistics < 0)).sum(axis=1)
    worst[known] = len(known) - (sure & (statistics > 0)).sum(axis=1)
    return RankSets(best, worst, critical)


def _largest(noise: FloatArray, pair_spread: FloatArray, open_pairs: BoolArray) -> FloatArray:
    """The largest |noise_j - noise_k| / spread_jk over the open pairs, for each draw."""
    largest = np.zeros(len(noise))
    for place in np.flatnonzero(open_pairs.any(axis=1)):
        others = np.flatnonzero(open_pairs[place, place:]) + place
        if len(others):
            gaps = np.abs(noise[:, others] - noise[:, [place]]) / pair_spread[place, others]
            np.maximum(largest, gaps.max(axis=1), out=largest)
    return largest
