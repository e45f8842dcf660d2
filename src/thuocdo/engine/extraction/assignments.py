"""Assignments: who must do what by when, found in the text of a directive or of a report about one."""

import re
from dataclasses import dataclass, field
from datetime import date

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.contexts import Contexts, read_heading
from thuocdo.engine.extraction.deadlines import Deadline, Mention, find_mentions
from thuocdo.engine.extraction.drafts import Assignment, Drafts
from thuocdo.engine.extraction.fields import FieldBlock, value_of
from thuocdo.engine.extraction.genres import body_begins, has_official_head, in_title, is_caption, type_line
from thuocdo.engine.extraction.head import read_head
from thuocdo.engine.extraction.layout import FIELD, HEADING, ITEM, PARAGRAPH, ROW, UNMARKED, Block, lay_out
from thuocdo.engine.extraction.misread import mend
from thuocdo.engine.extraction.orders import SentenceReader, Surroundings
from thuocdo.engine.extraction.products import find_deliverable, find_target
from thuocdo.engine.extraction.sentences import sentences
from thuocdo.engine.extraction.tables import TableReader, is_closed
from thuocdo.engine.extraction.units import Order, binding
from thuocdo.engine.extraction.view import TextView

__all__ = ["Assignment", "Deadline", "find_assignments"]


def find_assignments(text: str, *, issued_on: date | None = None) -> list[Assignment]:
    """Return the assignments of a text in order; offsets count the code points of the text as given.

    ``issued_on`` is the document's date; without it the date is read from the text.
    """
    view = TextView(text)
    misread = mend(view)
    reader = _DocumentReader(view, issued_on or read_head(text).issued_on, Drafts(view, misread=misread))
    return reader.read()


_CONCLUDES = re.compile(r"kết\s+luận(?!\s+số)|phân\s+công\s+nhiệm\s+vụ|thống\s+nhất\s+(?:các\s+)?nội\s+dung")
_ONLY_DEADLINE = re.compile(
    r"(?:(?:việc\s+này|các\s+nội\s+dung\s+này|nhiệm\s+vụ\s+này)\s+)?(?:phải\s+|cần\s+)?(?:thời\s+(?:hạn"
    r"|gian)(?:\s+(?:hoàn\s+thành|thực\s+hiện))?|hạn(?:\s+hoàn\s+thành)?|hoàn\s+thành|xong|tiến\s+độ)"
    r"(?:\s+(?:là|xong|các\s+nội\s+dung\s+này|việc\s+này|nhiệm\s+vụ\s+này|công\s+việc\s+này))*\s*:?\s*"
)


