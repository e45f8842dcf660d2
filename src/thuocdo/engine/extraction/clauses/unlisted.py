"""Verbs and bodies that stand in no list, recognised by where they stand: behind a name, before a verb."""

import re

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import Addressees
from thuocdo.engine.extraction.bodies import Body
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.name_ends import predicate_begins, skip_spaces
from thuocdo.engine.extraction.names import FULL_NAMES
from thuocdo.engine.extraction.predicates import Predicate, predicate_at
from thuocdo.engine.extraction.view import TextView, phrase, word_set
from thuocdo.engine.extraction.vocabulary import ADVERBS

# What a verb may stand behind, when no comma closes it ("căn cứ Kết luận này ...").
BASIS = phrase(r"(?:căn cứ|theo|trên cơ sở|và|tùy theo)")
# Words after a name that are no verb, and words that begin no name.
_NO_VERB = word_set(
    "và cho về tại với của là đã sẽ đang có thì mà để trong trên từ theo này đó nêu được bị nhưng hoặc cùng do như"
    " khi nào vẫn còn đều cũng chưa không nên rất hơn nhất khẳng nhận đánh cho nói phát hiện ông bà thay nay trước sau"
)
_NO_NAME = word_set(
    "theo về tại trong ngày việc luật nghị thông đề kế chương dự căn thực sau trước từ đến để nhằm khi nếu trên đối với"
    " qua do kinh nguồn mức thời quyết chỉ kết báo tờ công hồ mục nội kết phụ tổng đây đó nhân toàn người"
)
# Words that end a run of capitals which then is no body.
_ENDS_NAME = word_set("của về được đã phải cần là tại theo")
_UNKNOWN_VERB_WORDS = word_set("cho và về tại với của là đã sẽ đang có thì mà khẳng nhận nêu bày thống")


def may_be_verb(view: TextView, offset: int, limit: int) -> bool:
    """Say whether the word at an offset may be an unknown verb: it begins neither a name nor a mere remark."""
    number = view.number_at.get(offset)
    return (
        number is not None
        and view.words[number][2] not in (_NO_VERB | _NO_NAME)
        and len(view.flat[offset:limit].split()) >= 3
    )


def free_verb(view: TextView, found: Addressees, after: int, limit: int) -> tuple[Addressees, Predicate] | None:
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


def unknown_body(view: TextView, offset: int, limit: int) -> Addressees | None:
    """Take a run of capitalised words before a known verb for a body whose kind is in no list."""
    number = view.number_at.get(offset)
    if number is None or not view.is_capital(offset) or view.words[number][2] in _NO_NAME:
        return None
    if stops.NO_ORDER.end_at(view, offset) or stops.NOT_ORDERED.end_at(view, offset):
        return None
    if (
        predicate_at(view, offset, limit) is not None
        or ADVERBS.end_at(view, offset)
        or BASIS.match(view.flat, offset, limit)
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
        elif start > offset and view.flat[start:stop] in _ENDS_NAME:
            return None
    return None


def full_name_and_deadline(
    view: TextView, found: Addressees, after: int, mentions: dict[int, Mention], limit: int
) -> bool:
    """Say whether a well-known name ends here and the sentence has a deadline: then an unknown word is its verb."""
    last = view.flat[found.bodies[-1].start : found.bodies[-1].end]
    word = view.words[view.number_at[after]][2] if after in view.number_at else ""
    due = any(m.strong for m in mentions.values() if m.start < limit)
    return due and any(last.endswith(name) for name in FULL_NAMES) and bool(word) and word not in _UNKNOWN_VERB_WORDS
