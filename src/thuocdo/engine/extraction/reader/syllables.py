"""Vietnamese syllables: which letters make one, and so which pieces at the end of a line belong together."""

import re
import unicodedata

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx]"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?[aeiouy]{{1,3}}(?:ch|ng|nh|[cmnpt])?")
_OPEN_NUMBER = re.compile(r"\d[-/]$")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"^[^\W\d_]+")


def is_syllable(word: str) -> bool:
    """Say whether a word can be a Vietnamese syllable by its letters; marks are not looked at."""
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return _SYLLABLE.fullmatch("".join(c for c in plain if not unicodedata.combining(c))) is not None


def mend(above: str, below: str) -> str:
    """Join two lines of one paragraph: a hyphenated word or a syllable cut in two becomes whole, else a space."""
    if _OPEN_NUMBER.search(above) and below[:1].isdigit():
        return above + below
    last, first = _LAST_WORD.search(above.removesuffix("-")), _FIRST_WORD.search(below)
    if last is None or first is None:
        return f"{above} {below}"
    if above.endswith("-"):
        # "tele-/phone" is one word; "khoa học -" and "KH-/CN" keep their dash.
        if first[0].islower() and last[0].islower():
            return above[:-1] + below
        return above + below
    a, b = last[0], first[0]
    whole = a + b
    if (
        b.islower()
        and not (a.isupper() and len(a) > 1)
        and is_syllable(whole)
        and not (is_syllable(a) and is_syllable(b))
        and (not is_syllable(b) or not a.isascii() or len(a) <= 3)
    ):
        return above + below
    return f"{above} {below}"
