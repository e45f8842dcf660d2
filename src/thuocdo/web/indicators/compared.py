"""Bodies side by side on one indicator: only those whose figures the viewer may see, a peer group at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
from django.core.paginator import Page
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from thuocdo.engine.calendars import Period
from thuocdo.indicators.queries import (
    Cells,
    Course,
    Frequency,
    Gap,
    Measurement,
    SidesOfValue,
    Stale,
    courses,
    gap,
    level_due,
    matrix,
    measurements,
    sides_among,
    stale_of_course,
    standing,
)
from thuocdo.web.design.figures import short_named
from thuocdo.web.design.ruler import ruler
from thuocdo.web.design.tables import SORT, page_of

from .dictionary import top_of
from .words import difference, period_in_words, told, unit_of, verdict, with_unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.indicators.queries import Indicator, TargetPoint
    from thuocdo.organisations.models import Body

PAGE_SIZE = 50
# How many periods a curve has: about a year, and the same period of the year before.
PERIODS = {Frequency.DAY: 31, Frequency.MONTH: 13, Frequency.QUARTER: 9, Frequency.YEAR: 6}


@dataclass(frozen=True, slots=True)
class Peer:
    """A body with its figures for the period."""

    body: "Body"
    address: str
    row: Measurement | None
    sides: SidesOfValue | None
    gap: Gap | None
    due: Any
    indicator: "Indicator"
    top: float
    is_chosen: bool
    applies: bool
    # Its newest figure, where its successor is overdue today.
    stale: Stale | None = None

    @property
    def unit(self) -> str:
        """The unit where it is short enough to stand in every cell; the head of the table names the others."""
        unit = unit_of(self.indicator)
        return unit if unit == "%" else ""

    @property
    def shown(self) -> str:
        return "" if self.row is None else told(self.row, self.unit)

    @property
    def claimed(self) -> Measurement | None:
        return self.sides.claimed if self.sides else None

    @property
    def stronger(self) -> Measurement | None:
        """The verified figure, or the cross-checked one where there is none."""
        return (self.sides.verified or self.sides.cross_checked) if self.sides else None

    @property
    def gap_shown(self) -> str:
        return "" if self.gap is None else difference(self.gap.difference, "", sign=True)

    @property
    def due_shown(self) -> str:
        return with_unit(None if self.due is None else round(self.due, 2), unit_of(self.indicator))

    @property
    def mark(self) -> SafeString:
        return verdict(None if self.row is None else self.row.value, self.due, self.indicator.direction)

    def drawn(self) -> SafeString:
        """The value in force against the level due."""
        value = None if self.row is None else self.row.value
        return ruler(
            value, expected=self.due, high=self.top, size="cell", label=short_named(self.body),
            unit=unit_of(self.indicator), decimals=1,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page of a peer group, and what the whole group looks like."""

    page: Page[Any]
    group: str
    groups: Mapping[str, int]
    period: Period
    told: int
    total: int
    beyond: int
    is_drawable: bool
    values: Mapping[str, float | None]
    names: Mapping[str, str]
    # How each body of the page went, by its number.
    courses: Mapping[int, Course]

    @property
    def when(self) -> str:
        """The period inside a sentence."""
        return period_in_words(self.period)


def beginning(indicator: "Indicator", period: Period) -> Period:
    """The first of the periods over which courses are drawn; those of another kind begin with the period itself."""
    place = period
    for _ in range(PERIODS[Frequency(indicator.frequency)] - 1 if period.kind == indicator.frequency else 0):
        place = place.previous()
    return place


def measured_bodies(indicator: "Indicator", among: "QuerySet[Body]") -> "QuerySet[Body]":
    """The bodies that the indicator is for; without named peer groups, those of which something was told."""
    if indicator.applies_to:
        return among.filter(peer_group__in=indicator.applies_to)
    return among.filter(pk__in=measurements(indicator=indicator).order_by().values("body"))


def newest_period(indicator: "Indicator", among: "QuerySet[Body]", known_at: datetime | None) -> str:
    """The newest period of which anybody in sight told; empty for none."""
    found = measurements(indicator=indicator, known_at=known_at).filter(body__in=among.values("pk"))
    return found.order_by("-period_start", "period_end").values_list("period", flat=True).first() or ""


