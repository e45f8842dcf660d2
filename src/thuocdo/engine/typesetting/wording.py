"""Words of strangers made fit for print: one spelling of accents, nothing invisible that could deceive, no gaps."""

import re
import unicodedata

from thuocdo.engine.typesetting.faces import covered

# Format characters are dropped, since some turn the reading direction round or hide letters; two categories more
# cannot stand in XML. The soft hyphen is one of them.
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SPACES = {"\t": " ", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
# Selectors of a picture's colour say nothing without the picture.
_SELECTORS = re.compile("[\ufe00-\ufe0f]")
_LONG = re.compile(r"[^\s\u200b]{25,}")
# What stands for a character that no face on board can draw.
MISSING = "\u25a1"


def clean(words: str) -> str:
    """The words in NFC without control, format and unassigned characters; every kind of line end becomes one."""
    unified = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        _SPACES.get(letter, letter)
        for letter in unified
        if letter in _SPACES or letter == "\n" or unicodedata.category(letter) not in _DROPPED
    )
    return unicodedata.normalize("NFC", _SELECTORS.sub("", kept))


def printable(words: str) -> str:
    """Clean words for the pdf: what cannot be drawn becomes a square, very long words may break anywhere."""
    drawn = "".join(letter if letter == "\n" or covered(letter) else _drawn(letter) for letter in clean(words))
    return _LONG.sub(lambda found: "\u200b".join(found.group()), drawn)


def _drawn(letter: str) -> str:
    """The nearest thing that can be drawn: compatible letters (as of wide forms), else the square."""
    if unicodedata.category(letter) == "Zs":
        return " "
    if unicodedata.combining(letter):
        return ""
    nearest = unicodedata.normalize("NFKC", letter)
    return nearest if nearest != letter and all(map(covered, nearest)) else MISSING
