"""Tables and blocks of labelled lines: one row or block, one assignment."""

import re
from dataclasses import dataclass, field
from datetime import date

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import addressees_at, distributed_names
from thuocdo.engine.extraction.deadlines import NO_DEADLINE, Deadline, parse_column
from thuocdo.engine.extraction.layout import Block
from thuocdo.engine.extraction.view import TextView

_OLD_DEADLINE = re.compile(r"(?:cũ|trước\s+đây|đã\s+giao|ban\s+đầu|bắt\s+đầu)")
_COLUMNS = (
    ("status", re.compile(r"ghi\s+chú|trạng\s+thái|tình\s+trạng|kết\s+quả\s+thực\s+hiện|tiến\s+độ\s+thực\s+hiện")),
    ("coordinating", re.compile(r"phối\s+hợp")),
    (
        "lead",
        re.compile(
            r"chủ\s+trì|(?:cơ\s+quan|đơn\s+vị|bộ\s+phận)\s+(?:thực\s+hiện|chịu\s+trách\s+nhiệm|được\s+giao)"
            r"|đầu\s+mối|người\s+(?:thực\s+hiện|phụ\s+trách)|trách\s+nhiệm|(?:cơ\s+quan|đơn\s+vị|sở|phòng),?\s+(?:ban|ngành|đơn\s+vị|địa\s+phương)"
            r"|^(?:cơ\s+quan|đơn\s+vị|phân\s+công|giao\s+cho)$"
        ),
    ),
    ("deadline", re.compile(r"thời\s+(?:gian|hạn|điểm)|hạn(?:\s+hoàn\s+thành)?|hoàn\s+thành|tiến\s+độ")),
    ("product", re.compile(r"sản\s+phẩm|kết\s+quả|đầu\s+ra")),
    ("task", re.compile(r"nhiệm\s+vụ|nội\s+dung|công\s+việc|việc|giải\s+pháp|hoạt\s+động|đề\s+án")),
    ("number", re.compile(r"^(?:stt|tt|số\s+tt|#|số)$")),
)

# "Thành lập ủy ban điều phối (đã hoàn thành)": the state stands behind the task.
_CLOSED_IN_BRACKETS = re.compile(
    r"\((?:đã|được)\s+(?:được\s+)?(?:hoàn\s+thành|thực\s+hiện|xong|bỏ|bãi\s+bỏ|hủy|rút|ban\s+hành|trình|đưa\s+ra)[^)]*\)"
    r"|\((?:chuyển\s+sang|tạm\s+dừng|lùi\s+sang|bỏ|hủy|bãi\s+bỏ|không\s+thực\s+hiện|dừng\s+thực\s+hiện|hoàn\s+thành)[^)]*\)"
)


@dataclass(slots=True)
class Row:
    """What one row says, as stretches of the view."""

    start: int
    end: int
    task: tuple[int, int]
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    generic: bool
    deadline: Deadline
    product: tuple[int, int] | None


