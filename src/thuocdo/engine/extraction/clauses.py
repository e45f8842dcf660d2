"""Where an order begins inside a sentence: the ordering verb, the addressee, the coordination, the action."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.bodies import (
    Addressees,
    addressees_at,
    distributed_names,
    names_of,
    skip_spaces,
)
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.names import ABSTRACT_SUBJECTS, FULL_NAMES
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import (
    ACTION_VERBS,
    ADVERBS,
    MODALS,
    SPEAKERS,
    STRONG_DIRECTIVES,
    WEAK_DIRECTIVES,
)

_SENTENCE_END = re.compile(r"[.!?…]+[\"')]*(?=\s)")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:tp|tx|tt|q|p|h|pgs|gs|ts|ths|bs|mr|st|đ/c|v\.v|\d+)$")
_SPEAKER = phrase(rf"(?:lãnh đạo |đồng chí |ông |bà )?(?:{SPEAKERS})")
_PERSON_SPEAKER = phrase(r"(?:đồng chí )?(?:tổng bí thư|chủ tịch nước|thủ tướng|phó thủ tướng|ông|bà)")
_SPEAKER_ADVERB = phrase(r"(?:cũng|còn|đồng thời|tiếp tục|đặc biệt|một lần nữa|và|,|thống nhất|kết luận)")
_STRONG = phrase(rf"(?:{STRONG_DIRECTIVES})")
_WEAK = phrase(rf"(?:{WEAK_DIRECTIVES})(?: (?:về )?việc| yêu cầu)?")
_ABSTRACT = phrase(rf"(?:{ABSTRACT_SUBJECTS})")
_COORDINATION = phrase(
    r"(?:chủ trì(?: thực hiện)?(?:,? (?:và )?(?:phối hợp )?(?:chặt chẽ )?(?:với|cùng(?: với)?)|,? (?:và )?phối hợp)?|(?:chủ động |tăng cường )?phối hợp(?: chặt chẽ)?(?: với| cùng(?: với)?)?|cùng với|cùng)"
)
_APPOSITION = phrase(
    r",? (?:nhất là|đặc biệt là|trong đó có|trước hết là|bao gồm|gồm|trừ|kể cả|mà trước hết là)(?!\w)", whole=False
)
_BY_COMPETENCE = phrase(
    r",? ?(?:(?:theo|trong|trên cơ sở|căn cứ)(?: đúng| phạm vi)* (?:chức năng|thẩm quyền|nhiệm vụ|lĩnh vực|trách nhiệm|quyền hạn|phạm vi)[^;:.]*?(?:được (?:giao|phân công)|của mình|được giao quản lý|quản lý|thẩm quyền|phụ trách|liên quan)"
    r"|căn cứ [^,;:.]*? (?:này|nêu trên|trên)|căn cứ [^,;:.]*?(?=,)|với vai trò[^,;:.]*|trên cơ sở [^,;:.]*?(?=,)|theo (?:quy định|chỉ đạo|kế hoạch|phân công)[^,;:.]*?(?=,)),?",
    whole=False,
)
_IS_THE_BODY = phrase(r"là [^;.]{3,80}?,? (?:(?:và )?(?:có trách nhiệm|có nhiệm vụ|phải|cần))")
_UNKNOWN_VERB_WORDS = frozenset(
    [
        "cho",
        "và",
        "về",
        "tại",
        "với",
        "của",
        "là",
        "đã",
        "sẽ",
        "đang",
        "có",
        "thì",
        "mà",
        "khẳng",
        "nhận",
        "nêu",
        "bày",
        "thống",
    ]
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of an order: its span, its addressees, its action and what gave it force."""

    start: int
    action: int
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    generic: bool
    force: str
    has_lead: bool
    restated: bool = False


@dataclass(frozen=True, slots=True)
class Predicate:
    """What the addressee is to do: where the action begins, with whom, and whether by phải, cần and the like."""

    action: int
    coordinating: tuple[str, ...]
    modal: bool
    known: bool


