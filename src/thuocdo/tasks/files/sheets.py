"""A filled-in list of tasks read back: its rows as texts by field, whatever the headings are called.

Formulas are never run: a cell gives the value that was last saved in it. What a row means is decided elsewhere.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from thuocdo.engine.extraction.intervals import read_interval
from thuocdo.engine.spelling import name_key
from thuocdo.engine.workbooks import Broken, TooVast, packed_anew

from .contents import FileRefused
from .evidence import Upload, check_upload
from .headings import FIELDS, Headings, find_headings, proposed_columns
from .layouts import MOST_ROWS, typed

LARGEST = 10_000_000
LARGEST_UNPACKED = 150_000_000
# A reader holds a sheet as a full rectangle: one stray cell in the last corner would be seventeen billion cells.
MOST_CELLS = 8_000_000
MOST_SHEETS = 20

_CODE = re.compile(r"\b(NV-\d{4}-\d{6,})\b(?:\s+(\S+))?")
_SERIAL = (36_526, 73_050)
_EPOCH = date(1899, 12, 30)
_NUMBERING = re.compile(r"\(?\d{1,2}\)?")
# A table of fewer columns is no list of tasks, whatever its headings mean.
_FEWEST_COLUMNS = 2
_SHARE = re.compile(r"\d{1,3}\s*%|0?[.,]\d+")
_SAMPLES = 3

Grid = list[list[Any]]


class SheetRefused(ValueError):
    """A file that is no list of tasks; the message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a person sees it who says what its columns hold: headings, first rows, what is likely."""

    words: Sequence[str]
    digest: str
    samples: Sequence[Sequence[str]]
    proposed: Mapping[str, int]


class HeadingsUnknown(SheetRefused):
    """A readable table whose headings are not known; `table` is what a person needs to map them."""

    def __init__(self, message: str, table: Table) -> None:
        super().__init__(message)
        self.table = table


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by field, and where it stands in the sheet, counted from 1; what is empty is left out."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a list, the columns in which its fields stand, and what a person should know of the reading."""

    rows: Sequence[SheetRow]
    columns: Mapping[str, int]
    cautions: Sequence[str] = field(default_factory=list)
    # The table as it stands in the file, for whoever wants to read its columns otherwise.
    table: Table | None = None

    def cell(self, number: int, name: str) -> str:
        """Where a field of a row stands, as people name cells: H12; the row alone when there is no such column."""
        column = self.columns.get(name)
        if column is None:
            return str(number)
        letters = ""
        column += 1
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{letters}{number}"


# Given the headings of a table: the columns of its fields, where somebody said them before.
Remembered = Callable[[Sequence[str], str], Mapping[str, int] | None]


def read_sheet(
    content: bytes,
    name: str,
    *,
    most_rows: int = MOST_ROWS,
    max_bytes: int = LARGEST,
    remembered: Remembered | None = None,
) -> Sheet:
    """The rows of an xlsx or docx list, its columns as `remembered` for its headings, else by their usual wordings.

    Raises SheetRefused for what is no such file, and HeadingsUnknown for a table without the columns of a list.
    """
    if content.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff")):
        # Said first: whole or cut off, these never are a list.
        raise _no_list()
    try:
        checked = check_upload(Upload(name, content), max_bytes=max_bytes)
    except FileRefused as error:
        raise (_no_list() if error.code == "type_not_allowed" else SheetRefused(str(error))) from error
    if checked.media_type.endswith("spreadsheetml.sheet"):
        grids = _grids_of_workbook(_let_in(content, is_workbook=True))
    elif checked.media_type.endswith("wordprocessingml.document"):
        grids = _grids_of_document(_let_in(content, is_workbook=False))
    else:
        raise _no_list()
    best: tuple[Headings, Grid] | None = None
    for grid, merged in grids:
        headings = find_headings(grid, merged)
        known = remembered(headings.words, headings.digest) if remembered is not None and headings.words else None
        if known is not None:
            return _sheet(grid, merged, headings.read_as(known), most_rows)
        if headings.is_complete:
            return _sheet(grid, merged, headings, most_rows)
        if best is None or len(headings.seen) > len(best[0].seen):
            best = headings, grid
    seen = best[0].seen if best is not None else []
    message = gettext(
        "Không thấy dòng tiêu đề cột. Cần có “Nhiệm vụ” hoặc “Mã nhiệm vụ” và ít nhất một trong: “Thời hạn”, "
        "“Cơ quan chủ trì”, “Tiến độ”, “Kết quả hiện tại”. Trong tệp thấy: %(seen)s. Sửa tiêu đề theo mẫu tải về."
    ) % {"seen": ", ".join(f"“{one[:40]}”" for one in seen[:12]) or gettext("không có chữ nào")}
    if best is not None and len(seen) >= _FEWEST_COLUMNS:
        raise HeadingsUnknown(message, _table(best[0], best[1]))
    raise SheetRefused(message)


