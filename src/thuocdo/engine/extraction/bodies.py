"""Addressees: where a list of charged bodies begins and ends, who is named and who is only a class."""

import re
from dataclasses import dataclass
from typing import cast

from thuocdo.engine.extraction import names, stops
from thuocdo.engine.extraction.view import TextView, fold_set, phrase, word_set
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, ADVERBS, MODALS, PRODUCT_NOUNS

# Words that end a name or a group, apart from verbs.
_STOP_WORDS = word_set(
    "để nhằm theo căn trong trước đến chậm muộn hằng hàng định ngay từ là được đã sẽ đang không chưa"
    " nào như về gồm bao khi nếu thì mà do bằng tại với cùng trên hoặc vẫn còn đều nên bị cho sau tự"
    " vừa mới có mỗi"
)
# More bodies than any order charges; it bounds the work on endless lists.
_LONGEST_LIST = 80
# Names within names ("Phó Giám đốc Sở Y tế tỉnh ...") go no deeper than this in earnest.
_DEEPEST_NAME = 8
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
_SECTION_NAMES = phrase(
    r"(?:mục|phụ lục|phần|chương|điều|khoản|điểm) (?:[ivxl]+|\d+|[a-z])(?: và (?:mục )?(?:[ivxl]+"
    r"|\d+))?(?: (?:này|kèm theo))?"
)
_CONNECTOR = re.compile(r"\s*(?:[,;]\s*(?:và\s+)?|\s(?:và|hoặc)\s+)")
# Parts of one name that a comma divides, in lower case.
_COMMA_TAILS = phrase(
    r"(?:chữa bệnh|chữa cháy|lập lại trật tự|chống tham nhũng|chống thiên tai|trẻ em)(?:"
    r" [^\W\d_]{2,7}){0,2}?(?= (?:và|chủ|có|là|phải|cần)|[,;:.|]|$)",
    whole=False,
)
# Lower-case words that say whose or where a body is ("Công an xã", "Hạt Kiểm lâm khu vực").
_PLACES_COLON = re.compile(r"\s*:\s+")
_NEXT_PLACE = re.compile(r"\s*(?:,\s+(?:và\s+)?|\s+và\s+)(?:(?:tỉnh|thành\s+phố|xã|phường|đặc\s+khu)\s+)?")
# Named in one breath with a class: "các cấp ủy, chính quyền, Mặt trận Tổ quốc và các đoàn thể".
_PART_OF_CLASS = frozenset(("mặt trận tổ quốc", "mặt trận", "mặt trận tổ quốc các cấp"))
# Verbs that are the matter of an office: "Vụ Quản lý đào tạo", "Ban Quản lý đầu tư xây dựng".
_NOMINAL_VERBS = fold_set(
    "đào tạo|xây dựng|đầu tư|khai thác|giám sát|kiểm định|vận hành|bồi dưỡng|phát triển|nghiên cứu"
    "|phục vụ|sử dụng|thi công"
    "|giáo dục|truyền thông|quản lý|kiểm soát|đấu thầu|thống kê|dự báo|tuyển sinh|khảo thí"
)
# Capitalised syllables that are complete: the one province of one syllable, and bodies ("Văn phòng Sở lập ...").
_WHOLE_SYLLABLES = frozenset(("huế", "sở", "bộ", "xã", "phường", "tỉnh", "ban", "ngành", "viện", "cục", "vụ"))
_BEFORE_TRINH = frozenset(("công", "chương", "quy", "giáo", "lộ", "quá", "hành", "tiến"))
_ACRONYMS_OF_THINGS = frozenset(
    (
        "qr",
        "ai",
        "gdp",
        "grdp",
        "oda",
        "ppp",
        "bot",
        "fdi",
        "pv",
        "tp",
        "kpi",
        "csdl",
        "đtc",
        "cntt",
        "kh",
        "cn",
        "nq",
        "qđ",
        "ct",
        "tw",
        "iot",
        "tttt",
    )
)
GROUP_OR_POST = re.compile(r"(?<!\w)các(?!\w)")
_COMRADE = re.compile(r"đ/c\s+")
_PLACE_WORDS = word_set("tỉnh thành phố xã phường huyện quận thị đặc khu vực bộ sở trung ương quốc gia nước vùng miền")
_SMALL_PLACE = phrase(r"(?:tỉnh|thành phố|xã|phường|huyện|quận|thị xã|đặc khu|khu vực)")
_MORE_PLACES = re.compile(r"\s*(?:,|và)\s+(?:tỉnh|thành\s+phố|xã|phường|huyện|quận|đặc\s+khu)(?!\w)(?!\s+phải)")
# A name that goes on for longer than this after its last capital has swallowed its verb.
_LONGEST_LOWER_TAIL = 4
_IN_CHARGE = phrase(
    r"phụ trách (?:[^\W\d_]+ ){0,5}?[^\W\d_]+(?= (?:chủ trì|trực tiếp|có|phải|cần|khẩn|chỉ|làm|theo|tiếp)|[,:;])",
    whole=False,
)
_SPACES = re.compile(r"\s*")
_DISTRIBUTED = phrase(r"các (?:bộ|sở):?")


