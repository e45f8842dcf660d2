"""Leaving out one indicator, or one node with all below it, at a time: how far the ranking moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from thuocdo.engine.scoring.aggregate import aggregate
from thuocdo.engine.scoring.matrix import FloatArray, Matrix
from thuocdo.engine.scoring.pipeline import Outcome, compute
from thuocdo.engine.scoring.rank import rank_scores
from thuocdo.engine.scoring.spec import Spec


@dataclass(frozen=True, slots=True)
class Mover:
    """A unit's rank with everything, and without what was left out."""

    unit: str
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Removal:
    """The ranking of the index without one column: `shift` is the mean of |rank after - rank before|.

    `ranks` follows the outcome's units, nan for a unit without an index; `movers` holds the largest moves first.
    `lost` counts the units that have an index only because of what was left out.
    """

    code: str
    shift: float
    movers: tuple[Mover, ...]
    lost: int
    ranks: FloatArray


def remove_each(
    spec: Spec, matrix: Matrix, codes: Sequence[str] | None = None, *, movers: int = 5
) -> tuple[Removal, ...]:
    """Leave out each of the columns in turn (every indicator when None), its siblings taking over its weight.

    A node goes with all below it, and a node left without children goes too. Normalised values and weights of
    the rest stay as they are. KeyError for an unknown code, ValueError when nothing would be left.
    """
    outcome = compute(spec, matrix)
    wanted = [indicator.code for indicator in spec.indicators] if codes is None else list(codes)
    for code in wanted:
        if code not in spec.tree.columns:
            raise KeyError(code)
    return tuple(_without(outcome, code, movers) for code in wanted)


def without(spec: Spec, code: str) -> Spec:
    """The scorecard without a column and what is below it; every node keeps the mean it has now."""
    rules = dict(zip(spec.tree.columns[spec.tree.leaf_count :], spec.aggregations, strict=True))
    parents: dict[str, str | None] = {one.code: one.parent for one in spec.nodes}
    parents |= {one.code: one.parent for one in spec.indicators}
    kept = [part.code for part in spec.indicators if code not in _ancestry(part.code, parents)]
    if not kept:
        raise ValueError(f"Nothing is left of the scorecard without {code!r}")
    needed = {ancestor for leaf in kept for ancestor in _ancestry(leaf, parents)}
    nodes = tuple(replace(one, aggregation=rules[one.code]) for one in spec.nodes if one.code in needed)
    smaller = replace(
        spec,
        indicators=tuple(one for one in spec.indicators if one.code in needed),
        nodes=nodes,
        aggregating=replace(spec.aggregating, by_level=()),
        caps=tuple(cap for cap in spec.caps if cap.node in needed),
    )
    # The deepest branch may be gone, and with it a level.
    return replace(smaller, levels=smaller.tree.levels[-1])


def _ancestry(code: str, parents: dict[str, str | None]) -> set[str]:
    found = {code}
    parent = parents[code]
    while parent is not None:
        found.add(parent)
        parent = parents[parent]
    return found


def _without(outcome: Outcome, code: str, movers: int) -> Removal:
    spec = outcome.spec
    smaller = without(spec, code)
    rows = [spec.tree.columns.index(column) for column in smaller.tree.columns]
    leaves = rows[: smaller.tree.leaf_count]
    missing = outcome.not_applicable.T[leaves] if outcome.not_applicable.any() else None
    weights = outcome.weights[rows] if outcome.weights.ndim == 1 else None
    scores = aggregate(smaller, np.ascontiguousarray(outcome.scores.T[leaves]), missing, weights)
    groups = None
    if outcome.peer_groups is not None:
        groups = np.unique(outcome.peer_groups, return_inverse=True)[1].astype(np.int64)
    after = rank_scores(spec, scores[-1:], groups)[0]
    before = outcome.ranks_of(spec.top)
    moves = np.abs(after - before)
    both = ~np.isnan(moves)
    order = np.argsort(-np.where(both, moves, -1), kind="stable")[:movers]
    return Removal(
        code=code,
        shift=float(moves[both].mean()) if both.any() else 0.0,
        movers=tuple(
            Mover(outcome.units[place], float(before[place]), float(after[place]))
            for place in order
            if moves[place] > 0
        ),
        lost=int(np.count_nonzero(~np.isnan(before) & np.isnan(after))),
        ranks=after,
    )
