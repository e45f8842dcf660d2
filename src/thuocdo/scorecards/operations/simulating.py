"""Simulating: rank intervals for the newest run of every group and period, stored beside the run they belong to."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.scoring import ENGINE_VERSION
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import newest_number
from thuocdo.scorecards.models import Interval, Run, Scorecard, Simulation
from thuocdo.scorecards.queries.intervals import REPLICATES, Simulated, simulate_run

from .rescoring import cover, covered

SIMULATE = "simulate"


def simulate(*, actor: Actor, at: datetime, replicates: int = REPLICATES) -> list[Simulation]:
    """Compute the rank intervals of every run since the last time that is still the newest of its group and period.

    Each simulation is stored as soon as it is there; one ledger entry per version of a method tells of all of
    them. Gives the new ones. Runs that cannot be simulated, by their method or their inputs, are passed over.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    until = newest_number()
    done: list[tuple[Simulation, int]] = []
    for number in _waiting(covered(SIMULATE)):
        run = Run.objects.select_related("scorecard").filter(pk=number).first()
        simulated = None if run is None else simulate_run(run, replicates=replicates)
        if run is not None and simulated is not None and (stored := _store(run, simulated, at)) is not None:
            done.append((stored, simulated.known_errors))
    with transaction.atomic():
        _tell(actor, at, done)
        cover(SIMULATE, until)
    return [one for one, _ in done]


def _waiting(since: int) -> list[int]:
    """The newest run of every scorecard, group and period, of those that the ledger tells of after an entry."""
    newest = Run.objects.order_by().values("scorecard__code", "peer_group", "period").annotate(newest=Max("pk"))
    found = Run.objects.filter(pk__in=newest.values("newest"), ledger__gt=since, simulation__isnull=True, units__gt=0)
    # The running quarter first: it is what people look at.
    return list(found.order_by("-is_live", "-period_start", "units", "pk").values_list("pk", flat=True))


@transaction.atomic
def _store(run: Run, simulated: Simulated, at: datetime) -> Simulation | None:
    """Keep a simulation with its intervals; None when its run is gone or has been simulated meanwhile."""
    is_there = Run.objects.select_for_update().filter(pk=run.pk).values_list("pk").first() is not None
    if not is_there or Simulation.objects.filter(run=run.pk).exists():
        return None
    simulation = Simulation.objects.create(
        run=run,
        replicates=simulated.replicates,
        seed=simulated.seed,
        engine_version=ENGINE_VERSION,
        computed_at=at,
        digest=simulated.digest,
    )
    standings: Mapping[str, int] = dict(run.standings.values_list("body__code", "pk"))
    Interval.objects.bulk_create(
        [
            Interval(
                simulation=simulation,
                standing_id=standings[unit],
                low=low,
                high=high,
                score_low=score_low,
                score_high=score_high,
                alike=alike,
                tier=tier,
            )
            for unit, low, high, score_low, score_high, alike, tier in zip(
                simulated.units,
                simulated.low.tolist(),
                simulated.high.tolist(),
                simulated.score_low.tolist(),
                simulated.score_high.tolist(),
                simulated.alike.tolist(),
                simulated.tier.tolist(),
                strict=True,
            )
        ],
        batch_size=1000,
    )
    return simulation


def _tell(actor: Actor, at: datetime, done: Sequence[tuple[Simulation, int]]) -> None:
    """One entry per version of a method, with what anybody needs to compute the intervals again.

    The digest of the inputs seals the values with their known errors; `known_errors` says of how many there are.
    """
    by_scorecard: dict[Scorecard, list[tuple[Simulation, int]]] = {}
    for simulation, known_errors in done:
        by_scorecard.setdefault(simulation.run.scorecard, []).append((simulation, known_errors))
    for scorecard, simulations in by_scorecard.items():
        entry = append(
            actor=actor.label,
            at=at,
            event=Event.INTERVALS_COMPUTED,
            subject=scorecard.label,
            data={
                "version": scorecard.version,
                "engine": ENGINE_VERSION,
                "runs": [
                    {
                        "run": one.run_id,
                        "peer_group": one.run.peer_group,
                        "period": one.run.period,
                        "replicates": one.replicates,
                        "seed": one.seed,
                        "inputs": one.run.inputs_digest,
                        "known_errors": known_errors,
                        "intervals": one.digest,
                    }
                    for one, known_errors in simulations
                ],
            },
        )
        Simulation.objects.filter(pk__in=[one.pk for one, _ in simulations]).update(ledger=entry.number)
        for one, _ in simulations:
            one.ledger = entry.number
