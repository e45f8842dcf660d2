"""Figures of goals, rounded so that they are enough."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal


def rounded(value: float, digits: int, *, up: bool) -> float:
    """Rounded to the side on which the goal lies, so that the figure shown is enough; nine decimals are exact."""
    unit = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(round(value, 9))).quantize(unit, ROUND_CEILING if up else ROUND_FLOOR))
