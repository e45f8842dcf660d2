"""Measurements as spreadsheets: the template that people fill in, and its rows read back with their cells."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from .models import EXACT_DIGITS, Indicator, Kind, State

SHEET, CODES_SHEET = "SoLieu", "DanhMuc"
# The row of the sheet in which the headings stand, counted from 1; what is above is for people.
HEADING_ROW = 4
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
)
# What people choose from the lists, and what the row says.
STATES = {"Có giá trị": State.VALUE, "Không áp dụng": State.NOT_APPLICABLE, "Rút số liệu": State.NULL}
KINDS = {"Chính thức": Kind.FINAL, "Sơ bộ": Kind.PROVISIONAL}


class SheetUnreadable(ValueError):
    """A file that is no filled-in template; the message says what to do."""


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One line to fill in: an indicator for a body, with the value of the period before."""

    indicator: Indicator
    body_code: str
    body_name: str
    previous: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as recording takes it, and the row of the sheet in which it stands, counted from 1."""

    fields: Mapping[str, Any]
    sheet_row: int
    # What people call the place where they are not cells of a sheet.
    place: str = ""

    def cell(self, field: str) -> str:
        """Where a field stands, as people name cells: H12; the whole row when the field has no column."""
        if self.place:
            return self.place
        for number, (name, _heading, _width) in enumerate(COLUMNS):
            if name and name == field:
                return f"{chr(ord('A') + number)}{self.sheet_row}"
        return f"{self.sheet_row}"


def neutralised(text: str) -> str:
    """The text so that no spreadsheet program runs it as a formula: a leading apostrophe makes it a text."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def template(lines: Sequence[TemplateLine], *, period: str, title: str) -> bytes:
    """The spreadsheet to fill in: one line per indicator and body, with lists, allowed ranges and codes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(SHEET)
    strong = book.add_format({"bold": True, "font_size": 13})
    heading = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E8EEF4", "valign": "top"})
    fixed = book.add_format({"bg_color": "#F4F4F4", "border": 1, "text_wrap": True, "valign": "top"})
    number = book.add_format({"bg_color": "#F4F4F4", "border": 1, "num_format": "General", "valign": "top"})
    free = book.add_format({"border": 1, "locked": False, "valign": "top"})
    sheet.write_string(0, 0, neutralised(title), strong)
    sheet.write_string(1, 0, _("Chỉ điền các ô nền trắng. Số thập phân gõ theo cách của máy; không gõ đơn vị tính."))
    for column, (_field, name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(HEADING_ROW - 1, column, name, heading)
    for row, line in enumerate(lines, start=HEADING_ROW):
        texts = (line.indicator.code, line.indicator.title, line.indicator.unit, line.body_code, line.body_name, period)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, neutralised(text), fixed)
        if line.previous is None:
            sheet.write_blank(row, 6, None, fixed)
        else:
            sheet.write_number(row, 6, float(line.previous), number)
        sheet.write_blank(row, 7, None, free)
        sheet.write_string(row, 8, "Có giá trị", free)
        sheet.write_string(row, 9, "Chính thức", free)
        sheet.write_blank(row, 10, None, free)
        sheet.write_blank(row, 11, None, free)
        sheet.data_validation(row, 7, row, 7, _range_rule(line.indicator))
        sheet.data_validation(row, 8, row, 8, {"validate": "list", "source": list(STATES)})
        sheet.data_validation(row, 9, row, 9, {"validate": "list", "source": list(KINDS)})
    sheet.freeze_panes(HEADING_ROW, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    _write_codes(book, lines)
    book.close()
    return stream.getvalue()


def _range_rule(indicator: Indicator) -> dict[str, Any]:
    """Excel's own check of a value, which tells people before they send the file."""
    low = float(indicator.lower) if indicator.lower is not None else -(10.0**EXACT_DIGITS)
    high = float(indicator.upper) if indicator.upper is not None else 10.0**EXACT_DIGITS
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": low,
        "maximum": high,
        "error_title": _("Giá trị không hợp lệ"),
        "error_message": _("Nhập số từ %(low)s đến %(high)s.") % {"low": f"{low:.15g}", "high": f"{high:.15g}"},
    }


