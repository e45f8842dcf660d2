"""How far a value has come: reached or not, and which share of the way, by every comparator of the dictionary."""

from dataclasses import dataclass
from decimal import Decimal

# How a value is held against what is demanded. rank: that place or better; state: that rung of a scale or a higher
# one; group: inside the group, which is told as 1 (inside) or 0, or as a place against the size of the group.
COMPARATORS = (">=", ">", "<=", "<", "between", "reach", "rank", "state", "group")
_LESS = frozenset(("<=", "<", "rank"))
ONE, NOTHING = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is demanded: one level, or both ends of an interval; `direction` decides for "reach" and "state".

    `baseline` is where the way began, in the same unit; without it the share is value over level (or level over value
    where less is better).
    """

    comparator: str
    level: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    direction: int = 1
    baseline: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the aim is reached, the share of the way between 0 and 1, and how much is lacking (0 when reached)."""

    is_reached: bool
    share: Decimal
    lacking: Decimal


def standing(aim: Aim, value: Decimal | None) -> Standing | None:
    """Where a value stands against an aim; None without a value or without a level.

    Raises ValueError for an unknown comparator.
    """
    if aim.comparator not in COMPARATORS:
        raise ValueError(f"{aim.comparator!r} is not a comparator; use one of {', '.join(COMPARATORS)}")
    if value is None:
        return None
    if aim.comparator == "between":
        return None if aim.low is None or aim.high is None else _between(aim, aim.low, aim.high, value)
    if aim.level is None:
        return None
    reached = _is_reached(aim, aim.level, value)
    if reached:
        return Standing(True, ONE, NOTHING)
    if _wants_exactly(aim):
        return Standing(False, _near(aim.baseline, aim.level, value), abs(aim.level - value))
    # A strict comparator is missed by the level itself: all of the way is gone, and yet not enough.
    return Standing(False, _share(aim, aim.level, value), abs(aim.level - value))


def _wants_less(aim: Aim) -> bool:
    if aim.comparator in _LESS:
        return True
    return aim.comparator in ("reach", "state", "group") and aim.direction < 0


def _wants_exactly(aim: Aim) -> bool:
    return aim.comparator in ("reach", "state") and aim.direction == 0


def _is_reached(aim: Aim, level: Decimal, value: Decimal) -> bool:
    match aim.comparator:
        case ">":
            return value > level
        case "<":
            return value < level
    if _wants_exactly(aim):
        return value == level
    return value <= level if _wants_less(aim) else value >= level


def _share(aim: Aim, level: Decimal, value: Decimal) -> Decimal:
    if aim.baseline is not None and aim.baseline != level:
        return _way(aim.baseline, level, value)
    part, whole = (level, value) if _wants_less(aim) else (value, level)
    if whole <= 0:
        return NOTHING
    return _within_one(part / whole)


def _way(baseline: Decimal | None, level: Decimal, value: Decimal) -> Decimal:
    """Which share of the way from the baseline to the level is behind."""
    if baseline is None or baseline == level:
        return NOTHING
    return _within_one((value - baseline) / (level - baseline))


def _near(baseline: Decimal | None, level: Decimal, value: Decimal) -> Decimal:
    """How near a value has come to a level from either side, against the way that there was from the baseline."""
    if baseline is None or baseline == level:
        return NOTHING
    return _within_one(ONE - abs(level - value) / abs(level - baseline))


def _between(aim: Aim, low: Decimal, high: Decimal, value: Decimal) -> Standing:
    if low <= value <= high:
        return Standing(True, ONE, NOTHING)
    near = low if value < low else high
    if aim.baseline is not None and aim.baseline != near and (aim.baseline < low) == (value < low):
        return Standing(False, _way(aim.baseline, near, value), abs(near - value))
    part, whole = (value, low) if value < low else (high, value)
    return Standing(False, _within_one(part / whole) if whole > 0 else NOTHING, abs(near - value))


def _within_one(share: Decimal) -> Decimal:
    return min(ONE, max(NOTHING, share))
