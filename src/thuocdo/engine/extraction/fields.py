"""Blocks of labelled lines ("Nhiệm vụ: ...", "Chủ trì: ...", "Thời hạn: ..."): one block, one assignment."""

import re
from dataclasses import dataclass
from datetime import date

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.deadlines import NO_DEADLINE, Deadline, parse_column
from thuocdo.engine.extraction.layout import Block
from thuocdo.engine.extraction.tables import column_bodies
from thuocdo.engine.extraction.view import TextView

_VALUE = re.compile(r":\s*")


@dataclass(slots=True)
class FieldBlock:
    """A task text and the labelled lines under it."""

    view: TextView
    issued_on: date | None
    task: tuple[int, int]
    end: int
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    generic: bool = False
    deadline: Deadline = NO_DEADLINE
    product: tuple[int, int] | None = None
    closed: bool = False
    lines: int = 0
    # What a ditto mark or "như nhiệm vụ 1" stands for is known to the document, not to the block.
    lead_ditto: str = ""
    coordinating_ditto: bool = False

    def add(self, block: Block, last_deadline: Deadline) -> None:
        """Take in one labelled line."""
        start, end = value_of(self.view, block)
        self.end, self.lines = block.end, self.lines + 1
        while end > start and self.view.flat[end - 1] in " .;":
            end -= 1
        self.end = end if end > start else block.end
        name = block.field
        if name.startswith("phối hợp"):
            if stops.DITTO_CELL.fullmatch(self.view.flat, start, end):
                self.coordinating_ditto = True
            else:
                self.coordinating, _ = column_bodies(self.view, start, end)
        elif name.startswith(("chủ trì", "thực hiện", "chịu trách nhiệm", "đầu mối")):
            if self.view.flat.startswith("như ", start) or stops.DITTO_CELL.fullmatch(self.view.flat, start, end):
                self.lead_ditto = self.view.flat[start:end]
            else:
                self.lead, self.generic = column_bodies(self.view, start, end)
        elif name.startswith(("thời", "hạn", "hoàn", "tiến độ")):
            ditto = stops.DITTO_CELL.fullmatch(self.view.flat, start, end)
            self.deadline = last_deadline if ditto else parse_column(self.view, start, end, self.issued_on)
        elif name.startswith(("sản phẩm", "kết quả")):
            self.product = (start, end)
        elif name.startswith(("ghi chú", "tình trạng", "trạng thái")):
            self.closed = stops.CLOSED_ROW.match(self.view.flat, start, end) is not None


def value_of(view: TextView, block: Block) -> tuple[int, int]:
    """Return the stretch after the label of a line."""
    colon = _VALUE.search(view.flat, block.start, block.end)
    return (colon.end() if colon else block.start), block.end
