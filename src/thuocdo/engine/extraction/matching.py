"""Whether an assignment is known already: how alike two of them are, and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from thuocdo.engine.spelling import name_key

# Below this likeness of the words two assignments are different ones, whatever else they share.
LEAST_LIKENESS: Final = 0.6
# An equal deadline or product makes the words weigh a little more; it never makes different words alike.
_BONUS: Final = 0.05
_WORD: Final = re.compile(r"\w+")
# Words that say how, not what.
_FILLING: Final = re.compile(
    r"\b(?:khẩn trương|tập trung|chủ động|kịp thời|tiếp tục|tổ chức thực hiện|triển khai thực hiện|phải|cần|được|việc"
    r"|và|các|những|của|cho|theo|để|về|từ|tại|trong|với)\b"
)


@dataclass(frozen=True, slots=True)
class Known:
    """An assignment as far as it is compared: its words, its last allowed day, its product."""

    number: int
    action: str
    due_on: date | None = None
    deliverable: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike an assignment is to a known one, from 0 to 1, and why."""

    number: int
    likeness: float
    reasons: tuple[str, ...]


def likenesses(wanted: Known, known: Iterable[Known], *, least: float = LEAST_LIKENESS) -> list[Likeness]:
    """The known assignments that are like the wanted one, the most alike first; ties by number.

    The likeness of the words is Dice's coefficient over words and pairs of neighbouring words, without those that
    only say how; an equal deadline and an equal product add 0.05 each, at most to 1. Sources: Dice 1945.
    """
    own = _shingles(wanted.action)
    product = name_key(wanted.deliverable)
    found = []
    for other in known:
        words = _dice(own, _shingles(other.action))
        if words < least:
            continue
        reasons = ["same_words" if words >= 0.95 else "like_words"]
        likeness = words
        if wanted.due_on is not None and wanted.due_on == other.due_on:
            reasons.append("same_deadline")
            likeness += _BONUS
        if product and product == name_key(other.deliverable):
            reasons.append("same_product")
            likeness += _BONUS
        found.append(Likeness(other.number, round(min(likeness, 1.0), 4), tuple(reasons)))
    return sorted(found, key=lambda one: (-one.likeness, one.number))


def _shingles(text: str) -> frozenset[str]:
    words = _WORD.findall(_FILLING.sub(" ", name_key(text)))
    return frozenset(words) | {f"{first} {second}" for first, second in pairwise(words)}


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