@dataclass(frozen=True, slots=True)
class Body:
    """One body or one class of bodies at [start, end) of a view."""

    start: int
    end: int
    generic: bool
    # Where the name may end already, when an unknown verb follows it.
    shortest: int = 0


@dataclass(frozen=True, slots=True)
class Addressees:
    """A list of bodies at [start, end) of a view."""

    start: int
    end: int
    bodies: tuple[Body, ...]

    @property
    def generic(self) -> bool:
        """Say whether every one of them is a class."""
        return all(body.generic for body in self.bodies)


def skip_spaces(view: TextView, offset: int) -> int:
    """Return the offset of the next character that is no white space."""
    found = _SPACES.match(view.flat, offset)
    return found.end() if found else offset


def verb_end(view: TextView, offset: int) -> int:
    """Return where the action verb at an offset ends, or 0."""
    return ACTION_VERBS.end_at(view, offset)


def predicate_begins(view: TextView, offset: int) -> bool:
    """Say whether a lower-case verb, modal or adverb stands at an offset."""
    if view.is_capital(offset):
        return False
    return bool(ACTION_VERBS.end_at(view, offset) or MODALS.end_at(view, offset) or ADVERBS.end_at(view, offset))


def addressees_at(view: TextView, offset: int, limit: int) -> Addressees | None:
    """Return the list of bodies that begins at an offset, or None when no body stands there."""
    first = _body_at(view, offset, limit)
    if first is None:
        return None
    bodies = [first]
    while len(bodies) < _LONGEST_LIST:
        end = bodies[-1].end
        listed = _listed_places(view, bodies[-1], limit)
        if listed:
            bodies[-1] = Body(bodies[-1].start, listed, generic=False)
            end = listed
        connector = _CONNECTOR.match(view.flat, end, limit)
        if connector is None:
            break
        following = None
        if view.flat.startswith("mỗi ", connector.end()) and not bodies[-1].generic:
            break
        if _lists_names(view, bodies[-1], connector):
            end = _name_tail(view, connector.end(), limit)
            bodies[-1] = Body(bodies[-1].start, end, generic=False)
            continue
        if bodies[-1].generic and not view.is_capital(connector.end()):
            group_end = _group_end(view, connector.end(), limit)
            following = Body(connector.end(), group_end, generic=True) if group_end else None
        following = following or _body_at(view, connector.end(), limit)
        if following is None and bodies[-1].generic and (further := _same_class_after(view, connector, limit)):
            bodies[-1] = Body(bodies[-1].start, further, generic=True)
            continue
        if following is None:
            further = _same_name_after(view, bodies[-1], connector, limit)
            if not further:
                break
            bodies[-1] = Body(bodies[-1].start, further, generic=False)
        elif (bodies[-1].generic and view.flat[following.start : following.end] in _PART_OF_CLASS) or (
            following.generic and bodies[-1].generic
        ):
            bodies[-1] = Body(bodies[-1].start, following.end, generic=True)
        else:
            bodies.append(following)
    return Addressees(bodies[0].start, bodies[-1].end, tuple(bodies))


def _listed_places(view: TextView, body: Body, limit: int) -> int:
    """Return where the places after "UBND các tỉnh:" end, or 0 when no list of names follows the colon."""
    flat = view.flat
    if not body.generic or not _PLACES_COLON.match(flat, body.end, limit):
        return 0
    if not _SMALL_PLACE.search(flat, max(body.start, body.end - 12), body.end):
        return 0
    offset = skip_spaces(view, body.end + 1)
    end = 0
    while offset < limit and view.is_capital(offset):
        if names.BODY_HEADS.end_at(view, offset) and view.is_capital(
            skip_spaces(view, names.BODY_HEADS.end_at(view, offset))
        ):
            break
        end = _name_tail(view, offset, limit)
        joint = _NEXT_PLACE.match(flat, end, limit)
        if joint is None:
            break
        offset = joint.end()
    return end


