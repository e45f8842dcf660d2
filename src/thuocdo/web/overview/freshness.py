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


def fresh_figures(reach: "QuerySet[Body] | Sequence[Body] | None", today: date) -> list[Fresh]:
    """The delivered indicators of the bodies (None: all), the stalest first; two queries.

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
    return sorted(found, key=lambda one: (one.share, one.title))