def _table(headings: Headings, grid: Grid) -> Table:
    below = [cells for cells in grid[headings.first_row :] if any(cell not in ("", None) for cell in cells)]
    width = len(headings.words)
    samples = [
        [_text(cells[place])[:80] if place < len(cells) else "" for place in range(width)] for cells in below[:_SAMPLES]
    ]
    known = {name: place for name, place in headings.columns.items() if name in FIELDS}
    left = ["" if place in headings.columns.values() else word for place, word in enumerate(headings.words)]
    proposed = {**proposed_columns(left), **known}
    for name, fits in (("deadline", _is_deadline), ("progress", _is_percent)):
        free = (place for place in range(width) if headings.words[place] and place not in proposed.values())
        place = next((one for one in free if samples and all(fits(row[one]) for row in samples)), None)
        if name not in proposed and place is not None:
            proposed[name] = place
    return Table(tuple(headings.words), headings.digest, samples, proposed)


def _is_deadline(text: str) -> bool:
    """Whether a value reads like a deadline and not like any number."""
    return bool(text) and not text.isdecimal() and read_interval(text) is not None


def _is_percent(text: str) -> bool:
    """Whether a value reads like a part of the whole: 40%, 0.4."""
    return _SHARE.fullmatch(text) is not None


def _no_list() -> SheetRefused:
    return SheetRefused(gettext("Chỉ nhập được tệp Excel (.xlsx) hoặc Word (.docx) theo mẫu; lưu lại rồi tải lên."))


Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


def _grids_of_workbook(content: bytes) -> Iterator[tuple[Grid, Merged]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        for name in visible[:MOST_SHEETS]:
            sheet = book.get_sheet_by_name(name)
            yield sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
    except CalamineError as error:
        raise SheetRefused(
            gettext("Không đọc được tệp; mở bằng Excel, lưu lại dạng .xlsx không đặt mật khẩu rồi tải lên.")
        ) from error


def _let_in(content: bytes, *, is_workbook: bool) -> bytes:
    """A workbook packed anew (see engine/workbooks.py); a document as it is, unless it is too much when unpacked."""
    too_much = gettext("Tệp quá lớn sau khi giải nén; chia thành nhiều tệp nhỏ hơn.")
    try:
        if is_workbook:
            return packed_anew(content, most_bytes=LARGEST_UNPACKED, most_cells=MOST_CELLS)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except TooVast as error:
        far = gettext("Trang tính có ô nằm quá xa bảng (dòng %(row)s); sao chép bảng sang trang tính mới rồi tải lên.")
        raise SheetRefused(far % {"row": error.row} if error.row else too_much) from error
    except (Broken, zipfile.BadZipFile) as error:
        raise SheetRefused(gettext("Tệp bị hỏng hoặc tải lên chưa trọn; lưu lại rồi tải lên lần nữa.")) from error
    if size > LARGEST_UNPACKED:
        raise SheetRefused(too_much)
    return content


def _grids_of_document(content: bytes) -> Iterator[tuple[Grid, Merged]]:
    try:
        body = Document(io.BytesIO(content)).element.body
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise SheetRefused(gettext("Không đọc được tệp Word; mở bằng Word, lưu lại dạng .docx rồi tải lên.")) from error
    for table in body.iter(qn("w:tbl")):
        yield _grid_of_table(table), []


def _grid_of_table(table: Any) -> Grid:
    grid: Grid = []
    for row in table.iter(qn("w:tr")):
        cells: list[Any] = []
        for cell in row.iter(qn("w:tc")):
            words = "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p")))
            merge, span = cell.find(f".//{qn('w:vMerge')}"), cell.find(f".//{qn('w:gridSpan')}")
            if merge is not None and merge.get(qn("w:val")) != "restart" and grid and len(cells) < len(grid[-1]):
                words = grid[-1][len(cells)]
            cells.append(words)
            cells += [""] * (int(span.get(qn("w:val"), "1")) - 1 if span is not None else 0)
        grid.append(cells)
    return grid