def _lists_names(view: TextView, body: Body, connector: re.Match[str]) -> bool:
    """Say whether a class goes on with proper names ("Các tập đoàn EVN, Viettel", "UBND các tỉnh Gia Lai, Đắk Lắk")."""
    after = connector.end()
    last = _last_word(view, body)
    first = GROUP_OR_POST.search(view.flat, body.start, body.end)
    return (
        first is not None
        and view.is_capital(last)
        and last > body.start
        and view.is_capital(after)
        and not names.BODY_HEADS.end_at(view, after)
        and not names.POSTS.end_at(view, after)
        and not names.GROUP_OPENERS.end_at(view, after)
        and not (
            names.WHOLE_NAMES.end_at(view, after) and " " in view.flat[after : names.WHOLE_NAMES.end_at(view, after)]
        )
        and (
            not ACTION_VERBS.end_at(view, after) or view.is_capital(skip_spaces(view, ACTION_VERBS.end_at(view, after)))
        )
    )


def _same_class_after(view: TextView, connector: re.Match[str], limit: int) -> int:
    """Return where a class that a comma divides ends ("Các Ban Quản lý rừng phòng hộ, rừng đặc dụng"), or 0."""
    after = connector.end()
    number = view.number_at.get(after)
    if "," not in connector[0] or number is None or view.is_capital(after) or predicate_begins(view, after):
        return 0
    for start, stop, word in view.words[number : number + 5]:
        if start >= limit or set(view.flat[after:start]) & set(",;:.()") or word in _STOP_WORDS or word == "mình":
            return 0
        verb = max(ACTION_VERBS.end_at(view, start), MODALS.end_at(view, start), ADVERBS.end_at(view, start))
        if start > after and verb >= stop and not stops.NOT_ORDERED.end_at(view, after):
            return len(view.flat[:start].rstrip())
    return 0


def _same_name_after(view: TextView, body: Body, connector: re.Match[str], limit: int) -> int:
    """Return where one name that a comma divides ends ("Phòng Kinh tế, Hạ tầng và Đô thị"), or 0."""
    flat, after = view.flat, connector.end()
    # "các phường Ninh Kiều và Cái Răng": the class named before goes on after "và" too.
    goes_on = body.generic and view.is_capital(_last_word(view, body))
    if "," not in connector[0] and not goes_on:
        return 0
    tail = _COMMA_TAILS.match(flat, after, limit)
    if tail:
        return len(flat[: tail.end()].rstrip())
    if not view.is_capital(after) or ACTION_VERBS.end_at(view, after) > _name_tail(view, after, limit):
        return 0
    end = _name_tail(view, after, limit)
    rest = skip_spaces(view, end)
    closes = rest >= limit or flat[rest] in ",;:.|)" or predicate_begins(view, rest) or flat.startswith("là ", rest)
    return end if end > after and closes and not _only_verb(view, after) else 0


def _last_word(view: TextView, body: Body) -> int:
    return body.start + view.flat[body.start : body.end].rfind(" ") + 1


def _only_verb(view: TextView, offset: int) -> bool:
    """Say whether a capitalised word is the verb of a sentence rather than a name."""
    verb = ACTION_VERBS.end_at(view, offset)
    following = skip_spaces(view, verb) if verb else 0
    return bool(verb) and not view.is_capital(following)


def names_of(view: TextView, addressees: Addressees) -> tuple[str, ...]:
    """Return the bodies' names as written in the file."""
    return tuple(view.cut(body.start, body.end) for body in addressees.bodies)


def _body_at(view: TextView, offset: int, limit: int) -> Body | None:
    key = (offset, limit)
    if key not in view.bodies:
        if view.depth >= _DEEPEST_NAME:
            return None
        view.depth += 1
        view.bodies[key] = _read_body(view, offset, limit)
        view.depth -= 1
    return cast("Body | None", view.bodies[key])


