"""Lists of tasks as offices edit and send them."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.world import NOW, TODAY, World
from thuocdo.tasks.files import LAYOUTS, Cover, Sheet, read_sheet, workbook
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import Imported, import_sheet
from thuocdo.tasks.queries import lines

# The columns of the Government's layout, as people see them.
TITLE, PRODUCT, DEADLINE, LEAD, PROGRESS, RESULT, CODE, STAMP = range(1, 9)
FIRST = 8
Cells = list[list[Any]]


def exported(layout: str = "government") -> bytes:
    """Every task in a layout, as Excel."""
    found = Task.objects.order_by("code")
    with workbook(lines(found, TODAY), layout=LAYOUTS[layout], cover=Cover("", TODAY)) as file:
        return file.read()


def opened(content: bytes) -> Cells:
    """The cells of the only sheet, to be changed."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def saved(cells: Sequence[Sequence[Any]], *, merged: Sequence[tuple[int, int, int, int, Any]] = ()) -> bytes:
    """The cells as a workbook; `merged` are areas with their content, written over them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, cell, day)
            elif isinstance(cell, int | float):
                sheet.write_number(row, column, cell)
            elif cell:
                sheet.write_string(row, column, cell)
    for top, left, bottom, right, cell in merged:
        sheet.merge_range(top, left, bottom, right, cell)
    book.close()
    return stream.getvalue()


def edited(changes: Mapping[tuple[int, int], Any], *, layout: str = "government") -> Cells:
    """An exported list in which (row of the table, column) got another content."""
    cells = opened(exported(layout))
    for (row, column), content in changes.items():
        cells[FIRST + row][column] = content
    return cells


def read(cells: Sequence[Sequence[Any]]) -> Sheet:
    """The cells as an import reads them."""
    return read_sheet(saved(cells), "danh-sach.xlsx")


def taken_over(world: World, cells: Sequence[Sequence[Any]], person: str = "lan", **choices: Any) -> Imported:
    """The list imported by a person."""
    return import_sheet(actor=world.actor(person), at=NOW, sheet=read(cells), **choices)


def new_rows(*rows: Mapping[str, Any]) -> Cells:
    """A list from elsewhere: new tasks by heading."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(heading, "") for heading in headings] for row in rows)]
