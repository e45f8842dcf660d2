"""Where a class of bodies ends: the words that narrow "các bộ, ngành" down, clauses and ranges of places included."""

from thuocdo.engine.extraction import names, stops
from thuocdo.engine.extraction.name_ends import STOP_WORDS, predicate_begins, skip_spaces
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, MODALS

# "Các sở giáo dục và đào tạo": after these a compound is the name of the office.
_OFFICES = frozenset(("sở", "phòng", "cục", "ban", "tâm", "ty", "viện", "vụ", "quan", "quỹ"))
# Phrases inside a group that would else look like its predicate or its end.
_GROUP_TAILS = phrase(
    r"(?:thuộc,? (?:và )?trực thuộc|có tuyến đi qua|có liên quan|liên quan|(?:được )?nêu (?:trên|tại"
    r" [^,;:.]{1,30}?)(?= \w{2,}|[,;:.]|$)|nói trên"
    r"|trực thuộc trung ương|trực thuộc|thuộc phạm vi quản lý|thuộc|trong (?:vùng|tỉnh|toàn quốc|cả nước"
    r"|ngành)"
    r"|ở trung ương|ở địa phương|trên địa bàn(?: tỉnh| thành phố)?|có tên tại [^,;:.]{1,20}|tham gia"
    r"|hàng đầu|còn lại|tương ứng|chưa hoàn thành|chậm tiến độ|được giao vốn)"
)
# "Các cơ quan tham mưu, giúp việc Trung ương Đảng" is one class.
_STAFF = phrase(r",? giúp việc(?!\w)", whole=False)
_SECTION_NAMES = phrase(
    r"(?:mục|phụ lục|phần|chương|điều|khoản|điểm) (?:[ivxl]+|\d+|[a-z])(?: và (?:mục )?(?:[ivxl]+"
    r"|\d+))?(?: (?:này|kèm theo))?"
)


def group_end(view: TextView, offset: int, limit: int) -> int:
    """Return where a class that begins with a group noun ends ("bộ, ngành, địa phương liên quan"), or 0."""
    noun = names.GROUP_NOUNS.end_at(view, offset)
    if not noun or noun > limit:
        return 0
    staff = _STAFF.match(view.flat, noun, limit) if view.flat[offset:noun].endswith("tham mưu") else None
    return phrase_end(view, staff.end() if staff else noun, limit)


def phrase_end(view: TextView, offset: int, limit: int) -> int:
    """Return where the words that narrow a class down end."""
    end = offset
    flat = view.flat
    while end < limit:
        start = skip_spaces(view, end)
        tail = _GROUP_TAILS.match(flat, start, limit) or _SECTION_NAMES.match(flat, start, limit)
        if tail and start > end:
            end = tail.end()
            continue
        number = view.number_at.get(start)
        if number is None or start == end:
            break
        _, stop, word = view.words[number]
        if word == "có" and (clause := _having_end(view, number, limit)):
            end = clause
            continue
        if word == "từ" and (reach := _range_end(view, number, limit)):
            end = reach
            continue
        compound = names.NAME_COMPOUNDS.end_at(view, start)
        if compound and flat[:end].rpartition(" ")[2] in _OFFICES:
            end = compound
            continue
        if word == "và" or word in STOP_WORDS or predicate_begins(view, start) or stop > limit:
            break
        if stops.NOT_ORDERED.end_at(view, start) > stop:
            break
        group = names.GROUP_NOUNS.end_at(view, start)
        end = max(stop, group)
    return end


def _having_end(view: TextView, number: int, limit: int) -> int:
    """Return where "có làng nghề" after a class ends, when a verb follows it soon; or 0."""
    first = view.words[number][0]
    if MODALS.end_at(view, first) or ACTION_VERBS.end_at(view, first) or stops.NOT_ORDERED.end_at(view, first):
        return 0
    for start, stop, word in view.words[number + 2 : number + 8]:
        # "Hàng không" is neither "hằng" nor "không".
        aviation = view.flat.startswith("hàng không", start) or view.flat.startswith("hàng không", start - 5)
        if start >= limit or set(view.flat[first:start]) & set(",;:.()") or (word in STOP_WORDS and not aviation):
            return 0
        if start == view.words[number + 2][0] and ACTION_VERBS.end_at(view, view.words[number + 1][0]) >= stop:
            # "có đào tạo ngành hàng không": the clause has a verb of its own, of two syllables.
            continue
        if aviation:
            continue
        if predicate_begins(view, start) and max(ACTION_VERBS.end_at(view, start), MODALS.end_at(view, start)) >= stop:
            return len(view.flat[:start].rstrip())
    return 0


def _range_end(view: TextView, number: int, limit: int) -> int:
    """Return where "từ Quảng Ninh đến Quảng Trị" ends, or 0 when it is no range of places."""
    words = view.words[number + 1 : number + 12]
    middle = next((k for k, word in enumerate(words) if word[2] == "đến"), 0)
    if not middle or not all(view.is_capital(word[0]) for word in words[:middle]):
        return 0
    end = 0
    for start, stop, _ in words[middle + 1 :]:
        if start >= limit or not view.is_capital(start):
            break
        end = stop
        if view.flat[stop : stop + 1] in (",", ":", ";"):
            break
    return end
