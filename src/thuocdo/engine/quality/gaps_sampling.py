"""Which values to verify next, drawn by risk with a random part, and the error rate of all that follows from it.

Every value has a known chance to be drawn, higher where more speaks for looking; the outcome of each counts with the
inverse of that chance, so that looking where errors are likely does not make the rate look worse than it is
(Horvitz and Thompson 1952). Whoever knows the seed and the frame can draw the same sample again.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
_SPAN = 2**256


@dataclass(frozen=True, slots=True)
class Drawn(Generic[Key]):
    """A value of the sample and the chance that it had of being drawn."""

    key: Key
    probability: float


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """The share of wrong values among all of the frame, with its interval.

    `number` is how many were checked, `wrong` how many of them were wrong (the sample's own count, unweighted),
    `effective` how many a plain random sample as exact would have had.
    """

    rate: float
    low: float
    high: float
    number: int
    wrong: int
    effective: float


def risk(
    *, has_evidence: bool, is_round: bool, is_first: bool, inflation: float | None, has_open_finding: bool
) -> float:
    """What speaks for verifying a declared value, from 1 to 8: a default of Thước Đo, its parts simply added.

    1 for every value; 1 each where it has no evidence, is a round number, was never yet verified for its body and
    indicator, or an open finding stands against the body; and the body's estimated inflation in tolerances, up to 3.
    """
    parts = (not has_evidence, is_round, is_first, has_open_finding)
    return 1.0 + sum(parts) + min(max(inflation or 0.0, 0.0), 3.0)


def chances(risks: Mapping[Key, float], *, number: int, random_part: float = 0.3) -> dict[Key, float]:
    """The chance of each value to be among `number` drawn: `random_part` of it alike for all, the rest by risk.

    π_i = min(1, c · (random_part/N + (1 − random_part) · r_i/Σr)), with c such that they add up to the number.
    Risks are not negative; where all are 0, chances are alike. Asked for more than there are, all are certain.
    """
    if not 0 < random_part <= 1:
        raise ValueError("The random part lies above 0 and at most at 1, or else some values could never be drawn")
    if number < 1:
        raise ValueError("At least one value is to be drawn")
    if any(risk < 0 or not isfinite(risk) for risk in risks.values()):
        raise ValueError("A risk is a number and not negative")
    if len(risks) <= number:
        return dict.fromkeys(risks, 1.0)
    total = sum(sorted(risks.values()))
    shares = {
        key: random_part / len(risks) + (1 - random_part) * (risk / total if total else 1 / len(risks))
        for key, risk in risks.items()
    }
    found: dict[Key, float] = {}
    open_shares, left = shares, float(number)
    while True:
        scale = left / sum(sorted(open_shares.values()))
        certain = [key for key, share in open_shares.items() if share * scale >= 1]
        if not certain:
            return {key: found.get(key, 0.0) or open_shares[key] * scale for key in risks}
        found |= dict.fromkeys(certain, 1.0)
        left -= len(certain)
        open_shares = {key: share for key, share in open_shares.items() if key not in found}


def draw(probabilities: Mapping[Key, float], *, seed: str) -> list[Drawn[Key]]:
    """The sample: systematic selection along a list put in random order, as many as the chances add up to.

    Madow (1949) on a permuted list (Hartley and Rao 1962): each value is drawn with exactly its chance. Order and
    start come from SHA-256 of the seed with the value's own key (`str`), so that no program's generator is needed
    to draw it again.
    """
    order = sorted(probabilities, key=lambda key: (_number(f"{seed}:{key}"), str(key)))
    mark = _number(f"{seed}:start") / _SPAN
    found, reached = [], 0.0
    for key in order:
        chance = probabilities[key]
        if not 0 < chance <= 1:
            raise ValueError(f"A chance lies above 0 and at most at 1: {chance}")
        reached += chance
        # The sum of chances carries the rounding of many additions; a certain value is never missed by it.
        if reached > mark or chance == 1.0:
            found.append(Drawn(key, chance))
            mark += 1
    return found


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def total(checked: Sequence[tuple[bool, float]]) -> float:
    """How many values of the frame are wrong, by Horvitz and Thompson: Σ 1/π_i over the wrong ones."""
    return sum(sorted(1 / chance for is_wrong, chance in checked if is_wrong))


def error_rate(checked: Sequence[tuple[bool, float]], *, level: float = 0.9) -> ErrorRate | None:
    """The share of wrong values in the frame from (is wrong, chance of being drawn) of those checked; None without any.

    Rate by Hájek (1971): Σ wrong/π over Σ 1/π, which also bears values that could not be checked. Its variance is
    that of Hájek (1964) for the linearised residuals; the interval is Clopper and Pearson's with the effective number
    of Korn and Graubard (1998), so that it never leaves [0, 1] and says something even where nothing was wrong.
    """
    # SciPy takes longer to load than most pages take to be made; it is fetched by those who estimate.
    from scipy.special import betaincinv

    if not checked:
        return None
    weights = [1 / chance for _wrong, chance in checked]
    number, wrong = len(checked), sum(one for one, _chance in checked)
    size = sum(sorted(weights))
    rate = min(1.0, total(checked) / size)
    kish = size**2 / sum(sorted(weight**2 for weight in weights))
    effective = min(kish, number)
    variance = _variance(checked, rate, size)
    if 0 < rate < 1 and variance > 0:
        effective = min(rate * (1 - rate) / variance, float(number))
    tail = (1 - level) / 2
    hits = rate * effective
    low = float(betaincinv(hits, effective - hits + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, effective - hits, 1 - tail)) if hits < effective else 1.0
    if all(chance == 1 for _wrong, chance in checked):
        # Everything was looked at: there is nothing to estimate.
        low = high = rate
    return ErrorRate(rate, low, high, number, wrong, effective)


def _variance(checked: Sequence[tuple[bool, float]], rate: float, size: float) -> float:
    number = len(checked)
    if number < 2:
        return 0.0
    residuals = [((1.0 if wrong else 0.0) - rate) / chance / size for wrong, chance in checked]
    spare = [1 - chance for _wrong, chance in checked]
    among = sum(spare)
    if among <= 0:
        return 0.0
    centre = sum(part * one for part, one in zip(spare, residuals, strict=True)) / among
    return number / (number - 1) * sum(part * (one - centre) ** 2 for part, one in zip(spare, residuals, strict=True))
