"""Where an order begins inside a sentence: the ordering verb, the addressee, the coordination, the action."""

import re
from dataclasses import dataclass

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.bodies import Addressees, Body, addressees_at, distributed_names, names_of
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.name_ends import predicate_begins, skip_spaces
from thuocdo.engine.extraction.names import ABSTRACT_SUBJECTS, FULL_NAMES
from thuocdo.engine.extraction.predicates import Predicate, after_subject, predicate_at
from thuocdo.engine.extraction.view import TextView, phrase, word_set
from thuocdo.engine.extraction.vocabulary import (
    ACTION_VERBS,
    ADVERBS,
    SPEAKERS,
    STRONG_DIRECTIVES,
    VAGUE_ACTIONS,
    WEAK_DIRECTIVES,
)

_SPEAKER = phrase(rf"(?:lãnh đạo |đồng chí |ông |bà )?(?:{SPEAKERS})")
_PERSON_SPEAKER = phrase(r"(?:đồng chí )?(?:tổng bí thư|chủ tịch nước|thủ tướng|phó thủ tướng|ông|bà)")
_POST_SPEAKER = phrase(
    r"(?:đồng chí )?(?:phó )?(?:bí thư|chủ tịch|bộ trưởng|giám đốc|trưởng ban|thường trực ban bí thư|người đứng đầu)",
    whole=False,
)
_SPEAKER_ADVERB = phrase(
    r"(?:cũng|còn|đồng thời|tiếp tục|đặc biệt|một lần nữa|và|,|thống nhất|kết luận|tỉnh|thành phố|xã|phường|ubnd)"
)
# "Đồng ý giao Bộ A ...": consent that hands the work out.
_CONSENTS = phrase(
    r"(?:cơ bản )?(?:đồng ý|nhất trí|thống nhất)(?: về)?(?: nguyên tắc)?(?: việc| chủ trương)?,? (?=giao|phân công)",
    whole=False,
)
_STRONG = phrase(rf"(?:{STRONG_DIRECTIVES})")
_WEAK = phrase(rf"(?:{WEAK_DIRECTIVES})(?: (?:về )?việc| yêu cầu)?")
_ABSTRACT = phrase(rf"(?:{ABSTRACT_SUBJECTS})")
# "Các đồng chí phụ trách địa bàn có trách nhiệm ...": what stands before the modal narrows the group down.
_CHARGED_LATER = re.compile(r"\s+[^,;.:]{3,60}?(?=\s+có\s+trách\s+nhiệm)")
_BASIS = phrase(r"(?:căn cứ|theo|trên cơ sở|và|tùy theo)")
_NOT_BEFORE_VERB = word_set("để được việc về và công tác tình hình kết quả sau khi")
# "Bộ trưởng Bộ A là người chịu trách nhiệm ...": an office that charges.
_CHARGED_AS = phrase(r"là (?:người|cơ quan|đơn vị) (?=chịu trách nhiệm|chủ trì)", whole=False)
_LONG_NAME = phrase(
    r"(?:cục|vụ|viện|trung tâm|phòng|ban|văn phòng|chi cục|tổng cục|sở|hội|liên hiệp)(?: [^;:.()]{3,140}?)"
    r" (?=(?:chủ trì|có trách nhiệm|chịu trách nhiệm|làm đầu mối|là đầu mối|là cơ quan|là đơn vị)(?!\w))",
    whole=False,
)
# Words after a name that are no verb, and words that begin no name.
_NO_VERB = word_set(
    "và cho về tại với của là đã sẽ đang có thì mà để trong trên từ theo này đó nêu được bị nhưng hoặc cùng do như"
    " khi nào vẫn còn đều cũng chưa không nên rất hơn nhất khẳng nhận đánh cho nói phát hiện ông bà thay nay trước sau"
)
_NO_NAME = word_set(
    "theo về tại trong ngày việc luật nghị thông đề kế chương dự căn thực sau trước từ đến để nhằm khi nếu trên đối với"
    " qua do kinh nguồn mức thời quyết chỉ kết báo tờ công hồ mục nội kết phụ tổng đây đó nhân toàn người"
)
_UNKNOWN_VERB_WORDS = word_set("cho và về tại với của là đã sẽ đang có thì mà khẳng nhận nêu bày thống")


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