def comparison(
    request: HttpRequest,
    indicator: "Indicator",
    among: "QuerySet[Body]",
    *,
    period: Period,
    chosen: "Body | None",
    paths: "Mapping[int | None, list[TargetPoint]]",
    every_year: bool,
    today: date,
    known_at: datetime | None,
) -> Comparison | None:
    """One page of the bodies of a peer group in the order asked for; None when there is nobody to compare."""
    candidates = measured_bodies(indicator, among)
    groups = dict(candidates.order_by().values_list("peer_group").annotate(Count("pk")))
    if not groups:
        return None
    own = chosen.peer_group if chosen is not None else ""
    group = next(
        (one for one in (request.GET.get("nhom"), own) if one is not None and one in groups),
        max(groups, key=lambda one: groups[one]),
    )
    bodies = list(candidates.filter(peer_group=group).order_by("name", "code"))
    cells = matrix(indicators=[indicator], bodies=bodies, period=period, known_at=known_at)
    values = [None if np.isnan(value) else float(value) for value in cells.values[:, 0]]
    order = _order(request.GET.get(SORT, ""), indicator.direction, values)
    page = page_of(request, order, PAGE_SIZE)
    places = list(page.object_list)
    rows = _rows(indicator, [bodies[place] for place in places], cells, places, known_at)
    on_page, first = [bodies[place] for place in places], beginning(indicator, period).start
    told = courses(indicator, on_page, since=first, known_at=known_at)
    is_newest = known_at is None and not request.GET.get("ky")
    top = float(indicator.upper) if indicator.upper is not None else top_of(*values)
    peers = []
    for place in places:
        body = bodies[place]
        mine = rows.get(body.pk, [])
        row = next((one for one in mine if one.pk == cells.measurement[place, 0]), None)
        sides = sides_among(one for one in mine if row is None or one.period == row.period) if mine else None
        points = paths.get(body.pk) or paths.get(None, [])
        query = {"co_quan": body.code, "ky": request.GET.get("ky", ""), "luc": request.GET.get("luc", "")}
        address = f"{reverse('indicator', args=[indicator.code])}?{urlencode({k: v for k, v in query.items() if v})}"
        peers.append(
            Peer(
                body=body,
                address=address,
                row=row,
                sides=sides,
                gap=gap(sides, indicator) if sides else None,
                due=level_due(points, min(period.last_day, today), every_year=every_year),
                indicator=indicator,
                top=top,
                is_chosen=chosen is not None and body.pk == chosen.pk,
                applies=not bool(cells.not_applicable[place, 0]),
                stale=stale_of_course(indicator, body, told.get(body.pk), today) if is_newest else None,
            )
        )
    page.object_list = peers
    return Comparison(
        page=page,
        group=group,
        groups=groups,
        period=period,
        told=sum(value is not None for value in values),
        total=len(bodies),
        beyond=sum(one.gap is not None and one.gap.is_beyond for one in peers),
        is_drawable=indicator.lower is None or indicator.lower >= 0,
        values={body.code: value for body, value in zip(bodies, values, strict=True)},
        names={body.code: short_named(body) for body in bodies},
        courses=told,
    )


def bands_of(values: list[float]) -> list[float] | None:
    """Four ascending bounds that part the values into five groups of about the same size; None when they cannot."""
    bounds = [round(float(bound), 1) for bound in np.quantile(values, (0.2, 0.4, 0.6, 0.8))]
    return bounds if len(set(bounds)) == len(bounds) else None


def _order(asked: str, direction: int, values: list[float | None]) -> list[int]:
    """Places of the bodies (by name beforehand) in the order asked for; without a value they stand last."""
    places = list(range(len(values)))
    if asked.removeprefix("-") == "ten":
        return places[::-1] if asked.startswith("-") else places
    best_first = direction >= 0
    descending = asked == "-gia_tri" if asked.removeprefix("-") == "gia_tri" else best_first

    def key(place: int) -> tuple[bool, float]:
        value = values[place]
        return value is None, 0.0 if value is None else -value if descending else value

    return sorted(places, key=key)


def _rows(
    indicator: "Indicator", bodies: "list[Body]", cells: Cells, places: list[int], known_at: datetime | None
) -> dict[int, list[Measurement]]:
    """What was told of the bodies of one page for the periods whose values are in force, in one query."""
    found: dict[int, list[Measurement]] = {}
    if not any(cells.measurement[place, 0] for place in places):
        return found
    rows = standing(indicator=indicator, bodies=bodies, known_at=known_at)
    for row in rows.filter(period_start__lt=cells.period.end, period_end__gt=cells.period.start):
        found.setdefault(row.body_id, []).append(row)
    return found
