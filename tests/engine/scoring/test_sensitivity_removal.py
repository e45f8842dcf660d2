"""Leaving out one part of a scorecard at a time."""

import numpy as np
import pytest

from tests.engine.scoring.cases import matrix, scorecard
from thuocdo.engine.scoring import compute
from thuocdo.engine.scoring.sensitivity import remove_each, without

NODES = {"p": 'parent = "index"\nweight = 2', "q": 'parent = "index"', "deep": 'parent = "q"'}
LEAVES = {"a": 'parent = "p"\nweight = 3', "b": 'parent = "p"', "c": 'parent = "deep"', "d": 'parent = "q"'}
VALUES = np.array([[1, 9, 4, 0], [2, 7, 1, 10], [3, 5, 9, 5], [10, 1, 2, 7], [7, 3, 10, 2]], dtype=float)


def spec_of(tables=""):
    return scorecard(LEAVES, nodes=NODES, tables=tables, levels=4)


def test_a_part_left_out_gives_its_weight_to_its_siblings():
    spec = spec_of()
    data = matrix(spec, VALUES)
    scores, nominal = compute(spec, data).normalised, compute(spec, data).ranks[:, -1]
    removals = {one.code: one for one in remove_each(spec, data, ["a", "d", "q"])}
    c, d = scores[:, 2], scores[:, 3]
    by_hand = {
        "a": 2 / 3 * scores[:, 1] + (c + d) / 6,
        "d": 2 / 3 * (0.75 * scores[:, 0] + 0.25 * scores[:, 1]) + c / 3,
        "q": 0.75 * scores[:, 0] + 0.25 * scores[:, 1],
    }
    for code, index in by_hand.items():
        ranks = 1.0 + (index[None, :] > index[:, None]).sum(axis=1)
        np.testing.assert_array_equal(removals[code].ranks, ranks)
        assert removals[code].shift == pytest.approx(np.abs(ranks - nominal).mean())
        moves = [abs(mover.after - mover.before) for mover in removals[code].movers]
        assert moves == sorted(moves, reverse=True)
        assert max(moves, default=0) == np.abs(ranks - nominal).max()


def test_every_indicator_is_left_out_once_by_default():
    spec = spec_of()
    assert [one.code for one in remove_each(spec, matrix(spec, VALUES))] == ["a", "b", "c", "d"]


def test_a_branch_that_becomes_empty_goes_too_and_rules_of_levels_stay():
    spec = spec_of('[aggregate]\nby_level = ["minimum", "geometric", "arithmetic"]')
    smaller = without(spec, "c")
    assert [node.code for node in smaller.nodes] == ["index", "p", "q"]
    assert smaller.levels == 3
    rules = dict(zip(smaller.tree.columns[3:], smaller.aggregations, strict=True))
    assert (rules["p"].method, rules["q"].method, rules["index"].method) == ("minimum", "geometric", "arithmetic")


def test_a_unit_may_lose_its_index():
    spec = spec_of()
    values = VALUES.copy()
    values[0, 1:] = np.nan
    (removal,) = remove_each(spec, matrix(spec, values), ["a"])
    assert removal.lost == 1
    assert np.isnan(removal.ranks[0])


def test_what_cannot_be_left_out_is_refused():
    spec = spec_of()
    with pytest.raises(KeyError):
        remove_each(spec, matrix(spec, VALUES), ["z"])
    with pytest.raises(ValueError, match="Nothing is left"):
        without(spec, "index")
