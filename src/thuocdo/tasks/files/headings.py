"""Where the columns of a list stand: headings by their usual wordings, in one row or in two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Headings:
    """Which column holds which field, the index of the first row below, and the headings that mean nothing here."""

    columns: dict[str, int] = field(default_factory=dict)
    first_row: int = 0
    unknown: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

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
    if not best.seen:
        best.seen = max(rows, key=lambda row: sum(map(bool, row)), default=[])
        best.seen = [word for word in best.seen if word]
    return best


def _one_row(row: Sequence[str], number: int) -> Headings:
    return _mapped([[word] for word in row], number + 1)


def _two_rows(above: Sequence[str], below: Sequence[str], number: int) -> Headings:
    width = max(len(above), len(below))
    pairs = [
        (above[column] if column < len(above) else "", below[column] if column < len(below) else "")
        for column in range(width)
    ]
    return _mapped([[low, f"{high} {low}", high] for high, low in pairs], number + 2)


def _mapped(wordings: Sequence[Sequence[str]], first_row: int) -> Headings:
    found = Headings(first_row=first_row)
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


def _words(cell: Any) -> str:
    return " ".join(str(cell).split()) if isinstance(cell, str) else ""


def _key(words: str) -> str:
    return " ".join(_SIGNS.sub(" ", search_key(words)).split())
