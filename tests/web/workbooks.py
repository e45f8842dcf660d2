"""Workbooks as people send them: filled in well, and in every way that goes wrong."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence

import xlsxwriter
from python_calamine import CalamineWorkbook

from thuocdo.indicators.files import COLUMNS, HEADING_ROW, SHEET

HEADINGS = [heading for _field, heading, _width in COLUMNS]


def line(
    value: object = 79.5, *, code: str = "service_on_time", body: str = "01", period: str = "2026-08", state: str = ""
) -> list[object]:
    """One filled-in line of Hà Nội, in the order of the template's columns."""
    return [code, "", "%", body, "", period, "", value, state or "Có giá trị", "Chính thức", ""]


def workbook(
    lines: Sequence[Sequence[object]], *, sheet: str = SHEET, more: Callable[..., None] | None = None
) -> bytes:
    """A workbook with the headings of the template; `more(book, sheet)` adds what should not be there."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet(sheet)
    page.write_row(HEADING_ROW - 1, 0, HEADINGS)
    for number, cells in enumerate(lines, start=HEADING_ROW):
        for column, cell in enumerate(cells):
            if isinstance(cell, int | float):
                page.write_number(number, column, cell)
            elif isinstance(cell, str) and cell.startswith("="):
                page.write_formula(number, column, cell, None, 80)
            elif cell:
                page.write_string(number, column, str(cell))
    if more is not None:
        more(book, page)
    book.close()
    return stream.getvalue()


def filled(template: bytes, values: dict[str, float | str]) -> bytes:
    """A template as it was sent out, with numbers written into the named cells (H5)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = content.decode()
                for cell, value in values.items():
                    text, found = re.subn(rf'<c r="{cell}"( s="\d+")?/>', rf'<c r="{cell}"\1><v>{value}</v></c>', text)
                    assert found == 1, f"The template has no empty cell {cell}."
                content = text.encode()
            new.writestr(part, content)
    return stream.getvalue()


def with_part(content: bytes, name: str, data: bytes = b"x") -> bytes:
    """The workbook with one more part in its archive."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def archive(*names: str) -> bytes:
    """An archive that is no workbook."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, b"<x/>")
    return stream.getvalue()


def without_values(content: bytes) -> bytes:
    """The workbook as programs write it that never compute: formulas without the values they had."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            new.writestr(part, data)
    return stream.getvalue()


def rearranged(template: bytes, change: Callable[[list[list[object]]], list[list[object]]]) -> bytes:
    """A template as somebody saves it who moved columns or rows: `change` gives the new cells of the first sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(template))
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    for place, name in enumerate(book.sheet_names):
        cells: list[list[object]] = [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        page = made.add_worksheet(name)
        for number, row in enumerate(cells if place else change(cells)):
            page.write_row(number, 0, row)
    made.close()
    return stream.getvalue()
