"""Rounding, ranks and classes: the last step, and the only place where a score loses digits."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.spec import Spec

SIGNIFICANT_DIGITS: Final = 12
_POWERS: Final = np.array([float(f"1e{exponent}") for exponent in range(309)])
# Beyond this many possible keys per unit, counting them costs more than sorting.
_COUNTABLE: Final = 8
# Numbers rounded at once: the working set stays in the cache.
_CHUNK: Final = 16_384


def to_significant(values: FloatArray) -> FloatArray:
    """Values to 12 significant digits, so that 0.1 + 0.2 and 0.3 are one value; nan stays nan."""
    digits, places = _digits(values)
    with np.errstate(invalid="ignore", over="ignore"):
        rounded = np.where(
            places >= 0, digits / _POWERS[np.maximum(places, 0)], digits * _POWERS[np.maximum(-places, 0)]
        )
    return np.asarray(np.copysign(rounded, values) + 0.0, dtype=np.float64)


def round_half_up(values: FloatArray, decimals: int) -> FloatArray:
    """Values to 12 significant digits and then to some decimals, halves away from zero, as Decimal would.

    The result is the float nearest to the decimal number. Binary means of published decimals otherwise fall
    on the wrong side: 49.365 is stored as 49.36499999….
    """
    power = _POWERS[decimals]
    rounded = np.empty(values.shape)
    flat, written = values.reshape(-1), rounded.reshape(-1)
    for start in range(0, flat.size, _CHUNK):
        chunk, out = flat[start : start + _CHUNK], written[start : start + _CHUNK]
        scaled = np.abs(chunk) * power
        np.add(scaled, 0.5, out=out)
        np.floor(out, out=out)
        # Only within this distance of a half, where `out` is about to step, can the 12 digits change it.
        doubt = scaled - out
        np.abs(doubt, out=doubt)
        doubt -= 0.5
        np.abs(doubt, out=doubt)
        scaled *= 1e-11
        scaled += 1e-6
        near = doubt <= scaled
        out /= power
        if near.any():
            out[near] = _round_exactly(np.abs(chunk[near]), decimals)
        np.copysign(out, chunk, out=out)
        out += 0.0
    return rounded


def _round_exactly(values: FloatArray, decimals: int) -> FloatArray:
    """The rule in whole numbers: the 12 digits are an integer below 10^12, so that nothing is approximate."""
    digits, places = _digits(values)
    drop = places - decimals
    divisor = (10 ** np.clip(drop, 0, 14)).astype(np.int64)
    quotient = (digits.astype(np.int64) + divisor // 2) // divisor
    return np.where(drop >= 0, quotient / _POWERS[decimals], to_significant(values))


def _digits(values: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """The 12 significant digits as a whole number, and how many of them are decimals; nan gives nan, 0."""
    size = np.abs(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.floor(np.log10(size))
    places = (SIGNIFICANT_DIGITS - 1 - np.where(np.isfinite(exponent), exponent, 0)).astype(np.int64)
    places = np.clip(places, -308, 308)
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = np.where(places >= 0, size * _POWERS[np.maximum(places, 0)], size / _POWERS[np.maximum(-places, 0)])
    return np.rint(scaled), places


def rank_rows(keys: FloatArray, ties: str, groups: NDArray[np.int64] | None = None) -> FloatArray:
    """Ranks of the columns within each row, 1 for the highest key; nan keeps nan.

    Equal keys share a rank: "min" gives 1, 2, 2, 4; "dense" 1, 2, 2, 3; "average" 1, 2.5, 2.5, 4. With groups
    (one code per column) every group is ranked by itself.
    """
    if groups is None:
        return _rank(keys, ties)
    ranks = np.full_like(keys, np.nan)
    for code in np.unique(groups):
        members = np.flatnonzero(groups == code)
        ranks[:, members] = _rank(keys[:, members], ties)
    return ranks


def _rank(keys: FloatArray, ties: str) -> FloatArray:
    number = keys.shape[1]
    order = np.argsort(-keys, axis=1)
    ordered = np.take_along_axis(keys, order, axis=1)
    starts = np.ones(keys.shape, dtype=np.bool_)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    if ties == "dense":
        ranked = np.cumsum(starts, axis=1).astype(np.float64)
    else:
        places = np.arange(number)
        first = np.maximum.accumulate(np.where(starts, places, 0), axis=1)
        ranked = first + 1.0
        if ties == "average":
            last_start = np.ones_like(starts)
            last_start[:, :-1] = starts[:, 1:]
            backwards = np.where(last_start, places, number)[:, ::-1]
            ranked += (np.minimum.accumulate(backwards, axis=1)[:, ::-1] - first) / 2
    ranked[np.isnan(ordered)] = np.nan
    ranks = np.empty_like(keys)
    np.put_along_axis(ranks, order, ranked, axis=1)
    return ranks


def rank_counted(keys: FloatArray, decimals: int) -> FloatArray | None:
    """The "min" ranks of rounded keys by counting, much faster than sorting; None when they spread too far."""
    power = _POWERS[decimals]
    low = np.fmin.reduce(keys, axis=1, initial=np.nan)
    high = np.fmax.reduce(keys, axis=1, initial=np.nan)
    if np.fmax.reduce(high - low, initial=0.0) * power > _COUNTABLE * keys.shape[1]:
        return None
    ranks = np.empty_like(keys)
    for row, (key, least, most) in enumerate(zip(keys, low, high, strict=True)):
        if np.isnan(most):
            ranks[row] = np.nan
            continue
        # Code 1 is the best key, a higher one worse; what is missing comes last of all.
        worst = round((most - least) * power) + 2
        codes = np.rint((most - key) * power)
        codes += 1.0
        np.copyto(codes, worst, where=np.isnan(key))
        places = codes.astype(np.intp)
        not_worse = np.cumsum(np.bincount(places, minlength=worst + 1)).astype(np.float64)
        not_worse += 1.0
        not_worse[worst - 1] = np.nan
        places -= 1
        ranks[row] = not_worse[places]
    return ranks


def rank_scores(spec: Spec, scores: FloatArray, groups: NDArray[np.int64] | None) -> FloatArray:
    """Ranks of every row (columns of a run × units) by the scorecard's [rounding], 1 for the best."""
    rounding = spec.rounding
    if rounding.rank_on == "full":
        return rank_rows(to_significant(scores), rounding.ties, groups)
    rounded = round_half_up(scores, rounding.decimals)
    if rounding.ties == "min" and groups is None:
        counted = rank_counted(rounded, rounding.decimals)
        if counted is not None:
            return counted
    return rank_rows(rounded, rounding.ties, groups)


def classify(spec: Spec, rounded: Mapping[str, FloatArray], units: int) -> tuple[str | None, ...]:
    """The class of each unit, from the rounded index and the caps; None without a score or below every class.

    `rounded` maps node codes to rounded scores. A node without a score caps nobody: whether missing values
    count as zero is settled before, in aggregation.
    """
    if not spec.classes:
        return (None,) * units
    codes = [one.code for one in spec.classes]
    index = rounded[spec.top]
    # Classes are held from the highest to the lowest; the place past the last means none.
    place = np.full(units, len(codes))
    for number in reversed(range(len(codes))):
        place[index >= spec.classes[number].lowest] = number
    for cap in spec.caps:
        capped = rounded[cap.node] < cap.below
        place[capped] = np.maximum(place[capped], codes.index(cap.class_at_most))
    return tuple(codes[one] if one < len(codes) else None for one in place)
