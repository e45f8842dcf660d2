"""How sure a value is: its standard error, told by its source or given by the size of its sample, and the interval."""

import math
from dataclasses import dataclass

from thuocdo.engine.quality.sample_error import SIDES_OF_95, standard_error
from thuocdo.indicators.models import Indicator, Measurement, State


@dataclass(frozen=True, slots=True)
class KnownError:
    """The standard error of a value in its unit, and the ends between which the truth lies in 95 % of all samples.

    `is_told` where the source gave it, else it follows from the sample; `is_most` where it is the largest that
    such a sample can have, because more is known of the mean than of the answers.
    """

    error: float
    low: float
    high: float
    is_told: bool
    is_most: bool


def scale_ends(indicator: Indicator) -> tuple[float, float]:
    """The least and the greatest that one answer can say, by the definition; nan where it says neither."""
    return tuple(math.nan if end is None else float(end) for end in (indicator.lower, indicator.upper))  # type: ignore[return-value]


def error_of(row: Measurement) -> KnownError | None:
    """What is known of the error of a measurement; None of counts of everybody, and where nothing was told.

    A number of observations gives an error only where the definition says that the indicator is told by a sample.
    """
    if row.state != State.VALUE or row.value is None:
        return None
    value, (lower, upper) = float(row.value), scale_ends(row.indicator)
    if row.standard_error is not None:
        error = float(row.standard_error)
    elif row.indicator.is_sampled and row.sample_size is not None:
        error = float(standard_error(value, row.sample_size, lower=lower, upper=upper))
    else:
        return None
    if math.isnan(error):
        return None
    sides = SIDES_OF_95 * error
    return KnownError(
        error=error,
        low=value - sides if math.isnan(lower) else max(lower, value - sides),
        high=value + sides if math.isnan(upper) else min(upper, value + sides),
        is_told=row.standard_error is not None,
        is_most=row.standard_error is None and not row.indicator.unit.startswith("%"),
    )
