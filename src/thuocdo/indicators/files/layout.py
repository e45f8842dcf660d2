"""How the spreadsheet of figures looks, and what a row of it says: columns, marks, cells by the names people use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from thuocdo.indicators.models import Kind, State

SHEET, CODES_SHEET, MARK_SHEET = "SoLieu", "DanhMuc", "_ThuocDo"
FORMAT = "thuocdo-bieu 1"
# The row of the sheet in which the headings stand, counted from 1; what is above is for people.
HEADING_ROW = 4
# The hidden row above the headings names the field of each column, the hidden column after the last one each row:
# columns and rows that were moved are read as what they are.
FIELD_MARK = "td:"
# Bytes of all parts of a workbook together; ten thousand lines need a hundredth of it.
LARGEST_UNPACKED = 200_000_000
# Characters with which a spreadsheet program takes a text for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")

# Field of a row, heading, width. Fields without a name here are for people and are not read back.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("indicator", "Mã chỉ số", 26),
    ("", "Tên chỉ số", 48),
    ("", "Đơn vị tính", 14),
    ("body", "Mã cơ quan", 14),
    ("", "Tên cơ quan", 32),
    ("period", "Kỳ", 12),
    ("", "Kỳ trước", 14),
    ("value", "Giá trị", 14),
    ("state", "Trạng thái", 16),
    ("kind", "Loại số liệu", 16),
    ("source", "Nguồn", 30),
    ("reason", "Giải trình", 40),
    # Of surveys: how sure the value is. Hidden where nothing is told by a sample.
    ("sample_size", "Cỡ mẫu", 12),
    ("standard_error", "Sai số chuẩn", 14),
)
# What people choose from the lists, and what the row says.
STATES = {"Có giá trị": State.VALUE, "Không áp dụng": State.NOT_APPLICABLE, "Rút số liệu": State.NULL}
KINDS = {"Chính thức": Kind.FINAL, "Sơ bộ": Kind.PROVISIONAL}
USUAL_PLACES: Mapping[str, int] = {name: column for column, (name, _heading, _width) in enumerate(COLUMNS) if name}


class SheetUnreadable(ValueError):
    """A file that is no filled-in template; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a template says of itself in its hidden sheet: whose it is, of which period, from which definitions."""

    whose: str
    period: str
    # By code of the indicator: its unit and the digest of its definition when the template was made.
    units: Mapping[str, str]
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as recording takes it, and the row of the sheet in which it stands, counted from 1."""

    fields: Mapping[str, Any]
    sheet_row: int
    # What people call the place where they are not cells of a sheet.
    place: str = ""
    # Where the columns stand in this sheet, counted from 0; None: as the template has them.
    columns: Mapping[str, int] | None = None

    def cell(self, field: str) -> str:
        """Where a field stands, as people name cells: H12; the whole row when the field has no column."""
        if self.place:
            return self.place
        columns = USUAL_PLACES if self.columns is None else self.columns
        return f"{column_name(columns[field])}{self.sheet_row}" if field in columns else f"{self.sheet_row}"


def column_name(column: int) -> str:
    """How a spreadsheet calls a column counted from 0: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def row_mark(indicator: str, body: str, period: str) -> str:
    """What the hidden column says of a row: which cell of which body and period it is."""
    return f"{FIELD_MARK}{indicator}|{body}|{period}"


def neutralised(text: str) -> str:
    """The text so that no spreadsheet program runs it as a formula: a leading apostrophe makes it a text."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
