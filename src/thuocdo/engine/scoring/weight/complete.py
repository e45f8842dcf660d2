"""The units that a derived weight may rest on: those with every child, in an order of their own."""

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError

# Fewer units than this tell nothing about how children move together.
LEAST_UNITS = 3


def complete_cases(block: FloatArray) -> FloatArray:
    """The columns of a block (children × units) without a gap, ordered by their values: sums over them are
    then the same, bit for bit, in whatever order the units came. ScoringError below three units."""
    complete = block[:, ~np.isnan(block).any(axis=0)]
    if complete.shape[1] < LEAST_UNITS:
        raise ScoringError(
            f"only {complete.shape[1]} units have a value for every child, and weights from the data need "
            f"{LEAST_UNITS}: impute, or give the weights",
            "weights_undefined",
        )
    return ordered(complete)


def ordered(block: FloatArray) -> FloatArray:
    """The columns of a block ordered by their values, missing ones last."""
    return np.asarray(block[:, np.lexsort(block[::-1])], dtype=np.float64)


def standardised(complete: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """The rows that vary, centred and divided by their deviation (n - 1), and which rows they are."""
    centred = complete - complete.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).sum(axis=1) / (complete.shape[1] - 1))
    varies = deviation > 1e-12 * np.maximum(np.abs(complete).max(axis=1), 1e-300)
    return centred[varies] / deviation[varies, None], np.flatnonzero(varies)
