"""Weights from people: pairwise comparison (AHP) with its consistency, and allocation of a budget with its spread."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray

# Mean consistency index of random reciprocal matrices, from one row to ten (Saaty 1980).
_RANDOM_INDEX: Final = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
_ACCEPTED: Final = 0.1


@dataclass(frozen=True, eq=False, slots=True)
class ComparedWeights:
    """Weights (sum 1) with the consistency ratio of the comparisons; above 0.1 they contradict each other."""

    weights: FloatArray
    consistency_ratio: float

    @property
    def is_consistent(self) -> bool:
        """Whether the ratio lies below the accepted tenth."""
        return self.consistency_ratio < _ACCEPTED


@dataclass(frozen=True, eq=False, slots=True)
class AllocatedWeights:
    """Weights (sum 1) with the standard deviation of each between people (n - 1; nan for one person)."""

    weights: FloatArray
    spread: FloatArray


def compare_pairs(judgements: FloatArray) -> ComparedWeights:
    """The principal eigenvector of a reciprocal matrix, a_ij saying how many times i matters more than j.

    Consistency ratio ((λ - n)/(n - 1)) / RI_n (Saaty 1980). ValueError where the matrix is not square and
    reciprocal, or larger than ten.
    """
    number = len(judgements)
    if judgements.shape != (number, number) or not 1 <= number <= len(_RANDOM_INDEX):
        raise ValueError("comparisons make a square matrix of one to ten rows")
    if not (judgements > 0).all() or not np.allclose(judgements * judgements.T, 1.0, rtol=1e-6):
        raise ValueError("comparisons must be positive and reciprocal: a_ji = 1 / a_ij")
    values, vectors = np.linalg.eig(judgements)
    place = int(np.argmax(values.real))
    weights = np.abs(vectors[:, place].real)
    excess = (float(values[place].real) - number) / (number - 1) if number > 2 else 0.0
    return ComparedWeights(weights / weights.sum(), max(excess, 0.0) / (_RANDOM_INDEX[number - 1] or 1.0))


def allocate_budget(points: FloatArray) -> AllocatedWeights:
    """The mean share of points (people × children); each person's points count relative to their sum.

    ValueError for negative points or a person who gave none (OECD/JRC handbook, step 6).
    """
    totals = points.sum(axis=1, keepdims=True)
    if (points < 0).any() or not (totals > 0).all():
        raise ValueError("everybody gives points of 0 or more, and some")
    shares = points / totals
    spread = shares.std(axis=0, ddof=1) if len(shares) > 1 else np.full(shares.shape[1], np.nan)
    return AllocatedWeights(shares.mean(axis=0), spread)
