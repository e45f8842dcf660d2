"""How far ranks can be trusted: the simulation of a run from what it kept, its intervals, who is ahead of whom."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from thuocdo.engine.scoring import ENGINE_VERSION, Spec, compute
from thuocdo.engine.scoring import uncertainty as engine
from thuocdo.scorecards.models import Interval, Run, Simulation, Standing

from .content import Content, content_of
from .methods import spec_of
from .runs import runs

# As many as the handbook's examples take; the ends of the intervals then move by less than a place.
REPLICATES = 1000
# The middle share of the replicates that an interval holds.
SHARE = 0.90
_LOW, _HIGH = 0.05, 0.95
# Twelve hexadecimal digits of the digests: whole numbers that every JSON reader keeps exactly.
_SEED_DIGITS = 12

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Simulated:
    """The intervals of a run before they are stored, one entry per ranked unit in the order of the ranks.

    `low` and `high` are whole places; `score_low` and `score_high` the scores that stand at these places.
    `known_errors` counts the values whose own error was drawn beside that of their source.
    """

    seed: int
    replicates: int
    known_errors: int
    units: tuple[str, ...]
    low: Places
    high: Places
    score_low: NDArray[np.float64]
    score_high: NDArray[np.float64]
    alike: Places
    tier: Places

    @property
    def digest(self) -> str:
        """SHA-256 over every unit with its interval, by code."""
        rows = sorted(zip(self.units, self.low.tolist(), self.high.tolist(), strict=True))
        return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def seed_of(run: Run) -> int:
    """The seed of a run's simulation: it follows from what was computed, so nobody can choose a lucky one."""
    text = f"{run.method_digest}{run.inputs_digest}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:_SEED_DIGITS], 16)


def simulate_run(run: Run, *, replicates: int = REPLICATES) -> Simulated | None:
    """The run scored again with weights and values varied as its scorecard says; writes nothing.

    None where the scorecard varies nothing, or the inputs do not say who vouches for each value (runs of a
    version before intervals). Raises ScoringError.
    """
    spec, content = spec_of(run.scorecard), content_of(run)
    if spec.uncertainty is None or content.provenance is None:
        return None
    matrix, seed = content.matrix, seed_of(run)
    simulation = engine.simulate(spec, matrix, replicates=replicates, seed=seed, errors=errors_of(spec, content))
    intervals = simulation.intervals(_LOW, _HIGH)
    ranked = np.flatnonzero(~np.isnan(intervals.rank))
    order = ranked[np.lexsort((np.array(intervals.units)[ranked], intervals.rank[ranked]))]
    # Outwards to whole places: an interval never looks narrower than it is.
    low = np.floor(intervals.low[order]).astype(np.int64)
    high = np.ceil(intervals.high[order]).astype(np.int64)
    outcome = compute(spec, matrix)
    own = dict(zip(outcome.units, outcome.rounded_of(spec.top).tolist(), strict=True))
    scores = np.array([own[intervals.units[place]] for place in order])
    at_low, at_high = _scores_at(scores, intervals.rank[order], low), _scores_at(scores, intervals.rank[order], high)
    return Simulated(
        seed=seed,
        replicates=replicates,
        known_errors=_known_errors(spec, content),
        units=tuple(intervals.units[place] for place in order),
        low=low,
        high=high,
        score_low=np.minimum(scores, at_high),
        score_high=np.maximum(scores, at_low),
        alike=_overlaps(low, high),
        tier=_tiers(low, high),
    )


def errors_of(spec: Spec, content: Content) -> NDArray[np.float64]:
    """The standard deviation of every cell's error in points: of who vouches for the value, and of its sample.

    The two have nothing to do with each other, so that their squares are added. 0 where neither is known; a
    scorecard that states no error draws none.
    """
    stated = spec.uncertainty.error if spec.uncertainty is not None else {}
    errors = np.zeros(content.values.shape)
    provenance = content.vouched
    if not stated or provenance is None:
        return errors
    for name, deviation in stated.items():
        errors[provenance == name] = deviation
    if content.error is None:
        return errors
    return np.asarray(np.hypot(errors, engine.errors_in_points(spec, content.matrix, content.error)))


def _known_errors(spec: Spec, content: Content) -> int:
    is_drawn = spec.uncertainty is not None and bool(spec.uncertainty.error) and content.error is not None
    return int(np.count_nonzero(~np.isnan(content.error))) if is_drawn and content.error is not None else 0


def _scores_at(scores: NDArray[np.float64], ranks: NDArray[np.float64], places: Places) -> NDArray[np.float64]:
    """The scores that stand at places of a ranking in order; a place that a tie leaves empty has the tie's score."""
    at = np.searchsorted(ranks, places, side="right") - 1
    return np.asarray(scores[np.clip(at, 0, len(scores) - 1)])


def _overlaps(low: Places, high: Places) -> Places:
    """With how many others each interval shares a place."""
    begun = np.searchsorted(np.sort(low), high, side="right")
    ended = np.searchsorted(np.sort(high), low, side="left")
    return np.asarray(begun - ended - 1)