def _read_body(view: TextView, offset: int, limit: int) -> Body | None:
    if offset >= limit or offset not in view.number_at:
        return None
    flat = view.flat
    for name in names.FULL_NAMES_BY_WORD.get(view.words[view.number_at[offset]][2], ()):
        if flat.startswith(name, offset) and not flat[offset + len(name) : offset + len(name) + 1].isalnum():
            return Body(offset, _capitals_after(view, offset + len(name), limit), generic=False)
    opener = names.GROUP_OPENERS.end_at(view, offset)
    if opener:
        noun = skip_spaces(view, opener)
        end = _group_end(view, noun, limit)
        return Body(offset, end, generic=True) if end else None
    comrade = _COMRADE.match(flat, offset, limit)
    post = names.POSTS.end_at(view, comrade.end() if comrade else offset)
    if post:
        return _post_at(view, offset, post, limit)
    bare = names.BARE_GROUPS.end_at(view, offset)
    head = names.BODY_HEADS.end_at(view, offset)
    whole = names.WHOLE_NAMES.end_at(view, offset)
    if head:
        after = skip_spaces(view, head)
        if after < limit and after > head and view.is_capital(after):
            end = max(_name_tail(view, after, limit), whole)
            return Body(offset, end, generic=False, shortest=max(whole, _shortest_tail(view, after, end)))
        inside = flat.rfind(" ", offset, head) + 1
        if (
            inside > offset
            and view.is_capital(flat.find(" ", offset, head) + 1)
            and view.is_capital(offset)
            and not bare
        ):
            # "Ban Quản lý dự án đầu tư xây dựng": the capital inside makes it a name without any capital after it.
            end = _name_tail(view, after, limit) if after < limit and after in view.number_at else head
            end = head if end <= after else end
            return Body(offset, max(end, whole), generic=False, shortest=head)
        place = _SMALL_PLACE.match(flat, after, limit) if after > head else None
        if place and not bare and not whole and not flat.startswith("cấp", after):
            if _MORE_PLACES.match(flat, place.end(), limit):
                return Body(offset, _phrase_end(view, head, limit), generic=True)
            return Body(offset, _name_tail(view, after, limit), generic=False, shortest=place.end())
    if whole and whole >= bare:
        return Body(offset, _name_tail(view, whole, limit), generic=False)
    if bare:
        end = _group_end(view, offset, limit) or bare
        named = view.is_capital(skip_spaces(view, bare)) and skip_spaces(view, bare) < limit
        return Body(offset, max(end, _phrase_end(view, bare, limit)), generic=not named or "các" in flat[offset:bare])
    return _acronym_at(view, offset, limit)


def _acronym_at(view: TextView, offset: int, limit: int) -> Body | None:
    """Read a body that is known by its letters only ("VEC", "ACV"), when something that it must do follows."""
    start, stop, word = view.words[view.number_at[offset]]
    written = view.written[start:stop]
    if not (3 <= len(written) <= 8 and written.isupper() and written.isalpha()) or word in _ACRONYMS_OF_THINGS:
        return None
    after = skip_spaces(view, stop)
    return Body(start, stop, generic=False) if after < limit and predicate_begins(view, after) else None


def _post_at(view: TextView, offset: int, end: int, limit: int) -> Body | None:
    """Read a post with its body ("Bộ trưởng Bộ Y tế"), its class ("Chủ tịch UBND các tỉnh"), or its holder's name."""
    after = skip_spaces(view, end)
    whole = names.WHOLE_NAMES.end_at(view, offset)
    if after >= limit:
        return Body(offset, end, generic=False)
    charge = _IN_CHARGE.match(view.flat, after, limit)
    if charge:
        return Body(offset, charge.end(), generic=False)
    inner = _body_at(view, after, limit)
    if inner is not None:
        return Body(offset, inner.end, inner.generic)
    if view.is_capital(after) and after > end:
        return Body(offset, _name_tail(view, after, limit), generic=False)
    if whole:
        return Body(offset, _name_tail(view, whole, limit), generic=False)
    bare = names.BARE_GROUPS.end_at(view, offset) or names.GROUP_NOUNS.end_at(view, offset)
    if bare:
        return Body(offset, max(end, _phrase_end(view, bare, limit)), generic=True)
    head = names.BODY_HEADS.end_at(view, after) or names.GROUP_NOUNS.end_at(view, after)
    if head:
        return Body(offset, _phrase_end(view, head, limit), generic=True)
    return None


