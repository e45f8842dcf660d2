"""The two official column layouts of lists of tasks, what stands in each cell, and the stamp that a row carries.

Annexes of the Government's and the Party's reports, May 2025. Headings and words are those of the forms, hence
Vietnamese in every language of the interface.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from thuocdo.engine.spelling import name_key, nfc

# What a person can still work with in a spreadsheet, and what Word still lays out; more is narrowed by filters first.
MOST_ROWS = 20_000
MOST_WORD_ROWS = 2_000
# A cell of a spreadsheet holds 32,767 characters.
LONGEST_CELL = 32_000
# Characters with which a spreadsheet program takes a text for a formula.
FORMULA_MARKS = ("=", "+", "-", "@")
# Where a report also holds what its author asks for, these words part it from the result.
ASKED = "Đề xuất, kiến nghị:"

# The hyphen at the beginning of a point of a list.
_HYPHEN = re.compile(r"^-(?= )", re.MULTILINE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field of a line that it shows, its official heading, its width in characters."""

    field: str
    heading: str
    width: int


_COLUMNS = {
    column.field: column
    for column in (
        Column("number", "STT", 8),
        Column("title", "Nhiệm vụ", 44),
        Column("deliverable", "Kết quả yêu cầu/Sản phẩm", 26),
        Column("document", "Văn bản giao", 22),
        Column("deadline", "Thời hạn", 17),
        Column("lead", "Cơ quan chủ trì", 22),
        Column("progress", "Tiến độ", 22),
        Column("result", "Kết quả hiện tại", 40),
        Column("request", "Đề xuất, kiến nghị", 28),
        Column("code", "Mã nhiệm vụ", 17),
        Column("stamp", "Dấu dòng", 10),
    )
}
# The fields whose cells a stamp remembers, in the order of its parts.
STAMPED = ("title", "deliverable", "document", "deadline", "lead", "progress", "result", "request")


@dataclass(frozen=True, slots=True)
class Layout:
    """One official layout: its name for commands, its word in addresses, whose form it is, its columns."""

    name: str
    word: str
    is_party: bool
    official: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The official columns, then the task's code and the stamp, by which the list finds its way back."""
        return (*self.official, _COLUMNS["code"], _COLUMNS["stamp"])


def heading_of(field: str) -> str:
    """The official heading of a field's column; of those that only lists from elsewhere have, the usual one."""
    if field in _COLUMNS:
        return _COLUMNS[field].heading
    return {
        "coordinating": "Cơ quan phối hợp",
        "assigned_on": "Ngày giao",
        "external": "Mã ở hệ thống khác",
    }.get(field, "")


def _layout(name: str, word: str, fields: str, *, is_party: bool) -> Layout:
    return Layout(name, word, is_party, tuple(_COLUMNS[field] for field in fields.split()))


LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        layout.name: layout
        for layout in (
            _layout(
                "government", "chinh-phu", "number title deliverable deadline lead progress result", is_party=False
            ),
            _layout("party", "dang", "number title document deadline progress result request", is_party=True),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the table: the body that issues the list, its day, the order it is about, the filters."""

    body: str
    on: date
    subject: str = ""
    filters: str = ""

    @property
    def day_in_words(self) -> str:
        """The day as documents write it."""
        return f"Ngày {self.on.day:02d} tháng {self.on.month:02d} năm {self.on.year}"


@dataclass(frozen=True, slots=True)
class Line:
    """A task as a list shows it; `deadline` is a day where there is one, else what the order says in its place."""

    code: str
    title: str
    deliverable: str
    document: str
    deadline: date | str
    lead: str
    progress: int
    # The two axes of the shown status in words: "đang thực hiện, quá hạn".
    status: str
    result: str
    request: str
    # What the receiving system of a list calls the task.
    external: str = ""

    def text(self, field: str) -> str:
        """What a cell of the table says, as text."""
        if field == "deadline":
            return f"{self.deadline:%d/%m/%Y}" if isinstance(self.deadline, date) else shown(self.deadline)
        if field == "progress":
            return f"{self.progress}% – {self.status}"
        return shown(str(getattr(self, field)))

    def compared(self) -> dict[str, str]:
        """What each stamped cell means, in the form in which two states of a task are compared."""
        cells = {field: meaning(self.text(field)) for field in STAMPED}
        cells["progress"] = str(self.progress)
        if isinstance(self.deadline, date):
            cells["deadline"] = self.deadline.isoformat()
        else:
            cells["deadline"] = name_key(typed(shown(self.deadline)))
        return cells

    @property
    def stamp(self) -> str:
        """Marks of every cell as it stood when the list was made; by them an import knows who changed what."""
        cells = self.compared()
        return ".".join(cell_mark(self.code, field, cells[field]) for field in STAMPED)


def cell_mark(code: str, field: str, meaning_of_cell: str) -> str:
    """Eight characters by which a cell of a task is known again."""
    return hashlib.sha256(f"{code}\n{field}\n{meaning_of_cell}".encode()).hexdigest()[:8]


def shown(text: str) -> str:
    """A text as a cell shows it: printable, short enough, and one that no program runs as a formula.

    Points of a list begun with hyphens get dashes, as print has them; other marks of formulas get an apostrophe.
    """
    plain = _UNPRINTABLE.sub("", nfc(text).replace("\r\n", "\n").replace("\t", " ")).strip()
    if len(plain) > LONGEST_CELL:
        plain = f"{plain[: LONGEST_CELL - 1]}…"
    plain = _HYPHEN.sub("–", plain)
    return f"'{plain}" if plain.startswith(FORMULA_MARKS) else plain


def typed(text: str) -> str:
    """The text of a cell without what `shown` put before it."""
    plain = nfc(text).replace("\r\n", "\n").strip()
    return plain[1:] if plain.startswith("'") and plain[1:].startswith(FORMULA_MARKS) else plain


def meaning(text: str) -> str:
    """A text in the form in which two cells are compared: one kind of space, one kind of leading dash."""
    return " ".join(_HYPHEN.sub("–", typed(text)).split())


def with_request(result: str, request: str) -> str:
    """The text of a report that also holds what its author asks for."""
    return f"{result}\n\n{ASKED} {request}" if request else result


def parted(report: str) -> tuple[str, str]:
    """The result and the request in the text of a report."""
    result, _mark, request = report.partition(f"\n\n{ASKED} ")
    return result, request
