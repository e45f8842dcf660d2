"""One order or several: cutting what one body is told at its deadlines (rules R2 and R3 of the labelling scheme)."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from thuocdo.engine.extraction import deadline_forms as forms
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, ADVERBS

_EDGE_BEFORE = re.compile(r"(?:[,;:.(]|\s(?:và|để|hoàn\s+thành|xong|cũng))\s*$")
_EDGE_AFTER = re.compile(r"\s*(?:[,;:.)(/]|$|và(?!\w)|để(?!\w)|nhằm(?!\w)|phải(?!\w)|theo(?!\w))")
_PAST_IN_CLAUSE = re.compile(
    r"(?<!\w)(?:đã|được\s+(?:phê\s+duyệt|ban\s+hành|thông\s+qua|ký)|phát\s+sinh|có\s+hiệu\s+lực"
    r"|so\s+với)(?!\w)[^,;]*$"
)
_BELONGS_TO_NOUN = phrase(
    (
        r"(?:phiên họp|kỳ họp|hội nghị|nghị quyết|chương trình|dự toán|ngân sách|giai đoạn|học kỳ|số liệu"
        r"|kết quả|báo cáo|kế hoạch|công tác|nhiệm vụ|chỉ tiêu|mục tiêu) ?$"
    ),
    whole=False,
)
# "Chiến lược dữ liệu đến năm 2035": the year belongs to the plan, not to the work on it.
_HORIZON = re.compile(
    r"(?:chiến\s+lược|quy\s+hoạch|đề\s+án|chương\s+trình|kế\s+hoạch|tầm\s+nhìn|lộ\s+trình|mục\s+tiêu)[^,;]*$"
)
# "Dự toán hằng năm": the year belongs to the noun.
_YEARLY_NOUN = re.compile(
    r"(?:dự\s+toán|ngân\s+sách|kế\s+hoạch|chỉ\s+tiêu|chương\s+trình\s+công\s+tác|kế\s+hoạch\s+công\s+tác|thường\s+kỳ|định\s+kỳ|kinh\s+phí|số\s+liệu)\s+$"
)
_PROHIBITION = re.compile(r"\s*(?:và\s+|đồng\s+thời\s+)?(?:không|tuyệt\s+đối\s+không|nghiêm\s+cấm)(?!\w)")
# What is said about a duty and is none itself.
_ASIDE = re.compile(
    r"\s*(?:thời\s+hạn|thời\s+gian|(?:việc|nội\s+dung|số\s+liệu)\s+này|kinh\s+phí|bản\s+giấy|chi\s+phí)(?!\w)"
)
_PURPOSE = re.compile(r"\s*(?:để|nhằm|theo)(?!\w)")
_NO_VERB_AFTER = re.compile(
    r"\s*(?:của|về|cho|và|trong|tại|theo|từ|đến|để|nhằm|do|được|đã|sẽ|trên|với|mà|khi|có|là|cùng|sau|trước|một|\d)(?!\w)"
)
_DAILY_ROUND = re.compile(r"(?:điều\s+hành|công\s+việc|đời\s+sống|sinh\s+hoạt|hoạt\s+động|làm\s+việc)\s+$")
_TAIL = phrase(
    (
        r"(?:,? ?(?:và )?(?:(?:phải |cần )?(?:hoàn thành|hoàn tất|thực hiện xong|xong|kết thúc)|trình|thời hạn"
        r"|thời gian|(?<!chậm\s)(?<!đúng\s)tiến độ|hạn)(?: xong| là| thực hiện| hoàn thành| toàn bộ)?|[.,;:(\-]) ?$"
    ),
    whole=False,
)


@dataclass(slots=True)
class Unit:
    """A stretch that is one assignment, with the deadlines that bind it."""

    start: int
    end: int
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class Order:
    """One assignment as stretches of the view; ``action`` is (start, end)."""

    start: int
    end: int
    action: int
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    generic: bool = False
    force: str = "bare"
    mentions: list[Mention] = field(default_factory=list)
    subject: tuple[int, int] | None = None
    inherited: bool = False


def binding(
    view: TextView, mentions: list[Mention], start: int, end: int, action: int, past_before: object
) -> list[Mention]:
    """Return the mentions of a stretch that limit its action; dates that describe something are passed over."""
    kept = []
    for mention in mentions:
        if mention.start < start or mention.end > end:
            continue
        before = view.flat[start : mention.start]
        after_edge = _EDGE_AFTER.match(view.flat, mention.end, end) is not None
        first = not before.strip() or mention.end <= action
        before_edge = first or _EDGE_BEFORE.search(before) is not None
        completes = forms.COMPLETION.search(before.rstrip()[-30:]) is not None
        if forms.NOT_THIS_DATE.search(before.rstrip()[-40:] + " " if before else ""):
            continue
        if forms.NOT_THIS_DATE.search(before[-40:]):
            continue
        next_word = skip_spaces(view, mention.end)
        fronts = (
            before_edge
            and not re.search(r"ngày\s|\d[/-]\d", view.flat[mention.start : mention.end].split("/")[0])
            and (
                before.rstrip().endswith(";")
                or bool(ACTION_VERBS.end_at(view, next_word) or ADVERBS.end_at(view, next_word))
            )
            and mention.kind != "within_year"
        )
        if mention.bare and not (
            completes
            or fronts
            or (
                before_edge and after_edge and not re.search(r"ngày\s|\d[/-]\d", view.flat[mention.start : mention.end])
            )
        ):
            continue
        if mention.kind == "within_year" and not before_edge and _HORIZON.search(before):
            continue
        if mention.bare and _BELONGS_TO_NOUN.search(before[-30:]):
            continue
        if mention.kind == "recurring" and _YEARLY_NOUN.search(before[-30:]):
            continue
        if mention.kind == "recurring":
            verb_next = ACTION_VERBS.end_at(view, skip_spaces(view, mention.end)) or ADVERBS.end_at(
                view, skip_spaces(view, mention.end)
            )
            # "; cuối mỗi tuần báo số liệu": at the front of a part even a verb that is in no list follows it.
            fronts_part = before.rstrip()[-1:] in (",", ";") and not _NO_VERB_AFTER.match(view.flat, mention.end, end)
            if not (
                (after_edge and not _PURPOSE.match(view.flat, mention.end, end))
                or (before_edge and verb_next)
                or (fronts_part and not after_edge)
            ):
                continue
            if _DAILY_ROUND.search(before[-20:]):
                continue
        elif not mention.strong and not completes:
            if not (before_edge or after_edge):
                continue
            if not first and _PAST_IN_CLAUSE.search(before):
                continue
        if mention.date is not None and past_before is not None and mention.date < past_before:  # type: ignore[operator]
            continue
        kept.append(mention)
    return kept


def cut_units(view: TextView, start: int, end: int, action: int, mentions: list[Mention]) -> list[Unit]:
    """Cut the stretch told to one body into units; ``action`` is where the first unit's action begins."""
    units: list[Unit] = []
    current: Unit | None = None
    fronted = False
    for begin, stop in _parts(view, start, end, mentions):
        inside = [m for m in mentions if begin <= m.start < stop]
        closing = [m for m in inside if m.closes]
        recurring = [m for m in inside if not m.closes]
        at_front = (
            bool(closing)
            and (closing[0].end <= action if begin == start else _leads(view, begin, closing[0]))
            and len(closing) == 1
        )
        if closing and at_front:
            if current is not None:
                units.append(current)
            current, fronted = Unit(begin, stop, inside), True
        elif recurring and not closing:
            if current is not None:
                units.append(current)
            units.append(Unit(begin, stop, recurring))
            current, fronted = None, False
        elif closing:
            if current is None:
                current = Unit(begin, stop, inside)
            elif fronted:
                units.append(current)
                current = Unit(begin, stop, inside)
            else:
                current = Unit(current.start, stop, current.mentions + inside)
            units.append(current)
            current, fronted = None, False
        elif current is None and units and not inside and _ASIDE.match(view.flat, begin, stop):
            continue
        elif current is None and units and _PROHIBITION.match(view.flat, begin, stop):
            # A prohibition after a duty belongs to that duty.
            units[-1] = Unit(units[-1].start, stop, units[-1].mentions)
        elif current is None:
            current = Unit(begin, stop)
        else:
            current = Unit(current.start, stop, current.mentions)
    if current is not None:
        units.append(current)
    return units


