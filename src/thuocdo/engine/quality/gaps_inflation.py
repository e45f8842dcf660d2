"""By how much each body's declared values are better than stronger ones, with the interval in which that lies.

Few pairs of one body say little, so that each mean is drawn towards that of all bodies, the more the fewer pairs it
rests on: the two-level normal model of DerSimonian and Laird (1986) for the spread between bodies, with the intervals
of empirical Bayes by Morris (1983), which know that this spread is itself estimated.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean
from typing import Generic, TypeVar

# A single pair counts for at most so many tolerances: one percentage typed as a fraction tells nothing of a habit.
CAP = 20.0
# Drawing towards the mean of all is for several bodies; below this number each stands alone.
FEWEST_BODIES = 4

Key = TypeVar("Key", bound=Hashable)


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


def inflation(pairs: Mapping[Key, Sequence[float]], *, level: float = 0.9) -> list[Inflation[Key]]:
    """The estimate of every body from its signed gaps in tolerances, highest first; bodies without pairs are left out.

    With n_i pairs of body i, mean y_i, common spread s² within bodies: v_i = s²/n_i; A by DerSimonian–Laird;
    B_i = v_i/(v_i + A) · (k−3)/(k−1); estimate y_i − B_i (y_i − m), where m weighs the means by 1/(v_i + A).
    Nothing can be said of spread from single pairs of every body: then the spread between the means is taken for it.
    """
    own = {key: [min(max(one, -CAP), CAP) for one in values] for key, values in pairs.items() if values}
    if not own:
        return []
    means = {key: fmean(sorted(values)) for key, values in own.items()}
    noise = _spread_within(own, means)
    variances = {key: noise / len(values) for key, values in own.items()}
    z = NormalDist().inv_cdf((1 + level) / 2)
    k = len(own)
    if k < FEWEST_BODIES or noise == 0:
        found = [_of(key, own[key], means[key], means[key], z * sqrt(variances[key]), 1.0) for key in own]
    else:
        found = _drawn_together(own, means, variances, z)
    order = {key: place for place, key in enumerate(own)}
    return sorted(found, key=lambda one: (-one.estimate, order[one.key]))


def _drawn_together(
    own: Mapping[Key, Sequence[float]], means: Mapping[Key, float], variances: Mapping[Key, float], z: float
) -> list[Inflation[Key]]:
    k = len(own)
    between = _spread_between(means, variances)
    weights = {key: 1 / (variances[key] + between) for key in own}
    total = _sum(weights.values())
    centre = _sum(weights[key] * means[key] for key in own) / total
    typical = _sum(weights[key] * variances[key] for key in own) / total
    found = []
    for key, values in own.items():
        variance = variances[key]
        raw = variance / (variance + between)
        shrink = raw * (k - 3) / (k - 1)
        off = means[key] - centre
        leverage = k * weights[key] / total
        # Morris 1983, (4.1): the spread of the estimate, and what the estimated A and centre add to it.
        uncertain = 2 / (k - 3) * shrink**2 * (typical + between) / (variance + between)
        squared = variance * (1 - (k - leverage) / k * shrink) + uncertain * off**2
        found.append(_of(key, values, means[key], means[key] - shrink * off, z * sqrt(squared), 1 - shrink))
    return found


def _of(key: Key, values: Sequence[float], mean: float, estimate: float, half: float, weight: float) -> Inflation[Key]:
    return Inflation(key, len(values), mean, estimate, estimate - half, estimate + half, weight)


def _sum(values: Iterable[float]) -> float:
    """Added in ascending order, so that the order of the bodies changes nothing."""
    return sum(sorted(values))


def _spread_within(own: Mapping[Key, Sequence[float]], means: Mapping[Key, float]) -> float:
    freedom = sum(len(values) - 1 for values in own.values())
    if freedom:
        return _sum((one - means[key]) ** 2 for key, values in own.items() for one in values) / freedom
    centre = _sum(means.values()) / len(means)
    return _sum((mean - centre) ** 2 for mean in means.values()) / max(len(means) - 1, 1)


def _spread_between(means: Mapping[Key, float], variances: Mapping[Key, float]) -> float:
    """A of DerSimonian and Laird (1986): what the means differ beyond what the spread within explains."""
    weights = {key: 1 / variance for key, variance in variances.items()}
    total = _sum(weights.values())
    centre = _sum(weights[key] * means[key] for key in means) / total
    heterogeneity = _sum(weights[key] * (means[key] - centre) ** 2 for key in means)
    scale = total - _sum(weight**2 for weight in weights.values()) / total
    return max(0.0, (heterogeneity - (len(means) - 1)) / scale) if scale > 0 else 0.0


def by_body(pairs: Iterable[tuple[Key, float | None]]) -> dict[Key, list[float]]:
    """Pairs of body and signed gap put together by body; what says nothing (None) is left out."""
    found: dict[Key, list[float]] = defaultdict(list)
    for key, one in pairs:
        if one is not None:
            found[key].append(one)
    return dict(found)
