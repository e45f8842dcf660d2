"""Lines to paragraphs: running heads and page numbers left out, lines joined where only the width parted them."""

import re
from collections import Counter
from dataclasses import dataclass

from thuocdo.engine.extraction.reader.pdf.glyphs import Sheet
from thuocdo.engine.extraction.reader.pdf.grids import Grid, grids_of
from thuocdo.engine.extraction.reader.pdf.lines import Line, in_reading_order
from thuocdo.engine.extraction.reader.syllables import mend

_PAGE_NUMBER = re.compile(r"\s*(?:[-–]\s*)?(?:trang\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*[-–])?\s*", re.IGNORECASE)
_MARKER = re.compile(
    r"\s*(?:[IVX]{1,5}[.)/-]|\d{1,2}(?:\.\d{1,2})*[.)/]|[a-zđ][.)]|\([a-zđ0-9]\)|[-–•+*▪]|Điều\s+\d+[.:])\s"
    r"|\s*(?:Căn\s+cứ|Nơi\s+nhận|Kính\s+gửi)\b",
    re.IGNORECASE,
)
_ENDS = (".", ";", ":", "!", "?", "./.")
_CLOSED = (":", "./.")
_DAY = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}")
# Text reaches at least so far over a page.
_NARROWEST = 0.8
_MOST_MARGINS = 200
_EDGE_LINES, _MARGIN = 3, 0.065


@dataclass(slots=True)
class _Paragraph:
    text: str
    page: int
    first: Line | None
    last: Line | None


def paragraphs_of(sheets: list[Sheet]) -> tuple[list[tuple[str, int | None]], list[str]]:
    """Return the paragraphs and table rows (cells parted by tabs), each with its page from 1; and running heads."""
    pages: list[tuple[list[Line], list[Grid]]] = []
    for sheet in sheets:
        grids, words = grids_of(sheet)
        pages.append((in_reading_order(words), grids))
    _widen(pages, sheets)
    running = _running_heads(pages, sheets)
    found: list[_Paragraph] = []
    header: list[str] = []
    for number, (lines, grids) in enumerate(pages, start=1):
        kept = _without_edges(lines, running, sheets[number - 1])
        for item in _in_order(kept, grids):
            if isinstance(item, Line):
                _take_line(found, item, number)
            else:
                header = _take_grid(found, item, number, header)
    margins = {
        line.text: None
        for lines, _grids in pages
        for line in [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]
        if (_key(line), round(line.middle / 12)) in running
    }
    return [(paragraph.text, paragraph.page) for paragraph in found], list(margins)[:_MOST_MARGINS]


