"""Whom a name in a directive means: bodies in force on the document's day, or a group of bodies.

A name that may mean several bodies gives several proposals, and so does one whose body has gone; only a single
proposal by present name, post, place or group phrase settles the matter, everything else waits for a person.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from thuocdo.directives.models import Addressee, AddresseeGroup, Candidate
from thuocdo.engine.spelling import name_key
from thuocdo.organisations.models import Body, Kind, Name
from thuocdo.organisations.queries import COMMUNE_KINDS, LOCAL_KINDS, of_kinds, successors, superiors, within

Manner = Addressee.Manner
Part = Addressee.Part
SETTLING = frozenset({Manner.NAME, Manner.POST, Manner.LOCAL, Manner.GROUP})

# The head of a body stands for the body. The first rule that fits is taken, again and again until none fits.
_POSTS = [
    (re.compile(rf"^{pattern}"), replacement)
    for pattern, replacement in [
        (r"đ/c ", ""),
        (
            (
                r"(?:cục trưởng|vụ trưởng|chi cục trưởng|tổng cục trưởng|trưởng phòng|viện trưởng) (?=cục "
                r"|vụ |chi cục |tổng cục |phòng |viện )"
            ),
            "",
        ),
        (r"(?:các |tập thể )?(?:đồng chí|lãnh đạo|thủ trưởng|người đứng đầu) ", ""),
        (r"bộ trưởng(?:,| -)? (?:kiêm )?(?=chủ nhiệm |bộ |văn phòng |ủy ban )", ""),
        (r"bộ trưởng ", "bộ "),
        (r"tổng thanh tra ", "thanh tra "),
        (r"tổng kiểm toán ", "kiểm toán "),
        (r"chánh văn phòng ", "văn phòng "),
        (r"chánh thanh tra ", "thanh tra "),
        (r"trưởng ban ", "ban "),
        (r"trưởng công an ", "công an "),
        (r"(?:thống đốc|chủ nhiệm|chánh án|viện trưởng|tổng giám đốc|giám đốc|chủ tịch|tổng biên tập) ", ""),
        (r"(?:bí thư|ban thường vụ|thường trực|ban chấp hành) (?=tỉnh ủy|thành ủy|đảng ủy|quân ủy)", ""),
    ]
]
# "Mỗi bộ, ngành" and "tất cả các bộ, ngành" mean the group "các bộ, ngành".
_EVERY = re.compile(r"^(?:mỗi|từng|mọi|tất cả các|toàn bộ các|toàn thể các)\s+")
# The committees that govern a place stand for the place.
_GOVERNED = re.compile(
    r"^(?:ủy ban nhân dân|ubnd|hội đồng nhân dân|hđnd|chính quyền|đảng ủy(?= xã| phường| đặc khu))\s+"
)
_PARTY = re.compile(r"^(?:tỉnh ủy|thành ủy)(?:\s+|$)")
_CITY = re.compile(r"^(?:tp\.?|t\.p\.?)\s*")
_PLACE = re.compile(r"^(tỉnh|thành phố|xã|phường|đặc khu)(?:\s+(.+))?$")
_PLACE_KINDS: dict[str, tuple[str, ...]] = {
    "tỉnh": LOCAL_KINDS,
    "thành phố": LOCAL_KINDS,
    "xã": COMMUNE_KINDS,
    "phường": COMMUNE_KINDS,
    "đặc khu": COMMUNE_KINDS,
}
_SHORT_PLACES = {"hcm": "hồ chí minh", "hn": "hà nội"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One body or one group that a name may mean, and how the name led there."""

    manner: Manner
    body: Body | None = None
    group: AddresseeGroup | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A name as written in a candidate with its proposals; `settled` is the only one when it needs no person."""

    part: Part
    position: int
    written: str
    proposals: tuple[Proposal, ...]

    @property
    def settled(self) -> Proposal | None:
        return settled(self.proposals)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a name: a name key, the kinds of bodies it can mean (empty: any), and how it was read.

    An empty key is a place seen from the document ("UBND tỉnh"): the body of these kinds at or above its issuer.
    """

    key: str
    manner: Manner
    kinds: tuple[str, ...] = ()


def settled(proposals: Iterable[Proposal]) -> Proposal | None:
    """The single proposal, if there is just one and its manner leaves no doubt."""
    found = list(proposals)
    return found[0] if len(found) == 1 and found[0].manner in SETTLING else None


def _readings(name: str) -> list[_Reading]:
    key = name_key(name)
    readings = [_Reading(key, Manner.NAME)]
    if every := _EVERY.match(key):
        readings.append(_Reading(f"các {key[every.end() :]}", Manner.NAME))
    while rule := next(((p, r) for p, r in _POSTS if p.match(key)), None):
        key = rule[0].sub(rule[1], key, count=1)
        readings.append(_Reading(key, Manner.POST))
    governed = _GOVERNED.match(key) or _PARTY.match(key)
    place = _CITY.sub("thành phố ", key[governed.end() :] if governed else key).strip()
    if parts := _PLACE.match(place):
        kinds = _PLACE_KINDS[parts[1]]
        if parts[2] is None:
            return [*readings, _Reading("", Manner.LOCAL, kinds)]
        bare = _SHORT_PLACES.get(parts[2], parts[2])
        readings += [_Reading(f"{parts[1]} {bare}", Manner.LOCAL, kinds), _Reading(bare, Manner.LOCAL, kinds)]
    elif governed and governed.re is _PARTY:
        readings.append(_Reading(_SHORT_PLACES.get(place, place), Manner.LOCAL, LOCAL_KINDS))
    elif governed:
        readings.append(_Reading(_SHORT_PLACES.get(place, place), Manner.LOCAL, (*LOCAL_KINDS, *COMMUNE_KINDS)))
    return readings