def _sheet(grid: Grid, merged: Merged, headings: Headings, most_rows: int) -> Sheet:
    table = _table(headings, grid)
    spread = _spread_downwards(grid, merged, headings.first_row)
    cautions = [
        gettext("Cột “%(heading)s” không thuộc mẫu nên không được nhập.") % {"heading": one[:60]}
        for one in headings.unknown[:10]
    ]
    if spread:
        cautions.append(gettext("Có ô gộp; nội dung ô gộp được hiểu là chung cho mọi dòng của ô ấy."))
    rows: list[SheetRow] = []
    passed: list[int] = []
    for number, cells in enumerate(grid[headings.first_row :], start=headings.first_row + 1):
        given = _fields(cells, headings.columns)
        told = given.keys() - {"number"}
        if not told:
            continue
        if number == headings.first_row + 1 and all(_NUMBERING.fullmatch(text) for text in given.values()):
            # The row in which forms number their columns.
            continue
        if len(told) == 1 and "code" not in given:
            passed.append(number)
            continue
        rows.append(SheetRow(number, given))
        if len(rows) > most_rows:
            raise SheetRefused(
                gettext("Tệp có hơn %(most)s dòng; chia thành nhiều tệp rồi nhập lần lượt.") % {"most": most_rows}
            )
    if passed:
        shown = ", ".join(map(str, passed[:12])) + (" …" if len(passed) > 12 else "")
        cautions.append(
            gettext("Bỏ qua các dòng chỉ có một ô chữ, là tên nhóm hoặc ghi chú: %(rows)s.") % {"rows": shown}
        )
    return Sheet(rows, headings.columns, cautions, table)


def _spread_downwards(grid: Grid, merged: Merged, first_row: int) -> bool:
    """Give every row of a merged cell its content; says whether there was such a cell below the headings."""
    found = False
    for (top, left), (bottom, _right) in merged:
        if bottom < first_row or top == bottom or top < first_row or top >= len(grid):
            continue
        found = True
        for row in range(top + 1, min(bottom, len(grid) - 1) + 1):
            if left < len(grid[row]) and left < len(grid[top]):
                grid[row][left] = grid[top][left]
    return found


def _fields(cells: Sequence[Any], columns: Mapping[str, int]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, column in columns.items():
        cell = cells[column] if column < len(cells) else ""
        text = _deadline_text(cell) if name in ("deadline", "assigned_on") else _text(cell, is_share=name == "progress")
        if text:
            given[name] = text
    # Word has no hidden column: the stamp stands unseen behind the code.
    if found := _CODE.search(given.get("code", "").upper() if "stamp" in given else given.get("code", "")):
        given["code"] = found[1]
        if found[2] and "stamp" not in given:
            given["stamp"] = found[2]
    return given


def _text(cell: Any, *, is_share: bool = False) -> str:
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, int | float):
        # A cell of percents holds a share; a number above one is typed as percent.
        value = cell * 100 if is_share and cell <= 1 else cell
        return f"{value:.10g}%" if is_share else f"{value:.15g}"
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return typed(str(cell))


def _deadline_text(cell: Any) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _SERIAL[0] <= cell <= _SERIAL[1]:
        # A date whose cell lost its format is the number of days since the epoch of spreadsheets.
        return f"{_EPOCH + timedelta(days=int(cell)):%d/%m/%Y}"
    text = _text(cell)
    return text if name_key(text) not in {"-", "–", "không", "không nêu"} else ""
