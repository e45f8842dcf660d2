"""Which ranking is asked for: the method in force, a peer group, a period, and the newest run of them."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import Period, PeriodError, parse_period
from thuocdo.engine.scoring import Spec
from thuocdo.organisations.queries import bodies
from thuocdo.scorecards.queries import (
    Run,
    Scorecard,
    groups_scored,
    latest_run,
    newest_marks,
    scorecard_by_code,
    scorecards_on,
    spec_of,
)
from thuocdo.web.kept import kept

if TYPE_CHECKING:
    from thuocdo.engine.scoring.spec.model import PeerGroup

# Who opens the page without a group sees the provinces, unless their own body is ranked elsewhere.
FIRST = "provinces"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A ranking as asked for; without a run nothing was computed yet for the group (and period)."""

    scorecard: Scorecard
    spec: Spec
    group: "PeerGroup"
    groups: "tuple[PeerGroup, ...]"
    period: Period | None = None
    periods: tuple[Period, ...] = ()
    run: Run | None = None

    @property
    def is_newest(self) -> bool:
        """Whether this is the newest period that was scored."""
        return bool(self.periods) and self.period == self.periods[0]


def scorecard_in_force(on: date, code: str = "", *, mark: int | None = None) -> Scorecard | None:
    """The scorecard that holds on the day; the first by code where several hold and none is named.

    `mark` is the newest entry of the ledger, or another number that changes when a method is loaded: with it,
    what was read is kept.
    """
    found = scorecards_on(on) if mark is None else kept("scorecards", on, mark, build=lambda: scorecards_on(on))
    return next((row for row in found if row.code == code), None) if code else next(iter(found), None)


def with_method(run: Run, scorecard: Scorecard) -> Run:
    """The run with the text of its own version of the method at hand, which lists leave out."""
    own = scorecard
    if run.scorecard_id != scorecard.pk:
        own = scorecard_by_code(run.scorecard.code, version=run.scorecard.version) or scorecard
    run.scorecard = own
    return run


def newest_run(scorecard: Scorecard, peer_group: str, period: Period | None = None) -> Run | None:
    """The newest run of a group with its method at hand."""
    run = latest_run(scorecard, peer_group, period)
    return None if run is None else with_method(run, scorecard)


def read_period(text: str) -> Period | None:
    """A period from an address; None for none and for nonsense."""
    try:
        return parse_period(text) if text else None
    except PeriodError:
        return None


def choose(actor: Actor, *, group: str = "", period: str = "", code: str = "") -> Chosen | None:
    """The ranking that an address asks for; words that name nothing count as absent. None without any method."""
    marks = newest_marks()
    scorecard = scorecard_in_force(actor.on, code, mark=marks[0])
    if scorecard is None:
        return None
    spec = spec_of(scorecard)
    scored = kept("groups-scored", scorecard.code, *marks, build=lambda: groups_scored(scorecard))
    groups = tuple(one for one in spec.peer_groups if one.code in scored)
    known = {one.code: one for one in spec.peer_groups}
    wanted = known.get(group) or _own_group(actor, {one.code: one for one in groups})
    if wanted is None:
        in_order = sorted(groups, key=lambda one: one.code != FIRST)
        wanted = next(iter(in_order), None) or known.get(FIRST) or next(iter(spec.peer_groups), None)
    if wanted is None:
        return None
    chosen = Chosen(scorecard, spec, wanted, groups)
    periods = scored.get(wanted.code, ())
    if not periods:
        return chosen
    asked = read_period(period)
    at = asked if asked in periods else periods[0]
    run = newest_run(scorecard, wanted.code, at)
    return replace(chosen, period=at, periods=periods, run=run, spec=spec_of(run.scorecard) if run else spec)


def _own_group(actor: Actor, groups: "dict[str, PeerGroup]") -> "PeerGroup | None":
    held = [one.body_id for one in actor.held]
    if not held:
        return None
    own = bodies(on=actor.on).filter(pk__in=held, peer_group__in=list(groups)).order_by("pk").first()
    return groups[own.peer_group] if own is not None else None
