"""Back-casting: compute past rankings by a draft, beside those that were made, before anybody approves it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.scoring import Outcome, ScoringError, Spec, compute
from thuocdo.engine.scoring.agreement import kendall, spearman
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.queries import bodies as bodies_on
from thuocdo.scorecards.lifecycle import BackcastState, DraftState
from thuocdo.scorecards.models import Backcast, Draft, Interval, Run
from thuocdo.scorecards.queries.content import outputs_digest
from thuocdo.scorecards.queries.drafts import spec_of_draft
from thuocdo.scorecards.queries.inputs import NotScorable, gather
from thuocdo.scorecards.queries.runs import runs
from thuocdo.scorecards.queries.trials import Place, Trial, ground_of

from .drafts import DraftRefused

FloatArray = NDArray[np.float64]
# Two years of quarters; whoever wants more asks for what is behind them by a script of their own.
MOST_PERIODS = 8
MOST_MOVERS = 10
MOST_REASONS = 4


@transaction.atomic
def ask_backcast(*, actor: Actor, at: datetime, draft: Draft) -> int:
    """Ask the machine to compute the newest periods by the draft; gives how many rankings that are.

    Asking again takes up what is new since and what failed. Raises DraftRefused for a draft that is none any
    more, and where nothing was ever ranked.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.state != DraftState.DRAFT:
        raise DraftRefused(f"A draft that is {draft.state} is not computed.", "state")
    groups = {one.code for one in spec_of_draft(draft).peer_groups}
    ranked = (
        Run.objects.filter(scorecard__code=draft.code, peer_group__in=groups)
        .order_by("-period_start", "peer_group")
        .values_list("period", "period_start", "peer_group")
        .distinct()
    )
    newest = list(dict.fromkeys(period for period, _start, _group in ranked))[:MOST_PERIODS]
    wanted = [row for row in ranked if row[0] in newest]
    if not wanted:
        raise DraftRefused("Nothing was ranked by this method yet.", "nothing")
    draft.backcasts.exclude(state=BackcastState.DONE).delete()
    Backcast.objects.bulk_create(
        [Backcast(draft=draft, period=period, period_start=start, peer_group=group) for period, start, group in wanted],
        ignore_conflicts=True,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.BACKCAST_ASKED,
        subject=draft.label,
        data={"digest": draft.digest, "periods": newest, "rankings": len(wanted)},
    )
    return len(wanted)