@dataclass(slots=True)
class TableReader:
    """Reads rows one after the other, remembering the header and the last deadline for ditto marks."""

    view: TextView
    issued_on: date | None
    columns: list[str] = field(default_factory=list)
    last_deadline: Deadline = NO_DEADLINE
    last_bodies: dict[str, tuple[tuple[str, ...], bool]] = field(default_factory=dict)

    def read(self, block: Block) -> Row | None:
        """Return the assignment of a row; None for headers, section rows, rows that are done or without a task."""
        cells = _cells(self.view, block)
        texts = [self.view.flat[a:b] for a, b in cells]
        header = [_column(" ".join(text.split())) for text in texts]
        if header.count("deadline") > 1:
            header = [
                "" if h == "deadline" and _OLD_DEADLINE.search(t) else h for h, t in zip(header, texts, strict=True)
            ]
        if "task" in header and len({h for h in header if h}) >= 3 and all(len(t) < 60 for t in texts):
            self.columns = header
            return None
        if not self.columns or sum(bool(t) for t in texts) < 2:
            return None
        named = {name: cell for name, cell in zip(self.columns, cells, strict=False) if name}
        task = named.get("task")
        if task is None or task[1] - task[0] < 4:
            return None
        lead, generic = self._bodies("lead", named.get("lead"))
        coordinating, _ = self._bodies("coordinating", named.get("coordinating"))
        deadline = self._deadline(named.get("deadline"))
        if any(
            is_closed(self.view.flat[a:b])
            or (name == "status" and re.match(r"(?:hoàn\s+thành|xong|đạt)(?!\w)", self.view.flat[a:b]))
            for name, (a, b) in named.items()
            if name in ("status", "deadline", "product", "task")
        ):
            return None
        filled = [cell for cell in cells if cell[1] > cell[0]]
        product = named.get("product")
        if (
            "lead" in named
            and not lead
            and "deadline" in named
            and not self.view.flat[slice(*named["deadline"])].strip()
        ):
            return None
        return Row(
            task[0],
            filled[-1][1],
            task,
            lead,
            coordinating,
            generic,
            deadline,
            product if product and product[1] > product[0] else None,
        )

    def _bodies(self, column: str, cell: tuple[int, int] | None) -> tuple[tuple[str, ...], bool]:
        if cell is None or cell[1] <= cell[0]:
            return (), False
        if stops.DITTO_CELL.fullmatch(self.view.flat, *cell):
            return self.last_bodies.get(column, ((), False))
        found = column_bodies(self.view, *cell)
        self.last_bodies[column] = found
        return found

    def _deadline(self, cell: tuple[int, int] | None) -> Deadline:
        if cell is None or cell[1] <= cell[0]:
            return NO_DEADLINE
        if stops.DITTO_CELL.fullmatch(self.view.flat, *cell):
            return self.last_deadline
        found = parse_column(self.view, *cell, self.issued_on)
        self.last_deadline = found
        return found


def column_bodies(view: TextView, start: int, end: int) -> tuple[tuple[str, ...], bool]:
    """Return the bodies listed in a cell, as written, and whether every one is a class."""
    bodies: list[str] = []
    generic: list[bool] = []
    offset = start
    while offset < end:
        # In a cell a semicolon always parts two bodies.
        semicolon = view.flat.find(";", offset, end)
        found = addressees_at(view, offset, semicolon if semicolon > 0 else end)
        if found is not None:
            distributed = distributed_names(view, found, end)
            if distributed:
                bodies += distributed[1]
                generic += [False] * len(distributed[1])
                offset = distributed[0]
            else:
                for body in found.bodies:
                    bodies.append(view.cut(body.start, body.end))
                    generic.append(body.generic)
                offset = found.end
        else:
            piece = re.compile(r"[^,;]*").match(view.flat, offset, end)
            stop = piece.end() if piece else end
            text = view.cut(offset, offset + len(view.flat[offset:stop].rstrip()))
            if text.strip():
                bodies.append(text)
                generic.append(False)
            offset = stop
        rest = re.compile(r"\s*(?:\([^)]*\))?\s*(?:[,;]|và(?!\w))?\s*").match(view.flat, offset, end)
        offset = max(rest.end() if rest else end, offset + (rest is None))
        if found is not None and offset == found.end and offset < end:
            skip = re.compile(r"[^,;]*[,;]?\s*").match(view.flat, offset, end)
            offset = skip.end() if skip and skip.end() > offset else end
    return tuple(bodies), bool(generic) and all(generic)


def is_closed(text: str) -> bool:
    """Say whether the text of a cell tells that nothing is asked for any more."""
    if _CLOSED_IN_BRACKETS.search(text):
        return True
    text = text.strip(" ()")
    return (bool(stops.CLOSED_ROW.match(text)) and len(text) < 60) or text == "hoàn thành"


def _column(text: str) -> str:
    return next((name for name, form in _COLUMNS if form.search(text)), "")


def _cells(view: TextView, block: Block) -> list[tuple[int, int]]:
    """Return the cells of a row as stretches without outer spaces; empty cells have no length."""
    fold = view.fold
    sign = "|" if fold.count("|", block.start, block.end) >= 2 else "\t"
    start, end = block.start, block.end
    if sign == "|":
        start += fold[start] == "|"
        end -= fold[end - 1] == "|"
    cells = []
    while start <= end:
        stop = fold.find(sign, start, end)
        stop = end if stop < 0 else stop
        text = view.flat[start:stop]
        left = len(text) - len(text.lstrip())
        cells.append((start + left, start + left + len(text.strip())) if text.strip() else (start, start))
        start = stop + 1
    return cells
