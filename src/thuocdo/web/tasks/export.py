"""The filtered list as a spreadsheet: one row per task, texts that no program runs as formulas."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext

from thuocdo.indicators.files import neutralised
from thuocdo.tasks.queries import status_of
from thuocdo.tasks.queries.fields import plain, values_for
from thuocdo.web.design.figures import named

from .marks import due_words

if TYPE_CHECKING:
    from thuocdo.tasks.models import Field, FieldValue, Task

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a person can still work with in a spreadsheet; more is narrowed by the filters first.
MOST_ROWS = 20_000
_WIDTHS = (16, 70, 34, 40, 40, 30, 12, 12, 12, 18, 20, 10, 10)


def spreadsheet(tasks: Iterable["Task"], *, today: date, filters: str, fields: "Sequence[Field]" = ()) -> IO[bytes]:
    """A temporary file with the tasks; `filters` says above the table how the list was narrowed.

    Bodies' own fields are further columns on the right.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the answer closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("NhiemVu")
    strong = book.add_format({"bold": True, "font_size": 13})
    heading = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, gettext("Danh sách nhiệm vụ"), strong)
    made = gettext("Lập ngày %(day)s") % {"day": f"{today:%d/%m/%Y}"}
    sheet.write_string(1, 0, neutralised(f"{made}. {filters}"))
    own_titles = [f"{one.label} ({one.unit})" if one.unit else one.label for one in fields]
    sheet.set_column(len(_WIDTHS), len(_WIDTHS) + len(fields), 18)
    for column, title in enumerate([*_titles(), *map(neutralised, own_titles)]):
        sheet.write_string(3, column, title, heading)
    sheet.freeze_panes(4, 1)
    last = 3
    for last, (task, values) in enumerate(_with_values(tasks, fields), start=4):
        shown = status_of(task, today)
        cells: list[str | date | int | Decimal | None] = [
            task.code,
            task.title,
            named(task.lead),
            "; ".join([*(named(row.body) for row in task.coordinations.all()), task.also_coordinating]).strip("; "),
            task.deliverable,
            task.target,
            task.assigned_on,
            task.due_on or due_words(task),
            task.original_due_on,
            str(shown.progress.label),
            str(shown.timing.label),
            task.progress,
            gettext("có") if task.is_core else "",
            *(plain(one, values.get((task.pk, one.pk))) for one in fields),
        ]
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(last, column, cell, day)
            elif isinstance(cell, int | Decimal):
                sheet.write_number(last, column, cell, wrapped)
            elif cell:
                sheet.write_string(last, column, neutralised(cell), wrapped)
    sheet.autofilter(3, 0, max(last, 3), len(_WIDTHS) + len(fields) - 1)
    book.close()
    file.seek(0)
    return file


def _with_values(
    tasks: Iterable["Task"], fields: "Sequence[Field]"
) -> Iterator[tuple["Task", dict[tuple[int, int], "FieldValue"]]]:
    """The tasks with the values of these fields, read for a few hundred tasks at a time."""
    stream = iter(tasks)
    while batch := list(islice(stream, 500)):
        values = values_for([task.pk for task in batch], [one.pk for one in fields])
        for task in batch:
            yield task, values


def _titles() -> list[str]:
    return [
        gettext("Mã"),
        gettext("Nhiệm vụ"),
        gettext("Cơ quan chủ trì"),
        gettext("Cơ quan phối hợp"),
        gettext("Sản phẩm"),
        gettext("Chỉ tiêu"),
        gettext("Ngày giao"),
        gettext("Hạn"),
        gettext("Hạn ban đầu"),
        gettext("Thực hiện"),
        gettext("So với hạn"),
        gettext("Tiến độ (%)"),
        gettext("Trọng tâm"),
    ]
