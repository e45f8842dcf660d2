"""How a standing looks wherever it stands: class, pillars as rulers, why it is capped, why it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.scoring import Spec
from thuocdo.organisations.queries import COMMUNE_KINDS
from thuocdo.scorecards.queries import Interval, Run, Standing, simulation_of
from thuocdo.web.design.figures import named, number, points, short_named, speaks_english
from thuocdo.web.design.ruler import Size

from .peer_ruler import peer_ruler
from .spread import alike_mark, places

if TYPE_CHECKING:
    from thuocdo.engine.scoring.spec.model import Cap, Indicator, Node, Title
    from thuocdo.indicators.queries import Stale
    from thuocdo.organisations.models import Body

# The design has five rungs; a method with fewer or more classes is spread over them.
RUNGS = ("excellent", "good", "fair", "average", "weak")


def run_marks(run: Run) -> tuple[object, ...]:
    """What is drawn from a run is kept by these: they change with the run, its moment and its intervals."""
    simulation = simulation_of(run)
    return (run.pk, run.known_at.isoformat(), simulation.pk if simulation is not None else 0)


def parts_of(spec: Spec) -> "list[Node | Indicator]":
    """Every node and indicator of a method, in the order of the file."""
    return [*spec.nodes, *spec.indicators]


def called(body: "Body") -> str:
    """How a list calls a body: by its short name, a commune with the word that says what it is."""
    return named(body) if body.kind in COMMUNE_KINDS else short_named(body)


def title_of(title: "Title") -> str:
    """A title of the method in the reader's language."""
    return (speaks_english() and title.en) or title.vi


def part_titles(spec: Spec) -> dict[str, str]:
    """Every indicator and node of a method by code, in the reader's language."""
    return {one.code: title_of(one.title) for one in parts_of(spec)}


def pillars_of(spec: Spec) -> "list[Node | Indicator]":
    """What the index itself is put together from."""
    return [one for one in parts_of(spec) if one.parent == spec.top]


def children_of(spec: Spec, code: str) -> "list[Node | Indicator]":
    """The parts of a node, in the order of the file."""
    return [one for one in parts_of(spec) if one.parent == code]


def class_mark(spec: Spec, code: str) -> SafeString:
    """A class of the method as a ladder of rungs and its title."""
    codes = [one.code for one in spec.classes]
    if code not in codes:
        return format_html('<span class="class">{}</span>', gettext("chưa xếp loại"))
    place = codes.index(code)
    rung = round(place * (len(RUNGS) - 1) / max(len(codes) - 1, 1))
    return format_html(
        '<span class="class class-{}"><svg class="rungs" aria-hidden="true"><use href="#c-{}"/></svg>{}</span>',
        RUNGS[rung],
        len(RUNGS) - rung,
        title_of(spec.classes[place].title),
    )


def class_title(spec: Spec, code: str) -> str:
    """The title of a class; empty for none."""
    return next((title_of(one.title) for one in spec.classes if one.code == code), "")


def cap_that_bites(spec: Spec, standing: Standing) -> "Cap | None":
    """The cap that keeps a body below the class that its points alone would give; None where none does."""
    codes = [one.code for one in spec.classes]
    if standing.rounded is None or standing.score_class not in codes:
        return None
    by_points = next((place for place, one in enumerate(spec.classes) if standing.rounded >= one.lowest), None)
    if by_points is None or by_points >= codes.index(standing.score_class):
        return None
    for cap in spec.caps:
        score = standing.part(cap.node).get("score")
        if cap.class_at_most == standing.score_class and score is not None and score < cap.below:
            return cap
    return None


