"""Why an index and a rank changed between two runs: own values, weights, method, peers, adding up exactly."""

from collections.abc import Iterable

import numpy as np

from thuocdo.engine.scoring.explain.game import Game
from thuocdo.engine.scoring.explain.hybrid import Pair
from thuocdo.engine.scoring.explain.parts import Change
from thuocdo.engine.scoring.matrix import ScoringError
from thuocdo.engine.scoring.pipeline import Outcome


def decompose_change(before: Outcome, after: Outcome, unit: str) -> Change:
    """Why the index and the rank of a unit changed from one run to another.

    Arithmetic trees: index = Σ W_i y_i, and every term is shared out over what moved it (value, weights, method,
    peers) by Shapley's rule, which with one thing moved is Σ W_i Δy_i. Geometric trees: the same for
    ln index = Σ W_i ln y_i, times the logarithmic mean L(S1, S0) = (S1 - S0)/ln(S1/S0) (Ang 2005, Energy Policy 33).
    Any other tree, and where gaps opened or closed: Shapley values of all that moved, φ_k = Σ_T
    |T|! (K - |T| - 1)!/K! (v(T + k) - v(T)) (Shorrocks 2013, J. Econ. Inequal. 11), exact up to ten, else over
    drawn orders from a fixed seed, which add up as well. A coalition in which the unit has no index is worth
    the mean of the two. ScoringError where the unit lacks an index in either run.
    """
    return _decompose(Pair(before, after), unit)


def decompose_changes(before: Outcome, after: Outcome, units: Iterable[str] | None = None) -> tuple[Change, ...]:
    """The same for several units, or for all that have an index in both runs.

    With fixed goalposts that costs little more than one; where units are compared, every unit needs up to six
    runs of its own.
    """
    pair = Pair(before, after)
    if units is None:
        scored = [set(np.array(run.units, dtype=object)[~np.isnan(run.scores[:, -1])].tolist()) for run in pair.runs]
        units = [unit for unit in after.units if unit in scored[0] and unit in scored[1]]
    return tuple(_decompose(pair, unit) for unit in units)


def _decompose(pair: Pair, unit: str) -> Change:
    for run in pair.runs:
        if unit not in run.units:
            raise ScoringError(f"{unit!r} is not among the units of both runs", "unit_unknown")
        if np.isnan(run.scores[run.units.index(unit), -1]):
            raise ScoringError(f"{unit!r} has no index in one of the runs", "no_index")
    game = Game(pair, unit)
    parts, how, error = game.closed() or game.shapley()
    return Change(
        unit=unit,
        before=game.index[0],
        after=game.index[1],
        indicators=game.codes,
        values=parts[:-3],
        weights=float(parts[-3]),
        method=float(parts[-2]),
        peers=float(parts[-1]),
        how=how,
        error=error,
        rank=game.rank_change(),
    )
