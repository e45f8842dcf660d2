"""Outlier treatment in two stages: winsorise what is too skewed, then transform what still is (step 5).

The rule of the OECD/JRC handbook as COINr applies it: an indicator passes when |skewness| or kurtosis lies below
its limit. Treatment sees the values as they are, before any direction.
"""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Curve:
    """What treatment does to one value: pull it into [lowest, highest], then transform it.

    The transform is measured from `low` to `high`, the extremes of the values it was made for; a value beyond
    the end where it would not exist is taken for that end.
    """

    lowest: float
    highest: float
    transform: str
    low: float
    high: float
    power: float

    def apply(self, values: FloatArray) -> FloatArray:
        """The treated values; nan stays nan."""
        values = np.clip(values, self.lowest, self.highest)
        shift = 0.01 * (self.high - self.low)
        match self.transform:
            case "log":
                return np.asarray(np.log(np.maximum(values, self.low) - self.low + shift))
            case "log_mirrored":
                return np.asarray(-np.log(self.high + shift - np.minimum(values, self.high)))
            case "log_shift_one":
                return np.asarray(np.log(np.maximum(values, self.low) - self.low + 1))
            case "box_cox":
                positive = np.maximum(values, self.low) - self.low + 1
                return np.asarray(np.log(positive) if self.power == 0 else (positive**self.power - 1) / self.power)
        return np.asarray(values)


def treat(
    spec: Spec, values: FloatArray, frozen: Mapping[str, Curve] | None = None
) -> tuple[FloatArray, tuple[TreatmentRecord, ...], Mapping[str, Curve]]:
    """The treated values (indicators × units), one record per indicator that is subject to treatment, and the
    curves of those that were changed.

    An indicator with fewer than four values, or constant, cannot be judged and is left alone. With `frozen`
    curves nothing is judged: they are applied as they are.
    """
    rows = [row for row, one in enumerate(spec.indicators) if one.treatment.method != "none"]
    if not rows:
        return values, (), {}
    codes = [spec.indicators[row].code for row in rows]
    treatments = [spec.indicators[row].treatment for row in rows]
    columns = values[rows]
    before = _shapes(columns)
    fitted: dict[int, tuple[Curve, int]] = {}
    if frozen is None:
        fitted = _fit(treatments, columns, before)
    else:
        for place, code in enumerate(codes):
            if code in frozen:
                fitted[place] = frozen[code], _outside(frozen[code], columns[place])
    after = list(before)
    if fitted:
        for place, (curve, _) in fitted.items():
            with np.errstate(over="ignore"):
                columns[place] = curve.apply(columns[place])
            if np.isinf(columns[place]).any():
                raise ScoringError(
                    f"{codes[place]} becomes infinite by {curve.transform} with lambda = {curve.power:g}: choose a "
                    "smaller one, or another transform",
                    "treatment_infinite",
                    codes[place],
                )
        for place, shape in zip(fitted, _shapes(columns[list(fitted)]), strict=True):
            after[place] = shape
        values = values.copy()
        values[rows] = columns
    records = tuple(
        TreatmentRecord(
            code,
            *before[place],
            *after[place],
            fitted[place][1] if place in fitted else 0,
            treatments[place].transform if place in fitted and fitted[place][0].transform != "none" else "none",
            _passes(treatments[place], after[place]),
        )
        for place, code in enumerate(codes)
    )
    return values, records, {codes[place]: curve for place, (curve, _) in fitted.items()}


def moved_off_scale(spec: Spec, records: Sequence[TreatmentRecord]) -> list[str]:
    """Indicators that were transformed although their goalposts, targets or bands stay on the original scale."""
    fixed = {one.code for one in spec.indicators if one.normalisation.method in DATA_SCALE_PARAMETERS}
    return [record.indicator for record in records if record.transform != "none" and record.indicator in fixed]


