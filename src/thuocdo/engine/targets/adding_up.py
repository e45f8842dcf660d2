"""Parts that must add up to a whole: what is missing, how far the sum lies from the whole, whether that is too far."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """A whole beside the sum of its parts; `missing` counts the parts that nobody told.

    `difference` is whole minus sum, None as long as a part or the whole is missing.
    """

    whole: Decimal | None
    total: Decimal
    missing: int
    difference: Decimal | None
    is_beyond: bool


def adds_up(whole: Decimal | None, parts: Sequence[Decimal | None], tolerance: Decimal = Decimal(0)) -> Sum:
    """Hold the sum of the parts against the whole; a difference beyond `tolerance` (in the unit) is too far.

    Parts that are missing are no zeros: nothing is held against the whole until all are told, except that parts
    which alone exceed a whole of things that cannot be negative cannot come back.
    """
    told = [one for one in parts if one is not None]
    total = sum(told, Decimal(0))
    missing = len(parts) - len(told)
    if whole is None or not told:
        return Sum(whole, total, missing, None, False)
    if missing:
        exceeds = all(one >= 0 for one in told) and total - whole > tolerance
        return Sum(whole, total, missing, whole - total if exceeds else None, exceeds)
    difference = whole - total
    return Sum(whole, total, 0, difference, abs(difference) > tolerance)
