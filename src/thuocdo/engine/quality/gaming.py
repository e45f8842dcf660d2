"""Patterns that reports made to please leave behind: ceilings, round numbers, last-minute work, copied text.

Each is a sign of where to look and proves nothing: every one of them also has honest causes.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import exp, lgamma, log
from typing import Generic, TypeVar

from thuocdo.engine.calendars import add_working_days, is_working_day, working_days_between
from thuocdo.engine.spelling import name_key

# From this share of the maximum on, a score counts as being at the ceiling.
CEILING = 0.95
# Words that stand in a row when texts are compared; shorter texts than this many words are not judged.
SHINGLE, SHORTEST = 5, 30
# A run of words that stands in more texts than this is a stock phrase and leads from no text to another.
COMMON = 40
LAST_DAYS = 3

Key = TypeVar("Key", bound=Hashable)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of `number` were hit, where `expected` is the share that chance alone lets expect.

    `probability` is P(X ≥ hits) for X ~ Binomial(number, expected): how often chance alone gives as many.
    """

    hits: int
    number: int
    expected: float
    probability: float

    @property
    def share(self) -> float:
        """The share of hits, 0 for none of none."""
        return self.hits / self.number if self.number else 0.0

    def stands_out(self, *, tests: int = 1, level: float = 0.01, factor: float = 1.5, least: int = 8) -> bool:
        """Whether there are enough, clearly more than expected, and rarer than `level` in all `tests` together
        (Bonferroni: level / tests)."""
        return (
            self.number >= least and self.share >= factor * self.expected and self.probability <= level / max(tests, 1)
        )


def binomial_tail(hits: int, number: int, share: float) -> float:
    """P(X ≥ hits) for X ~ Binomial(number, share), summed exactly in logarithms; share within [0, 1]."""
    if not 0 <= share <= 1:
        raise ValueError(f"A share lies between 0 and 1, not at {share}")
    if hits <= 0:
        return 1.0
    if hits > number or share == 0:
        return 0.0
    if share == 1:
        return 1.0
    chosen = lgamma(number + 1)
    terms = [
        chosen - lgamma(k + 1) - lgamma(number - k + 1) + k * log(share) + (number - k) * log(1 - share)
        for k in range(hits, number + 1)
    ]
    largest = max(terms)
    return min(1.0, exp(largest) * sum(exp(term - largest) for term in terms))


def tally(hits: int, number: int, expected: float) -> Tally:
    """The tally with its probability."""
    return Tally(hits, number, expected, binomial_tail(hits, number, expected))


def at_ceiling(scores: Iterable[float], *, maximum: float = 100.0, from_share: float = CEILING) -> tuple[int, int]:
    """How many of the known scores lie at or above the share of the maximum, and how many are known; nan is none."""
    known = [score for score in scores if score == score]
    return sum(score >= maximum * from_share for score in known), len(known)


def heaping(values: Iterable[float], *, step: int, low: float = 0.0, high: float = 100.0) -> Tally:
    """How many values are multiples of `step`, against 1 / step.

    Of whole numbers spread evenly, one in `step` is a multiple; of numbers with decimals fewer are, so that the
    expectation is generous to whoever reports. The ends of the range are left out: many stand there honestly.
    """
    inner = [value for value in values if low < value < high]
    hits = sum(abs(value / step - round(value / step)) < 1e-9 for value in inner)
    return tally(hits, len(inner), 1 / step)


def final_days(last: date, *, final: int = LAST_DAYS, overrides: Mapping[date, bool] | None = None) -> date:
    """The first of the last `final` working days up to a day."""
    end = last if is_working_day(last, overrides=overrides) else add_working_days(last, 0, overrides=overrides)
    return add_working_days(end, 1 - final, overrides=overrides)


def hurry(
    days: Iterable[date],
    *,
    first: date,
    last: date,
    final: int = LAST_DAYS,
    overrides: Mapping[date, bool] | None = None,
) -> Tally:
    """How many of the days lie in the last `final` working days of [first, last], against the even rate.

    A happening on a free day counts with the working day before it, so that the even rate is final / working days.
    """
    working = working_days_between(first - timedelta(days=1), last, overrides=overrides)
    begin = final_days(last, final=final, overrides=overrides)
    within = [day for day in days if first <= day <= last]
    return tally(sum(day >= begin for day in within), len(within), min(1.0, final / working) if working else 1.0)


