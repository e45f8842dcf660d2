"""Addressees: where a list of charged bodies begins and ends, who is named and who is only a class."""

import re
from dataclasses import dataclass
from typing import cast

from thuocdo.engine.extraction import names, stops
from thuocdo.engine.extraction.class_ends import group_end, phrase_end
from thuocdo.engine.extraction.name_ends import STOP_WORDS, name_tail, predicate_begins, shortest_tail, skip_spaces
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, ADVERBS, MODALS

# More bodies than any order charges; it bounds the work on endless lists.
_LONGEST_LIST = 80
# Names within names ("Phó Giám đốc Sở Y tế tỉnh ...") go no deeper than this in earnest.
_DEEPEST_NAME = 8
_CONNECTOR = re.compile(r"\s*(?:[,;+]\s*(?:và\s+)?|\s(?:và|hoặc)\s+)")
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
_OF_PLACES = re.compile(r"\s+(?:của\s+)?các\s+(?=(?:tỉnh|thành\s+phố|xã|phường|địa\s+phương|đặc\s+khu)(?!\w))")
_COMRADE = re.compile(r"đ/c\s+")
_SMALL_PLACE = phrase(r"(?:tỉnh|thành phố|xã|phường|huyện|quận|thị xã|đặc khu|khu vực)")
_MORE_PLACES = re.compile(r"\s*(?:,|và)\s+(?:tỉnh|thành\s+phố|xã|phường|huyện|quận|đặc\s+khu)(?!\w)(?!\s+phải)")
_IN_CHARGE = phrase(
    r"phụ trách (?:[^\W\d_]+ ){0,5}?[^\W\d_]+(?= (?:chủ trì|trực tiếp|có|phải|cần|khẩn|chỉ|làm|theo|tiếp)|[,:;])",
    whole=False,
)
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


def verb_end(view: TextView, offset: int) -> int:
    """Return where the action verb at an offset ends, or 0."""
    return ACTION_VERBS.end_at(view, offset)


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
            end_of_class = group_end(view, connector.end(), limit)
            following = Body(connector.end(), end_of_class, generic=True) if end_of_class else None
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
    while offset < limit and view.is_capital(offset) and not _only_verb(view, offset):
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
        if start >= limit or set(view.flat[after:start]) & set(",;:.()") or word in STOP_WORDS or word == "mình":
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


def _name_tail(view: TextView, offset: int, limit: int) -> int:
    return name_tail(view, offset, limit, lambda view, offset, limit: _body_at(view, offset, limit) is not None)


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
            return _spread(view, offset, _capitals_after(view, offset + len(name), limit), limit)
    opener = names.GROUP_OPENERS.end_at(view, offset)
    if opener:
        noun = skip_spaces(view, opener)
        end = group_end(view, noun, limit)
        if not end and noun < limit and view.is_capital(noun) and view.flat[offset:opener] in ("các", "mỗi", "từng"):
            # "Các Khu Quản lý đường bộ": a class of offices whose kind is in no list.
            end = _name_tail(view, noun, limit)
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
            spread = _spread(view, offset, end, limit)
            if spread.generic:
                return spread
            return Body(offset, end, generic=False, shortest=max(whole, shortest_tail(view, after, end)))
        inside = flat.rfind(" ", offset, head) + 1
        if (
            inside > offset
            and (view.is_capital(flat.find(" ", offset, head) + 1) or view.is_capital(inside))
            and view.is_capital(offset)
            and not bare
        ):
            # "Ban Quản lý dự án đầu tư xây dựng": the capital inside makes it a name without any capital after it.
            end = _name_tail(view, after, limit) if after < limit and after in view.number_at else head
            matter = names.NAME_COMPOUNDS.end_at(view, after)
            if head < after < matter <= limit and end <= after:
                # "Ban Quản lý dự án đầu tư xây dựng tỉnh": the matter of the office, which begins like a verb.
                end = max(matter, _name_tail(view, skip_spaces(view, matter), limit))
            end = head if end <= after else end
            return Body(offset, max(end, whole), generic=False, shortest=head)
        place = _SMALL_PLACE.match(flat, after, limit) if after > head else None
        if place and not bare and not whole and not flat.startswith("cấp", after):
            if _MORE_PLACES.match(flat, place.end(), limit):
                return Body(offset, phrase_end(view, head, limit), generic=True)
            return Body(offset, _name_tail(view, after, limit), generic=False, shortest=place.end())
    if whole and whole >= bare:
        return Body(offset, _name_tail(view, whole, limit), generic=False)
    if bare:
        end = group_end(view, offset, limit) or bare
        named = view.is_capital(skip_spaces(view, bare)) and skip_spaces(view, bare) < limit
        return Body(offset, max(end, phrase_end(view, bare, limit)), generic=not named or "các" in flat[offset:bare])
    return _acronym_at(view, offset, limit)


def _spread(view: TextView, offset: int, end: int, limit: int) -> Body:
    """Read "Sở Công Thương các tỉnh, thành phố" as the offices of all places, and any other name as it is."""
    places = _OF_PLACES.match(view.flat, end, limit)
    reach = group_end(view, places.end(), limit) if places else 0
    return Body(offset, reach, generic=True) if reach else Body(offset, end, generic=False)


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
        return Body(offset, max(end, phrase_end(view, bare, limit)), generic=True)
    head = names.BODY_HEADS.end_at(view, after) or names.GROUP_NOUNS.end_at(view, after)
    if head and _SMALL_PLACE.fullmatch(view.flat, after, head) and not _MORE_PLACES.match(view.flat, head, limit):
        # "Trưởng Công an xã": the one of this place.
        return Body(offset, head, generic=False)
    if head:
        return Body(offset, phrase_end(view, head, limit), generic=True)
    return None


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
