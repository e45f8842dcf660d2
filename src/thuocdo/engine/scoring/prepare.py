"""What is done to values before gaps are filled: transforms, denominators, and screening of units and indicators."""

import numpy as np

from thuocdo.engine.scoring.matrix import LARGEST, BoolArray, Cells, FloatArray
from thuocdo.engine.scoring.normalise import apply_transform
from thuocdo.engine.scoring.outcome import Log
from thuocdo.engine.scoring.spec import Spec


def prepare(spec: Spec, cells: Cells, values: FloatArray) -> FloatArray:
    """The values (indicators × units) transformed and divided by their denominators."""
    return _denominate(spec, cells, _transform(spec, values))


def _transform(spec: Spec, values: FloatArray) -> FloatArray:
    rows = [row for row, indicator in enumerate(spec.indicators) if indicator.transform is not None]
    if rows:
        values = values.copy()
        for row in rows:
            values[row] = apply_transform(spec.indicators[row], values[row])
    return values


def _denominate(spec: Spec, cells: Cells, values: FloatArray) -> FloatArray:
    """Divide by denominators: x / (denominator / scale); a denominator of 0 leaves no value."""
    rows = [row for row, indicator in enumerate(spec.indicators) if indicator.denominator is not None]
    if rows:
        values = values.copy()
        for row in rows:
            indicator = spec.indicators[row]
            denominator = cells.numbers(str(indicator.denominator), f"the denominator of {indicator.code}")
            usable = np.where(denominator == 0, np.nan, denominator)
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                quotient = values[row] / (usable / indicator.denominator_scale)
            values[row] = np.where(np.abs(quotient) <= LARGEST, quotient, np.nan)
    return values


def screened_in(spec: Spec, cells: Cells, values: FloatArray, log: Log) -> BoolArray | None:
    """Which units have enough of the indicators that apply to them, and few enough zeros; None when all have."""
    if spec.unit_availability <= 0 and spec.unit_nonzero <= 0:
        return None
    present = np.count_nonzero(~np.isnan(values), axis=0)
    applicable = np.full(len(cells.units), len(values))
    if cells.not_applicable is not None:
        applicable = applicable - np.count_nonzero(cells.not_applicable, axis=0)
    # A comparison with nan (nothing applies, nothing is there) is false, so that the unit stays. The quotients
    # are compared, and not products: they are the floats nearest to the shares, as the thresholds in the file.
    with np.errstate(invalid="ignore", divide="ignore"):
        too_few = present / applicable < spec.unit_availability
        too_many_zeros = np.count_nonzero((values != 0) & ~np.isnan(values), axis=0) / present < spec.unit_nonzero
    log.cells("screen", "units_screened", "units with too few values were left out", too_few)
    log.cells("screen", "units_zero", "units with too many zeros were left out", too_many_zeros & ~too_few)
    kept = ~(too_few | too_many_zeros)
    return None if kept.all() else kept


def indicators_left_out(spec: Spec, cells: Cells, values: FloatArray) -> BoolArray | None:
    """Which indicators have too few values among the units they apply to; None when none has."""
    if spec.indicator_availability <= 0:
        return None
    applicable = np.full(len(values), values.shape[1])
    if cells.not_applicable is not None:
        applicable = applicable - np.count_nonzero(cells.not_applicable, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        too_few = np.count_nonzero(~np.isnan(values), axis=1) / applicable < spec.indicator_availability
    return too_few if too_few.any() else None