def pooled(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one: hits and numbers added, the expectation their mean weighted by number."""
    rows = [one for one in tallies if one.number]
    number = sum(one.number for one in rows)
    if not number:
        return Tally(0, 0, 0.0, 1.0)
    return tally(sum(one.hits for one in rows), number, sum(one.number * one.expected for one in rows) / number)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: lower case, one spelling, without marks and spaces."""
    return _WORDS.findall(name_key(text))


def shingles(text: str, *, size: int = SHINGLE) -> frozenset[tuple[str, ...]]:
    """Every run of `size` words of the text; empty for a shorter text."""
    words = words_of(text)
    return frozenset(tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def likeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """|A ∩ B| / |A ∪ B| of two sets of runs (Jaccard 1901; Broder 1997 for texts); 0 for two empty ones."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


@dataclass(frozen=True, slots=True)
class Alike(Generic[Key]):
    """Two texts that say nearly the same, 1 for word by word."""

    one: Key
    other: Key
    likeness: float


def alike(
    texts: Mapping[Key, str], *, threshold: float = 0.8, shortest: int = SHORTEST, most: int = 200
) -> list[Alike[Key]]:
    """Pairs of texts with a likeness of at least the threshold, most alike first, at most `most`.

    Texts of fewer than `shortest` words are left out, for whoever writes little writes alike. Texts equal word by
    word are compared with others once, through the first of them. Runs in more than `COMMON` texts lead nowhere,
    which bounds the work by texts × words × COMMON.
    """
    equal: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    for key, text in texts.items():
        words = tuple(words_of(text))
        if len(words) >= shortest:
            equal[words].append(key)
    pairs = [Alike(keys[0], other, 1.0) for keys in equal.values() for other in keys[1:]]
    firsts = [keys[0] for keys in equal.values()]
    runs = {key: shingles(texts[key]) for key in firsts}
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, key in enumerate(firsts):
        for run in runs[key]:
            holders[run].append(place)
    candidates = {
        (one, other)
        for places in holders.values()
        if 2 <= len(places) <= COMMON
        for index, one in enumerate(places)
        for other in places[index + 1 :]
    }
    for one, other in candidates:
        found = likeness(runs[firsts[one]], runs[firsts[other]])
        if found >= threshold:
            pairs.append(Alike(firsts[one], firsts[other], found))
    order = {key: place for place, key in enumerate(texts)}
    pairs.sort(key=lambda pair: (-pair.likeness, order[pair.one], order[pair.other]))
    return pairs[:most]


def joined(pairs: Iterable[Alike[Key]]) -> list[tuple[float, list[Key]]]:
    """Texts that hang together through pairs, with the least likeness among these pairs; largest groups first."""
    home: dict[Key, Key] = {}

    def root(key: Key) -> Key:
        home.setdefault(key, key)
        while home[key] != key:
            key = home[key]
        return key

    rows = list(pairs)
    for pair in rows:
        home[root(pair.other)] = root(pair.one)
    groups: dict[Key, list[Key]] = defaultdict(list)
    least: dict[Key, float] = defaultdict(lambda: 1.0)
    for key in list(home):
        groups[root(key)].append(key)
    for pair in rows:
        least[root(pair.one)] = min(least[root(pair.one)], pair.likeness)
    return sorted(((least[one], keys) for one, keys in groups.items()), key=lambda group: (-len(group[1]), -group[0]))


def steady_rise(shares: Sequence[float], *, slack: float = 0.05, fewest: int = 3) -> float:
    """By how much a share rose over at least `fewest` periods, none of which fell back by more than the slack;
    0 for anything else."""
    if len(shares) < fewest or any(later < earlier - slack for earlier, later in pairwise(shares)):
        return 0.0
    return max(0.0, shares[-1] - shares[0])
