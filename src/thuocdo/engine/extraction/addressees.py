"""Addressees: where a list of charged bodies begins and ends, and what goes on with the name or class before it."""

import re
from dataclasses import dataclass

from thuocdo.engine.extraction import names, stops
from thuocdo.engine.extraction.bodies import SMALL_PLACE, Body, body_at, name_end
from thuocdo.engine.extraction.class_ends import group_end
from thuocdo.engine.extraction.name_ends import STOP_WORDS, predicate_begins, skip_spaces
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, ADVERBS, MODALS

# More bodies than any order charges; it bounds the work on endless lists.
_LONGEST_LIST = 80
_CONNECTOR = re.compile(r"\s*(?:[,;+]\s*(?:và\s+)?|\s(?:và|hoặc)\s+)")
# Parts of one name that a comma divides, in lower case.
_COMMA_TAILS = phrase(
    r"(?:chữa bệnh|chữa cháy|lập lại trật tự|chống tham nhũng|chống thiên tai|trẻ em)(?:"
    r" [^\W\d_]{2,7}){0,2}?(?= (?:và|chủ|có|là|phải|cần)|[,;:.|]|$)",
    whole=False,
)
# "UBND các tỉnh: Gia Lai, Đắk Lắk": the places of a class.
_PLACES_COLON = re.compile(r"\s*:\s+")
_NEXT_PLACE = re.compile(r"\s*(?:,\s+(?:và\s+)?|\s+và\s+)(?:(?:tỉnh|thành\s+phố|xã|phường|đặc\s+khu)\s+)?")
# Named in one breath with a class: "các cấp ủy, chính quyền, Mặt trận Tổ quốc và các đoàn thể".
_PART_OF_CLASS = frozenset(("mặt trận tổ quốc", "mặt trận", "mặt trận tổ quốc các cấp"))
_CLASS_WORD = re.compile(r"(?<!\w)các(?!\w)")
_DISTRIBUTED = phrase(r"các (?:bộ|sở):?")


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


def addressees_at(view: TextView, offset: int, limit: int) -> Addressees | None:
    """Return the list of bodies that begins at an offset, or None when no body stands there."""
    first = body_at(view, offset, limit)
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
            end = name_end(view, connector.end(), limit)
            bodies[-1] = Body(bodies[-1].start, end, generic=False)
            continue
        if bodies[-1].generic and not view.is_capital(connector.end()):
            end_of_class = group_end(view, connector.end(), limit)
            following = Body(connector.end(), end_of_class, generic=True) if end_of_class else None
        following = following or body_at(view, connector.end(), limit)
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
    if not SMALL_PLACE.search(flat, max(body.start, body.end - 12), body.end):
        return 0
    offset = skip_spaces(view, body.end + 1)
    end = 0
    while offset < limit and view.is_capital(offset) and not _only_verb(view, offset):
        if names.BODY_HEADS.end_at(view, offset) and view.is_capital(
            skip_spaces(view, names.BODY_HEADS.end_at(view, offset))
        ):
            break
        end = name_end(view, offset, limit)
        joint = _NEXT_PLACE.match(flat, end, limit)
        if joint is None:
            break
        offset = joint.end()
    return end


def _lists_names(view: TextView, body: Body, connector: re.Match[str]) -> bool:
    """Say whether a class goes on with proper names ("Các tập đoàn EVN, Viettel", "UBND các tỉnh Gia Lai, Đắk Lắk")."""
    after = connector.end()
    last = _last_word(view, body)
    first = _CLASS_WORD.search(view.flat, body.start, body.end)
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
    if not view.is_capital(after) or ACTION_VERBS.end_at(view, after) > name_end(view, after, limit):
        return 0
    end = name_end(view, after, limit)
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
