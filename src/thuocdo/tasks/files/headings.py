"""Where the columns of a list stand: headings by their usual wordings, in one row or in two."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from thuocdo.engine.spelling import search_key

# Field → wordings, without accents and signs. The first column that fits holds the field.
_WORDINGS = {
    "number": "stt|tt|so tt|so thu tu|no",
    "code": "ma nhiem vu|ma nv|ma|ma so|ma viec|task code",
    "stamp": "dau dong",
    "title": "nhiem vu|noi dung nhiem vu|ten nhiem vu|noi dung|noi dung cong viec|cong viec|nhiem vu duoc giao"
    "|nhiem vu giai phap|noi dung nhiem vu duoc giao|ten nhiem vu duoc giao|task",
    "deliverable": "ket qua yeu cau san pham|ket qua yeu cau|san pham|ket qua san pham|yeu cau san pham"
    "|san pham dau ra|ket qua dau ra|san pham du kien|san pham hoan thanh|ket qua san pham yeu cau"
    "|ket qua yeu cau va san pham",
    "document": "van ban giao|van ban giao nhiem vu|van ban|so ky hieu van ban|so van ban|van ban chi dao|can cu"
    "|so ky hieu|can cu giao nhiem vu",
    "deadline": "thoi han|thoi han hoan thanh|han hoan thanh|han|thoi gian hoan thanh|thoi gian thuc hien"
    "|han thuc hien|thoi han thuc hien|thoi gian",
    "lead": "co quan chu tri|don vi chu tri|chu tri|co quan thuc hien|don vi thuc hien|co quan don vi chu tri"
    "|co quan chu tri thuc hien|co quan duoc giao|co quan chiu trach nhiem",
    "coordinating": "co quan phoi hop|don vi phoi hop|phoi hop|co quan don vi phoi hop",
    "assigned_on": "ngay giao|ngay giao nhiem vu",
    "progress": "tien do|tien do thuc hien|tinh hinh tien do|ty le hoan thanh|hoan thanh|tien do thuc hien nhiem vu"
    "|muc do hoan thanh|tien do ty le|tien do phan tram",
    "result": "ket qua hien tai|ket qua|ket qua thuc hien|ket qua dat duoc|tinh hinh thuc hien|ket qua den nay"
    "|ket qua thuc hien den nay|tien do ket qua|ket qua den thoi diem bao cao",
    "request": "de xuat kien nghi|kien nghi|de xuat|kien nghi de xuat|kho khan vuong mac|kho khan kien nghi"
    "|de xuat va kien nghi|kho khan vuong mac kien nghi",
}
_FIELD_OF = {wording: name for name, wordings in _WORDINGS.items() for wording in wordings.split("|")}
_SIGNS = re.compile(r"\([^)]*\)|[^a-z0-9 ]")
_SEARCHED_ROWS = 30
_WANTED = {"deadline", "lead", "progress", "result"}
# Fields that a person may give a column; the stamp is ours alone.
FIELDS = (
    "code",
    "external",
    "title",
    "deliverable",
    "document",
    "deadline",
    "lead",
    "coordinating",
    "assigned_on",
    "progress",
    "result",
    "request",
)
# So alike must a heading be to a usual wording before it is proposed.
_LIKELY = 0.62
_ROW_OF_HEADINGS = 0.6


@dataclass(slots=True)
class Headings:
    """Which column holds which field, the index of the first row below, and the headings that mean nothing here.

    `words` are all headings in the order of their columns; `digest` knows a list with the same ones again.
    """

    columns: dict[str, int] = field(default_factory=dict)
    first_row: int = 0
    unknown: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 over the headings without accents, signs and case; empty columns at the end do not count."""
        return headings_digest(self.words)

    def read_as(self, columns: Mapping[str, int]) -> "Headings":
        """The same row of headings with these columns instead of those that were known by their wordings."""
        kept = {name: place for name, place in columns.items() if place < len(self.words)}
        if "stamp" in self.columns:
            kept["stamp"] = self.columns["stamp"]
        unknown = [word for place, word in enumerate(self.words) if word and place not in kept.values()]
        return Headings(kept, self.first_row, unknown, self.seen, self.words)

    @property
    def is_complete(self) -> bool:
        """Whether this is a list of tasks: what is to be done, or its code, and something to know of it."""
        return bool(self.columns.keys() & {"title", "code"} and self.columns.keys() & _WANTED)


