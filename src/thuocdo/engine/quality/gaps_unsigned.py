"""Reports that call a task done while their own words say that the product is still to be signed or issued."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from thuocdo.engine.spelling import name_key

_SENTENCES = re.compile(r"[^.!?;\n]+")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A sentence that says so, as written, and the phrase by which it was found."""

    phrase: str
    sentence: str


def unfinished(text: str, *, phrases: Sequence[str], settled: Sequence[str] = ()) -> list[Unfinished]:
    """Sentences with one of the phrases (whole words, whatever the case and the place of tone marks), in order.

    A sentence that goes on to one of the `settled` phrases ("… trình ký ngày 3/9, đã ban hành ngày 5/9") is left out:
    it tells what came after. Each sentence is given once, with its first phrase.
    """
    wanted, done = _pattern(tuple(phrases)), _pattern(tuple(settled))
    if wanted is None:
        return []
    found = []
    for match in _SENTENCES.finditer(text):
        sentence = " ".join(match[0].split())
        key = name_key(sentence)
        hit = wanted.search(key)
        if hit is None or (done is not None and done.search(key, hit.end())):
            continue
        found.append(Unfinished(hit[0], sentence))
    return found


@lru_cache(maxsize=16)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    # The longest first, so that "chưa được ban hành" is not cut to a shorter phrase.
    keys = sorted({name_key(one) for one in phrases if one.strip()}, key=lambda one: (-len(one), one))
    if not keys:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one) for one in keys)})(?!\w)")
