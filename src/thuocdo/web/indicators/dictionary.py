"""The dictionary as a list: pillars of the scorecard, then the targets of the Resolution, each with where it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.calendars import parse_period, year_of
from thuocdo.engine.scoring import Spec
from thuocdo.engine.spelling import search_key
from thuocdo.indicators.queries import (
    Cells,
    Openness,
    Stale,
    indicators,
    level_due,
    matrix,
    paths,
    stale_figures,
    targets,
)
from thuocdo.scorecards.queries import spec_of
from thuocdo.web.design.figures import named
from thuocdo.web.design.ruler import ruler
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.rankings.marks import children_of, pillars_of
from thuocdo.web.rankings.marks import title_of as title_in_method

from .words import (
    FREQUENCIES,
    achieved,
    briefly,
    compared,
    definition_of,
    demand,
    direction_in_words,
    title_of,
    unit_of,
    until,
    verdict,
)

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator, Target, TargetPoint
    from thuocdo.organisations.models import Body

# Targets beyond this year are the vision, those up to it the goals.
VISION_AFTER = 2030


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: what is demanded, whose value stands beside it, and whether the level due today is reached."""

    code: str
    title: str
    words: str
    unit: str
    demand: str
    until: str
    frequency: str
    owner: "Body | None"
    address: str
    body: "Body | None" = None
    value: float | None = None
    provenance: str = ""
    due: float | None = None
    goal: float | None = None
    direction: int = 0
    top: float = 100
    # The newest figure, where its successor is overdue.
    stale: Stale | None = None

    @property
    def shown(self) -> str:
        """The value, with its unit where there is room for it."""
        return briefly(self.value, self.unit)

    @property
    def due_shown(self) -> str:
        """The level due today."""
        return briefly(None if self.due is None else round(self.due, 2), self.unit)

    @property
    def mark(self) -> SafeString:
        """Whether the level due is reached."""
        return verdict(self.value, self.due, self.direction)

    @property
    def is_reached(self) -> bool | None:
        return achieved(self.value, self.due, self.direction)

    def drawn(self) -> SafeString:
        """The value on its scale, with the level due today and the one to reach."""
        return ruler(
            self.value, target=self.goal, expected=self.due, high=self.top, size="cell", label=self.title,
            unit=self.unit, decimals=2 if self.value and self.value % 1 else 0,
        )  # fmt: skip


@dataclass(slots=True)
class Group:
    """Entries under one heading."""

    title: str
    lines: list[Line] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The groups, and of the targets with a number: how many reach the level due, fall short, have no value."""

    groups: list[Group]
    total: int
    targets: int
    reached: int
    short: int
    silent: int

    @property
    def found(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def dictionary(
    *,
    today: date,
    body: "Body | None",
    seen: "Mapping[int, Body]",
    words: str = "",
    sees_restricted: bool = False,
    own: "Sequence[Indicator]" = (),
) -> Dictionary:
    """Everything that is measured, `own` indicators of bodies included.

    Shown are values of `body`, and of the bodies that answer for targets if they are `seen`.
    """
    entries = [
        one for one in [*indicators(), *own] if sees_restricted or one.kept_by_id or one.openness != Openness.RESTRICTED
    ]
    demands = list(targets())
    by_target = {one.indicator_id: one for one in demands if one.indicator_id is not None}
    all_paths = paths(entries)
    measured = {
        one.owner_id: seen[one.owner_id] for one in demands if one.owner_id is not None and one.owner_id in seen
    }
    if body is not None:
        measured[body.pk] = body
    # The newest value of the year, or of the year before as long as its successor is not owed yet.
    cells = matrix(indicators=entries, bodies=list(measured.values()), period=year_of(today), carry_on=today)
    aged = stale_figures(
        list(measured.values()), codes=[one.code for one in entries], today=today, period=year_of(today)
    )
    stale = {(body, one.indicator_id): one for body, found in aged.items() for one in found}
    standing = _Standing(cells, all_paths, today, stale)
    lines = {one.code: standing.line(one, by_target.get(one.pk), body) for one in entries}
    needle = search_key(words)
    groups = _groups(entries, demands, lines, today)
    with_number = [lines[one.code] for one in demands if one.indicator_id is not None and one.code in lines]
    for group in groups:
        group.lines = [line for line in group.lines if _fits(line, needle)]
    return Dictionary(
        groups=[group for group in groups if group.lines],
        total=len(entries) + sum(1 for one in demands if one.indicator_id is None),
        targets=len(demands),
        reached=sum(line.is_reached is True for line in with_number),
        short=sum(line.is_reached is False for line in with_number),
        silent=sum(line.value is None for line in with_number),
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where every entry stands, looked up in one matrix."""

    cells: Cells
    paths: "Mapping[int, Mapping[int | None, Sequence[TargetPoint]]]"
    today: date
    stale: Mapping[tuple[int, int], Stale]

    def line(self, one: "Indicator", target: "Target | None", body: "Body | None") -> Line:
        whose = body if one.applies_to or one.kept_by_id else None
        if whose is None and target is not None:
            whose = next((other for other in self.cells.bodies if other.pk == one.owner_id), None)
        if whose is not None and one.applies_to and not one.applies(whose.peer_group):
            whose = None
        value, provenance = self._value(one, whose)
        points = self._points(one, whose)
        due = level_due(points, self.today, every_year=bool(target and target.every_year))
        goal = points[-1].value if points else one.target
        unit = unit_of(one)
        wanted = demand(target) if target else compared(one.comparator, one.target, unit) if one.comparator else ""
        query = f"?{urlencode({'co_quan': whose.code})}" if whose is not None and whose != one.owner else ""
        return Line(
            code=one.code,
            title=title_of(one),
            words=f"{one.code} {one.title} {one.title_en} {definition_of(one)}",
            unit=unit,
            demand=wanted or direction_in_words(one.direction),
            until=until(target) if target else _last_year(points),
            frequency=str(FREQUENCIES[one.frequency]),
            owner=one.owner,
            address=reverse("indicator", args=[one.code]) + query,
            body=whose,
            value=value,
            provenance=provenance,
            due=None if due is None else float(due),
            goal=None if goal is None else float(goal),
            direction=one.direction,
            top=float(one.upper) if one.upper is not None else top_of(value, due, goal),
            stale=self.stale.get((whose.pk, one.pk)) if whose is not None else None,
        )

    def _value(self, one: "Indicator", whose: "Body | None") -> tuple[float | None, str]:
        if whose is None:
            return None, ""
        row = next(place for place, body in enumerate(self.cells.bodies) if body.pk == whose.pk)
        column = next(place for place, other in enumerate(self.cells.indicators) if other.pk == one.pk)
        value = float(self.cells.values[row, column])
        return (None, "") if np.isnan(value) else (value, self.cells.provenance(row, column))

    def _points(self, one: "Indicator", whose: "Body | None") -> "Sequence[TargetPoint]":
        of_one = self.paths.get(one.pk, {})
        return (of_one.get(whose.pk) if whose is not None else None) or of_one.get(None, [])


