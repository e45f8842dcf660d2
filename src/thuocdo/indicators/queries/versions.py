"""The versions of a definition: which one held when, and what changed from one to the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from thuocdo.indicators.models import Indicator, IndicatorVersion, Measurement


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a definition that two versions say differently; None where one says nothing of it."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Held:
    """A version with the days on which it held (half-open) and what it changed; `is_void` when it never held."""

    version: IndicatorVersion
    valid_from: date | None
    valid_to: date | None
    changes: tuple[Change, ...]

    @property
    def is_void(self) -> bool:
        return self.valid_to is not None and (self.valid_from is None or self.valid_from >= self.valid_to)

    def holds(self, day: date) -> bool:
        """Whether the definition held on the day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def versions_of(indicator: Indicator) -> list[Held]:
    """All versions, newest first; of two from one day the later written prevails, and the former never held."""
    rows = list(IndicatorVersion.objects.filter(indicator=indicator).order_by("version"))
    found: list[Held] = []
    for place, row in enumerate(rows):
        # The first definition is taken to have meant the same for what was measured before it was written down.
        since = None if place == 0 else row.valid_from
        later = [one.valid_from or date.min for one in rows[place + 1 :]]
        before = rows[place - 1].content if place else {}
        changes = differences(before, row.content) if place else ()
        found.append(Held(row, since, min(later, default=None), changes))
    return found[::-1]


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    """The fields that two definitions say differently, in the order of the newer one."""
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def version_on(versions: Iterable[Held], day: date) -> Held | None:
    """The version that held on the day."""
    return next((one for one in versions if one.holds(day)), None)


def version_behind(measurement: Measurement) -> Held | None:
    """The definition by which a figure was measured: the one that held on the last day of its period."""
    last_day = date.fromordinal(measurement.period_end.toordinal() - 1)
    return version_on(versions_of(measurement.indicator), last_day)
