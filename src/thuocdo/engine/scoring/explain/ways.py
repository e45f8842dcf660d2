"""What the ways to a better rank are told by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Improvement:
    """What one indicator alone could do for a unit.

    `now` is its raw value (None for none), `best` the best one worth having, `gain` the points of the index up
    there, others held. `needed` is the raw value from which on the unit has the rank that was asked for, None
    where this indicator alone cannot bring it there; `points` how far that is on the normalised scale.
    """

    indicator: str
    now: float | None
    best: float
    gain: float
    needed: float | None
    points: float | None

    @property
    def is_reachable(self) -> bool:
        """Whether this indicator alone is enough."""
        return self.needed is not None


@dataclass(frozen=True, slots=True)
class Verification:
    """What it brings a unit to have a value confirmed that counts less until then, and whether that is enough."""

    indicator: str
    confidence: float
    gain: float
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a combination: an indicator from its raw value to another, its points on the normalised scale
    and their cost."""

    indicator: str
    now: float | None
    needed: float
    points: float
    cost: float


@dataclass(frozen=True, slots=True)
class Combination:
    """Improvements that together bring the rank; `is_cheapest` where that is proven."""

    steps: tuple[Step, ...]
    cost: float
    is_cheapest: bool


@dataclass(frozen=True, slots=True)
class Improvements:
    """The ways of a unit to a better rank.

    `needed` is the lowest index that would have the rank as the others stand, as published (nan where none is
    known), `gap` the points up to it. `singles` are ordered: what is enough by the smallest step first, then the
    rest by gain. `combination` is None where everything together is not enough. `moves_others` says that
    some indicator compares units, so that improving it also changes what others get; that is counted in.
    """

    unit: str
    rank: float
    target: float
    index: float
    needed: float
    gap: float
    singles: tuple[Improvement, ...]
    verifications: tuple[Verification, ...]
    combination: Combination | None
    moves_others: bool
