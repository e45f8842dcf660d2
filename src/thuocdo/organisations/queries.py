"""Reads of bodies: by code, by name, by place in a hierarchy, by succession, on a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Case, IntegerField, Min, Q, QuerySet, Value, When

from thuocdo.engine.spelling import name_key, search_key

from .models import Appointment, Bloc, Body, Descent, Hierarchy, Kind, Name, SectorLine, Succession

LOCAL_KINDS = (Kind.PROVINCE, Kind.CITY)
COMMUNE_KINDS = (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)

__all__ = ["Bloc", "Hierarchy", "Kind"]


def bodies(*, on: date) -> QuerySet[Body]:
    """All bodies that exist on the day."""
    return Body.objects.valid_on(on)


def body_by_code(code: str) -> Body | None:
    """The body with this official or pack code, whether it still exists or not."""
    return Body.objects.filter(code=code).first()


def bodies_by_code(codes: Iterable[str]) -> dict[str, Body]:
    """Bodies by code; unknown codes are absent."""
    return {body.code: body for body in Body.objects.filter(code__in=set(codes))}


def below(ancestors: Iterable[int], *, on: date, hierarchy: str = Hierarchy.TERRITORIAL, strictly: bool = False) -> Q:
    """The condition "stands at or below any of the ancestors (ids) on the day", for a filter on bodies.

    In the sector hierarchy both kinds of line count: those drawn body by body, and the rules by which a
    head directs its field at every body of some kinds.
    """
    heads = list(ancestors)
    pairs = Descent.objects.valid_on(on).filter(hierarchy=hierarchy, ancestor__in=heads)
    if strictly:
        pairs = pairs.filter(depth__gt=0)
    condition = Q(pk__in=pairs.values("descendant"))
    if hierarchy == Hierarchy.SECTOR:
        for line in SectorLine.objects.valid_on(on).filter(head__in=heads):
            condition |= Q(kind__in=line.kinds) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return condition


def within(
    ancestors: Iterable[int], *, on: date, hierarchy: str = Hierarchy.TERRITORIAL, strictly: bool = False
) -> QuerySet[Body]:
    """Bodies at or below any of the ancestors (ids) on the day; `strictly` leaves the ancestors out."""
    return Body.objects.filter(below(ancestors, on=on, hierarchy=hierarchy, strictly=strictly))


def is_within(body: Body, ancestor: int, *, on: date, hierarchy: str = Hierarchy.TERRITORIAL) -> bool:
    """Whether the body stands at or below the ancestor (id) on the day."""
    return Body.objects.filter(below([ancestor], on=on, hierarchy=hierarchy), pk=body.pk).exists()


def superiors(body: Body, *, on: date, hierarchy: str = Hierarchy.TERRITORIAL) -> list[Body]:
    """The bodies above, nearest first."""
    pairs = (
        Descent.objects.valid_on(on)
        .filter(hierarchy=hierarchy, descendant=body, depth__gt=0)
        .select_related("ancestor")
        .order_by("depth")
    )
    return [pair.ancestor for pair in pairs]


def subordinates(body: Body, *, on: date, hierarchy: str = Hierarchy.TERRITORIAL) -> QuerySet[Body]:
    """The bodies directly below, by code."""
    pairs = Descent.objects.valid_on(on).filter(hierarchy=hierarchy, ancestor=body, depth=1)
    return Body.objects.filter(pk__in=pairs.values("descendant")).order_by("code")


def search(words: str, *, among: QuerySet[Body] | None = None, limit: int = 20) -> list[Body]:
    """Bodies whose names, short names, abbreviations or former names hold the words.

    Accents and the placement of tone marks do not matter (Hoà = Hòa = hoa); names spelled with the very
    same accents come first, then names that begin with the words, then shorter ones.
    """
    spelled, bare = name_key(words), search_key(words)
    if not bare:
        return []
    rank = Case(
        When(names__spelled=spelled, then=Value(0)),
        When(names__search=bare, then=Value(1)),
        When(names__spelled__startswith=spelled, then=Value(2)),
        When(names__search__startswith=bare, then=Value(3)),
        When(names__spelled__contains=spelled, then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    found = Body.objects.all() if among is None else among
    return list(
        found.filter(names__search__contains=bare)
        .annotate(nearness=Min(rank))
        .order_by("nearness", "kind", "name", "code")[:limit]
    )


def bodies_named(text: str, *, on: date | None = None) -> list[Body]:
    """Bodies that bear exactly this name (tone placement and case aside), in force on the day if given."""
    found = Body.objects.filter(pk__in=Name.objects.filter(spelled=name_key(text)).values("body"))
    return list((found.valid_on(on) if on else found).order_by("code"))


def successors(body: Body) -> list[Body]:
    """Bodies to which this body's work went, following the chain to those that still exist."""
    return successors_of_each([body])[body.pk]


def successors_of_each(bodies: Iterable[Body]) -> dict[int, list[Body]]:
    """By body (id): where its work went, as `successors` says of one; a query for each step of the longest chain."""
    start = [body.pk for body in bodies]
    after: dict[int, list[Body]] = {}
    edge = set(start)
    while edge:
        after |= {pk: [] for pk in edge}
        links = Succession.objects.filter(predecessor__in=edge).select_related("successor").order_by("pk")
        for link in links:
            after[link.predecessor_id].append(link.successor)
        edge = {one.pk for pk in edge for one in after[pk]} - after.keys()
    return {pk: _living(pk, after) for pk in start}


def _living(start: int, after: Mapping[int, Sequence[Body]]) -> list[Body]:
    """The bodies at the ends of the chains from a body, without those that are no more."""
    living: dict[int, Body] = {}
    waiting, seen = [start], {start}
    while waiting:
        for body in after[waiting.pop()]:
            if body.pk in seen:
                continue
            seen.add(body.pk)
            if body.valid_to is None:
                living[body.pk] = body
            waiting.append(body.pk)
    return list(living.values())


def map_on(day: date, *, kinds: Iterable[str] = LOCAL_KINDS) -> QuerySet[Body]:
    """The provincial map as it was on the day: 63 units before 1/7/2025, 34 since."""
    return Body.objects.valid_on(day).filter(kind__in=list(kinds)).order_by("code")


def predecessors_by_successor(*, kinds: Iterable[str] = LOCAL_KINDS) -> dict[str, list[tuple[str, float]]]:
    """For each successor's code, its predecessors' codes with the share that went to it."""
    found: dict[str, list[tuple[str, float]]] = {}
    links = (
        Succession.objects.filter(successor__kind__in=list(kinds))
        .select_related("predecessor", "successor")
        .order_by("successor__code", "predecessor__code")
    )
    for link in links:
        found.setdefault(link.successor.code, []).append((link.predecessor.code, float(link.share)))
    return found


def head_of(body: Body, *, on: date) -> Appointment | None:
    """The head of the body on the day, if recorded."""
    return Appointment.objects.valid_on(on).filter(body=body).order_by("-valid_from").first()


def of_kinds(kinds: Iterable[str], *, on: date) -> QuerySet[Body]:
    """Bodies of the kinds that exist on the day, by code."""
    return Body.objects.valid_on(on).filter(kind__in=list(kinds)).order_by("code")