def find_headings(grid: Sequence[Sequence[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Headings:
    """The headings among the first rows: the row, or the two rows, in which most columns are known."""
    rows = [[_words(cell) for cell in cells] for cells in grid[:_SEARCHED_ROWS]]
    for (top, left), (bottom, right) in merged:
        # A heading over several columns belongs to each; the cover's lines are filled too, and mean nothing.
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                rows[row][column] = rows[top][left] if left < len(rows[top]) else ""
    best = Headings()
    for number, above in enumerate(rows):
        below = rows[number + 1] if number + 1 < len(rows) else []
        for found in (_one_row(above, number), _two_rows(above, below, number)):
            if len(found.columns) > len(best.columns):
                best = found
    if best.is_complete:
        return best
    guessed = _likely_headings(rows, merged)
    guessed.columns = best.columns if best.first_row == guessed.first_row else {}
    return guessed


def _likely_headings(
    rows: Sequence[Sequence[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> Headings:
    """The row that looks like headings, where no wording is known: the first that is nearly as full as any."""
    filled = [sum(map(bool, row)) for row in rows]
    most = max(filled, default=0)
    number = next((place for place, count in enumerate(filled) if count and count >= most * _ROW_OF_HEADINGS), 0)
    if not most:
        return Headings()
    # A heading over several columns, or down two rows, says that the row below belongs to the headings.
    two = any(
        top == number and (bottom == number + 1 or (bottom == number and left < right))
        for (top, left), (bottom, right) in merged
    )
    words = list(rows[number])
    if two and number + 1 < len(rows):
        words = [_joined(*pair) for pair in _pairs(rows[number], rows[number + 1])]
    seen = [word for word in words if word]
    return Headings({}, number + (2 if two else 1), list(seen), list(seen), words)


def _joined(high: str, low: str) -> str:
    return high if not low or low == high else f"{high} {low}".strip()


def _pairs(above: Sequence[str], below: Sequence[str]) -> list[tuple[str, str]]:
    width = max(len(above), len(below))
    return [
        (above[column] if column < len(above) else "", below[column] if column < len(below) else "")
        for column in range(width)
    ]


def headings_digest(words: Sequence[str]) -> str:
    """The mark by which a list with these headings, in this order, is known again."""
    keys = [_key(word) for word in words]
    while keys and not keys[-1]:
        keys.pop()
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def heading_key(words: str) -> str:
    """A heading without accents, signs, case and what stands in brackets."""
    return _key(words)


def proposed_columns(words: Sequence[str]) -> dict[str, int]:
    """Which column is likely to hold which field, each field and each column once; the surest first."""
    scored = sorted(
        (
            (-_likeness(_key(word), wording), place, name)
            for place, word in enumerate(words)
            if word
            for wording, name in _FIELD_OF.items()
            if name in FIELDS
        ),
    )
    found: dict[str, int] = {}
    for score, place, name in scored:
        if -score < _LIKELY:
            break
        if name not in found and place not in found.values():
            found[name] = place
    return found


def _likeness(one: str, other: str) -> float:
    """How alike two wordings are, from 0 to 1: their letters, and the words that they share."""
    if not one:
        return 0.0
    if one == other:
        return 1.0
    mine, theirs = set(one.split()), set(other.split())
    shared = len(mine & theirs) / len(mine | theirs)
    return max(
        SequenceMatcher(None, one, other).ratio() * 0.95, shared, 0.75 if theirs < mine and len(theirs) > 1 else 0
    )


def _one_row(row: Sequence[str], number: int) -> Headings:
    return _mapped([[word] for word in row], number + 1)


def _two_rows(above: Sequence[str], below: Sequence[str], number: int) -> Headings:
    pairs = _pairs(above, below)
    return _mapped([[low, f"{high} {low}", high] for high, low in pairs], number + 2)


def _mapped(wordings: Sequence[Sequence[str]], first_row: int) -> Headings:
    found = Headings(first_row=first_row)
    found.words = [_whole(words) for words in wordings]
    for column, words in enumerate(wordings):
        known = next((name for word in words if (name := _FIELD_OF.get(_key(word)))), None)
        shown = next((word for word in words if word), "")
        if shown:
            found.seen.append(shown)
        if known is not None and known not in found.columns:
            found.columns[known] = column
        elif shown:
            found.unknown.append(shown)
    return found


def _whole(words: Sequence[str]) -> str:
    """All that stands above a column: of two rows of headings the one below with what is above it."""
    return words[0] if len(words) == 1 else _joined(words[2], words[0])


def _words(cell: Any) -> str:
    return " ".join(str(cell).split()) if isinstance(cell, str) else ""


def _key(words: str) -> str:
    return " ".join(_SIGNS.sub(" ", search_key(words)).split())
