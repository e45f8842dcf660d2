"""The benefit of the doubt: every unit is judged by the weights most favourable to it."""

import numpy as np

from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError

# The score of a unit that no other surpasses.
BEST_SCORE = 100.0


def benefit_of_doubt(block: FloatArray, shares: tuple[float, float] = (0.0, 1.0)) -> FloatArray:
    """Weights (children × units) that solve, for each unit c,

        max Σ_i w_i y_ci   subject to   Σ_i w_i y_ji ≤ 100 for every unit j,   w ≥ 0,

    and with shares (L, U) also L Σ_k w_k y_ck ≤ w_i y_ci ≤ U Σ_k w_k y_ck. The unit's score is Σ w y; 100 is
    best practice. A missing child has weight 0 for its unit (and counts 0 in other units' constraints); its
    bounds fall away, and upper bounds of those left that add up to less than 1 are scaled up to it. Units that
    another equals or surpasses in every child are left out of the constraints, for these follow from the
    other's (Melyn & Moesen 1991; Cherchye et al. 2007, Soc. Indic. Res. 82). Linear programmes by HiGHS.
    ScoringError for negative values.
    """
    present = ~np.isnan(block)
    values = np.where(present, block, 0.0)
    if (values < 0).any():
        raise ScoringError(
            "the benefit of the doubt needs values of 0 or more: normalise to 0 or more", "weights_undefined"
        )
    frontier = values[:, _frontier(values)]
    weights = np.zeros(block.shape)
    for unit in range(block.shape[1]):
        here = np.flatnonzero(present[:, unit] & (values[:, unit] > 0))
        if not len(here) or (shares[0] > 0 and len(here) < np.count_nonzero(present[:, unit])):
            # A child at 0 cannot carry a share of the score, so that with a lower bound the score is 0.
            continue
        weights[here, unit] = _solve(values[here, unit], frontier[here], shares)
    return weights


def _frontier(values: FloatArray) -> BoolArray:
    """The units that no other equals or surpasses in every child, one of each set of equals, ordered by value."""
    columns = np.unique(values, axis=1, return_index=True)
    distinct, first = columns[0], columns[1]
    kept = np.ones(distinct.shape[1], dtype=np.bool_)
    for unit in range(distinct.shape[1]):
        kept[unit] = np.count_nonzero((distinct >= distinct[:, unit : unit + 1]).all(axis=0)) == 1
    chosen = np.zeros(values.shape[1], dtype=np.bool_)
    chosen[first[kept]] = True
    return chosen


def _solve(own: FloatArray, frontier: FloatArray, shares: tuple[float, float]) -> FloatArray:
    """One unit's weights, for its children with a positive value; in the shares s_i = w_i y_i / 100 as unknowns."""
    ratios = np.unique((frontier / own[:, None]).T, axis=0)
    lower, upper = shares[0], max(shares[1], 1.0 / len(own))
    rows, limits = [ratios], [np.ones(len(ratios))]
    if lower > 0:
        rows.append(np.full((len(own), len(own)), min(lower, 1.0 / len(own))) - np.eye(len(own)))
        limits.append(np.zeros(len(own)))
    if upper < 1:
        rows.append(np.eye(len(own)) - upper)
        limits.append(np.zeros(len(own)))
    # Loaded when needed: it takes longer than scoring, and few scorecards ask for it.
    from scipy.optimize import linprog

    found = linprog(-np.ones(len(own)), A_ub=np.vstack(rows), b_ub=np.concatenate(limits), method="highs")
    if not found.success:
        raise ScoringError(f"the linear programme of a unit has no solution: {found.message}", "weights_undefined")
    return np.asarray(np.maximum(found.x, 0.0) * BEST_SCORE / own, dtype=np.float64)
