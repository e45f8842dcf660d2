"""Reading tables of figures: csv, xlsx and parquet to rows of texts with the line they stand in."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from thuocdo.engine.workbooks import Broken, TooVast, packed_anew

FIELDS = (
    "indicator", "body", "period", "value", "state", "kind", "unit", "standard_error", "sample_size", "reason",
    "source", "external_id", "evidence",
)  # fmt: skip
REQUIRED = ("indicator", "body", "period")
NUMBERS = frozenset(("value", "standard_error"))
Line = tuple[int, dict[str, Any]]
# A thousand times a thousand is written 1.000.000; 12.34 is no number of this kind, and is left to the instance.
_WITH_COMMA = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
# Characters before which a list of errors puts an apostrophe, so that no spreadsheet runs what follows.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_PIECE = 1 << 20
# A workbook of a million rows and fifty columns; what is larger is no table of figures, or has a cell gone astray.
MOST_CELLS, MOST_BYTES = 50_000_000, 4_000_000_000


class TableUnreadable(ValueError):
    """A file that is no table of figures: the code of the message and its words."""

    def __init__(self, code: str, **words: object) -> None:
        super().__init__(code)
        self.code, self.words = code, words


def read_table(file: Path, *, sheet: str = "") -> tuple[list[str], Iterator[tuple[int, Sequence[Any]]]]:
    """Column names and the rows with their line in the file (rows of parquet are counted from 1)."""
    match file.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return _csv(file)
        case ".xlsx" | ".xls" | ".xlsb" | ".ods":
            return _workbook(file, sheet)
        case ".parquet":
            return _parquet(file)
    raise TableUnreadable("kind", kind=file.suffix or file.name)


def lines_of(
    columns: Sequence[str],
    rows: Iterator[tuple[int, Sequence[Any]]],
    *,
    mapping: dict[str, str],
    fixed: dict[str, str],
    decimal_comma: bool = False,
) -> Iterator[Line]:
    """Rows as the interface takes them: `mapping` names the column of a field, `fixed` gives a field one text.

    With `decimal_comma` texts such as 1.234,5 in fields of numbers are read as people in Việt Nam write them.
    Raises TableUnreadable when a field that every row needs has neither.
    """
    if unknown := sorted((mapping.keys() | fixed.keys()) - set(FIELDS)):
        raise TableUnreadable("field", field=unknown[0], fields=", ".join(FIELDS))
    places: dict[str, int] = {}
    lower = {name.strip().lower(): place for place, name in reversed(list(enumerate(columns)))}
    for field in FIELDS:
        if field in fixed:
            continue
        wanted = mapping.get(field, field)
        place = lower.get(wanted.strip().lower())
        if place is not None:
            places[field] = place
        elif field in mapping:
            raise TableUnreadable("column", column=wanted, columns=", ".join(columns))
    if missing := [field for field in REQUIRED if field not in places and field not in fixed]:
        raise TableUnreadable("missing", field=missing[0], columns=", ".join(columns))
    for number, cells in rows:
        row = {field: _text(cells[place]) if place < len(cells) else "" for field, place in places.items()}
        if decimal_comma:
            # A number of a workbook or of parquet has no comma, and its point is none between thousands.
            row |= {field: _with_point(row[field]) for field in NUMBERS & row.keys() if _is_text(cells, places[field])}
        row = {field: text for field, text in row.items() if text != ""}
        if row:
            yield number, fixed | row


def _text(cell: Any) -> str:
    """A cell as text: numbers without the .0 that spreadsheets add, days as 2026-09-14."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        if cell != cell:
            return ""
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return format(Decimal(repr(cell)), "f")
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    text = str(cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULAS) else text


def _is_text(cells: Sequence[Any], place: int) -> bool:
    return place < len(cells) and isinstance(cells[place], str)


def _with_point(text: str) -> str:
    """A number written with a comma as one with a point; anything else as it is."""
    return text.replace(".", "").replace(",", ".") if _WITH_COMMA.fullmatch(text) else text


def _csv(file: Path) -> tuple[list[str], Iterator[tuple[int, Sequence[Any]]]]:
    head = _checked_head(file)
    # Excel of a Vietnamese Windows writes semicolons.
    delimiter = max(",;\t", key=head.count)

    def rows() -> Iterator[tuple[int, Sequence[Any]]]:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter)
            try:
                for cells in reader:
                    yield reader.line_num, cells
            except csv.Error as error:
                raise TableUnreadable("broken", line=reader.line_num, reason=error) from None

    found = rows()
    _line, columns = next(found, (0, ()))
    return [str(name).strip() for name in columns], found


def _checked_head(file: Path) -> str:
    """The first line of a file that is UTF-8 to its end, so that nothing is sent of one that is not; a piece at a
    time, for a file may be larger than the memory."""
    decoder, head = codecs.getincrementaldecoder("utf-8-sig")(), ""
    try:
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                text = decoder.decode(piece)
                head = head or text.partition("\n")[0]
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise TableUnreadable("encoding", file=file.name) from None
    return head


def _workbook(file: Path, sheet: str) -> tuple[list[str], Iterator[tuple[int, Sequence[Any]]]]:
    import python_calamine

    try:
        content = packed_anew(file.read_bytes(), most_bytes=MOST_BYTES, most_cells=MOST_CELLS)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if sheet and sheet not in book.sheet_names:
            raise TableUnreadable("sheet", sheet=sheet, sheets=", ".join(book.sheet_names))
        table = book.get_sheet_by_name(sheet or book.sheet_names[0])
        rows = table.to_python(skip_empty_area=False)
    except TooVast as error:
        raise TableUnreadable("vast", file=file.name, row=error.row or "?") from None
    except (python_calamine.CalamineError, Broken, IndexError, OSError) as error:
        raise TableUnreadable("workbook", file=file.name, reason=error) from None
    if not rows:
        return [], iter(())
    return [str(name).strip() for name in rows[0]], enumerate(rows[1:], start=2)


def _parquet(file: Path) -> tuple[list[str], Iterator[tuple[int, Sequence[Any]]]]:
    try:
        import duckdb
    except ImportError:
        raise TableUnreadable("extra", file=file.name) from None
    try:
        found = duckdb.connect(":memory:").execute("SELECT * FROM read_parquet(?)", [str(file)])
    except duckdb.Error as error:
        raise TableUnreadable("parquet", file=file.name, reason=error) from None
    columns = [str(one[0]) for one in found.description or ()]

    def rows() -> Iterator[tuple[int, Sequence[Any]]]:
        number = 0
        while piece := found.fetchmany(5_000):
            for cells in piece:
                number += 1
                yield number, cells

    return columns, rows()
