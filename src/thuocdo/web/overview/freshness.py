"""How fresh the delivered figures are: for each indicator how many bodies have one that is not yet stale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from thuocdo.indicators.queries import Frequency, freshness, indicators
from thuocdo.indicators.queries.matrix import CYCLE
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

    @property
    def share(self) -> float:
        """Living among known, per cent."""
        return 100 * self.living / self.known


@dataclass(frozen=True, slots=True)
class Freshness:
    """How many of the delivered indicators live everywhere, and those that are stalest."""

    indicators: int
    living: int
    stalest: list[Fresh]


def fresh_figures(reach: "QuerySet[Body] | Sequence[Body] | None", today: date) -> Freshness:
    """The delivered indicators of the bodies (None: all); two queries.

    A value lives until the next one is due: one cycle after the end of its period, and a cycle to collect it.
    """
    rows: dict[int, list[tuple[date, datetime]]] = {}
    for one in freshness(bodies=reach, delivered=True):
        rows.setdefault(one.indicator_id, []).append((one.period_end, one.recorded_at))
    found = []
    for indicator in indicators():
        told = rows.get(indicator.pk)
        if not told or indicator.derived_from in DERIVED_ROOMS:
            continue
        cycle = CYCLE[Frequency(indicator.frequency)]
        living = sum(end + 2 * cycle >= today for end, _ in told)
        found.append(Fresh(indicator.code, definition_title(indicator), living, len(told), max(at for _, at in told)))
    found.sort(key=lambda one: (one.share, one.newest, one.title))
    return Freshness(len(found), sum(one.living == one.known for one in found), found[:MOST_SHOWN])