def _tiers(low: Places, high: Places) -> Places:
    """Neighbours in the ranking, from the top, in groups of whom every two share a place."""
    tiers = np.zeros(len(low), dtype=np.int64)
    number, latest_start, first_end = 0, 0, np.inf
    for place, (start, end) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        latest_start, first_end = max(latest_start, start), min(first_end, end)
        if number == 0 or latest_start > first_end:
            number, latest_start, first_end = number + 1, start, end
        tiers[place] = number
    return tiers


@dataclass(frozen=True, slots=True)
class RecomputedIntervals:
    """The intervals of a run computed again: the digest now, and whether it is the one that was stored."""

    digest: str
    is_equal: bool


def recompute_intervals(run: Run) -> RecomputedIntervals | None:
    """Simulate a run again by its stored recipe; None where it has no intervals. Writes nothing."""
    stored = simulation_of(run)
    again = simulate_run(run, replicates=stored.replicates) if stored is not None else None
    if stored is None or again is None:
        return None
    is_equal = again.digest == stored.digest and again.seed == stored.seed and stored.engine_version == ENGINE_VERSION
    return RecomputedIntervals(again.digest, is_equal)


def simulation_of(run: Run) -> Simulation | None:
    """The simulation of this very run; None before it is computed."""
    return getattr(run, "simulation", None)


def newest_simulation_at() -> datetime | None:
    """When intervals were computed last; None before the first time."""
    return Simulation.objects.order_by("-pk").values_list("computed_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class Spread:
    """The intervals that a page may show with a run: its own, or those of an earlier moment of the same day.

    `earlier` is the run they were computed for when it is not this one.
    """

    simulation: Simulation | None = None
    earlier: Run | None = None

    @property
    def mark(self) -> int:
        """What drawn pages are kept by."""
        return self.simulation.pk if self.simulation is not None else 0


def spread_of(run: Run) -> Spread:
    """The intervals to show with a run; while a live run waits for its own, the last ones of the same day.

    One query, and none where the run has its own. Another method's intervals are never carried over.
    """
    own = simulation_of(run)
    if own is not None or not run.is_live or spec_of(run.scorecard).uncertainty is None:
        return Spread(own)
    midnight = timezone.localtime(run.computed_at).replace(hour=0, minute=0, second=0, microsecond=0)
    earlier = (
        runs(code=run.scorecard.code, peer_group=run.peer_group, period=run.period)
        .filter(
            simulation__isnull=False,
            method_digest=run.method_digest,
            computed_at__gte=midnight,
            computed_at__lt=midnight + timedelta(days=1),
            pk__lt=run.pk,
        )
        .first()
    )
    return Spread() if earlier is None else Spread(simulation_of(earlier), earlier)


def intervals_of(spread: Spread, standings: Iterable[Standing]) -> Mapping[int, Interval]:
    """The interval of each standing by number of the body; one query only for intervals of an earlier run.

    A body whose place has left its earlier interval has none: what was computed no longer holds for it.
    """
    standings = list(standings)
    if spread.earlier is None:
        found = {row.body_id: getattr(row, "interval", None) for row in standings}
        return {body: interval for body, interval in found.items() if interval is not None}
    ranks = {row.body_id: row.rank for row in standings}
    rows = Interval.objects.filter(standing__run=spread.earlier, standing__body__in=ranks).values_list(
        "standing__body", "standing", "low", "high", "score_low", "score_high", "alike", "tier"
    )
    carried = {}
    for body, standing, low, high, score_low, score_high, alike, tier in rows:
        rank = ranks[body]
        if rank is not None and low <= rank <= high:
            carried[body] = Interval(
                standing_id=standing,
                low=low,
                high=high,
                score_low=score_low,
                score_high=score_high,
                alike=alike,
                tier=tier,
            )
    return carried


@dataclass(frozen=True, slots=True)
class Chance:
    """In which share of the replicates the first body is ahead of the second, behind it, and level with it."""

    ahead: float
    behind: float
    level: float


def chance_ahead(run: Run, first: str, second: str) -> Chance | None:
    """How sure it is which of two bodies (by code) stands before the other; None where the run is not simulated.

    Simulates the run again by its stored recipe: some tenths of a second for thousands of bodies.
    """
    stored, whole = simulation_of(run), Run.objects.select_related("scorecard").filter(pk=run.pk).first()
    if stored is None or whole is None:
        return None
    spec, content = spec_of(whole.scorecard), content_of(whole)
    if content.provenance is None:
        return None
    matrix = content.matrix
    if not {first, second} <= set(matrix.units):
        return None
    again = engine.simulate(
        spec,
        matrix,
        replicates=stored.replicates,
        seed=stored.seed,
        errors=errors_of(spec, content),
    )
    pair = again.compare(first, second)
    return Chance(pair.better, pair.worse, pair.tied)
