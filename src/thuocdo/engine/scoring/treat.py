"""Outlier treatment in two stages: winsorise what is too skewed, then transform what still is (step 5)."""

from dataclasses import dataclass

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Spec, Treatment
from thuocdo.engine.scoring.spec.vocabulary import DATA_SCALE_PARAMETERS
from thuocdo.engine.scoring.statistics import skewness_and_kurtosis


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
    subject = values[rows]
    skewness, kurtosis = skewness_and_kurtosis(subject)
    treated, records = values, []
    for place, row in enumerate(rows):
        indicator = spec.indicators[row]
        before = (float(skewness[place]), float(kurtosis[place]))
        after, winsorised, transform = before, 0, "none"
        if not _passes(indicator.treatment, *before):
            column, winsorised = _winsorise(indicator.treatment, subject[place])
            after = _shape(column)
            if not _passes(indicator.treatment, *after) and indicator.treatment.transform != "none":
                transform = indicator.treatment.transform
                _refuse_fixed_scale(spec, row, transform)
                original = column if indicator.treatment.combine else subject[place]
                column = _transform(indicator.treatment, original)
                after = _shape(column)
            if treated is values:
                treated = values.copy()
            treated[row] = column
        records.append(
            TreatmentRecord(
                indicator.code, *before, *after, winsorised, transform, _passes(indicator.treatment, *after)
            )
        )
    return treated, tuple(records)


def _passes(treatment: Treatment, skewness: float, kurtosis: float) -> bool:
    # A comparison with nan is false, so that what cannot be judged passes.
    return not (abs(skewness) >= treatment.max_abs_skewness and kurtosis >= treatment.max_kurtosis)


def _shape(column: FloatArray) -> tuple[float, float]:
    skewness, kurtosis = skewness_and_kurtosis(column[None, :])
    return float(skewness[0]), float(kurtosis[0])


def _winsorise(treatment: Treatment, column: FloatArray) -> tuple[FloatArray, int]:
    """Pull the extreme cells to the next value, at the end the skewness points to, until the column passes.

    The count is that of the cells pulled at both ends in the last rounds, so that ties may overshoot the limit.
    """
    ordered = np.sort(column[~np.isnan(column)])
    pulled_high = pulled_low = 0
    skewness, kurtosis = _shape(ordered)
    while pulled_high + pulled_low < treatment.max_winsorised and not _passes(treatment, skewness, kurtosis):
        if skewness >= 0:
            pulled_high = int(np.count_nonzero(ordered == ordered[-1]))
            ordered[-pulled_high:] = ordered[-pulled_high - 1]
        else:
            pulled_low = int(np.count_nonzero(ordered == ordered[0]))
            ordered[:pulled_low] = ordered[pulled_low]
        skewness, kurtosis = _shape(ordered)
    return np.clip(column, ordered[0], ordered[-1]), pulled_high + pulled_low


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
            if _shape(column)[0] >= 0:
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
