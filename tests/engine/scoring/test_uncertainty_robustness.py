"""Pairs that stay in order whatever the weights, and what dominance alone says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import matrix, run, scorecard
from thuocdo.engine.scoring import ScoringError, compute
from thuocdo.engine.scoring.uncertainty import partial_order, robust_pairs

PLAIN = '[normalise]\nmethod = "none"\n'


def spec_of(tables=PLAIN):
    return scorecard({"a": "weight = 2", "b": "weight = 1", "c": "weight = 1"}, tables=tables)


def test_the_tolerated_share_by_hand():
    # The gaps are 4, 2 and -1 with the weights 1/2, 1/4 and 1/4: 2.25 on average and -1 at worst.
    found = robust_pairs(run(spec_of(), [[10, 5, 1], [6, 3, 2], [5, 3, 2]]))
    assert found.of("u0", "u1") == pytest.approx(2.25 / 3.25)
    assert found.of("u1", "u0") == 0
    assert found.of("u1", "u2") == 1
    assert np.isnan(found.of("u0", "u0"))
    assert found.robust_share(0.5) == 1
    assert found.robust_share(0.9) == pytest.approx(1 / 3)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_weights_within_the_share_turn_a_pair_and_some_just_beyond_it_do(seed):
    random = np.random.default_rng(seed)
    values = random.uniform(0, 10, (4, 3))
    found = robust_pairs(run(spec_of(), values))
    weights = np.array([0.5, 0.25, 0.25])
    for one in range(4):
        for other in range(4):
            share = found.tolerated[one, other]
            if one == other or share == 0:
                continue
            gaps = values[one] - values[other]
            corners = [(1 - e) * (weights @ gaps) + e * gaps for e in (share, min(1.0, share + 1e-6))]
            assert corners[0].min() >= -1e-9
            assert share == 1 or corners[1].min() < 0


def test_pairs_are_compared_on_what_both_have():
    found = robust_pairs(run(spec_of(), [[10, None, 1], [6, 30, 2]]))
    # On a and c alone the weights are 2/3 and 1/3.
    assert found.of("u0", "u1") == pytest.approx((8 / 3 - 1 / 3) / (8 / 3 - 1 / 3 + 1))


def test_a_partial_order_by_hand():
    # u0 dominates u1 and u3, u1 dominates u3, u2 is incomparable with u0 and u1 and dominates u3.
    order = partial_order(run(spec_of(), [[5, 5, 5], [4, 5, 4], [9, 1, 1], [3, 1, 1]]))
    assert order.above.tolist() == [0, 1, 0, 3]
    assert order.below.tolist() == [2, 1, 1, 0]
    assert order.best.tolist() == [1, 2, 1, 4]
    assert order.worst.tolist() == [2, 3, 3, 4]
    np.testing.assert_allclose(order.average, [1 * 5 / 4, 2 * 5 / 4, 1 * 5 / 3, 4])


def test_every_weighting_ranks_within_the_partial_order():
    random = np.random.default_rng(3)
    values = random.integers(0, 6, (12, 3)).astype(float)
    order = partial_order(run(spec_of(), values))
    for weights in random.dirichlet(np.ones(3), 200):
        scores = values @ weights
        ranks = 1 + (scores[None, :] > scores[:, None] + 1e-12).sum(axis=1)
        assert (order.best <= ranks).all()
        assert (ranks <= order.worst).all()


def test_peer_groups_are_apart_and_units_without_an_index_have_no_ranks():
    tables = PLAIN + '[[peer_group]]\ncode = "x"\ntitle = "X"\n[[peer_group]]\ncode = "y"\ntitle = "Y"\n'
    spec = spec_of(tables)
    data = matrix(spec, [[5, 5, 5], [4, 4, 4], [3, 3, 3], [None] * 3], columns={"peer_group": np.array(list("xyxx"))})
    outcome = compute(spec, data)
    assert np.isnan(robust_pairs(outcome).of("u0", "u1"))
    assert robust_pairs(outcome, ["u2", "u0"]).of("u0", "u2") == 1
    order = partial_order(outcome)
    assert order.best[:3].tolist() == [1, 1, 2]
    assert order.worst[:3].tolist() == [1, 1, 2]
    assert np.isnan(order.best[3])


def test_other_means_are_refused():
    with pytest.raises(ScoringError) as caught:
        robust_pairs(run(spec_of(PLAIN + '[aggregate]\nmethod = "geometric"'), [[1, 2, 3]]))
    assert caught.value.code == "not_additive"