def _fit(treatments: Sequence[Treatment], columns: FloatArray, shapes: Sequence[Shape]) -> dict[int, tuple[Curve, int]]:
    """The curve of every column that needs one, by place, with the number of cells winsorised."""
    fitted: dict[int, tuple[Curve, int]] = {}
    for place, treatment in enumerate(treatments):
        if treatment.method == "manual":
            low, high = _range(columns[place])
            pulled = Curve(max(low, treatment.lowest), min(high, treatment.highest), "none", low, high, 0.0)
            number = _outside(pulled, columns[place])
            if number or treatment.transform != "none":
                fitted[place] = _transformed(treatment, pulled, pulled.apply(columns[place])), number
    failing = [
        place
        for place, treatment in enumerate(treatments)
        if treatment.method == "two_stage" and not _passes(treatment, shapes[place])
    ]
    if not failing:
        return fitted
    ends, counts, pulled_shapes = _winsorise([treatments[place] for place in failing], columns[failing])
    for place, (lowest, highest), number, shape in zip(failing, ends, counts, pulled_shapes, strict=True):
        treatment, column = treatments[place], columns[place]
        pulled = Curve(lowest, highest, "none", lowest, highest, 0.0)
        if not _passes(treatment, shape) and treatment.transform != "none":
            if treatment.combine:
                pulled = _transformed(treatment, pulled, pulled.apply(column))
            else:
                pulled = _transformed(treatment, Curve(-np.inf, np.inf, "none", 0.0, 0.0, 0.0), column)
        fitted[place] = pulled, number
    return fitted


def _transformed(treatment: Treatment, pulled: Curve, column: FloatArray) -> Curve:
    """The curve with the second stage measured on a column; its result is kept whether it passes or not."""
    low, high = _range(column)
    transform = treatment.transform if low < high else "none"
    if transform == "log_mirrored" and not _shapes(column[None, :])[0][0] < 0:
        transform = "log"
    return Curve(pulled.lowest, pulled.highest, transform, low, high, treatment.box_cox_lambda)


def _range(column: FloatArray) -> tuple[float, float]:
    return float(np.fmin.reduce(column)), float(np.fmax.reduce(column))


def _outside(curve: Curve, column: FloatArray) -> int:
    return int(np.count_nonzero((column < curve.lowest) | (column > curve.highest)))


def _passes(treatment: Treatment, shape: Shape) -> bool:
    # A comparison with nan is false, so that what cannot be judged passes.
    skewness, kurtosis = shape
    return not (abs(skewness) >= treatment.max_abs_skewness and kurtosis >= treatment.max_kurtosis)


def _shapes(columns: FloatArray) -> list[Shape]:
    skewness, kurtosis = skewness_and_kurtosis(columns)
    return list(zip(skewness.tolist(), kurtosis.tolist(), strict=True))


def _winsorise(
    treatments: Sequence[Treatment], columns: FloatArray
) -> tuple[list[tuple[float, float]], list[int], list[Shape]]:
    """Pull the extreme cells to the next value, at the end the skewness points to, until a column passes.

    Gives the ends, the counts and the shapes of the columns. The count is that of the cells pulled at both ends
    in the last rounds, so that ties may overshoot the limit. A column of two values is pulled no further: it
    would become constant and say nothing. All columns go through a round together.
    """
    ordered = np.sort(columns, axis=1)
    sizes = np.count_nonzero(~np.isnan(ordered), axis=1)
    shapes = _shapes(ordered)
    pulled_high, pulled_low = [0] * len(columns), [0] * len(columns)
    stuck = [False] * len(columns)

    def goes_on(place: int) -> bool:
        pulled = pulled_high[place] + pulled_low[place]
        return (
            pulled < treatments[place].max_winsorised
            and not stuck[place]
            and not _passes(treatments[place], shapes[place])
        )

    while active := [place for place in range(len(columns)) if goes_on(place)]:
        for place in active:
            column = ordered[place, : sizes[place]]
            high = int(np.count_nonzero(column == column[-1]))
            low = int(np.count_nonzero(column == column[0]))
            if low + high >= len(column):
                stuck[place] = True
            elif shapes[place][0] >= 0:
                pulled_high[place] = high
                column[-high:] = column[-high - 1]
            else:
                pulled_low[place] = low
                column[:low] = column[low]
        for place, shape in zip(active, _shapes(ordered[active]), strict=True):
            shapes[place] = shape
    ends = list(zip(ordered[:, 0].tolist(), ordered[np.arange(len(columns)), sizes - 1].tolist(), strict=True))
    return ends, [high + low for high, low in zip(pulled_high, pulled_low, strict=True)], shapes
