"""Bodies by bloc and by province with their ranks, and the search by any name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from thuocdo.engine.spelling import search_key
from thuocdo.indicators.queries import Stale
from thuocdo.organisations.queries import COMMUNE_KINDS, LOCAL_KINDS, bodies, of_kinds, subordinates
from thuocdo.scorecards.queries import Scorecard, latest_run, ranking, spec_of
from thuocdo.web.design.figures import named, short_named
from thuocdo.web.rankings.marks import body_address
from thuocdo.web.rankings.staleness import stale_behind

from .suggest import options, suggestions

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.scorecards.queries import Run, Standing

MOST_FOUND = 40


@dataclass(frozen=True, slots=True)
class Leaf:
    """A body with its rank, where it is ranked and the viewer may know."""

    body: "Body"
    name: str
    address: str
    place: str = ""
    rank: int | None = None
    units: int = 0
    score: float | None = None
    # The figures behind the score whose update rule has been overrun.
    stale: Sequence[Stale] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A bloc, or the provinces, with its bodies."""

    title: str
    leaves: list[Leaf]


def bloc_in_words(bloc: str) -> str:
    """A bloc of the political system."""
    return {
        "centre": gettext("Trung ương"),
        "party": gettext("Cơ quan Đảng"),
        "government": gettext("Chính phủ, bộ, ngành"),
        "national_assembly": gettext("Quốc hội"),
        "court": gettext("Tòa án"),
        "procuracy": gettext("Viện kiểm sát"),
        "audit": gettext("Kiểm toán Nhà nước"),
        "presidency": gettext("Chủ tịch nước"),
        "front": gettext("Mặt trận Tổ quốc và các đoàn thể"),
        "local": gettext("Địa phương"),
    }.get(bloc, bloc)


# The order in which people look for blocs.
BLOCS = (
    "party", "government", "national_assembly", "presidency", "court", "procuracy", "audit", "front",
)  # fmt: skip


def ranks_of(
    found: "list[Body]", scorecard: Scorecard | None, *, on: date
) -> "dict[int, tuple[Standing, int, Sequence[Stale]]]":
    """Standing, size of the group and stale figures for every body that is ranked: two queries for each group, and
    one for each period that runs."""
    if scorecard is None:
        return {}
    ranked: list[tuple[Standing, Run]] = []
    groups: dict[str, list[int]] = {}
    for one in found:
        if one.peer_group:
            groups.setdefault(one.peer_group, []).append(one.pk)
    running: dict[str, tuple[Run, list[Body]]] = {}
    for group, keys in groups.items():
        run = latest_run(scorecard, group)
        if run is None:
            continue
        rows = list(ranking(run, among=keys).defer("heads"))
        ranked += [(row, run) for row in rows]
        if run.is_live:
            running.setdefault(run.period, (run, []))[1].extend(row.body for row in rows)
    spec, stale = spec_of(scorecard), dict[int, Sequence[Stale]]()
    for run, among in running.values():
        stale |= stale_behind(run, spec, among, on)
    return {row.body_id: (row, run.units, stale.get(row.body_id, ())) for row, run in ranked}


def leaves(found: "list[Body]", scorecard: Scorecard | None, *, on: date) -> list[Leaf]:
    """The bodies with their ranks, in the order given."""
    ranks = ranks_of(found, scorecard, on=on)
    places = {option.body.pk: option.place for option in options(found, on=on)}
    listed = []
    for one in found:
        standing, units, stale = ranks.get(one.pk, (None, 0, ()))
        listed.append(
            Leaf(
                body=one,
                name=named(one),
                address=body_address(one.code),
                place=places.get(one.pk, ""),
                rank=standing.rank if standing else None,
                units=units,
                score=standing.rounded if standing else None,
                stale=stale,
            )
        )
    return listed


def alphabetical(body: "Body") -> tuple[str, str]:
    """The place of a body in a list for people: by the name itself, Đ among D."""
    return search_key(short_named(body)), named(body)


def found_by(words: str, scorecard: Scorecard | None, *, on: date) -> list[Leaf]:
    """Bodies that bear the words in any name, living ones; nearest first."""
    return leaves(suggestions(words, among=bodies(on=on), limit=MOST_FOUND), scorecard, on=on)


def central_branches(scorecard: Scorecard | None, *, on: date) -> list[Branch]:
    """The central bodies by bloc."""
    local = [*LOCAL_KINDS, *COMMUNE_KINDS, "centre", "bloc", "department"]
    found = sorted(bodies(on=on).exclude(kind__in=local), key=alphabetical)
    listed = leaves(found, scorecard, on=on)
    branches = []
    for bloc in BLOCS:
        own = [leaf for leaf in listed if leaf.body.bloc == bloc]
        if own:
            branches.append(Branch(bloc_in_words(bloc), own))
    return branches


def provinces(scorecard: Scorecard | None, *, on: date) -> list[Leaf]:
    """The provinces and cities by name."""
    found = sorted(of_kinds(LOCAL_KINDS, on=on), key=alphabetical)
    return leaves(found, scorecard, on=on)


def below(province: "Body", scorecard: Scorecard | None, *, on: date) -> list[Leaf]:
    """What stands directly below a body, by name."""
    found = sorted(subordinates(province, on=on), key=alphabetical)
    return [replace(leaf, place="") for leaf in leaves(found, scorecard, on=on)]