def _name_tail(view: TextView, offset: int, limit: int) -> int:
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
            if not view.is_capital(after) or _body_at(view, after, limit) is not None:
                break
            lower = 0
        elif not view.is_capital(start) and (
            word in _STOP_WORDS
            or stops.NOT_ORDERED.end_at(view, start) > stop
            or (predicate_begins(view, start) and not _inside_compound(view, number, place))
        ):
            break
        elif not view.is_capital(start) and view.flat[start : ACTION_VERBS.end_at(view, start)] in _NOMINAL_VERBS:
            stop = ACTION_VERBS.end_at(view, start)
        elif not view.is_capital(start) and PRODUCT_NOUNS.end_at(view, start) > stop:
            break
        elif compound := names.NAME_COMPOUNDS.end_at(view, start):
            stop = compound
        elif view.is_capital(start):
            stop, lower = max(stop, ACTION_VERBS.end_at(view, start)), 0
        elif start > offset and names.GROUP_OPENERS.end_at(view, start):
            break
        else:
            lower += word not in _PLACE_WORDS
        end = stop
    if lower - 1 > _LONGEST_LOWER_TAIL:
        end = _shortest_tail(view, offset, end)
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


def _shortest_tail(view: TextView, offset: int, end: int) -> int:
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
        elif capital or word in _PLACE_WORDS:
            shortest, capital = stop, False
        elif names.NAME_COMPOUNDS.end_at(view, start):
            shortest = max(shortest, names.NAME_COMPOUNDS.end_at(view, start))
        elif start >= shortest:
            # The first lower-case word that belongs to nothing: only a later capital can reclaim it.
            continue
    return min(shortest, end)


def _capitals_after(view: TextView, offset: int, limit: int) -> int:
    """Return where a complete name ends when a place follows it ("Thuế tỉnh", "Đài Truyền hình Việt Nam Hà Nội")."""
    start = skip_spaces(view, offset)
    if (
        start > offset
        and start < limit
        and (view.is_capital(start) or view.flat.startswith(("tỉnh ", "thành phố "), start))
    ):
        return _name_tail(view, start, limit)
    return offset


def _group_end(view: TextView, offset: int, limit: int) -> int:
    """Return where a class that begins with a group noun ends ("bộ, ngành, địa phương liên quan"), or 0."""
    noun = names.GROUP_NOUNS.end_at(view, offset)
    if not noun or noun > limit:
        return 0
    return _phrase_end(view, noun, limit)


def _phrase_end(view: TextView, offset: int, limit: int) -> int:
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
        if word == "và" or word in _STOP_WORDS or predicate_begins(view, start) or stop > limit:
            break
        group = names.GROUP_NOUNS.end_at(view, start)
        end = max(stop, group)
    return end


def _having_end(view: TextView, number: int, limit: int) -> int:
    """Return where "có làng nghề" after a class ends, when a verb follows it soon; or 0."""
    first = view.words[number][0]
    if MODALS.end_at(view, first) or ACTION_VERBS.end_at(view, first) or stops.NOT_ORDERED.end_at(view, first):
        return 0
    for start, stop, word in view.words[number + 2 : number + 7]:
        if start >= limit or set(view.flat[first:start]) & set(",;:.()") or word in _STOP_WORDS:
            return 0
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


def distributed_names(view: TextView, addressees: Addressees, limit: int) -> tuple[int, tuple[str, ...]] | None:
    """Read "các Bộ: Nội vụ, Tài chính, Y tế" as one name for each ministry; None when it is no such list."""
    opening = _DISTRIBUTED.match(view.flat, addressees.start)
    if opening is None:
        return None
    kind = view.written[addressees.start : opening.end()].split()[1].rstrip(":")
    found: list[str] = []
    offset = skip_spaces(view, opening.end())
    while offset < limit and view.is_capital(offset):
        end = 0
        for name in names.FULL_NAMES:
            short = name.partition(" ")[2]
            if name.startswith(kind.lower()) and view.flat.startswith(short, offset):
                end = offset + len(short)
                break
        if not end:
            break
        found.append(f"{kind.capitalize()} {view.cut(offset, end)}")
        connector = _CONNECTOR.match(view.flat, end, limit)
        offset = connector.end() if connector else limit
        last = end
    return (last, tuple(found)) if len(found) > 1 else None
