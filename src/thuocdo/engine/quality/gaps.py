"""How far a declared value lies from a stronger one, and which way: towards the better figure or away from it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """A declared value minus a stronger one that lies further away than the tolerance.

    `in_tolerances` is the size over the tolerance, None where the tolerance is 0; `is_flattering` says whether the
    declared value is the better of the two, None where more is neither better nor worse.
    """

    difference: Decimal
    in_tolerances: float | None
    is_flattering: bool | None

    @property
    def size(self) -> Decimal:
        """How far, in the unit, without its sign."""
        return abs(self.difference)

    @property
    def sign(self) -> int:
        """1 where the declared value is the higher one, −1 where it is the lower one."""
        return 1 if self.difference > 0 else -1


def gap(declared: Decimal, stronger: Decimal, *, tolerance: Decimal, direction: int) -> Gap | None:
    """The gap between two values in one unit; None within the tolerance (its end included).

    `direction` is 1 where more is better, −1 where less is better, 0 without an order.
    """
    if tolerance < 0:
        raise ValueError(f"A tolerance is not negative: {tolerance}")
    difference = declared - stronger
    if abs(difference) <= tolerance:
        return None
    return Gap(
        difference,
        float(abs(difference) / tolerance) if tolerance else None,
        None if direction == 0 else (difference > 0) == (direction > 0),
    )


def flattery(declared: Decimal, stronger: Decimal, *, tolerance: Decimal, direction: int) -> float | None:
    """How many tolerances the declared value is better (+) or worse (−) than the stronger one, small ones included.

    None where the tolerance is 0 or there is no order: such pairs say nothing of flattering.
    """
    if not tolerance or not direction:
        return None
    return float((declared - stronger) / tolerance) * (1 if direction > 0 else -1)
