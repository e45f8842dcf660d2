"""Invented progress on the targets of the Resolution: a path to each, and values beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils.timezone import localdate

from thuocdo.accounts.permissions import machine
from thuocdo.engine.calendars import quarter_of
from thuocdo.indicators.models import Frequency, Kind, Provenance, Target
from thuocdo.indicators.operations import record_measurements, set_path
from thuocdo.indicators.queries import targets

from .cast import Cast
from .chronicle import Chronicle
from .days import Days
from .figures import SURVEY, TYPED, Row
from .traits import chance

QUARTERS = 5


@dataclass(slots=True)
class NationalTargets:
    """Tells the targets' paths and values to the chronicle; their owners declare, some are checked."""

    days: Days
    cast: Cast
    chronicle: Chronicle

    def tell(self) -> None:
        """Put paths and values into the queue."""
        draw = chance("targets")
        self.chronicle.on(self.days.day(-360), self._draw_paths, draw)
        first = self.days.first + timedelta(days=4)
        for year in (self.days.today.year - 1, self.days.today.year):
            for day, kind in ((date(year, 7, 14), Kind.PROVISIONAL), (date(year + 1, 2, 12), Kind.FINAL)):
                self.chronicle.on(max(day, first), partial(self._record_year, year, kind), draw)
        quarter = quarter_of(self.days.today).previous()
        for _ in range(QUARTERS - 1):
            day = max(quarter.end, self.days.first)
            self.chronicle.on(self.days.next_working_day(day), partial(self._record_quarter, quarter.label), draw)
            quarter = quarter.previous()

    def _measured(self) -> Iterator[Target]:
        """Targets with a number and an owner in this instance."""
        for target in targets():
            if target.indicator is not None and target.owner_id is not None:
                yield target

    def _draw_paths(self, at: datetime) -> None:
        start = self.days.today.year - 2
        for target in self._measured():
            assert target.indicator is not None  # noqa: S101 (see _measured)
            if target.year <= self.days.today.year:
                # What is owed every year already has its level.
                continue
            points = [(str(start), _level(target, start, start)), (str(target.year), _goal(target))]
            set_path(actor=self.cast.actor("quantri", localdate(at)), at=at, indicator=target.indicator, points=points)

    def _record_year(self, year: int, kind: Kind, at: datetime) -> None:
        found = [target for target in self._measured() if target.frequency == Frequency.YEAR]
        self._record(found, str(year), year + 1, kind, at)

    def _record_quarter(self, label: str, at: datetime) -> None:
        found = [target for target in self._measured() if target.frequency == Frequency.QUARTER]
        self._record(found, label, int(label[:4]) + int(label[-1]) / 4, Kind.FINAL, at)

    def _record(self, found: list[Target], label: str, year: float, kind: Kind, at: datetime) -> None:
        declared: list[Row] = []
        checked: list[Row] = []
        for target in found:
            assert target.indicator is not None  # noqa: S101 (see _measured)
            assert target.owner is not None  # noqa: S101
            draw = chance("target", target.code, label)
            level = _level(target, year - 1, self.days.today.year - 2)
            row = {
                "indicator": target.indicator.code,
                "body": target.owner.code,
                "period": label,
                "kind": kind.value,
            }
            value = _noted(target, float(level) * draw.gauss(0.985, 0.04))
            declared.append(row | {"value": value, "provenance": Provenance.DECLARED.value})
            if draw.random() < 1 / 3:
                other = _noted(target, float(value) * draw.gauss(0.98, 0.02))
                checked.append(row | {"value": other, "provenance": Provenance.INDEPENDENT.value})
        today = localdate(at)
        for actor, rows, source in (
            (machine("form", today), declared, TYPED),
            (self.cast.actor("danhgia", today), checked, SURVEY),
        ):
            if rows:
                result = record_measurements(actor=actor, at=at, rows=rows, source=source)
                if result.errors:
                    raise RuntimeError(f"An invented figure was refused: {result.errors[0]}")


def _goal(target: Target) -> Decimal:
    found = target.value if target.value is not None else target.low
    assert found is not None  # noqa: S101 (a target with an indicator has a number)
    return found


def _level(target: Target, year: float, start: int) -> Decimal:
    """The level of the path at the end of a year: a straight line from an invented beginning to the goal."""
    goal = float(_goal(target))
    draw = chance("beginning", target.code)
    begun = goal * (draw.uniform(0.5, 0.8) if target.direction >= 0 else draw.uniform(1.3, 1.7))
    part = min(1.0, max(0.0, (year - start) / max(1, target.year - start)))
    return Decimal(_noted(target, begun + (goal - begun) * part))


def _noted(target: Target, value: float) -> str:
    """The value with as many decimals as its unit bears; a share never above the whole."""
    if "%" in target.unit:
        value = min(value, 100.0)
    counts = "%" not in target.unit and float(_goal(target)) >= 3
    return f"{value:.0f}" if counts else f"{value:.1f}" if float(_goal(target)) >= 3 else f"{value:.3f}"
