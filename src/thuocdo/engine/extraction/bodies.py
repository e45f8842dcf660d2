"""Bodies: where the name of one that is charged ends, who is named and who is only a class."""

import re
from dataclasses import dataclass
from typing import cast

from thuocdo.engine.extraction import names
from thuocdo.engine.extraction.class_ends import group_end, phrase_end
from thuocdo.engine.extraction.name_ends import name_tail, predicate_begins, shortest_tail, skip_spaces
from thuocdo.engine.extraction.view import TextView, phrase, word_set

# Names within names ("Phó Giám đốc Sở Y tế tỉnh ...") go no deeper than this in earnest.
_DEEPEST_NAME = 8
_ACRONYMS_OF_THINGS = word_set("qr ai gdp grdp oda ppp bot fdi pv tp kpi csdl đtc cntt kh cn nq qđ ct tw iot tttt")
_OF_PLACES = re.compile(r"\s+(?:của\s+)?các\s+(?=(?:tỉnh|thành\s+phố|xã|phường|địa\s+phương|đặc\s+khu)(?!\w))")
_COMRADE = re.compile(r"đ/c\s+")
# What a place is, where the name of the body ends with it ("Công an xã", "Hạt Kiểm lâm khu vực").
SMALL_PLACE = phrase(r"(?:tỉnh|thành phố|xã|phường|huyện|quận|thị xã|đặc khu|khu vực)")
_MORE_PLACES = re.compile(r"\s*(?:,|và)\s+(?:tỉnh|thành\s+phố|xã|phường|huyện|quận|đặc\s+khu)(?!\w)(?!\s+phải)")
_IN_CHARGE = phrase(
    r"phụ trách (?:[^\W\d_]+ ){0,5}?[^\W\d_]+(?= (?:chủ trì|trực tiếp|có|phải|cần|khẩn|chỉ|làm|theo|tiếp)|[,:;])",
    whole=False,
)


@dataclass(frozen=True, slots=True)
class Body:
    """One body or one class of bodies at [start, end) of a view."""

    start: int
    end: int
    generic: bool
    # Where the name may end already, when an unknown verb follows it.
    shortest: int = 0


def name_end(view: TextView, offset: int, limit: int) -> int:
    """Return where a name that goes on at an offset ends; another body in it ends it."""
    return name_tail(view, offset, limit, lambda view, offset, limit: body_at(view, offset, limit) is not None)


def body_at(view: TextView, offset: int, limit: int) -> Body | None:
    """Return the body or class of bodies that begins at an offset, or None; each place is read once."""
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
            end = name_end(view, noun, limit)
        return Body(offset, end, generic=True) if end else None
    comrade = _COMRADE.match(flat, offset, limit)
    post = names.POSTS.end_at(view, comrade.end() if comrade else offset)
    if post:
        return _post_at(view, offset, post, limit)
    bare = names.BARE_GROUPS.end_at(view, offset)
    head = names.BODY_HEADS.end_at(view, offset)
    whole = names.WHOLE_NAMES.end_at(view, offset)
    if head and (office := _office_at(view, offset, head, limit)):
        return office
    if whole and whole >= bare:
        return Body(offset, name_end(view, whole, limit), generic=False)
    if bare:
        end = group_end(view, offset, limit) or bare
        named = view.is_capital(skip_spaces(view, bare)) and skip_spaces(view, bare) < limit
        return Body(offset, max(end, phrase_end(view, bare, limit)), generic=not named or "các" in flat[offset:bare])
    return _acronym_at(view, offset, limit)


def _office_at(view: TextView, offset: int, head: int, limit: int) -> Body | None:
    """Read a body by the word for its kind, which ends at ``head``, and by what stands behind that."""
    flat = view.flat
    bare, whole = names.BARE_GROUPS.end_at(view, offset), names.WHOLE_NAMES.end_at(view, offset)
    after = skip_spaces(view, head)
    if after < limit and after > head and view.is_capital(after):
        end = max(name_end(view, after, limit), whole)
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
        end = name_end(view, after, limit) if after < limit and after in view.number_at else head
        matter = names.NAME_COMPOUNDS.end_at(view, after)
        if head < after < matter <= limit and end <= after:
            # "Ban Quản lý dự án đầu tư xây dựng tỉnh": the matter of the office, which begins like a verb.
            end = max(matter, name_end(view, skip_spaces(view, matter), limit))
        end = head if end <= after else end
        return Body(offset, max(end, whole), generic=False, shortest=head)
    place = SMALL_PLACE.match(flat, after, limit) if after > head else None
    if place and not bare and not whole and not flat.startswith("cấp", after):
        if _MORE_PLACES.match(flat, place.end(), limit):
            return Body(offset, phrase_end(view, head, limit), generic=True)
        return Body(offset, name_end(view, after, limit), generic=False, shortest=place.end())
    return None


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
    inner = body_at(view, after, limit)
    if inner is not None:
        return Body(offset, inner.end, inner.generic)
    if view.is_capital(after) and after > end:
        return Body(offset, name_end(view, after, limit), generic=False)
    if whole:
        return Body(offset, name_end(view, whole, limit), generic=False)
    bare = names.BARE_GROUPS.end_at(view, offset) or names.GROUP_NOUNS.end_at(view, offset)
    if bare:
        return Body(offset, max(end, phrase_end(view, bare, limit)), generic=True)
    head = names.BODY_HEADS.end_at(view, after) or names.GROUP_NOUNS.end_at(view, after)
    if head and SMALL_PLACE.fullmatch(view.flat, after, head) and not _MORE_PLACES.match(view.flat, head, limit):
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
        return name_end(view, start, limit)
    return offset
