"""A filled-in spreadsheet read back: rows with their cells, and what the template says of itself."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from thuocdo.indicators.models import State

from .layout import (
    COLUMNS,
    FIELD_MARK,
    FORMAT,
    FORMULA_MARKS,
    KINDS,
    MARK_SHEET,
    SHEET,
    STATES,
    USUAL_PLACES,
    Mark,
    SheetRow,
    SheetUnreadable,
    row_mark,
)
from .unpacking import let_in

# So many cells are named in a message; how many there are beyond is said.
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class ReadTemplate:
    """The filled-in rows of a spreadsheet, and the template's own mark; None where it is none of ours."""

    rows: Sequence[SheetRow]
    mark: Mark | None


def read_template(content: bytes) -> list[SheetRow]:
    """The filled-in rows alone; see `read_marked_template`."""
    return list(read_marked_template(content).rows)


def read_marked_template(content: bytes) -> ReadTemplate:
    """The filled-in lines of a template; lines whose value and state were left alone are passed over.

    Formulas are never run: a cell gives the value that was last saved in it. Columns and whole rows that were moved
    are read by their hidden marks. Raises SheetUnreadable, also when cells were moved away from their rows.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(let_in(content)))
        name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
        table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        mark = _mark_of(book)
    except (CalamineError, IndexError) as error:
        raise SheetUnreadable(
            _("Không đọc được tệp; hãy lưu lại dưới dạng Excel (.xlsx), không đặt mật khẩu, rồi tải lên.")
        ) from error
    place, start = _find_columns(table)
    if mark is not None and "row" in place:
        _refuse_torn_rows(table, place, start)
    usual = {field: column for field, column in place.items() if field != "row"} == USUAL_PLACES
    rows = [
        _read_line(cells, place, number, None if usual else place)
        for number, cells in enumerate(table[start:], start=start + 1)
    ]
    return ReadTemplate([row for row in rows if row is not None], mark)


def _mark_of(book: CalamineWorkbook) -> Mark | None:
    if MARK_SHEET not in book.sheet_names:
        return None
    table = [[str(cell).strip() for cell in cells] for cells in book.get_sheet_by_name(MARK_SHEET).to_python()]
    if len(table) < 3 or table[0][:1] != [FORMAT]:
        return None
    known = {cells[0]: cells for cells in table[3:] if len(cells) >= 3 and cells[0]}
    return Mark(
        table[1][0],
        table[2][0],
        {code: _as_text(cells[1]) for code, cells in known.items()},
        {code: cells[2] for code, cells in known.items()},
    )


def _refuse_torn_rows(table: Sequence[Sequence[Any]], place: Mapping[str, int], start: int) -> None:
    """A column that was sorted or pasted over by itself would give figures to indicators they are not of."""
    torn = []
    for number, cells in enumerate(table[start:], start=start + 1):
        given = {field: _as_text(cells[column]) if column < len(cells) else "" for field, column in place.items()}
        # A row that somebody added has no mark; it says itself what it is.
        if given["row"] and given["row"] != row_mark(given["indicator"], given["body"], given["period"]):
            torn.append(number)
    if torn:
        named = ", ".join(str(one) for one in torn[:MOST_NAMED]) + (", …" if len(torn) > MOST_NAMED else "")
        raise SheetUnreadable(
            _(
                "Ở dòng %(rows)s, mã chỉ số, cơ quan hoặc kỳ không còn khớp với dòng gốc của biểu mẫu, có thể do sắp"
                " xếp hoặc dán đè riêng một cột. Tải biểu mẫu mới và điền lại; muốn sắp xếp thì chọn cả dòng."
            )
            % {"rows": named}
        )


def _find_columns(table: Sequence[Sequence[Any]]) -> tuple[dict[str, int], int]:
    """Which column holds which field, by the hidden marks or else the headings, and the index of the row after them."""
    wanted = {heading.casefold(): field for field, heading, _width in COLUMNS if field}
    marked: dict[str, int] = {}
    after_marks = 0
    for number, cells in enumerate(table[:20]):
        texts = [str(cell).strip() for cell in cells]
        if not marked:
            marked = {text.removeprefix(FIELD_MARK): at for at, text in enumerate(texts) if text.startswith(FIELD_MARK)}
            marked, after_marks = (marked, number + 2) if _is_complete(marked) else ({}, 0)
        found = {wanted[text.casefold()]: at for at, text in enumerate(texts) if text.casefold() in wanted}
        if _is_complete(found):
            return {**found, **marked}, number + 1
    if marked:
        # Somebody wrote the headings anew; they stand in the row below the marks.
        return marked, after_marks
    raise SheetUnreadable(
        _("Không thấy các cột Mã chỉ số, Mã cơ quan, Kỳ, Giá trị; hãy tải biểu mẫu về và điền vào đó.")
    )


def _is_complete(found: Mapping[str, int]) -> bool:
    return {"indicator", "body", "period", "value"} <= found.keys()


def _read_line(
    cells: Sequence[Any], place: Mapping[str, int], number: int, columns: Mapping[str, int] | None
) -> SheetRow | None:
    given = {field: _as_text(cells[column]) if column < len(cells) else "" for field, column in place.items()}
    given.pop("row", None)
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
    return SheetRow(fields, number, columns=columns)


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