def sentences(view: TextView, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a block as stretches."""
    begin = start
    for stop in _SENTENCE_END.finditer(view.flat, start, end):
        after = skip_spaces(view, stop.end())
        if after < end and not (
            view.is_capital(after) or view.flat[after] in "\"'(" or view.flat[stop.start()] in "!?"
        ):
            continue
        if view.flat[stop.start()] == "." and _ABBREVIATION.search(
            view.flat, max(begin, stop.start() - 5), stop.start()
        ):
            continue
        if stop.end() > begin:
            yield begin, stop.end()
        begin = after
    if begin < end:
        yield begin, end


def predicate_at(view: TextView, offset: int, limit: int) -> Predicate | None:
    """Read modals, adverbs, "chủ trì, phối hợp với ..." and the first verb; None when no verb comes."""
    flat = view.flat
    modal = False
    adverb = 0
    coordinating: list[str] = []
    coordination = 0
    while offset < limit:
        if flat[offset] == "," and (modal or adverb or coordination):
            offset = skip_spaces(view, offset + 1)
            continue
        end = MODALS.end_at(view, offset)
        if end:
            modal, offset, adverb = True, skip_spaces(view, end), 0
            continue
        joint = _COORDINATION.match(flat, offset, limit)
        if joint:
            coordination = coordination or offset
            after = skip_spaces(view, joint.end())
            partners = addressees_at(view, after, limit)
            if partners is not None and "phối hợp" not in joint[0] and not re.search(r"cùng|với", joint[0]):
                partners = None
            if partners is not None:
                coordinating += names_of(view, partners)
                after = partners.end
                apposition = _APPOSITION.match(flat, after, limit)
                if apposition:
                    after = _next_predicate(view, apposition.end(), limit) or after
            offset, adverb = skip_spaces(view, after), 0
            continue
        end = ADVERBS.end_at(view, offset)
        verb = ACTION_VERBS.end_at(view, offset)
        if verb and verb >= end:
            return Predicate(adverb or offset, tuple(coordinating), modal, known=True)
        if end:
            adverb = adverb or offset
            offset = skip_spaces(view, end)
            continue
        break
    if coordination and not coordinating and not modal and flat[coordination:].startswith("phối hợp"):
        return Predicate(coordination, (), modal, known=True)
    if coordination:
        return Predicate(coordination if not adverb else adverb, tuple(coordinating), modal, known=bool(coordinating))
    if adverb and not modal:
        return Predicate(adverb, (), modal, known=False)
    if modal and offset < limit and offset in view.number_at and flat[offset : offset + 3] not in ("là ", "đượ"):
        return Predicate(adverb or offset, (), modal, known=False)
    return None


def _next_predicate(view: TextView, offset: int, limit: int) -> int:
    """Return where the next modal stands, or the next verb after a comma or a body, or 0."""
    bodies = addressees_at(view, skip_spaces(view, offset), limit)
    if bodies is not None:
        after = skip_spaces(view, bodies.end)
        after = skip_spaces(view, after + 1) if view.flat[after : after + 1] == "," else after
        if predicate_at(view, after, limit):
            return after
    number = view.number_at.get(skip_spaces(view, offset))
    while number is not None and number < len(view.words) and view.words[number][0] < min(limit, offset + 200):
        start = view.words[number][0]
        if MODALS.end_at(view, start) and view.words[number][2] != "được":
            return start
        number += 1
    return 0


def _after_subject(view: TextView, offset: int, limit: int, mentions: dict[int, Mention]) -> int:
    """Skip what may stand between the addressee and its verb: brackets, appositions, deadlines, competence clauses."""
    flat = view.flat
    for _ in range(6):
        offset = skip_spaces(view, offset)
        if offset >= limit:
            return offset
        if flat[offset] == "(":
            closing = flat.find(")", offset, limit)
            if closing < 0:
                return offset
            offset = closing + 1
            continue
        if flat[offset] == "-" and flat[offset + 1 : offset + 2] == " ":
            comma = re.compile(r",|\s(?:chủ\s+trì|có\s+trách\s+nhiệm|phải|cần)\s").search(
                flat, offset, min(limit, offset + 120)
            )
            if comma is None:
                return offset
            offset = comma.start()
            continue
        apposition = _APPOSITION.match(flat, offset - 1 if flat[offset] != "," else offset, limit)
        if apposition and apposition.end() > offset:
            offset = _next_predicate(view, apposition.end(), limit) or offset
            return offset
        after_comma = skip_spaces(view, offset + 1) if flat[offset] == "," else offset
        mention = mentions.get(after_comma)
        if mention is not None:
            offset = mention.end
            continue
        competence = _BY_COMPETENCE.match(flat, offset, limit)
        if competence and competence.end() > offset:
            offset = competence.end()
            continue
        office = _IS_THE_BODY.match(flat, offset, limit)
        if office:
            return _modal_before(view, office.end())
        if flat[offset] == ",":
            if (
                MODALS.end_at(view, after_comma)
                or _COORDINATION.match(flat, after_comma, limit)
                or ADVERBS.end_at(view, after_comma)
            ):
                return after_comma
            return offset
        return offset
    return offset


def _modal_before(view: TextView, end: int) -> int:
    """Return the start of the modal that ends at an offset."""
    found = re.compile(r"(?:có\s+trách\s+nhiệm|có\s+nhiệm\s+vụ|phải|cần)$").search(view.flat, max(0, end - 25), end)
    return found.start() if found else end


def addressed_opening(
    view: TextView, start: int, offset: int, limit: int, mentions: dict[int, Mention], *, force: str = ""
) -> Opening | None:
    """Read "[addressee] [phải] [chủ trì, phối hợp với ...] [verb]" at an offset; ``start`` is where the span begins."""
    if _ABSTRACT.match(view.flat, offset, limit):
        return None
    found = addressees_at(view, offset, limit)
    if found is None:
        return None
    lead, end = names_of(view, found), found.end
    distributed = distributed_names(view, found, limit)
    generic = found.generic and distributed is None
    if distributed:
        end, lead = distributed
    after = _after_subject(view, end, limit, mentions)
    if after >= limit or stops.NOT_ORDERED.end_at(view, after):
        return None
    predicate = predicate_at(view, after, limit)
    if predicate is None:
        if force != "directive" and not _full_name_and_deadline(view, found, after, mentions, limit):
            return None
        if (
            after not in view.number_at
            or view.is_capital(after)
            or view.flat[after : after + 3] in ("và ", "để ", "là ")
        ):
            return None
        predicate = Predicate(after, (), modal=False, known=False)
    if predicate.action >= limit or (not predicate.known and not predicate.modal and not force and not mentions):
        return None
    kind = force or ("modal" if predicate.modal else "addressee")
    return Opening(
        start,
        predicate.action,
        lead,
        predicate.coordinating,
        generic,
        kind,
        has_lead=True,
        restated=bool(predicate.coordinating),
    )


def _full_name_and_deadline(
    view: TextView, found: Addressees, after: int, mentions: dict[int, Mention], limit: int
) -> bool:
    """Say whether a well-known name ends here and the sentence has a deadline: then an unknown word is its verb."""
    last = view.flat[found.bodies[-1].start : found.bodies[-1].end]
    word = view.words[view.number_at[after]][2] if after in view.number_at else ""
    due = any(m.strong for m in mentions.values() if m.start < limit)
    return due and any(last.endswith(name) for name in FULL_NAMES) and bool(word) and word not in _UNKNOWN_VERB_WORDS


def directive_opening(view: TextView, offset: int, limit: int, mentions: dict[int, Mention]) -> Opening | None:
    """Read "[speaker] giao|yêu cầu|đề nghị|... [addressee] [verb]" at an offset."""
    flat = view.flat
    verb_at, spoken, person = after_speaker(view, offset, limit)
    strong = _STRONG.match(flat, verb_at, limit)
    weak = None if strong else _WEAK.match(flat, verb_at, limit)
    match = strong or weak
    if match is None or (weak and not spoken):
        return None
    if match[0].startswith("chỉ đạo") and not person:
        return None
    after = skip_spaces(view, match.end())
    if flat[after : after + 1] in (",", ":"):
        after = skip_spaces(view, after + 1)
    mention = mentions.get(after)
    if mention is not None:
        after = skip_spaces(view, mention.end)
        after = skip_spaces(view, after + 1) if flat[after : after + 1] == "," else after
    addressed = addressed_opening(view, verb_at, after, limit, mentions, force="directive" if strong else "weak")
    if addressed is not None and (
        strong
        or view.flat[addressed.action - 12 : addressed.action].find("phải") >= 0
        or _has_modal(view, after, addressed.action)
    ):
        return addressed
    if addressed is not None and weak:
        return None
    if _ABSTRACT.match(flat, after, limit):
        return None
    predicate = predicate_at(view, after, limit)
    if predicate is None or not predicate.known:
        return None
    return Opening(
        verb_at,
        predicate.action,
        (),
        predicate.coordinating,
        generic=False,
        force="directive" if strong else "weak",
        has_lead=False,
    )


def _has_modal(view: TextView, start: int, end: int) -> bool:
    return bool(re.search(r"(?<!\w)(?:phải|cần)(?!\w)", view.flat[start:end]))


def after_speaker(view: TextView, offset: int, limit: int) -> tuple[int, bool, bool]:
    """Return where the word after a speaker stands, whether there was one, and whether it was a person above all bodies."""
    speaker = _SPEAKER.match(view.flat, offset, limit)
    if speaker is None:
        return offset, False, False
    person = _PERSON_SPEAKER.match(view.flat, offset, limit) is not None
    end = speaker.end()
    for _ in range(14):
        start = skip_spaces(view, end)
        adverb = _SPEAKER_ADVERB.match(view.flat, start, limit)
        if view.is_capital(start):
            end = view.words[view.number_at[start]][1]
        elif adverb:
            end = adverb.end()
        elif view.flat[start : start + 1] in (",", "-") and start < limit:
            end = start + 1
        else:
            break
    return skip_spaces(view, end), True, person


def bare_opening(view: TextView, offset: int, limit: int) -> Opening | None:
    """Read a verb phrase without a subject at an offset."""
    if stops.PROHIBITION.end_at(view, offset):
        return None
    predicate = predicate_at(view, offset, limit)
    if predicate is None or not predicate.known:
        return None
    force = "modal" if predicate.modal else "bare"
    return Opening(
        offset,
        predicate.action,
        (),
        predicate.coordinating,
        generic=False,
        force=force,
        has_lead=False,
        restated=bool(predicate.coordinating),
    )


def skip_links(view: TextView, offset: int, limit: int) -> int:
    """Return the offset after linking words ("đồng thời", "bên cạnh đó")."""
    while True:
        offset = skip_spaces(view, offset)
        link = stops.LINK.match(view.flat, offset, limit)
        if link is None:
            return offset
        offset = link.end() + (view.flat[link.end() : link.end() + 1] == ",")
