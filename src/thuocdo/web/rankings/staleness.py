"""Which scores rest on figures whose update rule has been overrun: looked up for all bodies of a page at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from thuocdo.engine.calendars import parse_period
from thuocdo.engine.scoring import Spec
from thuocdo.indicators.queries import Stale, stale_figures

from .marks import below, pillars_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.organisations.models import Body
    from thuocdo.scorecards.queries import Run

# Of each body, by number, the stale figures among those that its score is made of.
OfBodies = Mapping[int, Sequence[Stale]]


def stale_behind(run: "Run", spec: Spec, bodies: "Sequence[Body] | QuerySet[Body]", today: date) -> OfBodies:
    """The stale figures behind the scores of a running period, in one query; none where the run is closed."""
    if not run.is_live:
        return {}
    codes = [one.code for one in spec.indicators]
    return stale_figures(bodies, codes=codes, today=today, period=parse_period(run.period))


def makeup(spec: Spec) -> dict[str, frozenset[str]]:
    """What each pillar of the method is made of."""
    return {one.code: below(spec, one.code) for one in pillars_of(spec)}
