"""Weights from how much children tell units apart: CRITIC and entropy."""

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.weight.complete import complete_cases, standardised


def critic_weights(block: FloatArray) -> FloatArray:
    """w_i ∝ s_i Σ_j (1 - r_ij): spread on a 0–1 scale times conflict with the others (Diakoulaki et al. 1995).

    The block is children × units; complete units only, constant children 0, sum 1. ScoringError below three
    complete units, where no child varies, or where all say the same.
    """
    complete = complete_cases(block)
    rows, places = standardised(complete)
    varying = complete[places]
    span = varying.max(axis=1) - varying.min(axis=1) if len(places) else np.ones(0)
    conflict = (1 - np.clip(rows @ rows.T / (complete.shape[1] - 1), -1, 1)).sum(axis=1)
    weights = np.zeros(len(block))
    weights[places] = varying.std(axis=1, ddof=1) / span * np.where(conflict > 1e-9, conflict, 0.0)
    if not weights.sum() > 0:
        raise ScoringError("no child says anything that the others do not: give the weights", "weights_undefined")
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def entropy_weights(block: FloatArray) -> FloatArray:
    """w_i ∝ 1 + Σ_c p_ic ln p_ic / ln n, with p_ic = y_ic / Σ_c y_ic: even columns weigh little (Shannon).

    The block is children × units, complete units only, sum 1. ScoringError for negative values, below three
    complete units, or where every child is even.
    """
    complete = complete_cases(block)
    if (complete < 0).any():
        raise ScoringError("entropy needs values of 0 or more: normalise to 0 or more", "weights_undefined")
    totals = complete.sum(axis=1, keepdims=True)
    shares = complete / np.where(totals > 0, totals, 1.0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    tellings = np.where(totals[:, 0] > 0, 1 + (shares * logs).sum(axis=1) / np.log(complete.shape[1]), 0.0)
    tellings = np.where(tellings > 1e-12, tellings, 0.0)
    if not tellings.sum() > 0:
        raise ScoringError("every child is even over the units: give the weights", "weights_undefined")
    return np.asarray(tellings / tellings.sum(), dtype=np.float64)