def addressed_opening(
    view: TextView,
    start: int,
    offset: int,
    limit: int,
    mentions: dict[int, Mention],
    *,
    force: str = "",
    any_verb: bool = False,
) -> Opening | None:
    """Read "[addressee] [phải] [chủ trì, phối hợp với ...] [verb]" at an offset; ``start`` is where the span begins.

    With ``any_verb`` whatever follows a body's name is taken for its verb when no known verb does: a list of verbs
    never is complete, and in the operative part of a document an addressee is followed by what it must do.
    """
    if _ABSTRACT.match(view.flat, offset, limit):
        return None
    found = addressees_at(view, offset, limit) or (_unknown_body(view, offset, limit) if any_verb else None)
    if found is None:
        return None
    charged = _CHARGED_LATER.match(view.flat, found.end, limit) if found.generic else None
    if charged and len(found.bodies) == 1:
        body = Body(found.start, charged.end(), generic=True)
        found = Addressees(found.start, charged.end(), (body,))
    lead, end = names_of(view, found), found.end
    distributed = distributed_names(view, found, limit)
    generic = found.generic and distributed is None
    if distributed:
        end, lead = distributed
    after = after_subject(view, end, limit, mentions)
    charged_as = _CHARGED_AS.match(view.flat, after, limit)
    if charged_as:
        after = charged_as.end()
    if after >= limit or stops.NOT_ORDERED.end_at(view, after):
        return None
    predicate = predicate_at(view, after, limit)
    if predicate is None and _BASIS.match(view.flat, after, limit):
        predicate = _verb_after_basis(view, after, limit)
    open_verb = False
    if predicate is None and found.bodies[0].start == offset and not found.generic:
        long_name = _LONG_NAME.match(view.flat, offset, min(limit, offset + 160))
        if long_name and long_name.end() > end:
            # "Cục Quản lý, giám sát chính sách thuế, phí và lệ phí làm đầu mối": a name of many parts, then its office.
            body = Body(offset, len(view.flat[: long_name.end()].rstrip()), generic=False)
            following = skip_spaces(view, long_name.end())
            found = Addressees(offset, body.end, (body,))
            lead, predicate = names_of(view, found), predicate_at(view, following, limit)
            predicate = predicate or Predicate(following, (), modal=True, known=True)
    if predicate is None and any_verb and not distributed:
        free = _free_verb(view, found, after, limit)
        if free is not None:
            found, predicate, open_verb = *free, True
            lead = names_of(view, found)
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
    if predicate.action >= limit or (
        not predicate.known and not predicate.modal and not force and not mentions and not open_verb
    ):
        return None
    kind = force or ("modal" if predicate.modal else "open" if open_verb else "addressee")
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


def _free_verb(view: TextView, found: Addressees, after: int, limit: int) -> tuple[Addressees, Predicate] | None:
    """Take the words after a name for an unknown verb: after its full length, or after its shortest reading."""
    last = found.bodies[-1]
    for body in (last, Body(last.start, last.shortest, last.generic)):
        if not last.start < body.end <= last.end:
            continue
        offset = after if body is last else skip_spaces(view, body.end)
        number = view.number_at.get(offset)
        # After a colon the verb may have a capital, unless names are listed ("các sở: Tài chính, Y tế").
        told = view.flat[:offset].rstrip().endswith(":") and not _lists_capitals(view, offset, limit)
        if number is None or offset >= limit or (view.is_capital(offset) and not told) or offset == body.end:
            continue
        words = view.flat[offset:limit].split(";")[0].split()
        near = [w[0] for w in view.words[number : number + 4] if w[0] < limit]
        if any(stops.NOT_ORDERED.end_at(view, w) > w + 4 for w in near):
            continue
        if len(words) < 3 or view.words[number][2] in _NO_VERB or stops.NOT_ORDERED.end_at(view, offset):
            continue
        cut = Addressees(found.start, body.end, (*found.bodies[:-1], body))
        return cut, Predicate(offset, (), modal=False, known=False)
    return None


def _lists_capitals(view: TextView, offset: int, limit: int) -> bool:
    """Say whether a capital follows a comma soon."""
    commas = re.compile(r"[,;]\s+").finditer(view.flat, offset, min(limit, offset + 60))
    return any(view.is_capital(comma.end()) for comma in commas)


def _unknown_body(view: TextView, offset: int, limit: int) -> Addressees | None:
    """Take a run of capitalised words before a known verb for a body whose kind is in no list."""
    number = view.number_at.get(offset)
    if number is None or not view.is_capital(offset) or view.words[number][2] in _NO_NAME:
        return None
    if stops.NO_ORDER.end_at(view, offset) or stops.NOT_ORDERED.end_at(view, offset):
        return None
    if (
        predicate_at(view, offset, limit) is not None
        or ADVERBS.end_at(view, offset)
        or _BASIS.match(view.flat, offset, limit)
    ):
        return None
    capitals = 0
    for start, stop, _ in view.words[number : number + 12]:
        if start >= limit or set(view.flat[offset:start]) & set(",;:.()"):
            return None
        if view.is_capital(start):
            capitals += 1
        elif capitals >= 2 and predicate_begins(view, start):
            end = offset + len(view.flat[offset:start].rstrip())
            return Addressees(offset, end, (Body(offset, end, generic=False),))
        elif start > offset and view.flat[start:stop] in (
            "của",
            "về",
            "được",
            "đã",
            "phải",
            "cần",
            "là",
            "tại",
            "theo",
        ):
            return None
    return None


