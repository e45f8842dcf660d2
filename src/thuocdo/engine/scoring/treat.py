"""Outlier treatment in two stages: winsorise what is too skewed, then transform what still is (step 5)."""

from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Spec, Treatment
from thuocdo.engine.scoring.spec.vocabulary import DATA_SCALE_PARAMETERS
from thuocdo.engine.scoring.statistics import skewness_and_kurtosis

# Skewness and kurtosis of one column.
Shape = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TreatmentRecord:
    """What was done to one indicator.

    `winsorised` counts the cells of the first stage, also when a transform then replaced its result.
    """

    indicator: str
    skewness_before: float
    kurtosis_before: float
    skewness_after: float
    kurtosis_after: float
    winsorised: int
    transform: str
    passed: bool


def treat(spec: Spec, values: FloatArray) -> tuple[FloatArray, tuple[TreatmentRecord, ...]]:
    """The treated values (indicators × units) and one record per indicator that is subject to treatment.

    An indicator passes when |skewness| or kurtosis lies below its limit; one with fewer than four values, or
    constant, is left alone. ScoringError when a transform would leave fixed goalposts or targets behind.
    """
    rows = [row for row, one in enumerate(spec.indicators) if one.treatment.method == "two_stage"]
    if not rows:
        return values, ()
    treatments = [spec.indicators[row].treatment for row in rows]
    columns = values[rows]
    before = _shapes(columns)
    failing = [place for place in range(len(rows)) if not _passes(treatments[place], before[place])]
    counts, transforms = [0] * len(rows), ["none"] * len(rows)
    after = list(before)
    if failing:
        originals = columns[failing]
        pulled, pulled_counts, shapes = _winsorise([treatments[place] for place in failing], originals)
        for order, place in enumerate(failing):
            treatment = treatments[place]
            columns[place], counts[place], after[place] = pulled[order], pulled_counts[order], shapes[order]
            if not _passes(treatment, after[place]) and treatment.transform != "none":
                _refuse_fixed_scale(spec, rows[place], treatment.transform)
                transforms[place] = treatment.transform
                source = columns[place] if treatment.combine else originals[order]
                columns[place] = _transform(treatment, source)
        for place, shape in zip(failing, _shapes(columns[failing]), strict=True):
            after[place] = shape
        values = values.copy()
        values[rows] = columns
    records = tuple(
        TreatmentRecord(
            spec.indicators[row].code,
            *before[place],
            *after[place],
            counts[place],
            transforms[place],
            _passes(treatments[place], after[place]),
        )
        for place, row in enumerate(rows)
    )
    return values, records


def _passes(treatment: Treatment, shape: Shape) -> bool:
    # A comparison with nan is false, so that what cannot be judged passes.
    skewness, kurtosis = shape
    return not (abs(skewness) >= treatment.max_abs_skewness and kurtosis >= treatment.max_kurtosis)


def _shapes(columns: FloatArray) -> list[Shape]:
    skewness, kurtosis = skewness_and_kurtosis(columns)
    return list(zip(skewness.tolist(), kurtosis.tolist(), strict=True))


def _winsorise(treatments: list[Treatment], columns: FloatArray) -> tuple[FloatArray, list[int], list[Shape]]:
    """Pull the extreme cells to the next value, at the end the skewness points to, until a column passes.

    The count is that of the cells pulled at both ends in the last rounds, so that ties may overshoot the limit.
    All columns go through a round together.
    """
    ordered = np.sort(columns, axis=1)
    ends = np.count_nonzero(~np.isnan(ordered), axis=1)
    shapes = _shapes(ordered)
    pulled_high, pulled_low = [0] * len(columns), [0] * len(columns)

    def goes_on(place: int) -> bool:
        pulled = pulled_high[place] + pulled_low[place]
        return pulled < treatments[place].max_winsorised and not _passes(treatments[place], shapes[place])

    while active := [place for place in range(len(columns)) if goes_on(place)]:
        for place in active:
            column = ordered[place, : ends[place]]
            if shapes[place][0] >= 0:
                pulled_high[place] = high = int(np.count_nonzero(column == column[-1]))
                column[-high:] = column[-high - 1]
            else:
                pulled_low[place] = low = int(np.count_nonzero(column == column[0]))
                column[:low] = column[low]
        for place, shape in zip(active, _shapes(ordered[active]), strict=True):
            shapes[place] = shape
    lowest, highest = ordered[:, 0], ordered[np.arange(len(columns)), ends - 1]
    counts = [high + low for high, low in zip(pulled_high, pulled_low, strict=True)]
    return np.clip(columns, lowest[:, None], highest[:, None]), counts, shapes


def _transform(treatment: Treatment, column: FloatArray) -> FloatArray:
    """The second stage: a transform whose result is kept whether it passes or not."""
    low, high = float(np.fmin.reduce(column)), float(np.fmax.reduce(column))
    shift = 0.01 * (high - low)
    match treatment.transform:
        case "log":
            return np.asarray(np.log(column - low + shift))
        case "log_shift_one":
            return np.asarray(np.log(column - low + 1))
        case "log_mirrored":
            if _shapes(column[None, :])[0][0] >= 0:
                return np.asarray(np.log(column - low + shift))
            return np.asarray(-np.log(high + shift - column))
    power = treatment.box_cox_lambda
    positive = column - low + 1
    return np.asarray(np.log(positive) if power == 0 else (positive**power - 1) / power)


def _refuse_fixed_scale(spec: Spec, row: int, transform: str) -> None:
    indicator = spec.indicators[row]
    fixed = DATA_SCALE_PARAMETERS.get(indicator.normalisation.method, ())
    if fixed:
        raise ScoringError(
            f"{indicator.code} is so skewed that the treatment would apply {transform}, but its "
            f'{" and ".join(fixed)} belong to the original scale: give it treat = {{ transform = "none" }}, '
            'or transform = "ln" or "sqrt", which moves them along',
            "treatment_scale",
        )
