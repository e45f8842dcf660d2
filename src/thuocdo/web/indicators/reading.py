"""One indicator for one body: every period with its figures side by side, the corrections, how fresh it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.indicators.queries import (
    Gap,
    Measurement,
    Provenance,
    SidesOfValue,
    State,
    gap,
    level_due,
    measurements,
    sides_among,
    written,
)
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.charts.target_path import Reading, target_path
from thuocdo.web.design.ruler import ruler

from .dictionary import top_of
from .words import (
    achieved,
    difference,
    due_day,
    period_in_words,
    title_of,
    told,
    told_briefly,
    unit_of,
    verdict,
    with_unit,
)

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator, TargetPoint
    from thuocdo.organisations.models import Body

# More stages than this cannot be told apart in a drawing or read in a table; all of them are in the download.
MOST_PERIODS = 40
VERIFIED = frozenset((Provenance.SYSTEM, Provenance.INDEPENDENT, Provenance.CROSS_CHECKED))


@dataclass(frozen=True, slots=True)
class Stage:
    """One period: what was claimed, evidenced, verified, cross-checked, what is in force, and the level due."""

    period: Period
    sides: SidesOfValue
    gap: Gap | None
    due: Decimal | None
    indicator: "Indicator"

    @property
    def unit(self) -> str:
        return unit_of(self.indicator)

    @property
    def in_force(self) -> Measurement | None:
        return self.sides.in_force

    @property
    def value(self) -> Decimal | None:
        """The value in force; None when there is none or the indicator does not apply."""
        return None if self.sides.in_force is None else self.sides.in_force.value

    @property
    def shown(self) -> str:
        """The value in force in words."""
        return with_unit(None, "") if self.sides.in_force is None else told_briefly(self.sides.in_force, self.unit)

    @property
    def claimed_shown(self) -> str:
        return "" if self.sides.claimed is None else told_briefly(self.sides.claimed, self.unit)

    @property
    def evidenced_shown(self) -> str:
        return "" if self.sides.evidenced is None else told_briefly(self.sides.evidenced, self.unit)

    @property
    def verified_shown(self) -> str:
        return "" if self.sides.verified is None else told_briefly(self.sides.verified, self.unit)

    @property
    def cross_checked_shown(self) -> str:
        return "" if self.sides.cross_checked is None else told_briefly(self.sides.cross_checked, self.unit)

    @property
    def stronger(self) -> Measurement | None:
        """The verified value, or the cross-checked one where there is none."""
        return self.sides.verified or self.sides.cross_checked

    @property
    def stronger_shown(self) -> str:
        return "" if self.stronger is None else told_briefly(self.stronger, self.unit)

    @property
    def due_shown(self) -> str:
        return with_unit(None if self.due is None else round(self.due, 2), self.unit)

    @property
    def gap_shown(self) -> str:
        """How far the claim lies from the stronger value, with its sign."""
        return "" if self.gap is None else difference(self.gap.difference, "", sign=True)

    @property
    def when(self) -> str:
        """The period inside a sentence."""
        return period_in_words(self.period)

    @property
    def mark(self) -> SafeString:
        """Whether the level due is reached."""
        return verdict(self.value, self.due, self.indicator.direction)

    @property
    def is_reached(self) -> bool | None:
        return achieved(self.value, self.due, self.indicator.direction)


@dataclass(frozen=True, slots=True)
class Told:
    """One row as it was told, and what became of it."""

    row: Measurement
    shown: str
    replaced_by: Measurement | None
    counts: bool

    @property
    def is_withdrawal(self) -> bool:
        return self.row.state == State.NULL


@dataclass(frozen=True, slots=True)
class Fresh:
    """The newest period told of, when it was recorded, and which one is owed next, by when."""

    period: Period
    recorded_at: datetime
    next: Period
    due_on: date
    row: Measurement

    @property
    def when(self) -> str:
        return period_in_words(self.period)

    @property
    def next_when(self) -> str:
        return period_in_words(self.next)


@dataclass(frozen=True, slots=True)
class History:
    """All stages of one body, newest first, and the points of the path it is held against."""

    stages: list[Stage]
    points: "Sequence[TargetPoint]"
    rows: list[Measurement]

    def stage(self, label: str) -> Stage | None:
        """The stage of a period; the newest one without a label."""
        if not label:
            return next(iter(self.stages), None)
        return next((stage for stage in self.stages if stage.period.label == label), None)

    @property
    def recent(self) -> list[Stage]:
        return self.stages[:MOST_PERIODS]


def history(
    indicator: "Indicator",
    body: "Body",
    points: "Sequence[TargetPoint]",
    *,
    every_year: bool,
    today: date,
    known_at: datetime | None,
) -> History:
    """Every period of which the body (or somebody about it) told, in one query."""
    rows = list(measurements(indicator=indicator, body=body, known_at=known_at))
    replaced = {row.supersedes_id for row in rows}
    standing: dict[str, list[Measurement]] = {}
    for row in rows:
        if row.pk not in replaced:
            standing.setdefault(row.period, []).append(row)
    stages = []
    for label, those in standing.items():
        period, sides = parse_period(label), sides_among(those)
        due = level_due(points, min(period.last_day, today), every_year=every_year)
        stages.append(Stage(period, sides, gap(sides, indicator), due, indicator))
    stages.sort(key=lambda stage: (stage.period.end, stage.period.start), reverse=True)
    return History(stages, points, rows)


def told_of(found: History, stage: Stage) -> list[Told]:
    """Everything that was ever told of the period, newest first; what was replaced stays readable."""
    mine = [row for row in found.rows if row.period == stage.period.label]
    later = {row.supersedes_id: row for row in mine if row.supersedes_id}
    in_force = stage.in_force.pk if stage.in_force else None
    return [Told(row, told(row, stage.unit), later.get(row.pk), row.pk == in_force) for row in mine]


def freshness(found: History, indicator: "Indicator") -> Fresh | None:
    """How fresh the newest value is against the update rule; None where nothing was told."""
    newest = next((stage for stage in found.stages if stage.in_force is not None), None)
    if newest is None or newest.in_force is None:
        return None
    following = newest.period.next()
    due_on = due_day(following, indicator.frequency, indicator.due_days)
    return Fresh(newest.period, newest.in_force.recorded_at, following, due_on, newest.in_force)


def headline(stage: Stage, earlier: Stage | None) -> SafeString:
    """The value on its scale with where it was, where it must be today and where it must be."""
    indicator = stage.indicator
    goal = stage.indicator.target
    return ruler(
        stage.value,
        target=goal,
        previous=None if earlier is None else earlier.value,
        expected=None if stage.due is None else round(stage.due, 2),
        low=float(indicator.lower or 0),
        high=float(indicator.upper) if indicator.upper is not None else top_of(stage.value, goal, stage.due),
        size="headline",
        label=title_of(indicator),
        unit=stage.unit,
        decimals=_decimals(stage.value, goal, stage.due),
    )


def _decimals(*values: Decimal | None) -> int:
    """As many decimals as the values need, at most two."""
    rounded = (Decimal(written(round(value, 2))) for value in values if value is not None)
    return max((-int(value.as_tuple().exponent) for value in rounded), default=0)


def drawing(found: History, indicator: "Indicator", every_year: bool) -> Drawing | None:
    """The path with what was claimed and what was verified; None where there is nothing to draw."""
    readings = [
        Reading(
            stage.period.last_day,
            path=_plain(level_due(found.points, stage.period.last_day, every_year=every_year)),
            claimed=_plain(_value(_claimed(stage))),
            verified=_plain(_value(_verified(stage))),
        )
        for stage in found.recent
    ]
    readings += [
        Reading(point.due_date, path=float(point.value))
        for point in found.points
        if all(reading.on != point.due_date for reading in readings)
    ]
    if not any(reading.claimed is not None or reading.verified is not None for reading in readings):
        return None
    return target_path(
        readings,
        title=(gettext("%(name)s trên đường mục tiêu") if found.points else gettext("%(name)s qua các kỳ"))
        % {"name": title_of(indicator)},
        unit=unit_of(indicator),
        decimals=_decimals(*(stage.value for stage in found.recent)),
        from_zero=indicator.upper != 100 or min(_shown(readings)) < 40,
    )


def _shown(readings: Iterable[Reading]) -> list[float]:
    return [value for one in readings for value in (one.path, one.claimed, one.verified) if value is not None]


def _claimed(stage: Stage) -> Measurement | None:
    """What was claimed; a derived figure counts as a claim when its weakest input is one."""
    row = stage.in_force
    if row is not None and row.provenance == Provenance.DERIVED and row.weakest_input == Provenance.DECLARED:
        return row
    return stage.sides.claimed


def _verified(stage: Stage) -> Measurement | None:
    row = stage.in_force
    if row is not None and row.provenance == Provenance.DERIVED and row.weakest_input in VERIFIED:
        return row
    return stage.stronger


def _value(row: Measurement | None) -> Decimal | None:
    return None if row is None else row.value


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
