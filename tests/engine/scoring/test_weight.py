"""Weights derived from data and from people: worked by hand, and what holds whatever the data."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.engine.scoring.cases import matrix, run, scorecard
from thuocdo.engine.scoring import Matrix, ScoringError, SpecError, compute, dump_spec, load_spec
from thuocdo.engine.scoring.weight import (
    allocate_budget,
    benefit_of_doubt,
    compare_pairs,
    critic_weights,
    effect_weights,
    entropy_weights,
    principal_weights,
)

NAN = float("nan")
POINTS = '[normalise]\nmethod = "none"\n'


def blocks(children=3, units=(4, 12)):
    return arrays.arrays(
        np.float64,
        st.tuples(st.just(children), st.integers(*units)),
        elements=st.integers(1, 60).map(lambda number: number / 4),
    )


def plain_mean(block, weights):
    return (block * weights[:, None]).sum(axis=0) / weights.sum()


# Principal components


def test_two_children_always_share_the_first_component():
    # The correlation matrix [[1, r], [r, 1]] has the eigenvector (1, 1)/√2 whatever r > 0.
    found = principal_weights(np.array([[1.0, 2, 3, 4], [1, 3, 2, 9]]))
    r = np.corrcoef([1, 2, 3, 4], [1, 3, 2, 9])[0, 1]
    assert found.weights.tolist() == pytest.approx([0.5, 0.5])
    assert found.explained == pytest.approx((1 + r) / 2)
    assert found.loadings.tolist() == pytest.approx([np.sqrt((1 + r) / 2)] * 2)


@settings(deadline=None)
@given(blocks(4))
def test_component_weights_are_those_of_a_singular_value_decomposition(block):
    assume((np.ptp(block, axis=1) > 0).all())
    rows = (block - block.mean(axis=1, keepdims=True)) / block.std(axis=1, ddof=1, keepdims=True)
    left, singular, _ = np.linalg.svd(rows, full_matrices=False)
    assume(singular[0] > singular[1] * (1 + 1e-4))
    found = principal_weights(block)
    assert found.weights == pytest.approx(left[:, 0] ** 2, abs=1e-7)
    assert found.weights.sum() == pytest.approx(1)
    assert found.explained == pytest.approx(singular[0] ** 2 / (singular**2).sum())


@settings(deadline=None)
@given(blocks(3), st.permutations(range(12)), st.integers(0, 2))
def test_component_weights_know_neither_sign_nor_scale_nor_order(block, order, turned):
    assume((np.ptp(block, axis=1) > 0).all())
    order = [place for place in order if place < block.shape[1]]
    assert np.array_equal(principal_weights(block[:, order]).weights, principal_weights(block).weights)
    other = block.copy()
    other[turned] = 7 - 3 * other[turned]
    rows = (block - block.mean(axis=1, keepdims=True)) / block.std(axis=1, ddof=1, keepdims=True)
    singular = np.linalg.svd(rows, compute_uv=False)
    assume(singular[0] > singular[1] * (1 + 1e-4))
    assert principal_weights(other).weights == pytest.approx(principal_weights(block).weights, abs=1e-7)


def test_children_that_have_nothing_in_common_weigh_the_same():
    # Orthogonal columns: every direction explains equally much, none may be picked by chance.
    block = np.array([[1.0, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])
    assert principal_weights(block).weights.tolist() == pytest.approx([1 / 3] * 3)


def test_units_with_a_gap_and_children_without_spread_do_not_count():
    block = np.array([[1.0, 2, 3, 4, NAN], [1, 3, 2, 9, 50], [5, 5, 5, 5, 5]])
    assert principal_weights(block).weights.tolist() == pytest.approx([0.5, 0.5, 0])
    with pytest.raises(ScoringError, match="only 2 units"):
        principal_weights(block[:, [0, 1, 4]])
    with pytest.raises(ScoringError, match="no child varies"):
        principal_weights(block[2:])


def test_a_run_tells_when_children_load_against_each_other():
    spec = scorecard(("a", "b", "c"), tables=POINTS + '[weigh]\nmethod = "pca"')
    outcome = run(spec, [[1, 2, 9], [2, 3, 7], [3, 5, 2], [4, 6, 1]])
    assert [step.name for step in outcome.steps] == ["weigh"]
    assert outcome.weights[:3].sum() == pytest.approx(1)
    assert outcome.scores_of("index") == pytest.approx(plain_mean(outcome.normalised.T, outcome.weights[:3]))


# By effect


def test_uncorrelated_children_get_their_wish():
    # With orthogonal children r_i ∝ w_i s_i: equal effect of spreads 1, 2 and 4 needs weights 4 : 2 : 1.
    block = np.array([[1.0, -1, 1, -1], [2, 2, -2, -2], [4, -4, -4, 4]])
    found = effect_weights(block, np.ones(3), plain_mean)
    assert found.weights.tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=1e-5)
    assert found.reached.tolist() == pytest.approx([1 / 3] * 3, abs=1e-6)
    assert found.gap == pytest.approx(0, abs=1e-6)
    uneven = effect_weights(block, np.array([3.0, 2, 1]), plain_mean)
    assert uneven.weights.tolist() == pytest.approx([12 / 17, 4 / 17, 1 / 17], abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(blocks(3, (6, 12)), arrays.arrays(np.float64, 3, elements=st.integers(1, 4).map(float)))
def test_effect_weights_are_weights_and_no_worse_than_the_given_ones(block, wanted):
    assume((np.ptp(block, axis=1) > 0).all())
    found = effect_weights(block, wanted, plain_mean)
    assert (found.weights >= 0).all()
    assert found.weights.sum() == pytest.approx(1)
    share = wanted / wanted.sum()
    score = plain_mean(block, share)
    if np.ptp(score) > 1e-9:
        r = np.array([np.corrcoef(row, score)[0, 1] for row in block])
        if r.sum() > 1e-6:
            assert found.gap**2 * 3 <= ((r / r.sum() - share) ** 2).sum() + 1e-9


def test_a_wish_out_of_reach_is_told():
    spec = scorecard({"a": "weight = 9", "b": ""}, tables=POINTS + '[weigh]\nmethod = "effect"')
    # Two nearly equal columns correlate with any mean of theirs about alike: nine to one cannot be.
    outcome = run(spec, [[1, 1], [2, 2.1], [3, 3], [4, 4.2], [5, 5]])
    assert [step.name for step in outcome.steps] == ["weigh"]
    with pytest.raises(ScoringError, match="Below index, some child does not vary"):
        run(spec, [[1, 1], [1, 2], [1, 3]])


# The benefit of the doubt


def test_a_small_case_of_the_benefit_of_the_doubt_by_hand():
    # A = (2, 6) and C = (6, 2) are best practice; on the line between them w = (12.5, 12.5).
    # B = (4, 2): 12.5 * 4 + 12.5 * 2 = 75 beats w = (100/6, 0), which gives 66.7. D = (3, 0): 50 by the first alone.
    block = np.array([[2.0, 4, 6, 3], [6, 2, 2, 0]])
    weights = benefit_of_doubt(block)
    scores = (weights * block).sum(axis=0)
    assert scores.tolist() == pytest.approx([100, 75, 100, 50])
    assert weights[:, 1].tolist() == pytest.approx([12.5, 12.5])
    assert weights[:, 3].tolist() == pytest.approx([100 / 6, 0])


def test_bounds_hold_for_shares_and_not_for_weights():
    block = np.array([[2.0, 4, 6, 3], [6, 2, 2, 0]])
    weights = benefit_of_doubt(block, (0.4, 0.6))
    parts = weights * block
    scores = parts.sum(axis=0)
    # A unit with a zero cannot give it two fifths of its score.
    assert scores[3] == 0
    shares = parts[:, :3] / scores[:3]
    assert (shares >= 0.4 - 1e-9).all()
    assert (shares <= 0.6 + 1e-9).all()
    # A by hand: first share s = 2u/(2u + 6v) = 0.4 and C's constraint 6u + 2v = 100 bind: u = 2v.
    assert weights[:, 0].tolist() == pytest.approx([100 / 7, 50 / 7])
    assert scores[0] == pytest.approx(500 / 7)


def test_a_missing_child_has_weight_zero():
    weights = benefit_of_doubt(np.array([[2.0, 4, NAN, NAN], [6, 2, 3, NAN]]))
    assert weights[:, 2].tolist() == pytest.approx([0, 100 / 6])
    assert not weights[:, 3].any()
    with pytest.raises(ScoringError, match="0 or more"):
        benefit_of_doubt(np.array([[1.0, -1], [1, 1]]))


@settings(max_examples=40, deadline=None)
@given(blocks(2, (2, 6)))
def test_two_children_match_the_corners_of_the_polygon(block):
    # The optimum of a linear programme is a corner: an axis, or where two constraints meet.
    corners = [np.array([1 / block[0].max(), 0]), np.array([0, 1 / block[1].max()])]
    for one, other in combinations(block.T, 2):
        if abs(np.linalg.det([one, other])) > 1e-9:
            corners.append(np.linalg.solve([one, other], [1, 1]))
    feasible = [w for w in corners if (w >= -1e-12).all() and (w @ block <= 1 + 1e-9).all()]
    best = np.max([w @ block for w in feasible], axis=0)
    assert (benefit_of_doubt(block) * block).sum(axis=0) == pytest.approx(100 * best)


def test_a_run_with_the_benefit_of_the_doubt_on_one_level():
    spec = scorecard(
        {"a": 'parent = "x"', "b": 'parent = "x"', "c": ""},
        nodes={"x": 'parent = "index"'},
        levels=3,
        tables=POINTS + '[weigh]\nmethod = "benefit_of_doubt"\nlevels = [2]',
    )
    outcome = run(spec, [[2, 6, 50], [4, 2, 50], [6, 2, 50], [3, 0, 10]])
    assert outcome.scores_of("x").tolist() == pytest.approx([100, 75, 100, 50])
    assert outcome.scores_of("index").tolist() == pytest.approx([75, 62.5, 75, 30])
    assert outcome.weights.shape == (4, 5)
    again = compute(spec, Matrix(outcome.units[::-1], ("a", "b", "c"), outcome.matrix.values[::-1]))
    assert np.array_equal(again.scores[::-1], outcome.scores)


# CRITIC, entropy, people


def test_critic_and_entropy_by_hand():
    # b = 2a on the 0–1 scale: r = 1, no conflict between them; c runs against both.
    block = np.array([[0.0, 1, 2], [0, 2, 4], [2, 1, 0]])
    # Every spread is 0.5; conflicts: a 0 + 0 + 2, b the same, c 2 + 2.
    assert critic_weights(block).tolist() == pytest.approx([0.25, 0.25, 0.5])
    even = np.array([[1.0, 1, 2], [1, 1, 1]])
    assert entropy_weights(even).tolist() == pytest.approx([1, 0])
    p = np.array([0.25, 0.25, 0.5])
    both = np.array([[1.0, 1, 2], [0, 0, 3]])
    first = 1 + (p * np.log(p)).sum() / np.log(3)
    assert entropy_weights(both).tolist() == pytest.approx([first / (first + 1), 1 / (first + 1)])
    with pytest.raises(ScoringError, match="0 or more"):
        entropy_weights(-both)
    with pytest.raises(ScoringError, match="every child is even"):
        entropy_weights(even[1:])
    with pytest.raises(ScoringError, match="that the others do not"):
        critic_weights(block[:2])


def test_pairs_compared_by_saatys_scale():
    consistent = compare_pairs(np.array([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]]))
    assert consistent.weights.tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert consistent.consistency_ratio == pytest.approx(0, abs=1e-9)
    # a over b over c over a, each three times: λ = 1 + 3 + 1/3, the index 2/3, the ratio 2/3 / 0.58.
    round_about = compare_pairs(np.array([[1, 3, 1 / 3], [1 / 3, 1, 3], [3, 1 / 3, 1]]))
    assert round_about.weights.tolist() == pytest.approx([1 / 3] * 3)
    assert round_about.consistency_ratio == pytest.approx(2 / 3 / 0.58)
    assert consistent.is_consistent
    assert not round_about.is_consistent
    for bad in (np.ones((2, 3)), np.array([[1.0, 2], [2, 1]])):
        with pytest.raises(ValueError, match="comparisons"):
            compare_pairs(bad)


def test_budgets_are_averaged_with_their_spread():
    found = allocate_budget(np.array([[20.0, 80], [50, 50], [1, 1]]))
    assert found.weights.tolist() == pytest.approx([0.4, 0.6])
    assert found.spread.tolist() == pytest.approx([np.std([0.2, 0.5, 0.5], ddof=1)] * 2)
    with pytest.raises(ValueError, match="0 or more"):
        allocate_budget(np.array([[0.0, 0]]))


# The scorecard file


@pytest.mark.parametrize("method", ["effect", "pca", "benefit_of_doubt", "critic", "entropy", "equal"])
def test_every_method_runs_is_written_and_does_not_depend_on_the_order_of_units(method):
    tables = f'[normalise]\nmethod = "goalposts"\ngoalposts = [0, 10]\n[weigh]\nmethod = "{method}"'
    spec = scorecard(
        {"a": 'parent = "x"', "b": 'parent = "x"', "c": 'parent = "y"', "d": 'parent = "y"'},
        nodes={"x": 'parent = "index"', "y": 'parent = "index"'},
        levels=3,
        tables=tables,
    )
    assert load_spec(dump_spec(spec)) == spec
    values = np.random.default_rng(3).uniform(1, 9, (9, 4)).round(1)
    values[2, 1] = NAN
    straight = run(spec, values)
    order = [4, 0, 8, 2, 6, 1, 7, 3, 5]
    turned = compute(spec, Matrix(tuple(f"u{place}" for place in order), tuple("abcd"), values[order]))
    assert np.array_equal(turned.scores, straight.scores[order], equal_nan=True)
    assert not np.isnan(straight.scores_of("index")).any()
    assert straight.matrix.units == matrix(spec, values).units


@pytest.mark.parametrize(
    ("tables", "word"),
    [
        ('[weigh]\nmethod = "best"', "not known"),
        ('[weigh]\nmethod = "pca"\n[weights]\nmethod = "given"', "keep one"),
        ('[weigh]\nmethod = "given"\nlevels = [2]', "means nothing"),
        ('[weigh]\nmethod = "pca"\nshares = [0.1, 0.5]', "means nothing"),
        ('[weigh]\nmethod = "pca"\nlevels = [9]', "no level 9"),
        ('[weigh]\nmethod = "pca"\nlevels = "two"', "list of levels"),
        ('[weigh]\nmethod = "benefit_of_doubt"\nshares = [0.6, 0.5]', "no room"),
        ('[weigh]\nmethod = "benefit_of_doubt"\nshares = 0.6', "pair"),
        ('[weigh]\nmethod = "benefit_of_doubt"\n[aggregate]\nmethod = "geometric"', "do not apply"),
        ('[weigh]\nmethod = "effect"\n[aggregate]\nmethod = "median"', "do not apply"),
    ],
)
def test_what_cannot_be_weighed_is_refused_with_its_reason(tables, word):
    with pytest.raises(SpecError, match=word):
        scorecard(tables=tables)
