"""Scoring: compute every asked peer group, keep inputs and standings, tell the ledger the digests."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period
from thuocdo.engine.scoring import ENGINE_VERSION, Outcome, compute
from thuocdo.engine.scoring.contribute import contribute, is_additive
from thuocdo.engine.scoring.weight import effective_weights
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.queries import bodies as bodies_on
from thuocdo.scorecards.models import Interval, Run, Scorecard, Standing
from thuocdo.scorecards.queries.inputs import Inputs, gather, outputs_digest, written
from thuocdo.scorecards.queries.methods import spec_of
from thuocdo.scorecards.queries.runs import latest_run

INDEX_POINTS = 100.0
Plain = list[list[float | None]]


@dataclass(frozen=True, eq=False, slots=True)
class Computed:
    """A run before it is stored."""

    peer_group: str
    inputs: Inputs
    outcome: Outcome
    content: bytes
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
        if (found := _compute(scorecard, group, period, at, known_at, follow=follow)) is not None
    ]
    return store(
        actor=actor, at=at, scorecard=scorecard, period=period, computed=computed, is_live=is_live, known_at=known_at
    )


def _compute(
    scorecard: Scorecard, peer_group: str, period: Period, at: datetime, known_at: datetime | None, *, follow: bool
) -> Computed | None:
    """The scores of one group; outside any transaction, so that nobody who writes has to wait for it."""
    spec = spec_of(scorecard)
    # Read before the values: what arrives in between is covered by the next run.
    covers = newest_number()
    on = timezone.localdate(at)
    members = list(bodies_on(on=min(on, period.last_day)).filter(peer_group=peer_group))
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
    return Computed(peer_group, inputs, compute(spec, inputs.matrix), written(inputs), covers)


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
        inputs_digest = hashlib.sha256(one.content).hexdigest()
        newest = latest_run(scorecard, one.peer_group, period)
        if newest is not None and newest.covers > one.covers:
            continue  # Somebody has scored newer values meanwhile.
        if newest is not None and _is_same(newest, scorecard, inputs_digest, is_live):
            Run.objects.filter(pk=newest.pk).update(covers=one.covers, known_at=known_at or at)
            continue
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
            inputs_digest=inputs_digest,
            outputs_digest=outputs_digest(one.outcome),
            inputs=zlib.compress(one.content, 3),
            medians=_medians(one.outcome),
            points=_points_of_method(one.outcome),
        )
        Standing.objects.bulk_create(_standings(run, one, _before(scorecard, one.peer_group, period)), batch_size=1000)
        if is_live:
            _prune(run)
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


def _prune(run: Run) -> None:
    """Let go of live runs that this one replaces, but keep the last of every earlier day.

    The last one with intervals stays too: until those of this run are there, pages show them as of their moment.
    """
    midnight = timezone.localtime(run.computed_at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = list(
        Run.objects.filter(
            scorecard__code=run.scorecard.code,
            peer_group=run.peer_group,
            period=run.period,
            is_live=True,
            computed_at__gte=midnight,
            computed_at__lt=midnight + timedelta(days=1),
            pk__lt=run.pk,
        )
        .order_by("-pk")
        .values_list("pk", "simulation")
    )
    newest_simulated = next((pk for pk, simulation in rows if simulation is not None), None)
    replaced = [pk for pk, _ in rows if pk != newest_simulated]
    if not replaced:
        return
    Interval.objects.filter(simulation__run__in=replaced).delete()
    Standing.objects.filter(run__in=replaced).delete()
    Run.objects.filter(pk__in=replaced).delete()


def _medians(outcome: Outcome) -> dict[str, float | None]:
    known = ~np.isnan(outcome.scores)
    return {
        code: round(float(np.median(outcome.scores[known[:, column], column])), 6) if known[:, column].any() else None
        for column, code in enumerate(outcome.columns)
    }


def _points_of_method(outcome: Outcome) -> dict[str, float]:
    shares = effective_weights(outcome.spec) * INDEX_POINTS
    return {code: round(float(share), 9) for code, share in zip(outcome.columns, shares, strict=True)}


def _standings(run: Run, computed: Computed, before: Mapping[int, tuple[float | None, int | None]]) -> list[Standing]:
    outcome = computed.outcome
    bodies = {body.code: body for body in computed.inputs.bodies}
    top = outcome.spec.top
    scores, rounded = outcome.scores_of(top).tolist(), outcome.rounded_of(top).tolist()
    ranks = outcome.ranks_of(top).tolist()
    parts = _parts(computed)
    standings = []
    for unit, code in enumerate(outcome.units):
        body = bodies[code]
        previous_rounded, previous_rank = before.get(body.pk, (None, None))
        standings.append(
            Standing(
                run=run,
                body=body,
                score=_or_none(scores[unit]),
                rounded=_or_none(rounded[unit]),
                rank=None if np.isnan(ranks[unit]) else int(ranks[unit]),
                score_class=outcome.classes[unit] or "",
                previous_rounded=previous_rounded,
                previous_rank=previous_rank,
                parts=parts[unit],
            )
        )
    return standings


def _parts(computed: Computed) -> list[dict[str, dict[str, Any]]]:
    """For every unit and column what its page shows; see Standing."""
    outcome, cells = computed.outcome, computed.inputs.cells
    leaves = outcome.spec.tree.leaf_count
    row_of = {body.code: row for row, body in enumerate(computed.inputs.bodies)}
    rows = [row_of[code] for code in outcome.units]
    column_of = {one.code: column for column, one in enumerate(cells.indicators)}
    earned, possible = _points(outcome)
    scores = _plain(outcome.scores)
    values, measurements = cells.values.tolist(), cells.measurement.tolist()
    parts: list[dict[str, dict[str, Any]]] = []
    for unit, row in enumerate(rows):
        own: dict[str, dict[str, Any]] = {}
        for column, code in enumerate(outcome.columns):
            part: dict[str, Any] = {"score": scores[unit][column]}
            if earned is not None and possible is not None:
                part["points"] = earned[unit][column]
                part["of"] = possible[unit][column]
            if column < leaves:
                place = (row, column_of[code])
                value = values[place[0]][place[1]]
                if value == value:
                    part["value"] = value
                    part["provenance"] = cells.provenance(*place)
                    part["measurement"] = measurements[place[0]][place[1]]
                    if cells.carried[place]:
                        part["carried"] = True
                elif cells.not_applicable[place]:
                    part["gap"] = "not_applicable"
                else:
                    part["gap"] = "grace" if computed.inputs.in_grace[place] else "missing"
            own[code] = part
        parts.append(own)
    return parts


def _points(outcome: Outcome) -> tuple[Plain | None, Plain | None]:
    """Points earned and possible, units × columns; None where the index is no sum of its parts."""
    spec = outcome.spec
    if not is_additive(spec):
        return None, None
    full = np.where(np.isnan(outcome.scores), np.nan, INDEX_POINTS)
    weights = outcome.weights.T
    earned, possible = contribute(spec, outcome.scores.T, weights), contribute(spec, full.T, weights)
    return _plain(_with_nodes(outcome, earned).T), _plain(_with_nodes(outcome, possible).T)


def _with_nodes(outcome: Outcome, leaves: Any) -> Any:
    """Points of indicators (indicators × units) with those of the nodes above them added below."""
    tree = outcome.spec.tree
    total = np.vstack([leaves, np.zeros((len(tree.children), leaves.shape[1]))])
    for place, children in enumerate(tree.children):
        total[tree.leaf_count + place] = total[list(children)].sum(axis=0)
    return total


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _plain(numbers: Any) -> Plain:
    """Rows of numbers for display, nine decimals (the digests seal full precision); None where there is none."""
    rows = np.round(numbers, 9).astype(object)
    rows[np.isnan(numbers)] = None
    plain: Plain = rows.tolist()
    return plain
