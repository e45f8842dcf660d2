"""Which scores rest on figures whose update rule has been overrun: looked up for all bodies of a page at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from thuocdo.engine.calendars import parse_period
from thuocdo.engine.scoring import Spec
from thuocdo.indicators.queries import Stale, indicators, stale_figures

from .marks import below, pillars_of

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.scorecards.queries import Run

# Of each body, by number, the stale figures among those that its score is made of.
OfBodies = Mapping[int, Sequence[Stale]]


def stale_behind(run: "Run", spec: Spec, bodies: "Iterable[Body]", today: date) -> OfBodies:
    """The stale figures behind the scores of a running period, in two queries; none where the run is closed."""
    among = list(bodies)
    if not run.is_live or not among:
        return {}
    known = [one for one in indicators(codes=[one.code for one in spec.indicators]) if one.applies(run.peer_group)]
    return stale_figures(among, indicators=known, today=today, period=parse_period(run.period))


def makeup(spec: Spec) -> dict[str, frozenset[str]]:
    """What each pillar of the method is made of."""
    return {one.code: below(spec, one.code) for one in pillars_of(spec)}