def _verb_after_basis(view: TextView, offset: int, limit: int) -> Predicate | None:
    """Return the predicate after "căn cứ Kết luận này và tình hình thực tế", which no comma closes."""
    number = view.number_at[offset]
    for start, _, _ in view.words[number + 2 : number + 18]:
        if start >= limit or set(view.flat[offset:start]) & set(",;:."):
            return None
        before = view.flat[:start].rstrip().rpartition(" ")[2]
        verb = ACTION_VERBS.end_at(view, start)
        if (
            verb
            and " " in view.flat[start:verb]
            and before not in _NOT_BEFORE_VERB
            and not view.is_capital(start)
            and not VAGUE_ACTIONS.end_at(view, start)
        ):
            return predicate_at(view, start, limit)
    return None


def _full_name_and_deadline(
    view: TextView, found: Addressees, after: int, mentions: dict[int, Mention], limit: int
) -> bool:
    """Say whether a well-known name ends here and the sentence has a deadline: then an unknown word is its verb."""
    last = view.flat[found.bodies[-1].start : found.bodies[-1].end]
    word = view.words[view.number_at[after]][2] if after in view.number_at else ""
    due = any(m.strong for m in mentions.values() if m.start < limit)
    return due and any(last.endswith(name) for name in FULL_NAMES) and bool(word) and word not in _UNKNOWN_VERB_WORDS


def directive_opening(
    view: TextView, offset: int, limit: int, mentions: dict[int, Mention], *, report: bool = False
) -> Opening | None:
    """Read "[speaker] giao|yêu cầu|đề nghị|... [addressee] [verb]" at an offset.

    In a report whoever speaks is the authority; in a document "Chủ tịch UBND tỉnh chỉ đạo ..." is an addressee.
    """
    flat = view.flat
    verb_at, spoken, person = after_speaker(view, offset, limit)
    if report and spoken and (post := addressees_at(view, offset, limit)) is not None and len(post.bodies) == 1:
        # "Bộ trưởng Bộ Giáo dục và Đào tạo yêu cầu ...": the name of the office belongs to the speaker.
        verb_at = max(verb_at, skip_spaces(view, post.end))
    consent = _CONSENTS.match(flat, verb_at, limit)
    verb_at = skip_spaces(view, consent.end()) if consent else verb_at
    strong = _STRONG.match(flat, verb_at, limit)
    weak = None if strong else _WEAK.match(flat, verb_at, limit)
    match = strong or weak
    if match is None or (weak and not spoken):
        return None
    if match[0].startswith("chỉ đạo") and not (
        person or (report and spoken and _POST_SPEAKER.match(flat, offset, limit))
    ):
        return None
    after = skip_spaces(view, match.end())
    if flat[after : after + 1] in (",", ":"):
        after = skip_spaces(view, after + 1)
    mention = mentions.get(after)
    if mention is not None:
        after = skip_spaces(view, mention.end)
        after = skip_spaces(view, after + 1) if flat[after : after + 1] == "," else after
    addressed = addressed_opening(
        view, verb_at, after, limit, mentions, force="directive" if strong else "weak", any_verb=bool(strong)
    )
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
    """Return where the word after a speaker stands, whether one spoke, and whether a person above all bodies."""
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


def bare_opening(view: TextView, offset: int, limit: int, *, any_verb: bool = False) -> Opening | None:
    """Read a verb phrase without a subject at an offset; ``any_verb`` as in `addressed_opening`."""
    if stops.NO_ORDER.end_at(view, offset):
        return None
    predicate = predicate_at(view, offset, limit)
    if predicate is None or not predicate.known:
        number = view.number_at.get(offset)
        unfit = (
            number is None or view.words[number][2] in (_NO_VERB | _NO_NAME) or len(view.flat[offset:limit].split()) < 3
        )
        if not any_verb or unfit or _ABSTRACT.match(view.flat, offset, limit):
            return None
        if addressees_at(view, offset, limit) is not None:
            return None
        predicate = Predicate(offset, (), modal=False, known=True)
        return Opening(offset, offset, (), (), generic=False, force="open", has_lead=False)
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
