"""The spreadsheet that people fill in: made for a body or a group, with lists, allowed ranges, codes and marks."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from thuocdo.indicators.models import EXACT_DIGITS, Indicator

from .layout import (
    CODES_SHEET,
    COLUMNS,
    FIELD_MARK,
    FORMAT,
    HEADING_ROW,
    KINDS,
    MARK_SHEET,
    SHEET,
    STATES,
    neutralised,
    row_mark,
)

# Sample size and standard error.
ERROR_COLUMNS = (12, 13)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One line to fill in: an indicator for a body, with the value of the period before."""

    indicator: Indicator
    body_code: str
    body_name: str
    previous: Decimal | None = None


def template(lines: Sequence[TemplateLine], *, period: str, title: str, whose: str = "") -> bytes:
    """The spreadsheet to fill in: one line per indicator and body, with lists, allowed ranges and codes.

    `whose` is the code of the body or group it is made for. Hidden marks name that, the period, the definitions,
    and each row and column, so that what comes back is known for what it is.
    """
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
    for column, (field, name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(HEADING_ROW - 1, column, name, heading)
        if field:
            sheet.write_string(HEADING_ROW - 2, column, f"{FIELD_MARK}{field}")
    sheet.write_string(HEADING_ROW - 2, len(COLUMNS), f"{FIELD_MARK}row")
    sheet.set_row(HEADING_ROW - 2, None, None, {"hidden": True})
    sheet.set_column(len(COLUMNS), len(COLUMNS), None, None, {"hidden": True})
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
        for column in ERROR_COLUMNS:
            sheet.write_blank(row, column, None, free if line.indicator.is_sampled else fixed)
        sheet.write_string(row, len(COLUMNS), row_mark(line.indicator.code, line.body_code, period))
        sheet.data_validation(row, 7, row, 7, _range_rule(line.indicator))
        sheet.data_validation(row, 8, row, 8, {"validate": "list", "source": list(STATES)})
        sheet.data_validation(row, 9, row, 9, {"validate": "list", "source": list(KINDS)})
        if line.indicator.is_sampled:
            size, error = ERROR_COLUMNS
            sheet.data_validation(row, size, row, size, {"validate": "integer", "criteria": ">=", "value": 1})
            sheet.data_validation(row, error, row, error, {"validate": "decimal", "criteria": ">=", "value": 0})
    if not any(line.indicator.is_sampled for line in lines):
        sheet.set_column(ERROR_COLUMNS[0], ERROR_COLUMNS[-1], None, None, {"hidden": True})
    sheet.freeze_panes(HEADING_ROW, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    _write_codes(book, lines)
    _write_mark(book, lines, whose, period)
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


def _write_mark(book: Any, lines: Sequence[TemplateLine], whose: str, period: str) -> None:
    """The sheet that nobody sees: whose template this is, and from which definitions it was made."""
    sheet = book.add_worksheet(MARK_SHEET)
    sheet.very_hidden()
    for row, text in enumerate((FORMAT, whose, period)):
        sheet.write_string(row, 0, text)
    known = {line.indicator.code: line.indicator for line in lines}
    for row, one in enumerate(known.values(), start=3):
        for column, text in enumerate((one.code, neutralised(one.unit), one.digest)):
            sheet.write_string(row, column, text)


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
