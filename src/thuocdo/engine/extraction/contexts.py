"""What a heading hands down to its items: addressees, coordination, a deadline, force, or "nothing here counts"."""

import re
from dataclasses import dataclass, field

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import addressees_at, names_of
from thuocdo.engine.extraction.clauses import Opening, addressed_opening, bare_opening, directive_opening
from thuocdo.engine.extraction.deadlines import Deadline, Mention
from thuocdo.engine.extraction.layout import HEADING, UNMARKED, Block
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.sentences import sentences, skip_links
from thuocdo.engine.extraction.view import TextView, phrase

_ANNOUNCES = phrase(
    (
        r"(?:yêu cầu|chỉ thị|chỉ đạo|giao|đề nghị|kết luận|nhiệm vụ|giải pháp|nội dung|công việc|biện pháp"
        r"|tổ chức thực hiện|phân công|như sau|sau đây|có trách nhiệm|sau)[^.;:]{0,60}:\s*$"
    ),
    whole=False,
)
# The authority speaks and a list follows; whom it speaks to, if anybody, stands after the verb.
_SPEECH = phrase(
    r"(?:yêu cầu|đề nghị|chỉ đạo|giao(?: nhiệm vụ(?: cho)?)?|chỉ thị|kết luận|quyết định|quyết nghị|có ý kiến"
    r"|thống nhất|phân công(?: nhiệm vụ(?: cho)?)?|lưu ý|nhấn mạnh)"
    r"(?= (?:như sau|các nội dung|các nhiệm vụ|một số|chỉ đạo|các|quý|ủy ban|ubnd|chủ tịch|ban|bộ|sở"
    r"|thường trực|đảng|giám đốc|thủ trưởng|cơ quan)|:)",
    whole=False,
)
_RECITES = phrase(r" ?(?:sau|nội dung|nhiệm vụ|việc|công việc|giải pháp)", whole=False)
# What may stand before the addressee of a heading: "Đối với Chính phủ", "Trách nhiệm của Sở Y tế".
_CHARGE = re.compile(
    r"(?:giao|yêu\s+cầu|đề\s+nghị|phân\s+công|đối\s+với|trách\s+nhiệm\s+của|nhiệm\s+vụ\s+của|về\s+phía)(?:\s+nhiệm\s+vụ)?"
    r"(?:\s+cho)?\s+"
)
# "3. Các khoa": a class that is in no list, alone in a heading.
_CLASS_HEADING = phrase(
    r"(?:các|mỗi|từng|toàn thể)(?: (?!nhiệm|giải|nội|chỉ|hoạt|công|biện|vấn|dự|kiến|yêu|mục|lĩnh|chính|văn|nhóm|khó|tồn"
    r"|hạn|kết|mốc|bước|tiêu|quy|điều|hình|sản|phương|chương)[^\W\d_]+){1,6}",
    whole=False,
)
_LEADS = phrase(r" chủ trì,? (?:và )?(?:phối hợp (?:với |cùng )?)?", whole=False)
_JOINS = phrase(r"(?: phối hợp)?(?: thực hiện)?[:. ]*", whole=False)
_CARRIES_OUT = phrase(
    r"(?:tập trung |khẩn trương |tiếp tục |nghiêm túc |chủ động )*(?:thực hiện|triển khai|chỉ đạo|tổ chức"
    r"|làm tốt|hoàn thành|quan tâm)(?: (?:tốt|ngay|nghiêm|thực hiện|triển khai|có hiệu quả|một số|các"
    r"|những))*(?: (?:nội dung|nhiệm vụ|công việc|giải pháp|việc|biện pháp))"
)
_ONLY_COMPETENCE = phrase(
    r"[,]? ?(?:(?:theo|căn cứ|trong) [^:;.]{3,90}|có trách nhiệm|phải|cần|(?:chủ trì,? )?thực hiện)?[:,. ]*",
    whole=False,
)


@dataclass(slots=True)
class Context:
    """What one heading hands down; ``children`` is the rank of its first item."""

    rank: int
    children: int
    section: bool = False
    skip: bool = False
    directive: bool = False
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    generic: bool = False
    deadline: Deadline | None = None


