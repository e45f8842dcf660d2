"""Weight is not importance: how much of the index's variance each indicator tells, against its weight."""

from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray

# Units at which the curve is read, and the share of units that each reading looks at.
_KNOTS = 25
_SHARE = 0.5
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Importance:
    """One indicator: `weight` its nominal share of the index, `ratio` its correlation ratio η², `linear` R² of a
    straight line, `effective` its η² as a share of all indicators' (to be compared with the weight)."""

    indicator: str
    weight: float
    ratio: float
    linear: float
    effective: float


def correlation_ratio(values: FloatArray, index: FloatArray) -> float:
    """η² = Var(E[S | y]) / Var(S), the conditional mean by local linear regression (Paruolo, Saisana and
    Saltelli 2013, JRSS A 176).

    The curve is fitted at 25 quantiles of y with tricube weights over the nearest half of the units (Cleveland
    1979) and read in between by straight lines; between 0 and 1. nan below ten units or without spread.
    """
    both = ~(np.isnan(values) | np.isnan(index))
    order = np.lexsort((index[both], values[both]))
    x, y = values[both][order], index[both][order]
    if len(x) < _LEAST or x[0] == x[-1] or np.ptp(y) == 0:
        return float("nan")
    knots = np.unique(np.quantile(x, np.linspace(0, 1, _KNOTS)))
    near = max(int(np.ceil(_SHARE * len(x))), 4)
    fitted = np.array([_fit_at(knot, x, y, near) for knot in knots])
    curve = np.interp(x, knots, fitted)
    return float(np.clip(curve.var() / y.var(), 0.0, 1.0))


def _fit_at(knot: float, x: FloatArray, y: FloatArray, near: int) -> float:
    distance = np.abs(x - knot)
    reach = float(np.partition(distance, near - 1)[near - 1])
    # Where half of the units have one value, the next other value must still be seen.
    reach = reach if reach > 0 else float(distance[distance > 0].min())
    weights = np.clip(1 - (distance / (reach * (1 + 1e-9))) ** 3, 0, None) ** 3
    total = weights.sum()
    middle, level = (weights * x).sum() / total, (weights * y).sum() / total
    spread = (weights * (x - middle) ** 2).sum()
    if spread <= 1e-12 * total * max(float(np.ptp(x)) ** 2, 1e-300):
        return float(level)
    slope = (weights * (x - middle) * (y - level)).sum() / spread
    return float(level + slope * (knot - middle))


def linear_share(values: FloatArray, index: FloatArray) -> float:
    """R² of a straight line; nan below three units or without spread."""
    both = ~(np.isnan(values) | np.isnan(index))
    if np.count_nonzero(both) < 3 or np.ptp(values[both]) == 0 or np.ptp(index[both]) == 0:
        return float("nan")
    x, y = values[both] - values[both].mean(), index[both] - index[both].mean()
    return float(min((x * y).sum() ** 2 / ((x**2).sum() * (y**2).sum()), 1.0))


def importances(
    codes: tuple[str, ...], weights: FloatArray, leaves: FloatArray, index: FloatArray
) -> tuple[Importance, ...]:
    """Every indicator (rows of `leaves`, indicators × units) against the index."""
    ratios = np.array([correlation_ratio(row, index) for row in leaves])
    total = np.nansum(ratios)
    return tuple(
        Importance(
            indicator=code,
            weight=float(weight),
            ratio=float(ratio),
            linear=linear_share(row, index),
            effective=float(ratio / total) if total > 0 else float("nan"),
        )
        for code, weight, ratio, row in zip(codes, weights, ratios, leaves, strict=True)
    )
