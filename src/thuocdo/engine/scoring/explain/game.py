"""The index of one unit as a game between all that may change it, and the parts that each has in a change."""

from itertools import permutations, product
from math import factorial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import Others, fill_nodes
from thuocdo.engine.scoring.explain.hybrid import Pair, Placed, Side
from thuocdo.engine.scoring.explain.parts import How, RankChange
from thuocdo.engine.scoring.explain.scale import Scale
from thuocdo.engine.scoring.matrix import BoolArray, FloatArray, ScoringError

_SIDES: Final[tuple[Side, Side]] = (0, 1)
# With up to so many players all coalitions are gone through.
_MOST_EXACT = 10
# Otherwise so many pairs of orders are drawn.
_PAIRS = 64
_SEED = 57
_ROUNDING = 1e-9
_Parts = tuple[FloatArray, How, float]


class Game:
    """The index of one unit as a function of which run its values, the weights, the method and the peers are of."""

    def __init__(self, pair: Pair, unit: str) -> None:
        self.pair, self.unit = pair, unit
        self.specs = tuple(run.spec for run in pair.runs)
        self.rows = tuple(run.units.index(unit) for run in pair.runs)
        self.index = tuple(float(run.scores[row, -1]) for run, row in zip(pair.runs, self.rows, strict=True))
        self.codes = tuple(dict.fromkeys(one.code for spec in self.specs for one in spec.indicators))
        self.place = tuple(
            np.array([self.codes.index(one.code) for one in spec.indicators], dtype=np.intp) for spec in self.specs
        )
        trees = [spec.tree for spec in self.specs]
        by_unit = [run.weights.ndim == 2 for run in pair.runs]
        self.has_weights = trees[0] == trees[1] and by_unit[0] == by_unit[1]
        self.weights = tuple(
            run.weights if run.weights.ndim == 1 else run.weights[row]
            for run, row in zip(pair.runs, self.rows, strict=True)
        )
        # Where nothing about it changed, one side of the method or of the peers stands for both.
        self.methods: tuple[Side, Side] = (0, 0) if self._same_scorecard() else (0, 1)
        self.others: tuple[Side, Side] = (0, 0) if self._peers_are_idle() else (0, 1)
        self.is_one_method = (
            self.methods == (0, 0)
            and self.specs[0].rounding == self.specs[1].rounding
            and np.array_equal(self.weights[0], self.weights[1])
        )
        self._cells: dict[tuple[Side, Side, Side], Placed] = {}

    def _same_scorecard(self) -> bool:
        one, other = self.specs
        return (
            self.pair.same_method
            and self.has_weights
            and one.aggregations == other.aggregations
            and one.aggregating.min_available == other.aggregating.min_available
        )

    def _peers_are_idle(self) -> bool:
        compares = any(rule.method == "copeland" for spec in self.specs for rule in spec.aggregations)
        return self.pair.is_fixed and not compares

    def cells(self, own: Side, method: Side, peers: Side) -> Placed:
        """The unit's cells with data, method and peers of these runs."""
        # Where one side stands for both, the one is taken that makes it a run that exists already.
        peers = peers if self.others == (0, 1) else own
        method = method if self.methods == (0, 1) else own if own == peers else 0
        key = (own, method, peers)
        if key not in self._cells:
            self._cells[key] = self.pair.placed(self.unit, *key)
        return self._cells[key]

    def counted(self, own: Side, method: Side, peers: Side) -> FloatArray:
        """Counted values by code of either run; nan where missing or unknown to the method."""
        filled = np.full(len(self.codes), np.nan)
        filled[self.place[method]] = self.cells(own, method, peers).counted
        return filled

    def closed(self) -> _Parts | None:
        """The parts where the index, or its logarithm, is a sum with the same gaps on both sides."""
        kinds = {rule.method for spec in self.specs for rule in spec.aggregations}
        if len(kinds) > 1 or not kinds <= {"arithmetic", "geometric"}:
            return None
        if any(any(spec.aggregating.min_available) for spec in self.specs):
            return None
        terms = np.zeros((2, 2, 2, 2, len(self.codes)))
        for method in _SIDES:
            known = np.zeros(len(self.codes), dtype=np.bool_)
            known[self.place[method]] = True
            present = ~np.isnan(self.counted(0, method, 0))
            shares = [self._shares(method, weighing, present) for weighing in _SIDES]
            for own, peers in product(_SIDES, _SIDES):
                values = self.counted(own, method, peers)
                if (np.isnan(values) == present)[known].any():
                    return None
                if "geometric" in kinds:
                    if (values[present] <= 0).any():
                        return None
                    values = np.log(values)
                for weighing in _SIDES:
                    terms[own, weighing, method, peers] = np.where(present, shares[weighing] * values, 0.0)
        parts = _share_out(terms)
        found = np.concatenate([parts[0], parts[1:].sum(axis=1)])
        every = list(range(len(found)))
        if "arithmetic" in kinds:
            return self._closed_up(found, every), "sum", 0.0
        first, last = self.index
        logarithm = np.log(last / first)
        mean = (last - first) / logarithm if logarithm != 0 else first
        return self._closed_up(found * mean, every), "logarithmic", 0.0

    def _shares(self, method: Side, weighing: Side, present: BoolArray) -> FloatArray:
        """The effective weight of every code, what is missing having given its own to its siblings."""
        spec = self.specs[method]
        tree = spec.tree
        weights = self.weights[weighing if self.has_weights else method]
        by_unit = spec.weighting == "benefit_of_doubt"
        there = np.zeros(len(tree.columns), dtype=np.bool_)
        there[: tree.leaf_count] = present[self.place[method]]
        for place, children in enumerate(tree.children):
            there[tree.leaf_count + place] = there[list(children)].any()
        shares = np.zeros(len(tree.columns))
        shares[-1] = 1.0
        levels = spec.weighing.levels
        for place in reversed(range(len(tree.children))):
            rows = list(tree.children[place])
            family = np.where(there[rows], weights[rows], 0.0)
            if not by_unit or (levels and tree.levels[place] not in levels):
                family = family / (family.sum() or 1.0)
            shares[rows] = shares[tree.leaf_count + place] * family
        filled = np.zeros(len(self.codes))
        filled[self.place[method]] = shares[: tree.leaf_count]
        return filled

    def worth(self, own: BoolArray, weighing: BoolArray, method: BoolArray, peers: BoolArray) -> FloatArray:
        """The index for columns of choices: own is indicators × choices, the others one entry per choice."""
        found = np.full(own.shape[1], np.nan)
        for m in _SIDES:
            for p in _SIDES:
                for w in _SIDES:
                    here = np.flatnonzero((method == bool(m)) & (peers == bool(p)) & (weighing == bool(w)))
                    if len(here):
                        found[here] = self._worth(own[:, here], w, m, p)
        return np.where(np.isnan(found), (self.index[0] + self.index[1]) / 2, found)

    def _worth(self, own: BoolArray, weighing: Side, method: Side, peers: Side) -> FloatArray:
        spec, place = self.specs[method], self.place[method]
        sides = [self.cells(0, method, peers), self.cells(1, method, peers)]
        choice = own[place]
        scores = np.empty((len(spec.tree.columns), own.shape[1]))
        scores[: len(place)] = np.where(choice, sides[1].counted[:, None], sides[0].counted[:, None])
        empty = np.where(choice, sides[1].not_applicable[:, None], sides[0].not_applicable[:, None])
        weights = self.weights[weighing if self.has_weights else method]
        if spec.weighting == "benefit_of_doubt":
            weights = np.repeat(weights[:, None], own.shape[1], axis=1)
        there = self.cells(peers, method, peers)
        others = Others(there.outcome.scores.T, np.full(own.shape[1], there.row))
        fill_nodes(spec, scores, empty, weights, others=others)
        return np.asarray(scores[-1])

    def shapley(self) -> _Parts:
        """The parts by Shapley's rule over everything that moved."""
        number = len(self.codes)
        moved = [player for player in range(number) if self._has_moved(player)]
        if self.has_weights and not np.array_equal(self.weights[0], self.weights[1]):
            moved.append(number)
        if self.methods == (0, 1):
            moved.append(number + 1)
        if self.others == (0, 1):
            moved.append(number + 2)
        parts = np.zeros(number + 3)
        if len(moved) <= _MOST_EXACT:
            parts[moved] = self._all_coalitions(moved)
            return self._closed_up(parts, moved), "shapley", 0.0
        found, error = self._drawn_orders(moved)
        parts[moved] = found
        return self._closed_up(parts, moved), "shapley_sampled", error

    def _closed_up(self, parts: FloatArray, moved: list[int]) -> FloatArray:
        """What rounding left over, a few units of the last digit, goes to the largest part.

        ScoringError where more is left, as when a run was not made by its own scorecard.
        """
        left = (self.index[1] - self.index[0]) - parts.sum()
        if abs(left) > _ROUNDING * (1 + abs(self.index[0]) + abs(self.index[1])):
            raise ScoringError(
                f"The index of {self.unit} changed by something that neither scorecard nor data say: score both again",
                "not_decomposable",
            )
        if moved:
            parts[moved[int(np.argmax(np.abs(parts[moved])))]] += left
        return parts

    def _has_moved(self, player: int) -> bool:
        for method in set(self.methods):
            if player not in self.place[method]:
                continue
            column = int(np.flatnonzero(self.place[method] == player)[0])
            for peers in set(self.others):
                one, other = (self.cells(own, method, peers) for own in _SIDES)
                if not np.array_equal(one.counted[column], other.counted[column], equal_nan=True):
                    return True
                if one.not_applicable[column] != other.not_applicable[column]:
                    return True
        return False

    def _coalitions(self, moved: list[int], members: BoolArray) -> FloatArray:
        """The worth of coalitions given as players that moved × coalitions; who did not move is on both sides."""
        whole = np.ones((len(self.codes) + 3, members.shape[1]), dtype=np.bool_)
        whole[moved] = members
        for player, sides in ((-2, self.methods), (-1, self.others)):
            if sides == (0, 0):
                whole[player] = False
        if not self.has_weights:
            whole[-3] = whole[-2]
        return self.worth(whole[:-3], whole[-3], whole[-2], whole[-1])

    def _all_coalitions(self, moved: list[int]) -> FloatArray:
        number = len(moved)
        members = ((np.arange(2**number)[None, :] >> np.arange(number)[:, None]) & 1).astype(np.bool_)
        worth, sizes = self._coalitions(moved, members), members.sum(axis=0)
        chances = np.array([factorial(size) * factorial(number - size - 1) for size in range(number)])
        chances = chances / factorial(number)
        parts = np.zeros(number)
        for player in range(number):
            without = np.flatnonzero(~members[player])
            parts[player] = (chances[sizes[without]] * (worth[without | 1 << player] - worth[without])).sum()
        return parts

    def _drawn_orders(self, moved: list[int]) -> tuple[FloatArray, float]:
        number, random = len(moved), np.random.default_rng(_SEED)
        pairs = np.zeros((_PAIRS, number))
        for pair in range(_PAIRS):
            order = random.permutation(number)
            for joining in (order, order[::-1]):
                place = np.empty(number, dtype=np.intp)
                place[joining] = np.arange(number)
                members = place[:, None] < np.arange(number + 1)[None, :]
                added = np.diff(self._coalitions(moved, members))
                pairs[pair, joining] += added / 2
        errors = pairs.std(axis=0, ddof=1) / np.sqrt(_PAIRS)
        return pairs.mean(axis=0), float(errors.max())

    def rank_change(self) -> RankChange:
        """Places won by own data, others and method, the mean over the orders in which they change."""
        ranks = np.empty((2, 2, 2))
        for own in _SIDES:
            for method in _SIDES:
                for peers in _SIDES:
                    ranks[own, method, peers] = self._rank(own, method, peers)
        parts = np.zeros(3)
        orders = list(permutations(range(3)))
        for order in orders:
            now = [0, 0, 0]
            for player in order:
                was = ranks[tuple(now)]
                now[player] = 1
                parts[player] += was - ranks[tuple(now)]
        parts /= len(orders)
        return RankChange(
            before=float(ranks[0, 0, 0]),
            after=float(ranks[1, 1, 1]),
            own=float(parts[0]),
            method=float(parts[1]),
            others=float(parts[2]),
        )

    def _rank(self, own: Side, method: Side, peers: Side) -> float:
        """The rank among the units of one run under one method, with own data of one."""
        if own == method == peers:
            run = self.pair.runs[own]
            return float(run.ranks_of(run.spec.top)[self.rows[own]])
        method = peers if self.is_one_method else method
        among = self.pair.whole(method, peers)
        if not self.pair.is_fixed and own != peers:
            among = self.pair.placed(self.unit, own, method, peers).outcome
        scale = Scale(among, among.units.index(self.unit))
        every = np.full((len(self.codes), 1), bool(own))
        side = np.array([bool(method)])
        index = self.worth(every, side, side, np.array([bool(peers)]))
        others: NDArray[np.float64] = scale.keys(among.scores[:, -1])[scale.peers]
        return float(scale.rank_among(scale.keys(index), others)[0])


def _share_out(terms: FloatArray) -> FloatArray:
    """Shapley values (four players × indicators) of games given by their worth, 2 × 2 × 2 × 2 × indicators."""
    parts = np.zeros((4, terms.shape[-1]))
    for player in range(4):
        rest = [axis for axis in range(4) if axis != player]
        for choice in np.ndindex(2, 2, 2):
            size = sum(choice)
            chance = factorial(size) * factorial(3 - size) / factorial(4)
            without = [0, 0, 0, 0]
            for axis, side in zip(rest, choice, strict=True):
                without[axis] = side
            with_it = without.copy()
            with_it[player] = 1
            parts[player] += chance * (terms[tuple(with_it)] - terms[tuple(without)])
    return parts