@dataclass(slots=True)
class Contexts:
    """The open headings, outermost first."""

    stack: list[Context] = field(default_factory=list)

    def close_for(self, block: Block) -> None:
        """Drop the headings that a block does not stand under."""
        rank = 1 if block.kind == HEADING and block.rank == UNMARKED else block.rank
        while self.stack and not _holds(self.stack[-1], rank):
            self.stack.pop()

    @property
    def skip(self) -> bool:
        """Say whether an open heading says that nothing under it is ordered."""
        return any(context.skip for context in self.stack)

    @property
    def directive(self) -> bool:
        """Say whether an open heading orders what stands under it."""
        return any(context.directive or context.lead for context in self.stack)

    @property
    def bearer(self) -> Context | None:
        """Return the innermost heading that names addressees."""
        return next((context for context in reversed(self.stack) if context.lead), None)

    @property
    def deadline(self) -> Deadline | None:
        """Return the innermost deadline of a heading."""
        return next((context.deadline for context in reversed(self.stack) if context.deadline), None)


def _holds(context: Context, rank: int) -> bool:
    if context.rank == UNMARKED:
        return rank >= context.children if rank != UNMARKED else context.children == UNMARKED
    if rank == UNMARKED:
        return context.section or context.children == UNMARKED
    return rank > context.rank


def read_heading(
    view: TextView, block: Block, following: Block | None, mentions: dict[int, Mention], deadline: Deadline | None
) -> Context | None:
    """Return what a heading or a block ending in a colon hands down; None when it is an order in itself."""
    text = view.flat[block.start : block.end]
    rank = block.rank if block.rank != UNMARKED or block.kind != HEADING else 1
    context = Context(rank, following.rank if following else UNMARKED, section=block.kind == HEADING, deadline=deadline)
    if stops.SENDING_LIST.search(text) and len(text) < 200 and "yêu cầu" not in text:
        context.skip = True
        return context
    if block.kind == HEADING:
        offset = skip_links(view, block.start, block.end)
        charge = _CHARGE.match(view.flat, offset, block.end)
        bodies = addressees_at(view, charge.end() if charge else offset, block.end)
        if (
            bodies is not None
            and _ONLY_COMPETENCE.fullmatch(view.flat, bodies.end, block.end)
            and not view.written[block.start : block.end].isupper()
        ):
            context.lead, context.generic = names_of(view, bodies), bodies.generic
        elif bodies is not None and (partners := _partners_in_heading(view, bodies.end, block.end)) is not None:
            context.lead, context.generic, context.coordinating = names_of(view, bodies), bodies.generic, partners
        elif (
            bodies is not None
            and not view.written[block.start : block.end].isupper()
            and (listed := _listed_bodies(view, block.start, block.end)) is not None
        ):
            context.lead, context.generic = listed
        elif (named := _CLASS_HEADING.fullmatch(text.strip())) and not view.written[block.start : block.end].isupper():
            context.lead, context.generic = (view.cut(block.start, block.start + len(named[0])),), True
        elif stops.SKIPPED_SECTION.match(text) and not stops.WORK_SECTION.search(text):
            context.skip = True
        elif stops.TASK_SECTION.search(text):
            context.directive = True
        return context
    if stops.SKIPPED_SECTION.match(text) and len(text) < 80:
        context.skip = True
        return context
    start, end = list(sentences(view, block.start, block.end))[-1]
    spoken = _SPEECH.search(view.flat, start, end)
    if spoken is not None and spoken.start() > skip_links(view, start, end):
        # "Hội đồng nhân dân tỉnh yêu cầu A và B thực hiện:" charges A and B; "... có ý kiến như sau:" charges nobody.
        told = _told_by(view, spoken.end(), end)
        if told is not None:
            context.lead, context.generic, context.directive = *told, True
            return context
        context.directive, context.deadline = True, None
        return context
    opening = _opening_of(view, start, end, mentions)
    if opening is not None and opening.has_lead:
        if (
            following is not None
            and not _CARRIES_OUT.match(view.flat, opening.action, end)
            and not _starts_order(view, following)
        ):
            return None
        context.lead, context.generic, context.coordinating = opening.lead, opening.generic, opening.coordinating
        return context
    told = _bodies_before_colon(view, start, end) or _listed_bodies(view, start, end)
    if told is not None:
        context.lead, context.generic = told
        return context
    context.directive = _ANNOUNCES.search(text) is not None
    return context if context.directive or following is None or _starts_order(view, following) else None


