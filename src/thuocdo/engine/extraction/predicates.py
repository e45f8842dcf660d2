"""What follows an addressee: competence clauses, modals, "chủ trì, phối hợp với ...", adverbs, and the first verb."""

import re
from dataclasses import dataclass

from thuocdo.engine.extraction.addressees import Addressees, addressees_at, names_of
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, ADVERBS, MODALS

_COORDINATION = phrase(
    r"(?:chủ trì(?: thực hiện)?(?:,? (?:và )?(?:phối hợp )?(?:chặt chẽ )?(?:với|cùng(?: với)?)"
    r"|,? (?:và )?phối hợp)?|(?:chủ động |tăng cường )?phối hợp(?: chặt chẽ)?(?: với| cùng(?: với)?)?"
    r"|cùng với|cùng)"
)
_APPOSITION = phrase(
    r",? (?:nhất là|đặc biệt là|trong đó có|trước hết là|bao gồm|gồm|trừ|kể cả|mà trước hết là)(?!\w)", whole=False
)
_BY_COMPETENCE = phrase(
    r",? ?(?:(?:theo|trong|trên cơ sở|căn cứ)(?: đúng| phạm vi)* (?:chức năng|thẩm quyền|nhiệm vụ|lĩnh vực"
    r"|trách nhiệm|quyền hạn|phạm vi)[^;:.]*?(?:được (?:giao|phân công)|của mình|được giao quản lý|quản lý"
    r"|thẩm quyền|phụ trách|liên quan)"
    r"|căn cứ (?:(?!(?:trong|trước|chậm|muộn|kể|xong) )[^,;:.])*? (?:này|nêu trên|trên)"
    r"|căn cứ [^,;:.]*?(?=,)|với vai trò[^,;:.]*"
    r"|mỗi (?:bộ|cơ quan|đơn vị|địa phương|ngành|sở)[^,;:.]*?(?=,)"
    r"|trên cơ sở [^,;:.]*?(?=,)|theo (?:quy định|chỉ đạo|kế hoạch|phân công)[^,;:.]*?(?=,)),?",
    whole=False,
)
_JUST_JOINS = re.compile(r"\s+phối\s+hợp\s+(?!với|cùng)")
_IS_THE_BODY = phrase(r"là [^;.]{3,80}?,? (?:(?:và )?(?:có trách nhiệm|có nhiệm vụ|phải|cần))")
# "A là đơn vị đầu mối, hướng dẫn ...": an office named before the verb.
_OFFICE = phrase(
    r"(?:là|làm|giữ vai trò|với vai trò) (?:là )?(?:cơ quan|đơn vị|đầu mối|thành viên|bộ phận|nòng"
    r" cốt)[^,;.:]{0,60}(?:,|và)(?: và)? (?=[^\W\d_]+ )",
    whole=False,
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """What the addressee is to do: where the action begins, with whom, and whether by phải, cần and the like."""

    action: int
    coordinating: tuple[str, ...]
    modal: bool
    known: bool


def predicate_at(view: TextView, offset: int, limit: int) -> Predicate | None:
    """Read modals, adverbs, "chủ trì, phối hợp với ..." and the first verb; None when no verb comes."""
    flat = view.flat
    role = _OFFICE.match(flat, offset, limit)
    if role and ACTION_VERBS.end_at(view, role.end()):
        offset = role.end()
    modal = False
    adverb = 0
    coordinating: list[str] = []
    coordination = 0
    while offset < limit:
        if flat[offset] in ",:" and (modal or adverb or coordination):
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
            if not re.search(r"cùng|với|phối\s+hợp", joint[0]):
                partners = _partners_after_comma(view, after, limit)
            elif partners is None and not re.search(r"chủ\s+trì|phối\s+hợp", joint[0]):
                break
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
        if verb and flat[offset:verb] == "chịu trách nhiệm" and ACTION_VERBS.end_at(view, skip_spaces(view, verb)):
            # "chịu trách nhiệm hướng dẫn, kiểm tra": an ordering word; the duty comes after it.
            modal, offset, adverb = True, skip_spaces(view, verb), 0
            continue
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
        return Predicate(adverb or coordination, tuple(coordinating), modal, known=bool(coordinating))
    if adverb and not modal:
        return Predicate(adverb, (), modal, known=False)
    if modal and offset < limit and offset in view.number_at and flat[offset : offset + 3] not in ("là ", "đượ"):
        return Predicate(adverb or offset, (), modal, known=False)
    return None


def _partners_after_comma(view: TextView, offset: int, limit: int) -> Addressees | None:
    """Read "A chủ trì, B phối hợp làm": B coordinates."""
    if view.flat[offset : offset + 1] != ",":
        return None
    partners = addressees_at(view, skip_spaces(view, offset + 1), limit)
    if partners is None or not _JUST_JOINS.match(view.flat, partners.end, limit):
        return None
    return partners


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


def after_subject(view: TextView, offset: int, limit: int, mentions: dict[int, Mention]) -> int:
    """Skip what may stand between the addressee and its verb: brackets, appositions, deadlines, competence clauses."""
    flat = view.flat
    dated = False
    for _ in range(6):
        offset = skip_spaces(view, offset)
        if offset >= limit:
            return offset
        if flat[offset] == ":" and offset + 2 < limit:
            # "2. Sở Tài chính: Cân đối, bố trí ...": addressee and duty on one line.
            offset = skip_spaces(view, offset + 1)
            competence = _BY_COMPETENCE.match(flat, offset, limit)
            return skip_spaces(view, competence.end()) if competence else offset
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
            return _next_predicate(view, apposition.end(), limit) or offset
        after_comma = skip_spaces(view, offset + 1) if flat[offset] == "," else offset
        mention = mentions.get(after_comma)
        if mention is not None:
            offset, dated = mention.end, True
            continue
        competence = _BY_COMPETENCE.match(flat, offset, limit)
        if competence and competence.end() > offset:
            offset = competence.end()
            continue
        role = _OFFICE.match(flat, offset, limit)
        if role and ACTION_VERBS.end_at(view, role.end()):
            return role.end()
        office = _IS_THE_BODY.match(flat, offset, limit)
        if office:
            return _modal_before(view, office.end())
        if flat[offset] == ",":
            if (
                (dated and ACTION_VERBS.end_at(view, after_comma))
                or MODALS.end_at(view, after_comma)
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