def _widen(pages: list[tuple[list[Line], list[Grid]]], sheets: list[Sheet]) -> None:
    """Set the right edge of the last column where other pages have it, for a page may hold short lines only."""
    edges = [max((line.right for line in lines), default=0.0) for lines, _grids in pages]
    usual = sorted(edges)[len(edges) // 2] if edges else 0.0
    for (lines, _grids), edge, sheet in zip(pages, edges, sheets, strict=True):
        for line in lines:
            if line.right == edge:
                line.right = max(edge, min(usual, sheet.width), _NARROWEST * sheet.width)


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _running_heads(pages: list[tuple[list[Line], list[Grid]]], sheets: list[Sheet]) -> set[tuple[str, int]]:
    """The lines at the edges of pages that come again at the same height: heads, feet, stamps of systems."""
    seen: Counter[tuple[str, int]] = Counter()
    for (lines, _grids), sheet in zip(pages, sheets, strict=True):
        for line in {id(line): line for line in [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]}.values():
            in_margin = not _MARGIN * sheet.height < line.middle < (1 - _MARGIN) * sheet.height
            if in_margin and not _MARKER.match(line.text):
                seen[_key(line), round(line.middle / 12)] += 1
    least = 2 if len(pages) <= 5 else max(3, 0.3 * len(pages))
    return {key for key, times in seen.items() if times >= least}


def _without_edges(lines: list[Line], running: set[tuple[str, int]], sheet: Sheet) -> list[Line]:
    edge = {id(line) for line in [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]}
    kept = [line for line in lines if id(line) not in edge or (_key(line), round(line.middle / 12)) not in running]
    for place in (0, -1):
        if kept and _PAGE_NUMBER.fullmatch(kept[place].text):
            kept.pop(place)
    # A page number may stand in the margin beside or below other marks.
    outer = (_MARGIN * sheet.height, (1 - _MARGIN) * sheet.height)
    return [line for line in kept if outer[0] < line.middle < outer[1] or not _PAGE_NUMBER.fullmatch(line.text)]


def _in_order(lines: list[Line], grids: list[Grid]) -> list[Line | Grid]:
    """Put the tables of a page between its lines."""
    items: list[Line | Grid] = list(lines)
    for grid in grids:
        place = next(
            (number for number, item in enumerate(items) if isinstance(item, Line) and item.top > grid.top), len(items)
        )
        items.insert(place, grid)
    return items


def _take_line(found: list[_Paragraph], line: Line, page: int) -> None:
    text = line.text.strip()
    if not text:
        return
    above = found[-1] if found else None
    if above is not None and above.last is not None and _goes_on(above, above.last, line, text, page):
        above.text = mend(above.text, text)
        above.last = line
    else:
        found.append(_Paragraph(text, page, line, line))


def _goes_on(above: _Paragraph, last: Line, line: Line, text: str, page: int) -> bool:
    """Say whether a line belongs to the paragraph above it, by the words and by what would still have fitted."""
    if _MARKER.match(text) or above.text.endswith(_CLOSED) or _is_capital(last.text) != _is_capital(text):
        return False
    if len(last.pieces()) > 1 or len(line.pieces()) > 1:
        # Issuer and motto side by side, recipients and signature: never running text.
        return False
    if line.is_aside or last.is_aside:
        return line.is_aside and last.is_aside and text[0].islower() and not above.text.endswith(_ENDS)
    same_place = above.page == page and line.top > last.top
    if abs(line.height - last.height) > 0.2 * last.height:
        return False
    if same_place and line.top - last.bottom > 0.8 * last.height and not text[0].islower():
        return False
    room = last.right - last.x1
    fitted = room > line.words[0].x1 - line.words[0].x0 + 0.3 * line.height
    ended = above.text.endswith(_ENDS)
    if not ended and text[0].islower():
        return True
    centred = last.x0 - last.left > line.height and abs((last.x0 - last.left) - (last.right - last.x1)) < line.height
    indented = line.x0 - line.left > 0.6 * line.height
    if fitted:
        # A number begins no paragraph, but the day below the title of a report does.
        return not ended and text[0].isdigit() and not centred and _DAY.match(text) is None
    if ended:
        # Running text goes on at the left edge; a new paragraph is indented, if any is.
        return not indented and above.first is not None and above.first.x0 - above.first.left > 0.6 * line.height
    return not indented or last is not above.first or centred


def _is_capital(text: str) -> bool:
    # One word in capitals is a number and symbol or a name in brackets, no heading.
    return text.isupper() and sum(map(str.isalpha, text)) > 3 and " " in text.strip()


def _take_grid(found: list[_Paragraph], grid: Grid, page: int, header: list[str]) -> list[str]:
    """Add the rows of a table; on a new page its header is not said again and a cut row is put together."""
    rows = grid.rows
    if header and rows and [cell.lower() for cell in rows[0]] == [cell.lower() for cell in header]:
        rows = rows[1:]
    elif not (header and found and found[-1].last is None and len(header) == len(rows[0])):
        header = rows[0]
    if rows and found and found[-1].last is None and found[-1].page == page - 1 and _is_rest(rows[0], header):
        cells = found[-1].text.split("\t")
        if len(cells) == len(rows[0]):
            found[-1].text = "\t".join(
                mend(old, new) if old and new else old or new for old, new in zip(cells, rows[0], strict=True)
            )
            rows = rows[1:]
    found += [_Paragraph("\t".join(row), page, None, None) for row in rows]
    return header


def _is_rest(row: list[str], header: list[str]) -> bool:
    """Say whether the first row of a page is the rest of the last row of the page before."""
    filled = [cell for cell in row if cell]
    return len(row) == len(header) and not row[0] and bool(filled) and any(cell[0].islower() for cell in filled)
