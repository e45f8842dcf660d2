"""How fresh the delivered figures are: for each indicator how many bodies have one that is not yet stale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from thuocdo.indicators.queries import days_overdue, freshness, indicators
from thuocdo.scorecards.derivations import DERIVED_ROOMS
from thuocdo.web.bodies.card import definition_title

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.organisations.models import Body

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Fresh:
    """One indicator: bodies with a living value among those that ever delivered, and the newest arrival."""

    code: str
    title: str
    living: int
    known: int
    newest: datetime
    # The last day of which the oldest of the bodies' newest figures tells.
    oldest: date

    @property
    def share(self) -> float:
        """Living among known, per cent."""
        return 100 * self.living / self.known

    @property
    def overdue(self) -> int:
        """Bodies of which the next figure should have been there."""
        return self.known - self.living


@dataclass(frozen=True, slots=True)
class Freshness:
    """How many of the delivered indicators live everywhere, and those that are stalest."""

    indicators: int
    living: int
    stalest: list[Fresh]


def fresh_figures(reach: "QuerySet[Body] | Sequence[Body] | None", today: date) -> Freshness:
    """The delivered indicators of the bodies (None: all); two queries.

    A value lives until the next one is overdue by the update rule, as on every other page.
    """
    rows: dict[int, list[tuple[date, datetime]]] = {}
    for one in freshness(bodies=reach, delivered=True):
        rows.setdefault(one.indicator_id, []).append((one.period_end, one.recorded_at))
    found = []
    for indicator in indicators():
        told = rows.get(indicator.pk)
        if not told or indicator.derived_from in DERIVED_ROOMS:
            continue
        # Thousands of bodies share a handful of periods.
        overdue = {end for end in {end for end, _ in told} if days_overdue(indicator, end, today)}
        living = sum(end not in overdue for end, _ in told)
        oldest = min(end for end, _ in told) - timedelta(days=1)
        newest = max(at for _, at in told)
        found.append(Fresh(indicator.code, definition_title(indicator), living, len(told), newest, oldest))
    found.sort(key=lambda one: (one.share, one.newest, one.title))
    return Freshness(len(found), sum(one.living == one.known for one in found), found[:MOST_SHOWN])