class _Surroundings:
    """What the issuer's place says about names that are only clear from where one stands; asked when needed."""

    def __init__(self, near: Body | None, on: date) -> None:
        self._on = on
        self._above: list[Body] | None = None if near else []
        self._near = near
        self._around: set[int] | None = None

    def above(self, kinds: Iterable[str]) -> Body | None:
        """The nearest body of the kinds at or above the issuer."""
        if self._above is None and self._near is not None:
            self._above = [self._near, *superiors(self._near, on=self._on)]
        return next((body for body in self._above or [] if body.kind in kinds), None)

    def narrow(self, bodies: list[Body]) -> list[Body]:
        """Of several bodies those in the issuer's own province, if any is; else all of them."""
        if len(bodies) < 2:
            return bodies
        if self._around is None:
            home = self.above(LOCAL_KINDS)
            self._around = set(within([home.pk], on=self._on).values_list("pk", flat=True)) if home else set()
        return [body for body in bodies if body.pk in self._around] or bodies


def resolve(
    names: Iterable[str], *, on: date, today: date, near: Body | None = None
) -> dict[str, tuple[Proposal, ...]]:
    """What each name may mean for a document of the day `on`, seen from its issuer `near`.

    Bodies are those in force on that day; for one that has ended by `today` its successors are proposed.
    """
    readings = {name: _readings(name) for name in names}
    keys = {reading.key for found in readings.values() for reading in found if reading.key}
    rows: dict[str, list[Name]] = {}
    for row in Name.objects.filter(spelled__in=keys).select_related("body").order_by("body__code", "pk"):
        rows.setdefault(row.spelled, []).append(row)
    groups = list(AddresseeGroup.objects.order_by("code"))
    phrases = {phrase: group for group in groups for phrase in group.phrases}
    surroundings = _Surroundings(near, on)
    return {
        name: _proposals(found, rows, phrases, surroundings, on=on, today=today) for name, found in readings.items()
    }


def _proposals(
    readings: list[_Reading],
    rows: Mapping[str, list[Name]],
    phrases: Mapping[str, AddresseeGroup],
    surroundings: _Surroundings,
    *,
    on: date,
    today: date,
) -> tuple[Proposal, ...]:
    written = readings[0].key
    for reading in readings:
        if reading.key in phrases:
            return (Proposal(Manner.GROUP, group=phrases[reading.key]),)
    doubtful: tuple[Proposal, ...] = ()
    for reading in readings:
        found = _bodies(reading, rows, surroundings, on=on, today=today)
        if found and found[0].manner in SETTLING:
            return found
        doubtful = doubtful or found
    begun = [phrase for phrase in phrases if written.startswith((f"{phrase} ", f"{phrase},"))]
    if begun:
        return (Proposal(Manner.PART_OF_GROUP, group=phrases[max(begun, key=len)]),)
    return doubtful


def _bodies(
    reading: _Reading,
    rows: Mapping[str, list[Name]],
    surroundings: _Surroundings,
    *,
    on: date,
    today: date,
) -> tuple[Proposal, ...]:
    if not reading.key:
        here = surroundings.above(reading.kinds)
        return (Proposal(reading.manner, here),) if here else ()
    known = [row for row in rows.get(reading.key, []) if not reading.kinds or row.body.kind in reading.kinds]
    in_force = [row for row in known if _in_force(row.body, on)]
    present = _unique(row.body for row in in_force if row.sort != Name.Sort.FORMER)
    if present:
        manner, bodies = reading.manner, surroundings.narrow(present)
    elif in_force:
        manner, bodies = Manner.FORMER_NAME, surroundings.narrow(_unique(row.body for row in in_force))
    else:
        manner, bodies = Manner.OTHER_TIME, surroundings.narrow(_unique(row.body for row in known))
    proposals: list[Proposal] = []
    for body in bodies:
        if body.valid_to is not None and body.valid_to <= today:
            proposals += [Proposal(Manner.SUCCESSOR, heir) for heir in successors(body)]
        else:
            proposals.append(Proposal(manner, body))
    return tuple({found.body: found for found in proposals}.values())


def _in_force(body: Body, on: date) -> bool:
    return body.valid_from <= on and (body.valid_to is None or body.valid_to > on)


def _unique(bodies: Iterable[Body]) -> list[Body]:
    return list({body.pk: body for body in bodies}.values())


def named(candidate: Candidate) -> list[Named]:
    """The names in a candidate, leads first, each with its proposals; no query after `review_list`."""
    proposals: dict[tuple[str, int], list[Proposal]] = {}
    for row in candidate.addressees.all():
        proposals.setdefault((row.part, row.position), []).append(Proposal(Manner(row.manner), row.body, row.group))
    return [
        Named(part, position, written, tuple(proposals.get((part, position), ())))
        for part, names in ((Part.LEAD, candidate.lead), (Part.COORDINATING, candidate.coordinating))
        for position, written in enumerate(names)
    ]


def addressee_groups() -> QuerySet[AddresseeGroup]:
    """All collective addressees, by code."""
    return AddresseeGroup.objects.order_by("code")


def addressee_group(code: str) -> AddresseeGroup | None:
    """The collective addressee with this code."""
    return AddresseeGroup.objects.filter(code=code).first()


def bodies_of_group(group: AddresseeGroup, *, on: date) -> QuerySet[Body]:
    """The bodies that a collective addressee means on the day, by code; the centre and the blocs are none."""
    return of_kinds([kind for kind in group.kinds if kind in Kind.values], on=on)
