"""How far the mean of a sample may lie from that of everybody, as a standard error, from the size of the sample."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# So many answers at the middle of the scale are added, so that "all five said yes" is not taken for certainty.
ADDED = 4
# Standard errors on either side that hold the truth in 95 % of all samples.
SIDES_OF_95 = 1.959963984540054


def standard_error(values: ArrayLike, sizes: ArrayLike, *, lower: ArrayLike, upper: ArrayLike) -> NDArray[np.float64]:
    """The standard error of means of samples, in the unit of the values; nan where anything is nan or no size is.

    `lower` and `upper` are the ends of the scale of one answer. With n answers and four more at the middle of the
    scale the mean is m̃, and the error √((upper − m̃)(m̃ − lower)/(n + 4)): for a share, whose answers lie at the ends,
    that of Agresti and Coull (1998); for other means the largest that answers within the scale can have (Bhatia and
    Davis 2000).
    """
    mean, size = np.asarray(values, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    low, high = np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        # A mean beyond its scale is none of such answers; the nearer end is the most it can be.
        inside = np.clip(mean, low, high)
        shrunk = (size * inside + ADDED * (low + high) / 2) / (size + ADDED)
        error = np.sqrt(np.maximum((high - shrunk) * (shrunk - low), 0.0) / (size + ADDED))
        usable = (size > 0) & (high > low) & np.isfinite(error)
    return np.where(usable, error, np.nan)
