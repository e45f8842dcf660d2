"""Scoring: compute every asked peer group, keep inputs and standings, tell the ledger the digests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period
from thuocdo.engine.scoring import ENGINE_VERSION, Outcome, compute
from thuocdo.engine.scoring.weight import effective_weights
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies as bodies_on
from thuocdo.scorecards.models import Run, Scorecard, Standing
from thuocdo.scorecards.queries.content import Content, content_of_inputs, inputs_digest, outputs_digest
from thuocdo.scorecards.queries.inputs import gather
from thuocdo.scorecards.queries.methods import spec_of
from thuocdo.scorecards.queries.parts import INDEX_POINTS
from thuocdo.scorecards.queries.runs import latest_run

from . import keeping
from .keeping import Packed, pack, place_inputs, prune, store_standings, written_parts, written_standings


@dataclass(frozen=True, eq=False, slots=True)
class Computed:
    """A run before it is stored."""

    key: tuple[int, str, str]
    peer_group: str
    bodies: tuple[Body, ...]
    content: Content
    outcome: Outcome
    inputs_digest: str
    outputs_digest: str
    packed: Packed
    keeps_parts: bool
    standings: list[tuple[Any, ...]]
    medians: dict[str, float | None]
    points: dict[str, float]
    covers: int


def score(
    *,
    actor: Actor,
    at: datetime,
    scorecard: Scorecard,
    period: Period,
    peer_groups: Iterable[str] | None = None,
    is_live: bool = False,
    known_at: datetime | None = None,
    follow: bool = False,
) -> list[Run]:
    """Score peer groups (all of the scorecard, when none are named) for a period; one ledger entry for all.

    Scores as known at `known_at`, else now, and as of the day of `at`: while the period runs, last known
    values stand in for those not yet due. A group whose inputs are those of its newest run gets no new one.
    With `follow` only what was touched since the last such scoring of this process is read again. Gives the runs
    that are new. Raises NotScorable and ScoringError.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    groups = {one.code for one in spec_of(scorecard).peer_groups}
    asked = groups if peer_groups is None else groups & set(peer_groups)
    computed = [
        found
        for group in sorted(asked)
        if (found := _compute(scorecard, group, period, at, known_at, follow=follow, is_live=is_live)) is not None
    ]
    return store(
        actor=actor, at=at, scorecard=scorecard, period=period, computed=computed, is_live=is_live, known_at=known_at
    )


def _compute(
    scorecard: Scorecard,
    peer_group: str,
    period: Period,
    at: datetime,
    known_at: datetime | None,
    *,
    follow: bool,
    is_live: bool,
) -> Computed | None:
    """The scores of one group; outside any transaction, so that nobody who writes has to wait for it."""
    spec = spec_of(scorecard)
    # Read before the values: what arrives in between is covered by the next run.
    covers = newest_number()
    on = timezone.localdate(at)
    members = _members(peer_group, min(on, period.last_day))
    if not members:
        return None
    inputs = gather(
        spec=spec,
        peer_group=peer_group,
        period=period,
        bodies=members,
        on=on,
        known_at=known_at,
        following=covers if follow else None,
    )
    content, outcome = content_of_inputs(inputs), compute(spec, inputs.matrix)
    key = (scorecard.pk, peer_group, period.label)
    # A large live run is followed by the next one soon; what a few of thousands of pages show is computed for them.
    keeps_parts = not is_live or content.cells <= keeping.MOST_WITH_PARTS
    return Computed(
        key=key,
        peer_group=peer_group,
        bodies=inputs.bodies,
        content=content,
        outcome=outcome,
        inputs_digest=inputs_digest(content),
        outputs_digest=outputs_digest(outcome),
        packed=pack(key, content, is_live=is_live),
        keeps_parts=keeps_parts,
        standings=written_standings(outcome, inputs.bodies, written_parts(outcome, content, all_of_them=keeps_parts)),
        medians=_medians(outcome),
        points=_points_of_method(outcome),
        covers=covers,
    )


@lru_cache(maxsize=32)
def _bodies_of(marks: tuple[tuple[int, str, str], ...]) -> tuple[Body, ...]:
    return tuple(Body(pk=pk, code=code, peer_group=peer_group) for pk, code, peer_group in marks)