def cap_in_words(spec: Spec, standing: Standing, cap: "Cap") -> str:
    """Why a body is not classed higher: the rule and the body's own figure."""
    return gettext("%(pillar)s đạt %(score)s, dưới %(below)s: không xếp loại trên %(title)s, dù tổng điểm cao hơn.") % {
        "pillar": part_titles(spec).get(cap.node, cap.node),
        "score": points(standing.part(cap.node)["score"]),
        "below": number(cap.below),
        "title": class_title(spec, cap.class_at_most),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score for one body: its score against the median of the peers, its points of the possible."""

    code: str
    title: str
    score: float | None
    median: float | None
    points: float | None
    of: float | None
    gap: str
    address: str
    previous: float | None = None
    # The figures behind it whose update rule has been overrun.
    stale: "Sequence[Stale]" = ()

    def drawn(self, size: Size, *, is_told_beside: bool = True) -> SafeString:
        """The score among its peers; next to the figures it draws, it stays silent."""
        return peer_ruler(
            self.score, self.median, self.previous, size=size, label=self.title, is_told_beside=is_told_beside
        )

    @property
    def cell(self) -> SafeString:
        """For a cell of a table."""
        return self.drawn("cell")

    @property
    def row(self) -> SafeString:
        """For a line of its own."""
        return self.drawn("row", is_told_beside=False)

    @property
    def headline(self) -> SafeString:
        """For the head of a page, with its readings."""
        return self.drawn("headline", is_told_beside=False)


def below(spec: Spec, code: str) -> frozenset[str]:
    """The codes of a part of the method and of all that it is made of."""
    children: dict[str | None, list[str]] = {}
    for one in parts_of(spec):
        children.setdefault(one.parent, []).append(one.code)
    found, waiting = set(), [code]
    while waiting:
        place = waiting.pop()
        found.add(place)
        waiting += children.get(place, ())
    return frozenset(found)


def part_of(
    standing: Standing, one: "Node | Indicator", before: Standing | None = None, stale: "Sequence[Stale]" = ()
) -> Part:
    """A node or indicator of the method as this body has it; `stale` are the stale figures that it is made of."""
    own = standing.part(one.code)
    return Part(
        code=one.code,
        title=title_of(one.title),
        score=own.get("score"),
        median=standing.run.medians.get(one.code),
        points=own.get("points"),
        of=own.get("of"),
        gap=own.get("gap", ""),
        address=part_address(standing, one.code),
        previous=before.part(one.code).get("score") if before else None,
        stale=stale,
    )


def body_address(code: str, period: str = "") -> str:
    """The page of a body, for a period if one is given."""
    address = reverse("body", args=[code])
    return f"{address}?ky={period}" if period else address


def part_address(standing: Standing, code: str) -> str:
    """The page on which the points of a part are explained."""
    return f"{reverse('body_part', args=[standing.body.code, code])}?ky={standing.run.period}"


def ranking_address(group: str, period: str = "") -> str:
    """The ranking of a group, for a period if one is given."""
    address = f"{reverse('rankings')}?nhom={group}"
    return f"{address}&ky={period}" if period else address


@dataclass(frozen=True)
class Line:
    """A standing as a row of the ranking shows it."""

    standing: Standing
    spec: Spec
    run: Run
    is_tied: bool = False
    # The province of a commune: names repeat themselves across the country.
    place: str = ""
    interval: Interval | None = None
    # The figures behind the score whose update rule has been overrun, and what each pillar is made of.
    stale: "Sequence[Stale]" = ()
    makes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def places(self) -> str:
        """Between which places the body lies; empty before that is computed."""
        return places(self.interval) if self.interval is not None else ""

    @property
    def alike(self) -> SafeString:
        return alike_mark(self.interval) if self.interval is not None else SafeString("")

    @cached_property
    def name(self) -> str:
        return called(self.standing.body)

    @cached_property
    def address(self) -> str:
        return body_address(self.standing.body.code, self.run.period)

    @cached_property
    def pillars(self) -> list[Part]:
        self.standing.run = self.run
        return [
            part_of(self.standing, one, stale=self.stale_in(self.makes.get(one.code, frozenset())))
            for one in pillars_of(self.spec)
        ]

    def stale_in(self, codes: frozenset[str]) -> "Sequence[Stale]":
        """Those of the stale figures that are among the indicators."""
        return [one for one in self.stale if one.code in codes] if self.stale else ()

    @property
    def stale_address(self) -> str:
        """Where the figures stand that the score is made of."""
        return f"{self.address}#chi-so"

    @cached_property
    def class_mark(self) -> SafeString:
        return class_mark(self.spec, self.standing.score_class)

    @cached_property
    def cap(self) -> str:
        """Why the class is not higher; empty where no cap bites."""
        cap = cap_that_bites(self.spec, self.standing)
        return cap_in_words(self.spec, self.standing, cap) if cap else ""


@dataclass(frozen=True, slots=True)
class Reason:
    """How many points of a change came from one indicator."""

    code: str
    title: str
    difference: float


def reasons(spec: Spec, now: Standing, before: Standing) -> list[Reason]:
    """What an index gained or lost by indicator, the largest first; they add up to the change.

    Exact, because the index is a sum of the points of its indicators; empty for methods where it is not,
    and where the two standings were not computed by one tree.
    """
    titles = part_titles(spec)
    found = []
    for one in spec.indicators:
        new, old = now.parts.get(one.code, {}).get("points"), before.parts.get(one.code, {}).get("points")
        if new is None and old is None:
            continue
        difference = round((new or 0.0) - (old or 0.0), 6)
        if difference:
            found.append(Reason(one.code, titles[one.code], difference))
    return sorted(found, key=lambda reason: (-abs(reason.difference), reason.code))


def tied_ranks(standings: Sequence[Standing]) -> set[int]:
    """Ranks that several of the standings share."""
    seen: set[int] = set()
    twice: set[int] = set()
    for standing in standings:
        if standing.rank is not None:
            (twice if standing.rank in seen else seen).add(standing.rank)
    return twice