def _leads(view: TextView, begin: int, mention: Mention) -> bool:
    """Say whether a deadline stands at the front of a part, before its verb."""
    before = view.flat[begin : mention.start].strip(" ,")
    rest = view.flat[mention.end :].lstrip()
    return (not before or re.fullmatch(r"(?:đồng\s+thời|và|phải|cần),?", before) is not None) and rest[:1] not in (
        ".",
        ";",
    )


def _parts(view: TextView, start: int, end: int, mentions: list[Mention]) -> list[tuple[int, int]]:
    """Cut at semicolons, and at a comma or "và" between two parts with different deadlines of their own."""
    cuts = [
        m.end() for m in re.compile(r";\s*").finditer(view.flat, start, end) if _outside_quotes(view, start, m.start())
    ]
    own = [m for m in mentions if m.date is not None or m.kind == "recurring"]
    for one, other in pairwise(own):
        between = view.flat[one.end : other.start]
        if ";" in between or (one.date == other.date and one.kind == other.kind):
            continue
        joint = re.match(r"\s*(?:,\s*(?:và\s+)?|và\s+)", between)
        rest = between[joint.end() :] if joint else between
        if joint and (rest.strip() or other.kind == "recurring"):
            cuts.append(one.end + joint.end())
        elif one.start <= start + 1 or not joint:
            comma = between.rfind(", ")
            if comma > 0 and len(between[comma + 2 :].split()) <= 2:
                cuts.append(one.end + comma + 2)
    edges = [start, *sorted(set(cuts)), end]
    return [(a, b) for a, b in pairwise(edges) if view.flat[a:b].strip(" .;,")]


def _outside_quotes(view: TextView, start: int, offset: int) -> bool:
    return view.flat.count('"', start, offset) % 2 == 0 and view.flat.count("(", start, offset) == view.flat.count(
        ")", start, offset
    )


def trim(view: TextView, start: int, end: int) -> int:
    """Return the end of a span without closing signs and links."""
    text = view.flat[start:end]
    while True:
        shorter = re.sub(r"(?:\s|[.;,:…/]|(?<=[\s,;])(?:và|đồng\s+thời|nhưng))+$", "", text)
        if shorter.endswith('"') and shorter.count('"') % 2 == 1:
            shorter = shorter[:-1]
        if shorter == text:
            return start + len(text)
        text = shorter


def action_end(view: TextView, action: int, end: int, mentions: list[Mention]) -> int:
    """Return the end of an action without the deadline at its edge."""
    for mention in reversed(mentions):
        if mention.start > action and not view.flat[mention.end : end].strip(" .;,)"):
            end = mention.start
            while True:
                tail = _TAIL.search(view.flat, action, end)
                if tail is None:
                    break
                end = tail.start()
    return action + len(view.flat[action:end].rstrip(" ,;.("))
