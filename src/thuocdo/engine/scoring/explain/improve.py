"""The smallest improvements that would raise a unit by some places, one indicator at a time and together."""

from collections.abc import Iterable, Mapping

import numpy as np

from thuocdo.engine.scoring.explain.scale import Scale
from thuocdo.engine.scoring.explain.search import Search
from thuocdo.engine.scoring.explain.ways import Improvements
from thuocdo.engine.scoring.matrix import ScoringError
from thuocdo.engine.scoring.pipeline import Outcome


def improvements(
    outcome: Outcome,
    unit: str,
    places: int = 1,
    *,
    costs: Mapping[str, float] | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    indicators: Iterable[str] | None = None,
) -> Improvements:
    """The smallest improvements by which a unit would rank `places` higher within its peer group.

    `costs` are per normalised point (1 unless stated; an infinite cost leaves an indicator out of the combination),
    `limits` the lowest and highest possible raw value of an indicator, narrower than its goalposts or target.
    `indicators` restricts what is looked at. The combination takes the most points of the index per cost
    first: with arithmetic means and fixed goalposts that solves the linear programme min Σ c_i d_i subject to
    Σ W_i d_i ≥ gap, 0 ≤ d_i ≤ room_i (a continuous knapsack), elsewhere it is a good choice that was checked
    to be enough. Filling a gap may be a single improvement but is no part of a combination, for it changes
    the weights of the others.

    ScoringError for an unknown unit, one without index, and when there are not so many places above it.
    """
    scale = _scale_of(outcome, unit)
    rank = float(outcome.ranks_of(outcome.spec.top)[scale.unit])
    target = rank - places
    if places < 1 or target < 1:
        raise ScoringError(f"{unit} ranks {rank:g}: it cannot win {places} places", "places")
    search = Search(scale, target, limits or {})
    wanted = None if indicators is None else set(indicators)
    rows = [row for row, one in enumerate(outcome.spec.indicators) if wanted is None or one.code in wanted]
    rows = [row for row in rows if search.can_rise(row)]
    singles = sorted(search.singles(rows), key=lambda one: (one.points is None, one.points or 0.0, -one.gain))
    index = float(outcome.scores[scale.unit, -1])
    needed = search.needed()
    return Improvements(
        unit=unit,
        rank=rank,
        target=target,
        index=index,
        needed=needed,
        gap=needed - index,
        singles=tuple(singles),
        verifications=tuple(search.verifications()),
        combination=search.combination(rows, costs or {}),
        moves_others=bool((~scale.is_fixed[rows]).any()),
    )


def _scale_of(outcome: Outcome, unit: str) -> Scale:
    if unit not in outcome.units:
        raise ScoringError(f"{unit!r} is not among the units", "unit_unknown")
    scale = Scale(outcome, outcome.units.index(unit))
    if np.isnan(outcome.scores[scale.unit, -1]):
        raise ScoringError(f"{unit!r} has no index that could rise", "no_index")
    return scale


def points_to_gain(outcome: Outcome, unit: str) -> dict[str, float]:
    """By indicator the points of the index that full marks would bring, others held; 0 where nothing is left.

    Weight × (100 - y) in arithmetic trees, with the weight left after gaps gave theirs to their siblings.
    """
    scale = _scale_of(outcome, unit)
    search = Search(scale, 0.0, {})
    rows = [row for row in range(len(scale.own)) if search.can_rise(row)]
    gains = dict(zip(rows, search.gains(rows).tolist(), strict=True))
    return {one.code: max(gains.get(row, 0.0), 0.0) for row, one in enumerate(outcome.spec.indicators)}
