"""The shape of a document: paragraphs, list items, headings and table rows, with their ranks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from thuocdo.engine.extraction.view import TextView

PARAGRAPH, ITEM, HEADING, ROW, FIELD = "paragraph", "item", "heading", "row", "field"
UNMARKED = 99

# Markers with their ranks: Roman numerals and "Điều" outrank numbers, numbers outrank letters, letters dashes.
_MARKERS = (
    (-1, re.compile(r"(?:phần|chương|phụ\s+lục)\s+(?:thứ\s+\w+|[ivxl]+|\d+)\b[.:]?\s*")),
    (1, re.compile(r"(?:mục\s+)?[ivx]{1,5}\s?[.)/:-]\s*(?!\d)")),
    (0, re.compile(r"điều\s+\d+[a-zđ]?[.:]\s*")),
    (4, re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}[.)]?\s+")),
    (3, re.compile(r"\d{1,2}\.\d{1,2}[.)]?\s+(?!\d)")),
    (2, re.compile(r"(?:khoản\s+)?\d{1,2}\s?[.)/]\s*(?![\d])")),
    (2, re.compile(r"\d{1,2}\s?[-–]\s+(?![\d])")),
    (2, re.compile(r"(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+là\s?[,:]\s+")),
    (2, re.compile(r"thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)\s?[,:]\s+")),
    (6, re.compile(r"\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*")),
    # "O5/6/2026" at the beginning of a line is a date misread, and no "o5/".
    (5, re.compile(r"[a-zđ]\d?\s?(?:[.)]|/(?!\s?\d))\s*(?!\w\.)")),
    (7, re.compile(r"[-•●▪◦*–]\s*(?![\d\s]*[-|])")),
    (8, re.compile(r"\+\s*")),
)
_INLINE_MARKER = re.compile(r"(?<=[\s:;,])\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s+")
_INLINE_NUMBER = re.compile(r"(?<=[:;]\s)(?:(?:\d{1,2}|[a-zđ])\)|[a-zđ]\.)\s+")
_FIELD_NAMES = re.compile(
    r"(?:(?:cơ\s+quan|đơn\s+vị|người|bộ\s+phận|cấp)\s+)?(?P<name>chủ\s+trì(?:\s+thực\s+hiện)?|phối\s+hợp(?:\s+thực\s+hiện)?"
    r"|thực\s+hiện|thời\s+hạn(?:\s+hoàn\s+thành)?|thời\s+gian"
    r"(?:\s+(?:hoàn\s+thành|thực\s+hiện))?|hạn(?:\s+hoàn\s+thành|\s+cuối|\s+chót)?|hoàn\s+thành|sản\s+phẩm(?:\s+đầu\s+ra)?"
    r"|kết\s+quả|nhiệm\s+vụ(?:\s+\d+)?|nội\s+dung(?:\s+nhiệm\s+vụ|\s+công\s+việc)?|ghi\s+chú"
    r"|tình\s+trạng|trạng\s+thái|tiến\s+độ)\s*:\s*"
)
_INLINE_FIELD = re.compile(
    r"[.;,]\s+(?P<label>(?:(?:cơ\s+quan|đơn\s+vị)\s+)?(?:chủ\s+trì|phối\s+hợp|thời\s+hạn|thời\s+gian|sản\s+phẩm|kết\s+quả"
    r"|hoàn\s+thành|tiến\s+độ|ghi\s+chú)(?:\s+(?:thực\s+hiện|hoàn\s+thành|đầu\s+ra))?\s*:\s)"
)
_END_SIGNS = ".;:!?…,"
_LONG_LINE = 60
# A document whose lines are all shorter than this was broken by hand or by a converter.
_WRAPPED_AT = 110
# A line that ends with one of these words goes on below.
_GOES_ON_AFTER = re.compile(
    r"(?:^|\s)(?:và|của|với|các|cho|là|trong|tháng|ngày|quý|năm|số|về|tại|trên|từ|đến|trước|do|để|theo|được|phải|bộ|sở|ban"
    r"|cục|cùng|hoặc|mỗi|những|một|chủ|phối|cơ|nhiệm|thực|hoàn|kế|báo|kể)$"
)
_RULE_LINE = re.compile(r"[\s|:+=_*-]*")


@dataclass(slots=True)
class Block:
    """One paragraph, item, heading, field line or table row; [start, end) leaves out the marker and outer spaces."""

    start: int
    end: int
    kind: str
    rank: int = UNMARKED
    after_gap: bool = False
    field: str = ""

    def ends_with_colon(self, view: TextView) -> bool:
        """Say whether the block announces what follows."""
        return view.flat[self.start : self.end].rstrip(' "').endswith(":")


def lay_out(view: TextView) -> list[Block]:
    """Return the blocks of a document in order; the list of recipients at its end is left out."""
    blocks: list[Block] = []
    gap = True
    offset = 0
    previous_line = (0, 0)
    wrapped = _wrapped_width(view)
    for line in _whole_rows(view.fold):
        start, end = offset, offset + len(line)
        offset = end
        body = line.strip()
        if not body or _RULE_LINE.fullmatch(line):
            gap = gap or not body
            continue
        if line.count("\t") >= 2:
            # Cells at the ends of a row may be empty; they keep the others in their columns.
            body = line.strip(" \r\n\f\v")
            start += line.index(body)
        else:
            start += len(line) - len(line.lstrip())
        end = start + len(body)
        block = _read_line(view, start, end)
        last = blocks[-1] if blocks else None
        if (
            block.rank == UNMARKED
            and block.kind == PARAGRAPH
            and last is not None
            and not gap
            and _goes_on(view, last, previous_line, start, wrapped)
        ):
            last.end = end
        else:
            block.after_gap = gap
            blocks.append(block)
        previous_line = (start, end)
        gap = False
    blocks = _without_recipients(view, blocks)
    blocks = [part for block in blocks for part in _split_inline_list(view, block)]
    blocks = [part for block in blocks for part in _split_inline_fields(view, block)]
    _mark_headings(view, blocks)
    return blocks


def _whole_rows(fold: str) -> Iterator[str]:
    """Yield the lines of a text; a table row that was broken inside a cell comes in one piece."""
    columns = 0
    open_row = ""
    for line in fold.splitlines(keepends=True):
        bars = line.count("|")
        if open_row:
            if line.strip() and open_row.count("|") + bars <= columns:
                open_row += line
                if open_row.count("|") == columns:
                    yield open_row
                    open_row = ""
                continue
            # It was no broken row after all.
            yield from open_row.splitlines(keepends=True)
            open_row = ""
        if not line.strip():
            columns = 0
        elif not columns and bars >= 2:
            columns = bars
        elif columns and 1 <= bars < columns and not line.rstrip().endswith("|"):
            open_row = line
            continue
        yield line
    yield from open_row.splitlines(keepends=True)


def _read_line(view: TextView, start: int, end: int) -> Block:
    text = view.fold[start:end]
    if text.count("|") >= 2 or text.count("\t") >= 2:
        return Block(start, end, ROW)
    field = _FIELD_NAMES.match(text)
    # An amending document quotes the item that it words anew: "b) Sở Xây dựng ...".
    quoted = text.startswith('"') and text.count('"') <= 2
    for rank, form in _MARKERS:
        marker = form.match(text, 1 if quoted else 0)
        if marker is None or marker.end() >= len(text):
            continue
        if rank == 1 and not view.is_capital(start):
            continue
        inner = start + marker.end()
        inner_field = _FIELD_NAMES.match(view.fold[inner:end])
        if inner_field and rank >= 6:
            return Block(inner, end, FIELD, rank, field=_field_name(inner_field))
        return Block(inner, end, ITEM, rank)
    if field:
        return Block(start, end, FIELD, field=_field_name(field))
    return Block(start, end, PARAGRAPH)


def _field_name(match: re.Match[str]) -> str:
    return " ".join(match["name"].split())


def _wrapped_width(view: TextView) -> int:
    """Return the width at which the lines of a text were broken, or 0 when they were not."""
    widths = sorted(len(line.strip()) for line in view.fold.splitlines() if line.strip())
    if len(widths) < 8 or widths[-1] > _WRAPPED_AT:
        return 0
    return widths[(9 * len(widths)) // 10]


def _goes_on(view: TextView, last: Block, previous_line: tuple[int, int], start: int, wrapped: int) -> bool:
    """Say whether a line without a marker continues the block above it (a wrapped line)."""
    if last.kind == ROW:
        return False
    above = view.written[previous_line[0] : previous_line[1]].rstrip()
    if above.isupper():
        return view.written[start : start + 12].isupper()
    if not view.is_capital(start) and view.written[start].isalpha():
        return above[-1] not in ".:!?"
    if above[-1] not in _END_SIGNS and last.kind != FIELD and _GOES_ON_AFTER.search(above.lower()[-12:]):
        return True
    if wrapped and above[-1] not in ".;:!?…" and len(above) >= 2 * wrapped // 3 and last.kind != FIELD:
        return True
    return above[-1] not in _END_SIGNS.replace(",", "") and len(above) >= _LONG_LINE and last.kind != FIELD


def _without_recipients(view: TextView, blocks: list[Block]) -> list[Block]:
    kept = []
    skipping = False
    for block in blocks:
        text = view.flat[block.start : block.end]
        if re.match(r"nơi\s+nhận\b", text):
            skipping = True
        elif (
            re.match(r"(?:phụ\s+lục|danh\s+mục\s+nhiệm\s+vụ|kế\s+hoạch\s*$)", text)
            or (block.rank <= 0)
            or block.kind == ROW
        ):
            skipping = False
        if not skipping:
            kept.append(block)
    return kept


def _split_inline_list(view: TextView, block: Block) -> list[Block]:
    """Cut "...: (1) làm A; (2) làm B" into its heading and its items."""
    if block.kind in (ROW, FIELD):
        return [block]
    for form in (_INLINE_MARKER, _INLINE_NUMBER):
        marks = list(form.finditer(view.flat, block.start, block.end))
        if len(marks) >= 2:
            parts = []
            if marks[0].start() > block.start:
                parts.append(
                    Block(
                        block.start,
                        _trimmed(view, block.start, marks[0].start()),
                        block.kind,
                        block.rank,
                        block.after_gap,
                    )
                )
            ends = [mark.start() for mark in marks[1:]] + [block.end]
            parts += [Block(m.end(), _trimmed(view, m.end(), e), ITEM, 6) for m, e in zip(marks, ends, strict=True)]
            return [part for part in parts if part.end > part.start]
    return [block]


def _split_inline_fields(view: TextView, block: Block) -> list[Block]:
    """Cut "Chủ trì: A. Phối hợp: B. Hoàn thành: tháng 9/2026" into its labelled parts."""
    if block.kind == ROW:
        return [block]
    marks = [m for m in _INLINE_FIELD.finditer(view.flat, block.start, block.end) if view.is_capital(m.start("label"))]
    if not marks or (block.kind != FIELD and len(marks) < 2):
        return [block]
    edges = [block.start, *(m.start("label") for m in marks), block.end]
    parts = []
    for begin, stop in pairwise(edges):
        label = _FIELD_NAMES.match(view.fold[begin:stop])
        end = _trimmed(view, begin, stop)
        if end <= begin:
            continue
        if begin == block.start:
            parts.append(Block(begin, end, block.kind, block.rank, block.after_gap, block.field))
        elif label:
            parts.append(Block(begin, end, FIELD, UNMARKED, field=_field_name(label)))
        else:
            parts[-1].end = end
    return parts


def _trimmed(view: TextView, start: int, end: int) -> int:
    return start + len(view.flat[start:end].rstrip())


def _mark_headings(view: TextView, blocks: list[Block]) -> None:
    """Turn blocks that only name what follows into headings."""
    for number, block in enumerate(blocks):
        if block.kind not in (ITEM, PARAGRAPH):
            continue
        written = view.written[block.start : block.end]
        open_end = written.rstrip()[-1:] not in _END_SIGNS and not written.rstrip().endswith("./.")
        letters = sum(map(str.isalpha, written))
        if (letters >= 4 and written.isupper()) or (block.kind == ITEM and open_end and block.rank <= 1):
            block.kind = HEADING
        elif block.kind == ITEM and open_end and block.rank <= 4 and len(written) < 130 and number + 1 < len(blocks):
            following = blocks[number + 1]
            if following.kind in (ITEM, PARAGRAPH, ROW, FIELD) and following.rank > block.rank:
                block.kind = HEADING
