"""Shapley values of normalised values in a tree of any means: exact where the tree allows, else sampled.

The game of a unit: a coalition of its indicators keeps the unit's normalised values, the others are at the mean
of the peer group, and the coalition is worth the index. What is missing takes no part: it stays missing in
every coalition, and its value is 0.

Three facts about Shapley values make trees cheap. A weighted sum of games has the weighted sum of their values
(additivity), so that arithmetic nodes from the top downwards only hand their children's values on. With the
multilinear extension F (every player takes part with probability t, independently), φ_i = ∫₀¹ ∂F/∂x_i (t, …, t) dt
(Owen 1972, Management Science 18), a polynomial of degree K - 1 that Gauss and Legendre integrate exactly
in ⌈K/2⌉ nodes. And the expectation of a product of independent factors is the product of theirs, so that below
a geometric node every branch is treated by itself: an indicator in closed form, any other branch by all the
coalitions of its own few indicators.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring.aggregate import is_weighed_by_unit
from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.suppose import Ground

# A branch is enumerated while coalitions × units × indicators stay within this; 15 indicators for 400 units.
_ENUMERABLE = 2.0e8
_MOST_ENUMERATED = 20
# Supposed units computed at once: the working set stays in the cache.
_CHUNK = 16_384
# Sampling: cell updates to spend, and the bounds on the number of permutations that follows.
_SAMPLING_WORK = 4.0e8
_FEWEST, _MOST = 16, 1024
# Copeland's rule compares every supposed unit with every real one: beyond this even one pair of orders is too much.
_MOST_WORK = 2.0e9
_SEED = 57


@dataclass(frozen=True, eq=False, slots=True)
class Shapley:
    """Values (indicators × units) and, where some were sampled, their standard errors; values that would take
    too long are nan, as every value of their units then is."""

    values: FloatArray
    errors: FloatArray | None


class _TooLargeError(Exception):
    """A branch has too many coalitions to go through."""


def shapley_values(ground: Ground, means: FloatArray) -> Shapley:
    """The Shapley value of every cell against `means` (indicators × units), which is missing where the cell is.

    The values of a unit add up to its index less the index of its means. Units without an index have nan.
    """
    tree, leaves = ground.spec.tree, ground.leaf_count
    own = ground.scores[:leaves]
    values = np.where(np.isnan(ground.scores[-1]), np.nan, np.zeros_like(own))
    errors: FloatArray | None = None
    shares = {len(tree.columns) - 1: np.ones(own.shape[1])}
    for row in reversed(range(len(tree.columns))):
        if row not in shares:
            continue
        share = shares.pop(row)
        if row < leaves:
            values[row] += share * np.where(np.isnan(own[row]), 0.0, own[row] - means[row])
        elif ground.spec.aggregations[row - leaves].method == "arithmetic":
            for child, part in _parts(ground, row).items():
                shares[child] = share * part
        else:
            members = list(ground.leaves_below[row])
            try:
                values[members] += share * _exact(ground, means, row)
            except _TooLargeError:
                try:
                    sampled, error = _sampled(ground, means, row)
                except _TooLargeError:
                    return Shapley(np.full_like(own, np.nan), None)
                values[members] += share * sampled
                errors = np.zeros_like(own) if errors is None else errors
                errors[members] = np.abs(share) * error
    return Shapley(values, errors)


def _parts(ground: Ground, row: int) -> dict[int, FloatArray]:
    """What each child of a mean counts for each unit: its weight over that of the children present."""
    place = row - ground.leaf_count
    children = list(ground.spec.tree.children[place])
    weights = ground.weights[children]
    weights = weights[:, None] if weights.ndim == 1 else weights
    present = np.where(np.isnan(ground.scores[children]), 0.0, weights)
    if not is_weighed_by_unit(ground.spec, place):
        total = present.sum(axis=0)
        present = present / np.where(total > 0, total, 1.0)
    return {child: part for child, part in zip(children, present, strict=True) if (part > 0).any()}


@dataclass(frozen=True, eq=False, slots=True)
class _Branch:
    """One factor of a product: its indicators, and by the size of coalitions the sums of its values
    (sizes × units) and of the differences that each indicator makes (indicators × sizes × units)."""

    leaves: tuple[int, ...]
    sums: FloatArray
    differences: FloatArray

    def at(self, chance: float) -> tuple[FloatArray, FloatArray]:
        """Expectation and its derivatives when every indicator takes part with this chance."""
        number = len(self.leaves)
        sizes = np.arange(number + 1)
        weights = chance**sizes * (1 - chance) ** (number - sizes)
        fewer = chance ** sizes[:-1] * (1 - chance) ** (number - 1 - sizes[:-1])
        return weights @ self.sums, np.tensordot(fewer, self.differences, axes=(0, 1))


def _exact(ground: Ground, means: FloatArray, row: int) -> FloatArray:
    """Shapley values of the game of one node (indicators below it × units)."""
    branches = _branches(ground, means, row, np.ones(means.shape[1]))
    members = ground.leaves_below[row]
    position = {leaf: place for place, leaf in enumerate(members)}
    values = np.zeros((len(members), means.shape[1]))
    nodes, weights = np.polynomial.legendre.leggauss((len(members) + 1) // 2)
    for node, weight in zip(nodes, weights, strict=True):
        found = [branch.at((node + 1) / 2) for branch in branches]
        before = np.cumprod([np.ones(means.shape[1])] + [value for value, _ in found[:-1]], axis=0)
        after = np.cumprod([np.ones(means.shape[1])] + [value for value, _ in found[:0:-1]], axis=0)[::-1]
        for branch, (_, slopes), left, right in zip(branches, found, before, after, strict=True):
            values[[position[leaf] for leaf in branch.leaves]] += weight / 2 * slopes * left * right
    return values


def _branches(ground: Ground, means: FloatArray, row: int, exponent: FloatArray) -> list[_Branch]:
    """The factors whose product is score^exponent of a column."""
    leaves = ground.leaf_count
    if row < leaves:
        with np.errstate(invalid="ignore"):
            absent, present = means[row] ** exponent, ground.scores[row] ** exponent
        gap = np.isnan(ground.scores[row])
        absent, present = np.where(gap, 1.0, absent), np.where(gap, 1.0, present)
        return [_Branch((row,), np.stack([absent, present]), (present - absent)[None, None])]
    if ground.spec.aggregations[row - leaves].method == "geometric":
        parts = _parts(ground, row).items()
        return [one for child, part in parts for one in _branches(ground, means, child, exponent * part)]
    return [_enumerated(ground, means, row, exponent)]


def _enumerated(ground: Ground, means: FloatArray, row: int, exponent: FloatArray) -> _Branch:
    """A branch by all coalitions of its indicators; _TooLargeError where there are too many."""
    members, units = list(ground.leaves_below[row]), means.shape[1]
    number = len(members)
    if number > _MOST_ENUMERATED or 2.0**number * units * number > _ENUMERABLE:
        raise _TooLargeError
    coalitions = (np.arange(2**number)[:, None] >> np.arange(number)) & 1
    of_size = (coalitions.sum(axis=1) == np.arange(number + 1)[:, None]).astype(np.float64)
    linear = _linear(ground, row)
    sums, differences = np.zeros((number + 1, units)), np.zeros((number, number, units))
    at_once = max(1, _CHUNK // 2**number)
    for start in range(0, units, at_once):
        here = np.arange(start, min(start + at_once, units))
        if linear is None:
            worth = _worth(ground, means, row, coalitions, here)
        else:
            own, mean = ground.scores[members][:, here], means[members][:, here]
            worth = _sum_of_parts(own, mean, linear[:, here], coalitions)
        worth = worth ** exponent[here]
        worth = np.where(np.isnan(worth), 1.0, worth)
        sums[:, here] = of_size @ worth
        for player in range(number):
            with_it = np.flatnonzero(coalitions[:, player])
            made = worth[with_it] - worth[with_it - (1 << player)]
            differences[player, :, here] = (of_size[1:, with_it] @ made).T
    return _Branch(tuple(members), sums, differences)


def _linear(ground: Ground, row: int) -> FloatArray | None:
    """The share of each indicator below a column in its score (indicators below × units), where the column is a
    plain sum of them: arithmetic means all the way down; None elsewhere."""
    members = ground.leaves_below[row]
    if any(ground.spec.aggregations[place].method != "arithmetic" for place in ground.places_below[row]):
        return None
    shares = {row: np.ones(ground.scores.shape[1])}
    for place in reversed(ground.places_below[row]):
        node = ground.leaf_count + place
        if node in shares:
            share = shares.pop(node)
            shares.update({child: share * part for child, part in _parts(ground, node).items()})
    return np.array([shares.get(leaf, np.zeros(ground.scores.shape[1])) for leaf in members])


def _sum_of_parts(own: FloatArray, means: FloatArray, shares: FloatArray, coalitions: NDArray[np.intp]) -> FloatArray:
    """The score of a plain sum (coalitions × units) for each coalition of its indicators; nan where all are missing."""
    gaps = np.isnan(own)
    start = (shares * np.where(gaps, 0.0, means)).sum(axis=0)
    joined = coalitions.astype(np.float64) @ (shares * np.where(gaps, 0.0, own - means))
    return np.where(gaps.all(axis=0), np.nan, start + joined)


def _worth(
    ground: Ground, means: FloatArray, row: int, coalitions: NDArray[np.intp], units: NDArray[np.intp]
) -> FloatArray:
    """The score of a column (coalitions × units) for each coalition of the indicators below it."""
    members = list(ground.leaves_below[row])
    worth = np.empty((len(coalitions), len(units)))
    step = max(1, _CHUNK // len(units))
    for start in range(0, len(coalitions), step):
        some = coalitions[start : start + step].astype(np.bool_)
        buffer = np.empty((len(ground.spec.tree.columns), len(some) * len(units)))
        own, mean = ground.scores[members][:, units], means[members][:, units]
        buffer[members] = np.where(some.T[:, :, None], own[:, None, :], mean[:, None, :]).reshape(len(members), -1)
        ground.fill(buffer, np.tile(units, len(some)), ground.places_below[row])
        worth[start : start + step] = buffer[row].reshape(len(some), len(units))
    return worth


def _sampled(ground: Ground, means: FloatArray, row: int) -> tuple[FloatArray, FloatArray]:
    """Means over random orders of joining, each with its reverse (antithetic pairs), and their standard errors.

    The same orders for every unit, from a fixed seed. What the players of one order add telescopes, so that
    the values add up exactly however few orders there are. _TooLargeError where units are compared pairwise and
    are too many.
    """
    members, units = list(ground.leaves_below[row]), means.shape[1]
    inside = set(ground.places_below[row])
    paths = [tuple(place for place in ground.paths[leaf] if place in inside) for leaf in members]
    pairwise = {place for place in inside if ground.spec.aggregations[place].method == "copeland"}
    children = ground.spec.tree.children
    width = sum(len(children[place]) * (units if place in pairwise else 1) for path in paths for place in path)
    work = float(width * units + 1)
    if pairwise and 2 * work > _MOST_WORK:
        raise _TooLargeError
    pairs = int(np.clip(_SAMPLING_WORK / work, 4 if pairwise else _FEWEST, _MOST)) // 2
    random, owners = np.random.default_rng(_SEED), np.arange(units)
    total, squares = np.zeros((len(members), units)), np.zeros((len(members), units))
    start = np.empty((len(ground.spec.tree.columns), units))
    start[members] = means[members]
    ground.fill(start, owners, ground.places_below[row])
    for _ in range(pairs):
        order = random.permutation(len(members))
        pair = np.zeros_like(total)
        for joining in (order, order[::-1]):
            buffer, before = start.copy(), start[row]
            for player in joining:
                buffer[members[player]] = ground.scores[members[player]]
                ground.fill(buffer, owners, paths[player])
                pair[player] += np.where(np.isnan(buffer[row]), 0.0, buffer[row] - before) / 2
                before = buffer[row].copy()
        total += pair
        squares += pair**2
    mean = total / pairs
    spread = np.maximum(squares / pairs - mean**2, 0.0) / max(pairs - 1, 1)
    return mean, np.sqrt(spread)