def _write_codes(book: Any, lines: Sequence[TemplateLine]) -> None:
    """A sheet that tells what the codes stand for, with the definition of each indicator."""
    sheet = book.add_worksheet(CODES_SHEET)
    strong = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 50)
    sheet.set_column(2, 2, 90, wrapped)
    for column, name in enumerate(("Mã", "Tên", "Định nghĩa")):
        sheet.write_string(0, column, name, strong)
    known = {line.indicator.code: line.indicator for line in lines}
    bodies = {line.body_code: line.body_name for line in lines}
    entries = [(one.code, one.title, one.definition) for one in known.values()]
    entries += [(code, name, "") for code, name in bodies.items()]
    for row, texts in enumerate(entries, start=1):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, neutralised(text))


def read_template(content: bytes) -> list[SheetRow]:
    """The filled-in lines of a template; lines whose value and state were left alone are passed over.

    Formulas are never run: a cell gives the value that was last saved in it. Raises SheetUnreadable.
    """
    _refuse_bomb(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
        table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise SheetUnreadable(
            _("Không đọc được tệp; hãy lưu lại dưới dạng Excel (.xlsx), không đặt mật khẩu, rồi tải lên.")
        ) from error
    place, start = _find_columns(table)
    rows = [_read_line(cells, place, number) for number, cells in enumerate(table[start:], start=start + 1)]
    return [row for row in rows if row is not None]


def _refuse_bomb(content: bytes) -> None:
    """Workbooks are archives: a small file can unpack to more than any machine holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        return  # Older formats are no archives; what is no workbook at all is refused by the reader.
    if size > LARGEST_UNPACKED:
        raise SheetUnreadable(_("Tệp quá lớn sau khi giải nén; hãy dùng biểu mẫu và chia thành nhiều tệp."))


def _find_columns(table: Sequence[Sequence[Any]]) -> tuple[dict[str, int], int]:
    """Which column holds which field, and the index of the row after the headings."""
    wanted = {heading.casefold(): field for field, heading, _width in COLUMNS if field}
    for number, cells in enumerate(table[:20]):
        found = {
            wanted[text]: column
            for column, cell in enumerate(cells)
            if (text := str(cell).strip().casefold()) in wanted
        }
        if {"indicator", "body", "period", "value"} <= found.keys():
            return found, number + 1
    raise SheetUnreadable(
        _("Không thấy các cột Mã chỉ số, Mã cơ quan, Kỳ, Giá trị; hãy tải biểu mẫu về và điền vào đó.")
    )


def _read_line(cells: Sequence[Any], place: Mapping[str, int], number: int) -> SheetRow | None:
    given = {field: _as_text(cells[column]) if column < len(cells) else "" for field, column in place.items()}
    state = STATES.get(given.pop("state", ""))
    kind_text = given.pop("kind", "")
    if not given["value"] and state in (None, State.VALUE):
        return None
    fields: dict[str, Any] = {field: text for field, text in given.items() if text}
    if state is not None and state != State.VALUE:
        fields["state"] = state.value
    if kind_text:
        kind = KINDS.get(kind_text)
        fields["kind"] = kind.value if kind is not None else kind_text
    return SheetRow(fields, number)


def _as_text(cell: Any) -> str:
    """A cell as a row says it: whole numbers without .0, dates as days, texts without the neutralising mark."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        # Fifteen digits are what a spreadsheet keeps: 0.1 + 0.2 was typed as 0.3.
        text = format(Decimal(f"{cell:.15g}"), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_MARKS) else text


def template_lines(
    indicators: Iterable[Indicator], bodies: Iterable[Any], previous: Mapping[tuple[str, str], Decimal]
) -> list[TemplateLine]:
    """One line per applicable indicator and body, with the value of the period before by (indicator, body)."""
    bodies = list(bodies)
    return [
        TemplateLine(indicator, body.code, body.name, previous.get((indicator.code, body.code)))
        for indicator in indicators
        for body in bodies
        if indicator.applies(body.peer_group)
    ]
