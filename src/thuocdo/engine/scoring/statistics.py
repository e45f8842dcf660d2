"""Row statistics that skip missing values and do not depend on the order of the units, bit for bit."""

from typing import Final

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray

# Values that differ by less than this share of their size differ by the computer's rounding only.
_NOISE: Final = 1e-14


def counts(values: FloatArray) -> FloatArray:
    """How many cells of each row have a value."""
    return np.asarray(np.count_nonzero(~np.isnan(values), axis=1), dtype=np.float64)


def extremes(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Minimum and maximum of each row; nan for an empty row."""
    return np.fmin.reduce(values, axis=1, initial=np.nan), np.fmax.reduce(values, axis=1, initial=np.nan)


def spreads(low: FloatArray, high: FloatArray) -> FloatArray:
    """high - low, nan where they are one value: a constant row has no scale to be placed on."""
    spread = high - low
    return np.where(spread > _NOISE * np.maximum(np.abs(low), np.abs(high)), spread, np.nan)


def ordered_sums(values: FloatArray) -> FloatArray:
    """The sum of each row, added in ascending order: floating-point sums depend on the order otherwise."""
    return np.asarray(np.nansum(np.sort(values, axis=1), axis=1), dtype=np.float64)


def means(values: FloatArray) -> FloatArray:
    """The mean of each row; nan for an empty row. It never leaves the row's range, so that the mean of equal
    values is that value and not one a bit beside it."""
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    ordered, number = np.sort(values, axis=1), counts(values)
    last = np.maximum(number - 1, 0).astype(np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(ordered, axis=1) / number
    return np.asarray(np.clip(mean, ordered[:, 0], ordered[np.arange(len(values)), last]), dtype=np.float64)


def medians(values: FloatArray) -> FloatArray:
    """The median of each row; nan for an empty row."""
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    ordered, number = np.sort(values, axis=1), counts(values).astype(np.int64)
    rows = np.arange(len(values))
    lower, upper = ordered[rows, np.maximum(number - 1, 0) // 2], ordered[rows, number // 2 * (number > 0)]
    return np.asarray((lower + upper) / 2, dtype=np.float64)


def deviations(values: FloatArray) -> FloatArray:
    """The standard deviation of each row with n - 1; nan below two values."""
    number = counts(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = ordered_sums((values - means(values)[:, None]) ** 2)
        return np.asarray(np.sqrt(squares / np.where(number > 1, number - 1, np.nan)), dtype=np.float64)


def skewness_and_kurtosis(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The bias-corrected forms G1 and G2 of each row (as Excel's SKEW and KURT).

    nan for fewer than three (four) values and for constant rows.
    """
    ordered = np.sort(values, axis=1)
    missing = np.isnan(ordered)
    number = np.count_nonzero(~missing, axis=1).astype(np.float64)
    varied = ~np.isnan(spreads(*extremes(ordered)))
    gaps = missing.any()
    if gaps:
        ordered[missing] = 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = ordered - (ordered.sum(axis=1) / number)[:, None]
        if gaps:
            centred[missing] = 0.0
        squares = centred * centred
        second = squares.sum(axis=1)
        third = (squares * centred).sum(axis=1)
        fourth = (squares * squares).sum(axis=1)
        enough = np.where(varied & (second > 0), number, np.nan)
        n3, n4 = np.where(number >= 3, enough, np.nan), np.where(number >= 4, enough, np.nan)
        skewness = np.sqrt(n3) * third / second**1.5 * np.sqrt(n3 * (n3 - 1)) / (n3 - 2)
        excess = n4 * fourth / second**2 - 3
        kurtosis = ((n4 + 1) * excess + 6) * (n4 - 1) / ((n4 - 2) * (n4 - 3))
    return skewness, kurtosis
