"""First-order and total Sobol' indices of any function of the unit cube, with intervals and a convergence report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.uncertainty.design import sobol_points

_BOOTSTRAPS: Final = 1_000
# Resamples drawn at once.
_RESAMPLE_ROWS: Final = 50


@dataclass(frozen=True, eq=False)
class Indices:
    """Estimates for each factor; `total_low` … are the 5 % and 95 % quantiles of the bootstrap."""

    first: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    variance: float


@dataclass(frozen=True, slots=True)
class Convergence:
    """How the estimates stood after some of the samples: `change` is the largest one from there to the end."""

    samples: int
    change: float


@dataclass(frozen=True, eq=False)
class SaltelliDesign:
    """The points at which the function is asked: A, then B, then for each factor A with that factor from B.

    `factors` lists the dimensions of each factor. `points` is (factors + 2) samples × dimensions.
    """

    factors: tuple[tuple[int, ...], ...]
    samples: int
    points: FloatArray
    seed: int


def saltelli_design(factors: Sequence[Sequence[int]], dimensions: int, samples: int, seed: int) -> SaltelliDesign:
    """The design of Saltelli et al. (2010) on scrambled Sobol' points: A and B are halves of one sequence in
    twice the dimensions. `samples` must be a power of two, at least 4: otherwise ScoringError."""
    if samples < 4 or samples & (samples - 1):
        raise ScoringError("Sobol' points come in powers of two: ask for 1,024 samples", "samples")
    both = sobol_points(2 * dimensions, samples, seed)
    a, b = both[:, :dimensions], both[:, dimensions:]
    blocks = [a, b]
    for factor in factors:
        mixed = a.copy()
        mixed[:, list(factor)] = b[:, list(factor)]
        blocks.append(mixed)
    return SaltelliDesign(tuple(tuple(factor) for factor in factors), samples, np.concatenate(blocks), seed)


def sobol_indices(values: FloatArray, factors: int, seed: int) -> tuple[Indices, tuple[Convergence, ...]]:
    """Indices from the function's values at the points of a Saltelli design, in its order.

    With f_A, f_B, f_i centred on the mean of A and B, and V their variance (n - 1):
    first order S_i = mean(f_B (f_i - f_A)) / V (Saltelli et al. 2010, Comput. Phys. Commun. 181, table 2 b),
    total T_i = mean((f_A - f_i)²) / 2V (Jansen 1999). Where nothing varies every index is 0.
    """
    table = np.asarray(values, dtype=np.float64).reshape(factors + 2, -1)
    samples = table.shape[1]
    first, total, variance = _estimates(table[:, None, :])
    random = np.random.Generator(np.random.Philox(key=[seed, 0xB007]))
    drawn = [
        _estimates(table[:, random.integers(0, samples, (_RESAMPLE_ROWS, samples))])
        for _ in range(_BOOTSTRAPS // _RESAMPLE_ROWS)
    ]
    firsts, totals = (np.concatenate([one[place] for one in drawn], axis=1) for place in (0, 1))
    low, high = (np.quantile(np.stack([firsts, totals]), share, axis=2) for share in (0.05, 0.95))
    indices = Indices(first[:, 0], low[0], high[0], total[:, 0], low[1], high[1], float(variance[0]))
    return indices, tuple(_convergence(table, indices))


def _estimates(table: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """First-order and total indices (factors × resamples) and the variances, from values that are
    (factors + 2) × resamples × samples."""
    both = np.concatenate([table[0], table[1]], axis=1)
    mean = both.mean(axis=1)[:, None]
    variance = both.var(axis=1, ddof=1)
    a, b, mixed = table[0] - mean, table[1] - mean, table[2:] - mean
    scale = np.where(variance > 0, variance, 1.0)
    first = np.where(variance > 0, (b * (mixed - a)).mean(axis=2) / scale, 0.0)
    total = np.where(variance > 0, ((a - mixed) ** 2).mean(axis=2) / (2 * scale), 0.0)
    return first, total, variance


def _convergence(table: FloatArray, indices: Indices) -> list[Convergence]:
    """Sobol' points are good at every power of two, so the estimates there are compared with the last ones."""
    report = []
    samples = table.shape[1]
    for shift in (3, 2, 1):
        part = samples >> shift
        if part >= 4:
            first, total, _ = _estimates(table[:, None, :part])
            change = max(np.abs(first[:, 0] - indices.first).max(), np.abs(total[:, 0] - indices.total).max())
            report.append(Convergence(part, float(change)))
    return report


def analyse_function(
    function: Callable[[FloatArray], FloatArray], factors: Sequence[Sequence[int]], samples: int, seed: int
) -> tuple[Indices, tuple[Convergence, ...]]:
    """The indices of a function that takes points (number × dimensions) and gives one value for each."""
    dimensions = 1 + max(dimension for factor in factors for dimension in factor)
    design = saltelli_design(factors, dimensions, samples, seed)
    return sobol_indices(function(design.points), len(factors), seed)
