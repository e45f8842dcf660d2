"""How far two rankings of the same units agree: Spearman's rho and Kendall's tau-b, both with ties."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Units compared with all others at once: the working set stays in the cache.
_ROWS = 256


def spearman(first: FloatArray, second: FloatArray) -> float:
    """Pearson's correlation of the mid-ranks of the units that both rank; nan below two units or without spread.

    Source: Spearman (1904); ties by mid-ranks, as in Kendall and Gibbons, Rank Correlation Methods, chapter 3.
    """
    one, other = _shared(first, second)
    if len(one) < 2:
        return float("nan")
    one, other = _mid_ranks(one), _mid_ranks(other)
    one, other = one - one.mean(), other - other.mean()
    spread = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / spread) if spread > 0 else float("nan")


def kendall(first: FloatArray, second: FloatArray) -> float:
    """(concordant − discordant) / √((n₀ − ties of one)(n₀ − ties of the other)), n₀ = n(n − 1)/2: tau-b.

    Over the units that both rank; nan below two units or without spread. Source: Kendall (1945).
    """
    one, other = _shared(first, second)
    balance = untied_one = untied_other = 0.0
    for start in range(0, len(one), _ROWS):
        here = slice(start, start + _ROWS)
        ahead = np.sign(one[here, None] - one)
        also = np.sign(other[here, None] - other)
        balance += float((ahead * also).sum())
        untied_one += float(np.count_nonzero(ahead))
        untied_other += float(np.count_nonzero(also))
    spread = np.sqrt(untied_one * untied_other)
    return float(balance / spread) if spread > 0 else float("nan")


def _shared(first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
    known = ~(np.isnan(first) | np.isnan(second))
    return first[known], second[known]


def _mid_ranks(values: FloatArray) -> FloatArray:
    _values, place, number = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(number)
    return np.asarray((last - (number - 1) / 2)[place], dtype=np.float64)
