"""How a head stands among others of the same group: shares, quartiles, and when a group is too small to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

# A smaller group would show the figures of single persons.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """A quarter of the group lies at or below `low`, half at or below `middle`, three quarters at or below `high`."""

    low: float
    middle: float
    high: float
    number: int


def share(part: int, whole: int) -> float | None:
    """Percent of a whole; None of nothing."""
    return None if whole == 0 else 100 * part / whole


def spread_of(values: Sequence[float]) -> Spread | None:
    """Quartiles (inclusive method: the group is all there is, not a sample); None for a group that is too small."""
    if len(values) < FEWEST:
        return None
    low, _middle, high = quantiles(values, n=4, method="inclusive")
    return Spread(low, median(values), high, len(values))
