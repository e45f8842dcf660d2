"""The hidden traits of invented bodies: why one is quick and another late, why one reports too well."""

from dataclasses import dataclass
from functools import cache
from random import Random

SEED = 57


def chance(*words: object) -> Random:
    """A source of chance that depends on the seed and on these words only, never on the order of calls."""
    return Random(":".join(str(word) for word in (SEED, *words)))  # noqa: S311 (no secret is made of it)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a body is like, each from 0 to 1; `drift` is the change of its figures over the year, in points."""

    diligence: float
    care: float
    candour: float
    service: float
    money: float
    drift: float


@cache
def traits_of(body: str) -> Traits:
    """The traits of a body, the same at every loading."""
    draw = chance("traits", body)
    # Diligence and care go together, but not always.
    diligence = draw.betavariate(2.6, 1.7)
    return Traits(
        diligence=diligence,
        care=0.6 * diligence + 0.4 * draw.random(),
        candour=draw.random(),
        service=0.35 * diligence + 0.65 * draw.betavariate(2.5, 1.6),
        money=0.4 * diligence + 0.6 * draw.betavariate(2.0, 1.6),
        drift=draw.gauss(2.5, 4.0),
    )
