"""The invented directives: texts of our own in the style of real ones, with their days put in."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import docx

from thuocdo.engine.typesetting import docx_bytes

from .days import Days

TEXTS = Path(__file__).resolve().parent / "directives"
# [ngay-30] is 23/10/2026, [dai-30] "ngày 23 tháng 10 năm 2026", [quy+60] "quý I/2027"; counted from today.
_PLACE = re.compile(r"\[(ngay|Ngay|dai|quy)([+-]\d+)\]")
_QUARTERS = ("I", "II", "III", "IV")


class Review(StrEnum):
    """How far a person has come with what the machine found."""

    DONE = "done"
    HALF = "half"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Directive:
    """One text, when it is received (days from today), by which body, and how it is reviewed."""

    file: str
    received: int
    body: str = "VPTW"
    is_word: bool = False
    review: Review = Review.DONE

    @property
    def code(self) -> str:
        """The number at the head of the file name, by which the story refers to it."""
        return self.file[:2]


DIRECTIVES: tuple[Directive, ...] = (
    Directive("01-ke-hoach-nam", -350),
    Directive("02-cong-dien-trang-thiet-bi", -300),
    Directive("03-thong-bao-phien-thu-nhat", -250, is_word=True),
    Directive("04-ke-hoach-du-lieu", -206),
    Directive("05-chi-thi-cua-tinh", -190, body="22"),
    Directive("06-thong-bao-phien-thu-hai", -159, is_word=True),
    Directive("07-huong-dan-khoi-dang", -126),
    Directive("08-cong-dien-cap-xa", -96),
    Directive("09-thong-bao-phien-thu-ba", -64),
    Directive("10-ke-hoach-cao-diem", -39),
    Directive("11-thong-bao-phien-thu-tu", -8, is_word=True),
    Directive("12-ket-luan-chuyen-de", -4, review=Review.HALF),
    Directive("13-thong-bao-moi-den", 0, review=Review.NONE),
)


def text_of(directive: Directive, days: Days) -> str:
    """The text with every day written out."""

    def written(found: re.Match[str]) -> str:
        day = days.working_day(int(found[2]))
        match found[1]:
            case "ngay":
                return f"{day:%d/%m/%Y}"
            case "Ngay":
                return f"Ngày {day:%d/%m/%Y}"
            case "quy":
                return f"quý {_QUARTERS[(day.month - 1) // 3]}/{day.year}"
        return f"ngày {day:%d} tháng {day:%m} năm {day.year}"

    return _PLACE.sub(written, (TEXTS / f"{directive.file}.txt").read_text(encoding="utf-8"))


def file_of(directive: Directive, days: Days) -> tuple[str, bytes]:
    """The name of the file and its bytes, as it comes to the standing office: plain text or Word."""
    text = text_of(directive, days)
    if not directive.is_word:
        return f"{directive.file}.txt", text.encode()
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    # The time of writing is part of a Word file; without it, the same text gives the same bytes.
    document.core_properties.created = document.core_properties.modified = days.now.replace(tzinfo=None)
    return f"{directive.file}.docx", docx_bytes(document)
