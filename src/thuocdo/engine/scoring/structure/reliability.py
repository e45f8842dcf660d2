"""Whether the children of a node measure one thing: Cronbach's alpha, principal components, KMO and Bartlett."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.weight.complete import ordered, standardised

_NAN = float("nan")


@dataclass(frozen=True, eq=False, slots=True)
class Family:
    """One node and its children, on the `units` that have all of them.

    `alpha` is Cronbach's alpha, `eigenvalues` those of the correlation matrix (largest first), `explained` their
    shares; `loadings` (children × components) have the signs that make most of each positive; `kmo` the
    Kaiser–Meyer–Olkin measure; `bartlett` the p-value of the test that nothing is correlated. nan where children
    are too few, constant, or determine each other. `alpha_without` is alpha with each child left out.
    """

    node: str
    children: tuple[str, ...]
    units: int
    alpha: float
    alpha_without: FloatArray
    eigenvalues: FloatArray
    explained: FloatArray
    loadings: FloatArray
    kmo: float
    bartlett: float


def cronbach_alpha(block: FloatArray) -> float:
    """k² c̄ / Σ C: the mean covariance between different children over the sum of the covariance matrix.

    The block is children × units, complete units only. Equal to k/(k - 1) · (1 - Σ variances / variance of the
    sum), and to 1 for parallel children. nan below two children or three units, and without spread.
    """
    complete = block[:, ~np.isnan(block).any(axis=0)]
    number = len(block)
    if number < 2 or complete.shape[1] < 3:
        return _NAN
    covariances = np.cov(ordered(complete))
    total = float(covariances.sum())
    if total <= 1e-12 * np.abs(covariances).sum():
        return _NAN
    between = (total - float(np.trace(covariances))) / (number * (number - 1))
    return number**2 * between / total


def describe_family(node: str, children: tuple[str, ...], block: FloatArray) -> Family:
    """The figures of one family from the scores of its children (children × units)."""
    complete = block[:, ~np.isnan(block).any(axis=0)]
    number, units = block.shape[0], complete.shape[1]
    without = np.array([cronbach_alpha(np.delete(block, child, axis=0)) for child in range(number)])
    eigenvalues, loadings = np.full(number, np.nan), np.full((number, number), np.nan)
    kmo = bartlett = _NAN
    rows, places = standardised(ordered(complete)) if units >= 3 else (complete, np.empty(0, dtype=np.intp))
    if len(places) == number:
        correlations = rows @ rows.T / (units - 1)
        values, vectors = np.linalg.eigh(correlations)
        eigenvalues = np.maximum(values[::-1], 0.0)
        vectors = vectors[:, ::-1] * np.where(vectors.sum(axis=0)[::-1] < 0, -1.0, 1.0)
        loadings = vectors * np.sqrt(eigenvalues)
        kmo, bartlett = _adequacy(correlations, units)
    return Family(
        node=node,
        children=children,
        units=units,
        alpha=cronbach_alpha(block),
        alpha_without=without,
        eigenvalues=eigenvalues,
        explained=eigenvalues / number,
        loadings=loadings,
        kmo=kmo,
        bartlett=bartlett,
    )


def _adequacy(correlations: FloatArray, units: int) -> tuple[float, float]:
    """KMO = Σ r² / (Σ r² + Σ partial²) over different pairs (Kaiser 1974), and the p-value of Bartlett's test,
    χ² = -(n - 1 - (2k + 5)/6) ln |R| with k (k - 1)/2 degrees of freedom (Bartlett 1950)."""
    number = len(correlations)
    sign, logarithm = np.linalg.slogdet(correlations)
    if number < 2 or sign <= 0 or logarithm < -30:
        return _NAN, _NAN
    statistic = -(units - 1 - (2 * number + 5) / 6) * logarithm
    bartlett = float(chdtrc(number * (number - 1) / 2, max(float(statistic), 0.0)))
    inverse = np.linalg.inv(correlations)
    partial = -inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    different = ~np.eye(number, dtype=np.bool_)
    shared, left = (correlations[different] ** 2).sum(), (partial[different] ** 2).sum()
    return float(shared / (shared + left)) if shared + left > 0 else _NAN, bartlett
