"""Weights from principal components: the children that share most with the others weigh most."""

from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.weight.complete import complete_cases, standardised


@dataclass(frozen=True, eq=False, slots=True)
class Components:
    """The weights (sum 1, constant children 0), the loadings on the first component with the sign that makes
    most of them positive, and the share of the variance that it explains."""

    weights: FloatArray
    loadings: FloatArray
    explained: float

    @property
    def is_mixed(self) -> bool:
        """Whether some children load against the others: a single index of them then says little."""
        return bool((self.loadings < -1e-9).any() and (self.loadings > 1e-9).any())


def principal_weights(block: FloatArray) -> Components:
    """w_i = l_i² / Σ l², with l the loadings of the first principal component of the standardised children.

    The block is children × units; units with a gap are left out. The first eigenvector v of the correlation
    matrix gives l = v √λ, so that w_i = v_i²; where several components explain equally much, the mean of
    their v². Squares, because the sign of a component is arbitrary (OECD/JRC handbook, step 6, after Nicoletti
    et al. 2000). ScoringError below three complete units, or where no child varies.
    """
    complete = complete_cases(block)
    rows, places = standardised(complete)
    if not len(places):
        raise ScoringError("no child varies between the units: give the weights", "weights_undefined")
    values, vectors = np.linalg.eigh(rows @ rows.T / (complete.shape[1] - 1))
    first = values >= values[-1] * (1 - 1e-9)
    weights, loadings = np.zeros(len(block)), np.zeros(len(block))
    weights[places] = (vectors[:, first] ** 2).sum(axis=1) / np.count_nonzero(first)
    leading = vectors[:, -1] * (1.0 if vectors[:, -1].sum() >= 0 else -1.0)
    loadings[places] = leading * np.sqrt(max(float(values[-1]), 0.0))
    return Components(weights / weights.sum(), loadings, float(values[-1] / values.sum()))
