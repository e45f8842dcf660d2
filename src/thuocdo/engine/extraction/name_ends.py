"""Where a proper name ends: read from its capitals, from place words, and from what can follow a name."""

import re
from collections.abc import Callable

from thuocdo.engine.extraction import names, stops
from thuocdo.engine.extraction.view import TextView, fold_set, word_set
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, ADVERBS, MODALS, PRODUCT_NOUNS

# Words that end a name or a group, apart from verbs.
STOP_WORDS = word_set(
    "để nhằm theo căn trong trước đến chậm muộn hằng hàng định ngay từ là được đã sẽ đang không chưa"
    " nào như về gồm bao khi nếu thì mà do bằng tại với cùng trên hoặc vẫn còn đều nên bị cho sau tự"
    " vừa mới có mỗi"
)
# Verbs that are the matter of an office: "Vụ Quản lý đào tạo", "Ban Quản lý đầu tư xây dựng".
_NOMINAL_VERBS = fold_set(
    "đào tạo|xây dựng|đầu tư|khai thác|giám sát|kiểm định|vận hành|bồi dưỡng|phát triển|nghiên cứu"
    "|phục vụ|sử dụng|thi công"
    "|giáo dục|truyền thông|quản lý|kiểm soát|đấu thầu|thống kê|dự báo|tuyển sinh|khảo thí"
)
# Capitalised syllables that are complete: the one province of one syllable, and bodies ("Văn phòng Sở lập ...").
_WHOLE_SYLLABLES = frozenset(("huế", "sở", "bộ", "xã", "phường", "tỉnh", "ban", "ngành", "viện", "cục", "vụ"))
_BEFORE_TRINH = frozenset(("công", "chương", "quy", "giáo", "lộ", "quá", "hành", "tiến"))
PLACE_WORDS = word_set("tỉnh thành phố xã phường huyện quận thị đặc khu vực bộ sở trung ương quốc gia nước vùng miền")
# A name that goes on for longer than this after its last capital has swallowed its verb.
_LONGEST_LOWER_TAIL = 4
_SPACES = re.compile(r"\s*")


def skip_spaces(view: TextView, offset: int) -> int:
    """Return the offset of the next character that is no white space."""
    found = _SPACES.match(view.flat, offset)
    return found.end() if found else offset


def predicate_begins(view: TextView, offset: int) -> bool:
    """Say whether a lower-case verb, modal or adverb stands at an offset."""
    if view.is_capital(offset):
        return False
    return bool(ACTION_VERBS.end_at(view, offset) or MODALS.end_at(view, offset) or ADVERBS.end_at(view, offset))


def name_tail(view: TextView, offset: int, limit: int, begins_body: Callable[[TextView, int, int], bool]) -> int:
    """Return where a proper name ends: at a sign, a stop word, a verb in lower case, or "và" before another body."""
    end = offset
    flat = view.flat
    number = view.number_at.get(skip_spaces(view, offset))
    if number is None:
        return offset
    lower = 0
    for place, (start, stop, word) in enumerate(view.words[number : number + 16]):
        gap = flat[end:start] if start > end else ""
        if start < end:
            continue
        if start >= limit or not set(gap) <= set(" -.") or (set(gap) & set("-") and not view.is_capital(start)):
            break
        if "." in gap and not (end - offset <= 3 or flat[end - 2 : end] == "tp"):
            break
        if word == "và":
            after = skip_spaces(view, stop)
            if not view.is_capital(after) or begins_body(view, after, limit):
                break
            lower = 0
        elif not view.is_capital(start) and (
            word in STOP_WORDS
            or stops.NOT_ORDERED.end_at(view, start) > stop
            or (predicate_begins(view, start) and not _inside_compound(view, number, place))
        ):
            break
        elif not view.is_capital(start) and view.flat[start : ACTION_VERBS.end_at(view, start)] in _NOMINAL_VERBS:
            stop = ACTION_VERBS.end_at(view, start)
        elif not view.is_capital(start) and PRODUCT_NOUNS.end_at(view, start) > stop:
            break
        elif word.isdigit() and len(word) <= 2 and start > offset and view.written[end - 2 : end].isupper():
            # "Ban QLDA 2"
            pass
        elif compound := names.NAME_COMPOUNDS.end_at(view, start):
            stop = compound
        elif view.is_capital(start):
            stop, lower = max(stop, ACTION_VERBS.end_at(view, start)), 0
        elif start > offset and names.GROUP_OPENERS.end_at(view, start):
            break
        else:
            lower += word not in PLACE_WORDS
        end = stop
    if lower - 1 > _LONGEST_LOWER_TAIL:
        end = shortest_tail(view, offset, end)
    if flat[offset:end].endswith(("và",)):
        end -= 2
    return max(offset, len(flat[:end].rstrip()) if end > offset else offset)


def _inside_compound(view: TextView, first: int, place: int) -> bool:
    """Say whether a one-syllable verb is the second half of a capitalised compound ("Khoa học", "Hải quan")."""
    if place < 1:
        return False
    start, stop, word = view.words[first + place]
    if word == "trình" and view.words[first + place - 1][2] in _BEFORE_TRINH:
        return True
    verb = ACTION_VERBS.end_at(view, start)
    if verb > stop and view.flat[start:verb] in _NOMINAL_VERBS:
        # The capital before it opens an office's matter; another verb must be left for what the office does.
        after = skip_spaces(view, verb)
        return place <= 3 and predicate_begins(view, after)
    if ACTION_VERBS.end_at(view, start) > stop or MODALS.end_at(view, start) or ADVERBS.end_at(view, start) > stop:
        return False
    before = view.words[first + place - 1]
    if before[2] in _WHOLE_SYLLABLES:
        return False
    written = view.written[before[0] : before[1]]
    if not written[:1].isupper() or (written.isupper() and len(written) > 1):
        return False
    return place < 2 or not view.is_capital(view.words[first + place - 2][0])


def shortest_tail(view: TextView, offset: int, end: int) -> int:
    """Return where a name ends at the earliest: one syllable, or a place word, after its last capital."""
    first = view.number_at.get(skip_spaces(view, offset))
    if first is None:
        return end
    shortest, capital = end, False
    for number, (start, stop, word) in enumerate(view.words[first : first + 16], first):
        if start >= end:
            break
        if view.is_capital(start):
            # "Việt Nam" and "EVN" are complete; "Giao thông" wants its second syllable.
            alone = view.written[start:stop].isupper() and stop - start > 1
            twice = shortest == start - 1 and start > offset and view.is_capital(view.words[number - 1][0])
            shortest, capital = stop, not alone and not twice
        elif capital or word in PLACE_WORDS:
            shortest, capital = stop, False
        elif names.NAME_COMPOUNDS.end_at(view, start):
            shortest = max(shortest, names.NAME_COMPOUNDS.end_at(view, start))
        elif start >= shortest:
            # The first lower-case word that belongs to nothing: only a later capital can reclaim it.
            continue
    return min(shortest, end)