def backcast(*, actor: Actor, at: datetime, draft: Draft, period: str) -> list[Backcast]:
    """Compute what waits of a period; gives what was computed. Each group is kept for itself, all told at once.

    Computes outside any transaction; what was revised meanwhile is left to the next.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    waiting = list(draft.backcasts.filter(period=period, state=BackcastState.WAITING).order_by("peer_group"))
    spec = spec_of_draft(draft)
    for one in waiting:
        try:
            _compute(one, draft, spec, at)
        except (ScoringError, NotScorable) as error:
            one.state = BackcastState.FAILED
            one.failure = getattr(error, "code", "not_scorable")
    return _store(actor, at, draft, period, waiting)


@transaction.atomic
def _store(actor: Actor, at: datetime, draft: Draft, period: str, computed: Sequence[Backcast]) -> list[Backcast]:
    now = Draft.objects.select_for_update().get(pk=draft.pk)
    if now.digest != draft.digest or not computed:
        return []
    still = set(
        Backcast.objects.select_for_update()
        .filter(pk__in=[one.pk for one in computed], state=BackcastState.WAITING)
        .values_list("pk", flat=True)
    )
    kept = [one for one in computed if one.pk in still]
    for one in kept:
        one.computed_at = at
        one.save()
    if kept:
        append(
            actor=actor.label,
            at=at,
            event=Event.BACKCAST_COMPUTED,
            subject=draft.label,
            data={
                "period": period,
                "rankings": [
                    {"peer_group": one.peer_group, "state": one.state, "outputs": one.outputs_digest} for one in kept
                ],
            },
        )
    return kept


def _compute(one: Backcast, draft: Draft, spec: Spec, at: datetime) -> None:
    """Fill a back-cast from the newest run of its group and period, as known when that run was made."""
    run = runs(code=draft.code, peer_group=one.peer_group, period=one.period).first()
    if run is None:
        raise NotScorable("The run is gone.")
    period = parse_period(one.period)
    on = timezone.localdate(run.computed_at)
    members = list(bodies_on(on=min(on, period.last_day)).filter(peer_group=one.peer_group))
    inputs = gather(spec=spec, peer_group=one.peer_group, period=period, bodies=members, on=on, known_at=run.known_at)
    done = Trial(ground_of(run).outcome, compute(spec, inputs.matrix))
    places = [place for place in done.places if place.code in set(done.before.units)]
    moved = [place for place in places if place.won]
    one.state = BackcastState.DONE
    one.version, one.known_at = run.scorecard.version, run.known_at
    one.compared_outputs, one.outputs_digest = run.outputs_digest, outputs_digest(done.after)
    one.units, one.moved = len(places), len(moved)
    one.classes_changed = sum(place.is_class_changed for place in places)
    one.outside = _outside(run, places)
    before, after = (np.array([rank(place) for place in places]) for rank in (_rank_before, _rank))
    one.spearman, one.kendall = _known(spearman(before, after)), _known(kendall(before, after))
    one.rows = [
        [p.code, p.rank_before, p.rank, p.score_before, p.score, nfc(p.class_before), nfc(p.score_class)]
        for p in places
    ]
    reasons = _reasons(done.before, done.after)
    one.movers = [
        {"body": place.code, "reasons": reasons(place.code)[:MOST_REASONS]}
        for place in sorted(moved, key=lambda place: (-abs(place.won or 0), place.code))[: 2 * MOST_MOVERS]
    ]


def _rank_before(place: Place) -> float:
    return np.nan if place.rank_before is None else float(place.rank_before)


def _rank(place: Place) -> float:
    return np.nan if place.rank is None else float(place.rank)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def _outside(run: Run, places: Sequence[Place]) -> int | None:
    """How many new ranks lie outside the interval of the old one; None where the run has no intervals."""
    spans = {
        code: (low, high)
        for code, low, high in Interval.objects.filter(standing__run=run).values_list(
            "standing__body__code", "low", "high"
        )
    }
    if not spans:
        return None
    return sum(
        place.rank is not None
        and place.code in spans
        and not spans[place.code][0] <= place.rank <= spans[place.code][1]
        for place in places
    )


def _reasons(before: Outcome, after: Outcome) -> Any:
    """A function that gives for a body how many points each indicator won or lost it against its peers, most first.

    A weight that is lowered takes points from everybody; what moves a body is what it loses or gains beyond the
    median of the bodies in both rankings.
    """
    old, new = before.contributions, after.contributions
    if old is None or new is None:
        return lambda _code: []
    was, now = _by_indicator(before, old), _by_indicator(after, new)
    shared = [code for code in before.units if code in set(after.units)]
    place = {code: row for row, code in enumerate(shared)}
    nothing = np.zeros(len(shared))
    rows = [[outcome.units.index(code) for code in shared] for outcome in (before, after)]
    gains = {
        one: (now[one][rows[1]] if one in now else nothing) - (was[one][rows[0]] if one in was else nothing)
        for one in {**was, **now}
    }
    beyond = {one: gain - np.nanmedian(gain) for one, gain in gains.items() if not np.isnan(gain).all()}

    def of(code: str) -> list[list[Any]]:
        found = [[one, round(float(gain[place[code]]), 6)] for one, gain in beyond.items()]
        return sorted((row for row in found if row[1]), key=lambda row: (-abs(row[1]), row[0]))

    return of


def _by_indicator(outcome: Outcome, contributions: FloatArray) -> dict[str, FloatArray]:
    return {one.code: contributions[:, column] for column, one in enumerate(outcome.spec.indicators)}
