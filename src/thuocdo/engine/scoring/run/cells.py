"""One cell of a table of values: a number, nothing, a mark, or the reason why it is none of these."""

import math
import re
from enum import Enum
from typing import Final
from unicodedata import normalize

NUMBER_CHARACTERS: Final = frozenset("0123456789+-.eE")
NOT_APPLICABLE: Final = frozenset({"not applicable", "không áp dụng"})
NOT_DUE: Final = frozenset({"not due", "chưa đến hạn"})

_NO_VALUE = frozenset(
    {"n/a", "na", "#n/a", "nan", "null", "none", "nil", "-", "--", "–", "—", "?", ".", "..", "…", "x"}
)
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)$")
_DIGITS = r"[+-]?\d+"
_DECIMAL_COMMA = re.compile(rf"{_DIGITS},\d+$")
_SEPARATED = re.compile(rf"{_DIGITS[:-1]}{{1,3}}(?:[.,'’_\s\u00a0\u202f]\d{{3}})+(?:[.,]\d+)?$")
_PERCENT = re.compile(rf"{_DIGITS}(?:[.,]\d+)?\s*%$")


class Mark(Enum):
    """What an indicator's cell may say instead of a number."""

    NOT_APPLICABLE = "not_applicable"
    NOT_DUE = "not_due"


def number_of(text: str) -> float | None:
    """The finite number a cell states, spaces around it aside: nan for an empty cell, None for anything else."""
    text = text.strip()
    if not text:
        return math.nan
    if not NUMBER_CHARACTERS.issuperset(text):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def mark_of(text: str) -> Mark | None:
    """The mark a cell states in words, in either language; None when it is no mark."""
    folded = fold(text)
    if folded in NOT_APPLICABLE:
        return Mark.NOT_APPLICABLE
    return Mark.NOT_DUE if folded in NOT_DUE else None


def fault_of(text: str) -> str:
    """Why a cell is no number, as the code of a problem."""
    folded = fold(text)
    if folded in _NO_VALUE:
        return "no_value_word"
    if _INFINITE.match(folded):
        return "infinite"
    if _PERCENT.match(folded):
        return "percent"
    if _SEPARATED.match(folded):
        return "thousands"
    if _DECIMAL_COMMA.match(folded):
        return "decimal_comma"
    if NUMBER_CHARACTERS.issuperset(folded.upper()) and any(letter.isdigit() for letter in folded):
        try:
            float(folded)
        except ValueError:
            return "not_a_number"
        return "infinite"
    return "not_a_number"


def fold(text: str) -> str:
    """A text for comparing: composed letters, no capitals, no spaces around it."""
    return normalize("NFC", text).strip().casefold()
