"""The table of a ranking: ordered and narrowed as the address asks, one page of lines with its drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext

from thuocdo.engine.spelling import search_key
from thuocdo.organisations.queries import COMMUNE_KINDS, Hierarchy, body_by_code, within
from thuocdo.scorecards.queries import SHARE, Run, Spread, Standing, intervals_of, ranking, spread_of
from thuocdo.web.charts.dot_plot import Dot, dot_plot
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.design.figures import number, short_named
from thuocdo.web.design.tables import PAGE

from .choice import Chosen
from .marks import Line, pillars_of, tied_ranks
from .spread import rank_and_places
from .staleness import makeup, stale_behind

if TYPE_CHECKING:
    from django.http import QueryDict

PAGE_SIZE = 50
SORT, BEST_FIRST = "xep", "hang"


@dataclass(frozen=True, slots=True)
class Table:
    """One page of a ranking; `units` is how many bodies the group has, `found` how many fit the filters."""

    page: Page[Any]
    lines: list[Line]
    units: int
    found: int
    spread: Spread
    # How many of the lines rest on figures whose update rule has been overrun.
    aged: int = 0


class Counted(Paginator[Any]):
    """Pages of a whole group, whose size the run has kept."""

    def __init__(self, rows: "QuerySet[Standing]", units: int) -> None:
        super().__init__(rows, PAGE_SIZE)
        self.units = units

    @property
    def count(self) -> int:
        return self.units


def order_of(chosen: Chosen, asked: str) -> list[Any]:
    """What to order by; words that name no column give the order of the ranks."""
    columns: dict[str, Any] = {
        BEST_FIRST: F("rank"),
        "ten": F("body__name"),
        "diem": F("rounded"),
        "thay_doi": F("rounded") - F("previous_rounded"),
        **{one.code: F(f"heads__{one.code}__score") for one in pillars_of(chosen.spec)},
    }
    name = asked.removeprefix("-")
    if name not in columns:
        asked = name = BEST_FIRST
    column = columns[name]
    first = column.desc(nulls_last=True) if asked.startswith("-") else column.asc(nulls_last=True)
    return [first, "rank", "body__code"]


def narrowed(run: Run, asked: Mapping[str, str], *, chosen: Chosen) -> "QuerySet[Standing]":
    """The standings that fit the words and the province of the address."""
    found = ranking(run)
    if words := search_key(asked.get("tim", "")):
        found = found.filter(body__names__search__contains=words).distinct()
    if code := asked.get("tinh", ""):
        province = body_by_code(code)
        day = _day(chosen, run)
        found = (
            found.filter(body__in=within([province.pk], on=day, strictly=True).values("pk"))
            if province
            else found.none()
        )
    return found


def _day(chosen: Chosen, run: Run) -> date:
    """The day on which the tree of bodies is looked at."""
    known = timezone.localdate(run.known_at)
    return min(chosen.period.last_day, known) if chosen.period else known


def places_of(standings: Sequence[Standing], on: date) -> dict[int, str]:
    """The province of every commune among the bodies, by number of the body; two queries, if there are any."""
    communes = [row.body for row in standings if row.body.kind in COMMUNE_KINDS]
    if not communes:
        return {}
    prefetch_related_objects(communes, "ascents__ancestor")
    return {
        body.pk: short_named(line.ancestor)
        for body in communes
        for line in body.ascents.all()
        if line.hierarchy == Hierarchy.TERRITORIAL
        and line.depth == 1
        and line.valid_from <= on
        and (line.valid_to is None or line.valid_to > on)
    }


def table_of(chosen: Chosen, asked: "QueryDict", today: date) -> Table:
    """The page of lines that an address asks for; of the newest period they say which figures are overdue today."""
    assert chosen.run is not None  # noqa: S101 (callers show the empty state otherwise)
    run = chosen.run
    words = {name: asked.get(name, "") for name in ("tim", "tinh")}
    rows = narrowed(run, words, chosen=chosen).order_by(*order_of(chosen, asked.get(SORT, BEST_FIRST)))
    is_whole = not any(words.values())
    page = (Counted(rows, run.units) if is_whole else Paginator(rows, PAGE_SIZE)).get_page(asked.get(PAGE))
    standings = list(page.object_list)
    tied = tied_ranks(standings)
    places = places_of(standings, _day(chosen, run))
    spread = spread_of(run)
    intervals = intervals_of(spread, standings)
    stale = stale_behind(run, chosen.spec, [row.body for row in standings], today) if chosen.is_newest else {}
    makes = makeup(chosen.spec) if stale else {}
    lines = [
        Line(
            row, chosen.spec, run, row.rank in tied, places.get(row.body_id, ""), intervals.get(row.body_id),
            stale.get(row.body_id, ()), makes,
        )
        for row in standings
    ]  # fmt: skip
    return Table(page, lines, run.units, page.paginator.count, spread, len(stale))


@dataclass(eq=False)
class Rows:
    """The page of lines that an address asks for, read once when table or drawing first ask for it."""

    chosen: Chosen
    asked: "QueryDict"
    today: date

    @cached_property
    def table(self) -> Table:
        return table_of(self.chosen, self.asked, self.today)

    @property
    def read(self) -> Sequence[Line]:
        """The lines where anybody has asked for them; none where what was drawn of them is kept."""
        return self.table.lines if "table" in self.__dict__ else ()


def _scale(dots: Sequence[Dot], median: float | None) -> tuple[float, float]:
    """The tens around everything drawn: positions are compared, not lengths, so the scale need not begin at 0."""
    marks = [value for dot in dots for value in (dot.low, dot.value, dot.high) if value is not None]
    marks += [] if median is None else [median]
    return max(floor(min(marks) / 10) * 10, 0), min(max(ceil(max(marks) / 10), 1) * 10, 100)


def drawing_of(chosen: Chosen, table: Table) -> Drawing | None:
    """The scores of the page as dots, with the median of the whole group; None without any score."""
    assert chosen.run is not None  # noqa: S101
    dots = [
        Dot(
            name=line.name,
            value=float(line.standing.rounded),
            address=line.address,
            note=gettext("hạng %(rank)s") % {"rank": rank_and_places(line.standing.rank or 0, line.interval)},
            # Drawn on the scale of the scores: from the score at the last place of the interval to that at the first.
            low=None if line.interval is None else min(line.interval.score_low, line.standing.rounded),
            high=None if line.interval is None else max(line.interval.score_high, line.standing.rounded),
            group=None if line.interval is None else line.interval.tier,
            between=line.places,
        )
        for line in table.lines
        if line.standing.rounded is not None
    ]
    if not dots:
        return None
    median = chosen.run.medians.get(chosen.spec.top)
    return dot_plot(
        dots,
        title=gettext("Điểm chung của từng cơ quan"),
        unit=gettext("điểm"),
        scale=_scale(dots, None if median is None else float(median)),
        interval=gettext("khoảng hạng %(share)s%%") % {"share": number(round(SHARE * 100))},
        reference=None if median is None else (float(median), gettext("trung vị của nhóm")),
    )
