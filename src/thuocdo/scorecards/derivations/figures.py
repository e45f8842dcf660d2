"""What a derivation gives, and how shares become figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thuocdo.organisations.models import Body

# Rooms whose records are turned into figures here. What an indicator derives from any other room is
# delivered by others until that room exists.
DERIVED_ROOMS = frozenset(("tasks", "indicators"))
# Enough digits to tell two shares of 100,000 apart; figures that differ less are the same figure.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """A derived value of one body; None means not applicable. `inherits` is the weakest input's provenance."""

    body: str
    value: float | None
    inherits: str


def shares(
    bodies: Sequence[Body],
    parts: Mapping[str, float],
    wholes: Mapping[str, float],
    *,
    inherits: str,
    scale: float = 100,
) -> list[Figure]:
    """Part over whole for each body, times the scale; not applicable where there is no whole."""
    return [
        Figure(
            body.code,
            round(scale * parts.get(body.code, 0) / whole, DECIMALS) if (whole := wholes.get(body.code, 0)) else None,
            inherits,
        )
        for body in bodies
    ]
