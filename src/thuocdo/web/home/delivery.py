"""How much of what fell due was delivered: in time, and accepted at all; now and a quarter ago."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet

from thuocdo.engine.calendars import quarter_of, year_of
from thuocdo.tasks.lifecycle import OWED
from thuocdo.tasks.queries import State
from thuocdo.web.bodies.owed import Tally, counts_of

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Delivered:
    """Tasks that fell due since the beginning of the year, as they stood at the end of a day."""

    on: date
    due: int
    in_time: int
    accepted: int

    @property
    def in_time_share(self) -> float | None:
        """Per cent; None where nothing fell due."""
        return 100 * self.in_time / self.due if self.due else None

    @property
    def accepted_share(self) -> float | None:
        """Per cent; None where nothing fell due."""
        return 100 * self.accepted / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Today against the end of the quarter before, if that lies in the same year."""

    now: Delivered
    before: Delivered | None

    @property
    def in_time_before(self) -> float | None:
        """Per cent in time a quarter ago; None where there is nothing to compare with."""
        return self.before.in_time_share if self.before is not None else None

    @property
    def accepted_before(self) -> float | None:
        """Per cent accepted a quarter ago; None where there is nothing to compare with."""
        return self.before.accepted_share if self.before is not None else None

    @property
    def in_time_change(self) -> float | None:
        """Percentage points won or lost in time since then."""
        return _difference(self.now.in_time_share, self.in_time_before)

    @property
    def accepted_change(self) -> float | None:
        """Percentage points won or lost in acceptance since then."""
        return _difference(self.now.accepted_share, self.accepted_before)


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 6)


def tally_and_delivery(tasks: "QuerySet[Task]", today: date) -> tuple[Tally, Delivery]:
    """How the tasks stand, and what was delivered of those due this year, in one query.

    A task counts as due once its deadline has passed or its result is accepted, as in the scorecard;
    whatever is still running within its deadline does not.
    """
    year, last = year_of(today), quarter_of(today).previous().last_day
    days = {"now": today} | ({"before": last} if last >= year.start else {})
    standing, wanted = counts_of(today), {}
    for name, day in days.items():
        done = Q(state=State.COMPLETED, completed_on__lte=day)
        past = (Q(state__in=sorted(OWED)) | Q(state=State.COMPLETED, completed_on__gt=day)) & Q(due_on__lt=day)
        known = Q(due_on__gte=year.start, due_on__lt=year.end, assigned_on__lte=day) & (done | past)
        wanted[f"{name}_due"] = Count("pk", filter=known)
        wanted[f"{name}_in_time"] = Count("pk", filter=known & done & Q(completed_on__lte=F("due_on")))
        wanted[f"{name}_accepted"] = Count("pk", filter=known & done)
    numbers = tasks.order_by().aggregate(**standing, **wanted)

    def at(name: str) -> Delivered:
        return Delivered(days[name], numbers[f"{name}_due"], numbers[f"{name}_in_time"], numbers[f"{name}_accepted"])

    delivery = Delivery(at("now"), at("before") if "before" in days else None)
    return Tally(**{name: numbers[name] for name in standing}), delivery