@dataclass(slots=True)
class _DocumentReader:
    """Walks through the blocks of a document and collects assignments."""

    view: TextView
    issued_on: date | None
    drafts: Drafts
    contexts: Contexts = field(default_factory=Contexts)
    last_order: Order | None = None
    # Leads, partners and class mark of the blocks of labelled lines so far, done ones included.
    field_leads: list[tuple[tuple[str, ...], tuple[str, ...], bool]] = field(default_factory=list)
    _sentences: SentenceReader = field(init=False)

    def read(self) -> list[Assignment]:
        blocks = lay_out(self.view)
        marked = sum(block.rank != UNMARKED for block in blocks)
        listed = 3 * marked >= len(blocks) > 0 or any(b.kind in (ROW, FIELD) for b in blocks)
        official = has_official_head(self.view) or listed
        self._sentences = SentenceReader(self.view, self.issued_on, report=not official)
        tables = TableReader(self.view, self.issued_on)
        begun = official and not has_official_head(self.view)
        skip_until = 0 if official else body_begins(self.view, blocks)
        line = type_line(self.view, blocks) if official else None
        title_ends = in_title(self.view, blocks, line)
        minutes = line is not None and self.view.flat.startswith("biên bản", blocks[line].start)
        number = 0
        while number < len(blocks):
            block = blocks[number]
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            number += 1
            if not official and (number - 1 < skip_until or is_caption(self.view, block)):
                continue
            if official and number - 1 < title_ends and block.kind != ROW:
                continue
            if minutes and not _CONCLUDES.search(self.view.flat, block.start, min(block.end, block.start + 160)):
                # In minutes only what stands under the conclusion orders; before it, people report and propose.
                continue
            minutes = False
            if block.kind == ROW:
                self._take_row(tables, block)
                continue
            tables.columns = tables.columns if block.kind == PARAGRAPH else []
            self.contexts.close_for(block)
            begun = begun or block.rank != UNMARKED
            if following is not None and following.kind == FIELD and block.kind in (ITEM, PARAGRAPH, HEADING, FIELD):
                taken = self._take_fields(blocks, number - 1)
                if taken:
                    number += taken - 1
                    continue
            if (
                official
                and (block.kind == HEADING or block.ends_with_colon(self.view))
                and self._take_heading(block, following)
            ):
                begun = begun or self.contexts.directive
                continue
            if (
                block.kind == HEADING
                or self.contexts.skip
                or (
                    official
                    and stops.SKIPPED_SECTION.match(self.view.flat, block.start, min(block.end, block.start + 60))
                    and ":" in self.view.flat[block.start : block.start + 40]
                )
            ):
                self.last_order = None
                continue
            self._take_text(block, official=official, begun=begun)
        return self.drafts.found

    def _take_heading(self, block: Block, following: Block | None) -> bool:
        mentions = find_mentions(self.view, block.start, block.end, self.issued_on)
        due = [
            m
            # "Phê duyệt Đề án ... đến năm 2030 với nội dung sau:" names the plan's horizon, not a deadline of the list.
            for m in binding(self.view, mentions, block.start, block.end, block.start, self.issued_on)
            if (m.strong or m.closes)
            and not m.bare
            and (self.issued_on is None or m.date is None or m.date >= self.issued_on)
        ]
        dated = [m for m in due if m.date is not None]
        deadline = (
            self.drafts.deadline_of(dated[:1] or [m for m in due if m.kind == "recurring"][:1])
            if block.ends_with_colon(self.view)
            else None
        )
        context = read_heading(
            self.view,
            block,
            following,
            {m.start: m for m in mentions},
            deadline if deadline and deadline.kind != "none" else None,
        )
        if context is None:
            return False
        self.contexts.stack.append(context)
        return True

    def _take_text(self, block: Block, *, official: bool, begun: bool) -> None:
        bearer = self.contexts.bearer
        around = Surroundings(
            is_list=block.rank != UNMARKED and official,
            orders_here=official and (begun or self.contexts.directive),
            addressed_here=official and begun,
            any_verb=official and block.rank != UNMARKED and bearer is not None,
        )
        if bearer is not None:
            around.lead, around.coordinating, around.generic = bearer.lead, bearer.coordinating, bearer.generic
        if not (
            block.kind == PARAGRAPH
            and self.last_order is not None
            and _ONLY_DEADLINE.match(self.view.flat, block.start, block.end)
        ):
            self.last_order = None
        for start, end in sentences(self.view, block.start, block.end):
            mentions = find_mentions(self.view, start, end, self.issued_on)
            if self._add_deadline(start, end, mentions):
                continue
            orders = self._sentences.read(start, end, mentions, around)
            for order in orders:
                self._keep(order)
            if orders:
                last = orders[-1]
                around = Surroundings(
                    last.lead,
                    (),
                    last.generic,
                    is_list=around.is_list,
                    orders_here=around.orders_here,
                    addressed_here=around.addressed_here,
                )

    def _add_deadline(self, start: int, end: int, mentions: list[Mention]) -> bool:
        """Take "Hoàn thành trước ngày X." into the assignment before it."""
        opening = _ONLY_DEADLINE.match(self.view.flat, start, end)
        if opening is None or self.last_order is None or not mentions or not self.drafts.found:
            return False
        if mentions[0].start - opening.end() > 3 or self.view.flat[mentions[-1].end : end].strip(" .;,"):
            return False
        order = self.last_order
        order.mentions = [m for m in order.mentions if m.date is not None and mentions[0].date is None] + mentions
        order.end = mentions[-1].end
        self.drafts.found.pop()
        self._keep(order)
        return True

    def _keep(self, order: Order) -> None:
        self.last_order = order
        self.drafts.keep(order, self.contexts.deadline)

    def _take_row(self, tables: TableReader, block: Block) -> None:
        row = tables.read(block)
        if row is None or self.contexts.skip:
            return
        target = find_target(self.view, *row.task) or (
            row.product and (find_target(self.view, *row.product) or _counted(self.view, *row.product))
        )
        product = row.product or find_deliverable(self.view, *row.task)
        self.drafts.append(
            (row.start, row.end),
            row.task,
            row.lead,
            row.coordinating,
            row.generic,
            product,
            target,
            row.deadline,
            ["row"],
        )

    def _fill_dittos(self, block: FieldBlock) -> None:
        """Put in what "nt" or "như nhiệm vụ 1" refers to: the block above, or the block of that number."""
        if not self.field_leads:
            return
        if block.lead_ditto:
            number = re.search(r"\d+", block.lead_ditto)
            place = int(number[0]) - 1 if number else len(self.field_leads) - 1
            if 0 <= place < len(self.field_leads):
                block.lead, _, block.generic = self.field_leads[place]
        if block.coordinating_ditto:
            block.coordinating = self.field_leads[-1][1]

    def _take_fields(self, blocks: list[Block], number: int) -> int:
        """Read a task text and the labelled lines after it; return how many blocks were taken (0: none)."""
        head = blocks[number]
        start, end = value_of(self.view, head) if head.kind == FIELD else (head.start, head.end)
        if head.kind == FIELD and not head.field.startswith(("nhiệm vụ", "nội dung")):
            return 0
        while end > start and self.view.flat[end - 1] in " .;:":
            end -= 1
        block = FieldBlock(self.view, self.issued_on, (start, end), end, closed=is_closed(self.view.flat[start:end]))
        count = 1
        for line in blocks[number + 1 :]:
            if line.kind != FIELD or line.field.startswith(("nhiệm vụ", "nội dung")):
                break
            block.add(line, self.drafts.last_deadline)
            count += 1
        self._fill_dittos(block)
        if not block.lead and block.deadline.kind == "none":
            return 0
        self.field_leads.append((block.lead, block.coordinating, block.generic))
        if not (block.closed or self.contexts.skip):
            product = block.product or find_deliverable(self.view, start, end)
            target = find_target(self.view, start, end) or (
                block.product and (find_target(self.view, *block.product) or _counted(self.view, *block.product))
            )
            self.drafts.append(
                (start, block.end),
                (start, end),
                block.lead,
                block.coordinating,
                block.generic,
                product,
                target,
                block.deadline,
                ["row"],
            )
        return count


def _counted(view: TextView, start: int, end: int) -> tuple[int, int] | None:
    """Take a product that begins with a number ("10 lớp tập huấn") for a target."""
    return (start, end) if re.match(r"\d[\d.,]*\s+\w", view.flat[start:end]) else None