def _partners_in_heading(view: TextView, offset: int, end: int) -> tuple[str, ...] | None:
    """Read "(A) chủ trì, B phối hợp" and "(A) chủ trì, phối hợp với B" in a heading; None when it says more."""
    joint = _LEADS.match(view.flat, offset, end)
    partners = addressees_at(view, joint.end(), end) if joint else None
    if partners is None or not _JOINS.fullmatch(view.flat, partners.end, end):
        return None
    return names_of(view, partners)


def _opening_of(view: TextView, start: int, end: int, mentions: dict[int, Mention]) -> Opening | None:
    for boundary in [start, *(m.end() for m in re.compile(r"[,;]\s+").finditer(view.flat, start, end))]:
        offset = skip_links(view, boundary, end)
        mention = mentions.get(offset)
        if mention is not None:
            offset = skip_spaces(view, mention.end)
            offset = skip_spaces(view, offset + 1) if view.flat[offset : offset + 1] in (",", ":") else offset
        found = directive_opening(view, offset, end - 1, mentions) or addressed_opening(
            view, offset, offset, end - 1, mentions
        )
        if found is not None and found.has_lead:
            return found
    return None


def _bodies_before_colon(view: TextView, start: int, end: int) -> tuple[tuple[str, ...], bool] | None:
    """Read "Giao Bộ A:" or "Bộ A, Bộ B theo chức năng của mình:"."""
    offset = skip_links(view, start, end)
    order = _CHARGE.match(view.flat, offset, end)
    offset = order.end() if order else offset
    bodies = addressees_at(view, offset, end)
    if bodies is None or not _ONLY_COMPETENCE.fullmatch(view.flat, bodies.end, end):
        return None
    return names_of(view, bodies), bodies.generic


def _told_by(view: TextView, offset: int, end: int) -> tuple[tuple[str, ...], bool] | None:
    """Return the bodies named right after the authority's verb, or None."""
    offset = skip_spaces(view, offset)
    bodies = addressees_at(view, offset, end - 1)
    if bodies is None or (bodies.bodies[0].generic and _RECITES.match(view.flat, bodies.end, end)):
        return None
    return names_of(view, bodies), bodies.generic


def _listed_bodies(view: TextView, start: int, end: int) -> tuple[tuple[str, ...], bool] | None:
    """Read a short line before a colon that begins with a body and has no verb: all of it is the addressee."""
    offset = skip_links(view, start, end)
    bodies = addressees_at(view, offset, end)
    stop = len(view.flat[:end].rstrip(" :"))
    if bodies is None or not bodies.end < stop <= bodies.end + 90:
        return None
    rest = view.flat[bodies.end : stop]
    if re.fullmatch(r"\s*\([^)]*\)\s*", rest):
        return names_of(view, bodies), bodies.generic
    if rest[:1] not in (" ", ":", ",") or re.search(r"[.;]", rest) or _told_something(view, bodies.end, stop):
        return None
    names = names_of(view, bodies)
    last = view.cut(bodies.bodies[-1].start, stop)
    return (*names[:-1], last), bodies.generic and ":" not in rest


def _told_something(view: TextView, start: int, end: int) -> bool:
    """Say whether a modal or an adverb of command stands in a stretch."""
    return (
        re.search(
            r"(?<!\w)(?:phải|cần|có\s+trách\s+nhiệm|khẩn\s+trương|chủ\s+trì|là|đã|được|thực\s+hiện)(?!\w)",
            view.flat[start:end],
        )
        is not None
    )


def _starts_order(view: TextView, block: Block) -> bool:
    """Say whether a block begins with a verb or an addressee that is told to do something."""
    offset = skip_links(view, block.start, block.end)
    return (
        bare_opening(view, offset, block.end) is not None
        or addressed_opening(view, offset, offset, block.end, {}) is not None
    )
