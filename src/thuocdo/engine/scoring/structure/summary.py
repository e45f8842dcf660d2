"""Every column in figures, with the flags that call for a look (after COINr's get_stats)."""

from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.statistics import skewness_and_kurtosis

_MOST_SKEWNESS, _MOST_KURTOSIS = 2.0, 3.5
_LEAST_AVAILABLE, _MOST_ZERO, _LEAST_UNIQUE = 0.65, 0.5, 0.5


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One column over the units that it applies to. Shares are of those; skewness and kurtosis are G1 and G2.

    Flags: "outliers" (|skewness| > 2 and kurtosis > 3.5), "missing" (less than 65 % available), "zeros" (more than
    half of the values), "repeated" (less than half of the values differ), "constant".
    """

    code: str
    units: int
    available: float
    zero: float
    unique: float
    minimum: float
    q1: float
    median: float
    mean: float
    q3: float
    maximum: float
    deviation: float
    skewness: float
    kurtosis: float
    flags: tuple[str, ...]


def summarise(code: str, values: FloatArray, applicable: int) -> ColumnSummary:
    """The figures of one column (one value per unit, nan for none); quantiles of type 7, deviation with n - 1."""
    there = np.sort(values[~np.isnan(values)])
    number = len(there)
    nothing = float("nan")
    skewness, kurtosis = (
        (float(one[0]) for one in skewness_and_kurtosis(there[None, :])) if number else (nothing, nothing)
    )
    available = number / applicable if applicable else nothing
    zero = np.count_nonzero(there == 0) / number if number else nothing
    unique = len(np.unique(there)) / number if number else nothing
    quartiles = np.quantile(there, [0, 0.25, 0.5, 0.75, 1]).tolist() if number else [nothing] * 5
    flags = {
        "outliers": abs(skewness) > _MOST_SKEWNESS and kurtosis > _MOST_KURTOSIS,
        "missing": available < _LEAST_AVAILABLE,
        "zeros": zero > _MOST_ZERO,
        "repeated": unique < _LEAST_UNIQUE,
        "constant": number > 1 and there[0] == there[-1],
    }
    return ColumnSummary(
        code=code,
        units=number,
        available=available,
        zero=zero,
        unique=unique,
        minimum=quartiles[0],
        q1=quartiles[1],
        median=quartiles[2],
        mean=float(there.mean()) if number else nothing,
        q3=quartiles[3],
        maximum=quartiles[4],
        deviation=float(there.std(ddof=1)) if number > 1 else nothing,
        skewness=skewness,
        kurtosis=kurtosis,
        flags=tuple(flag for flag, raised in flags.items() if raised),
    )