def _members(peer_group: str, on: date) -> tuple[Body, ...]:
    """The bodies of a group on a day, with number, code and group: all that scoring knows of them.

    The same objects as long as these are the same, for a nation's bodies take longer to build than to score.
    """
    found = bodies_on(on=on).filter(peer_group=peer_group).order_by("code").values_list("pk", "code", "peer_group")
    return _bodies_of(tuple(found))


@transaction.atomic
def store(
    *,
    actor: Actor,
    at: datetime,
    scorecard: Scorecard,
    period: Period,
    computed: Iterable[Computed],
    is_live: bool,
    known_at: datetime | None = None,
) -> list[Run]:
    """Keep computed runs with their standings, let go of live runs they replace, append the ledger entry."""
    runs: list[Run] = []
    for one in computed:
        newest = latest_run(scorecard, one.peer_group, period)
        if newest is not None and newest.covers > one.covers:
            continue  # Somebody has scored newer values meanwhile.
        if newest is not None and _is_same(newest, scorecard, one.inputs_digest, is_live):
            Run.objects.filter(pk=newest.pk).update(covers=one.covers, known_at=known_at or at)
            continue
        content, base = place_inputs(one.key, one.content, one.packed, one.inputs_digest)
        run = Run.objects.create(
            scorecard=scorecard,
            peer_group=one.peer_group,
            period=period.label,
            period_start=period.start,
            is_live=is_live,
            known_at=known_at or at,
            computed_at=at,
            covers=one.covers,
            units=len(one.outcome.units),
            engine_version=ENGINE_VERSION,
            method_digest=scorecard.digest,
            inputs_digest=one.inputs_digest,
            outputs_digest=one.outputs_digest,
            inputs=content,
            base_id=base,
            keeps_parts=one.keeps_parts,
            medians=one.medians,
            points=one.points,
        )
        store_standings(run, one.standings, _before(scorecard, one.peer_group, period))
        if is_live:
            prune(run)
        runs.append(run)
    if runs:
        _tell(actor, at, scorecard, period, runs, is_live=is_live)
    return runs


def _is_same(run: Run, scorecard: Scorecard, inputs_digest: str, is_live: bool) -> bool:
    return (
        run.inputs_digest == inputs_digest
        and run.method_digest == scorecard.digest
        and run.engine_version == ENGINE_VERSION
        and run.is_live == is_live
    )


def _tell(actor: Actor, at: datetime, scorecard: Scorecard, period: Period, runs: list[Run], *, is_live: bool) -> None:
    entry = append(
        actor=actor.label,
        at=at,
        event=Event.SCORES_COMPUTED,
        subject=scorecard.label,
        data={
            "version": scorecard.version,
            "period": period.label,
            "live": is_live,
            "covers": max(run.covers for run in runs),
            "runs": [
                {"run": run.pk, "peer_group": run.peer_group, "units": run.units, "outputs": run.outputs_digest}
                for run in runs
            ],
        },
    )
    Run.objects.filter(pk__in=[run.pk for run in runs]).update(ledger=entry.number)
    for run in runs:
        run.ledger = entry.number


def _before(scorecard: Scorecard, peer_group: str, period: Period) -> Mapping[int, tuple[float | None, int | None]]:
    """Rounded score and rank of each body in the newest run of the period before."""
    run = latest_run(scorecard, peer_group, period.previous())
    if run is None:
        return {}
    rows = Standing.objects.filter(run=run).values_list("body_id", "rounded", "rank")
    return {body: (rounded, rank) for body, rounded, rank in rows}


def _medians(outcome: Outcome) -> dict[str, float | None]:
    """The median of each column over the units that have a score in it."""
    scores = np.sort(outcome.scores, axis=0)  # What is missing comes last.
    known = (~np.isnan(scores)).sum(axis=0)
    columns = np.arange(scores.shape[1])
    low, high = np.maximum(known - 1, 0) // 2, known // 2
    middle = (scores[low, columns] + scores[np.minimum(high, len(scores) - 1), columns]) / 2
    return {
        code: round(float(value), 6) if count else None
        for code, value, count in zip(outcome.columns, middle, known, strict=True)
    }


def _points_of_method(outcome: Outcome) -> dict[str, float]:
    shares = effective_weights(outcome.spec) * INDEX_POINTS
    return {code: round(float(share), 9) for code, share in zip(outcome.columns, shares, strict=True)}
