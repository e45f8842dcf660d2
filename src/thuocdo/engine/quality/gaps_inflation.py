"""By how much each body's declared values are better than stronger ones, with the interval in which that lies.

Few pairs of one body say little, so that each mean is drawn towards that of all bodies, the more the fewer pairs it
rests on: the two-level normal model of DerSimonian and Laird (1986) for the spread between bodies, with the intervals
of empirical Bayes by Morris (1983), which know that this spread is itself estimated.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist
from typing import Generic, TypeVar

# A single pair counts for at most so many tolerances: one percentage typed as a fraction tells nothing of a habit.
CAP = 20.0
# Drawing towards the mean of all is for several bodies; below this number each stands alone.
FEWEST_BODIES = 4

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the estimate needs of a body's pairs: number, mean, and the sum of the squares of the distances from it."""

    number: int
    mean: float
    squares: float


def capped(value: float) -> float:
    """A signed gap in tolerances as it counts: at most CAP either way."""
    return min(max(value, -CAP), CAP)


def summary(values: Sequence[float]) -> Summary:
    """The summary of a body's signed gaps in tolerances, each capped."""
    own = [capped(value) for value in values]
    mean = fsum(own) / len(own) if own else 0.0
    return Summary(len(own), mean, fsum((value - mean) ** 2 for value in own))


@dataclass(frozen=True, slots=True)
class Inflation(Generic[Key]):
    """What is estimated for a body, in tolerances: positive where its declared values are better than stronger ones.

    `mean` is the plain mean of its pairs, `estimate` the one drawn towards all bodies, `weight` how much of its own
    mean stands in the estimate, `low` and `high` the ends of the interval.
    """

    key: Key
    pairs: int
    mean: float
    estimate: float
    low: float
    high: float
    weight: float

    @property
    def is_clear(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low > 0


def inflation(bodies: Mapping[Key, Summary], *, level: float = 0.9) -> list[Inflation[Key]]:
    """The estimate of every body from the summary of its pairs, highest first; bodies without pairs are left out.

    With n_i pairs of body i, mean y_i, common spread s² within bodies: v_i = s²/n_i; A by DerSimonian–Laird;
    B_i = v_i/(v_i + A) · (k−3)/(k−1); estimate y_i − B_i (y_i − m), where m weighs the means by 1/(v_i + A).
    Nothing can be said of the spread within where every body has one pair: then that between the means stands for it.
    """
    own = {key: one for key, one in bodies.items() if one.number}
    if not own:
        return []
    noise = _spread_within(list(own.values()))
    variances = {key: noise / one.number for key, one in own.items()}
    z = NormalDist().inv_cdf((1 + level) / 2)
    if len(own) < FEWEST_BODIES or noise == 0:
        found = [_of(key, one, one.mean, z * sqrt(variances[key]), 1.0) for key, one in own.items()]
    else:
        found = _drawn_together(own, variances, z)
    order = {key: place for place, key in enumerate(own)}
    return sorted(found, key=lambda one: (-one.estimate, order[one.key]))


def _drawn_together(own: Mapping[Key, Summary], variances: Mapping[Key, float], z: float) -> list[Inflation[Key]]:
    k = len(own)
    between = _spread_between(own, variances)
    weights = {key: 1 / (variances[key] + between) for key in own}
    total = fsum(weights.values())
    centre = fsum(weights[key] * one.mean for key, one in own.items()) / total
    typical = fsum(weights[key] * variances[key] for key in own) / total
    found = []
    for key, one in own.items():
        variance = variances[key]
        raw = variance / (variance + between)
        shrink = raw * (k - 3) / (k - 1)
        off = one.mean - centre
        leverage = k * weights[key] / total
        # Morris 1983, (4.1): the spread of the estimate, and what the estimated A and centre add to it.
        uncertain = 2 / (k - 3) * shrink**2 * (typical + between) / (variance + between)
        squared = variance * (1 - (k - leverage) / k * shrink) + uncertain * off**2
        found.append(_of(key, one, one.mean - shrink * off, z * sqrt(squared), 1 - shrink))
    return found


def _of(key: Key, own: Summary, estimate: float, half: float, weight: float) -> Inflation[Key]:
    return Inflation(key, own.number, own.mean, estimate, estimate - half, estimate + half, weight)


def _spread_within(own: Sequence[Summary]) -> float:
    freedom = sum(one.number - 1 for one in own)
    if freedom:
        return fsum(one.squares for one in own) / freedom
    centre = fsum(one.mean for one in own) / len(own)
    return fsum((one.mean - centre) ** 2 for one in own) / max(len(own) - 1, 1)


def _spread_between(own: Mapping[Key, Summary], variances: Mapping[Key, float]) -> float:
    """A of DerSimonian and Laird (1986): what the means differ beyond what the spread within explains."""
    weights = {key: 1 / variance for key, variance in variances.items()}
    total = fsum(weights.values())
    centre = fsum(weights[key] * one.mean for key, one in own.items()) / total
    heterogeneity = fsum(weights[key] * (one.mean - centre) ** 2 for key, one in own.items())
    scale = total - fsum(weight**2 for weight in weights.values()) / total
    return max(0.0, (heterogeneity - (len(own) - 1)) / scale) if scale > 0 else 0.0