def top_of(*values: object) -> float:
    """The end of a scale on which all the values lie, a round number."""
    highest = max((float(str(value)) for value in values if value is not None), default=0.0) * 1.1
    if highest <= 0:
        return 1.0
    size = 10.0 ** np.floor(np.log10(highest))
    return float(np.ceil(highest / size * 2) / 2 * size)


def _last_year(points: "Sequence[TargetPoint]") -> str:
    if not points:
        return ""
    return gettext("đến năm %(year)s") % {"year": parse_period(points[-1].period).start.year}


def _fits(line: Line, needle: str) -> bool:
    return not needle or needle in search_key(line.words)


def _groups(
    entries: "Iterable[Indicator]", demands: "Iterable[Target]", lines: Mapping[str, Line], today: date
) -> list[Group]:
    """Pillars of the scorecard in force, then the targets to 2030 and beyond, then what belongs to neither."""
    left = dict(lines)
    groups = []
    scorecard = scorecard_in_force(today)
    if scorecard is not None:
        spec = spec_of(scorecard)
        for pillar in pillars_of(spec):
            codes = [pillar.code, *_below(spec, pillar.code)]
            title = gettext("Trụ cột %(name)s") % {"name": title_in_method(pillar.title)}
            groups.append(Group(title, [left.pop(code) for code in codes if code in left]))
    goals = Group(gettext("Chỉ tiêu của Nghị quyết, đến năm %(year)s") % {"year": VISION_AFTER})
    vision = Group(gettext("Tầm nhìn của Nghị quyết, sau năm %(year)s") % {"year": VISION_AFTER})
    for one in demands:
        line = left.pop(one.code, None) if one.indicator_id else _judged(one)
        if line is not None:
            (vision if one.year > VISION_AFTER else goals).lines.append(line)
    if any(one.text for one in demands):
        goals.note = gettext("Chỉ tiêu không đo bằng con số được đánh giá bằng nhận định, không có đường mục tiêu.")
    kept: dict[str, Group] = {}
    for entry in entries:
        if entry.kept_by is not None:
            title = gettext("Chỉ số riêng của %(body)s") % {"body": named(entry.kept_by)}
            kept.setdefault(title, Group(title)).lines.append(left.pop(entry.code))
    return [*groups, goals, vision, Group(gettext("Chỉ số khác"), list(left.values())), *kept.values()]


def _below(spec: Spec, code: str) -> list[str]:
    """Everything that a node is made of, however deep."""
    return [found for child in children_of(spec, code) for found in (child.code, *_below(spec, child.code))]


def _judged(target: "Target") -> Line:
    """A target that is judged, not measured."""
    return Line(
        code=target.code,
        title=title_of(target),
        words=f"{target.code} {target.title} {target.title_en}",
        unit="",
        demand=demand(target),
        until=until(target),
        frequency=str(FREQUENCIES[target.frequency]),
        owner=target.owner,
        address="",
    )
