"""What if: other weights and values beside a run, which stays as it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import matrix, run, scorecard
from tests.engine.scoring.test_contribute import cells, tree_of
from thuocdo.engine.scoring import ScoringError, compute, freeze
from thuocdo.engine.scoring.explain import compare, what_if

NAN = float("nan")
POINTS = '[normalise]\nmethod = "none"\n'
GOALS = '[normalise]\nmethod = "goalposts"\ngoalposts = [0, 10]\n'


@settings(max_examples=30, deadline=None)
@given(cells(), st.sampled_from(("arithmetic", "geometric", "median")), st.sampled_from(("pca", "given", "equal")))
def test_with_nothing_changed_it_is_the_run_bit_for_bit(values, mean, method):
    values = np.vstack([values, [[1, 2, 3, 4, 5], [2, 9, 1, 1, 4], [3, 3, 9, 2, 1]]])
    outcome = run(tree_of(mean, "arithmetic", f'[weigh]\nmethod = "{method}"'), values)
    assert what_if(outcome).after is outcome
    same = what_if(outcome, values={("u0", "a"): None if np.isnan(values[0, 0]) else values[0, 0]})
    assert np.array_equal(same.after.scores, outcome.scores, equal_nan=True)
    weights = dict(zip(outcome.columns[:-1], outcome.weights[:-1].tolist(), strict=True))
    again = what_if(outcome, weights=weights)
    assert np.array_equal(again.after.scores, outcome.scores, equal_nan=True)
    assert np.array_equal(again.after.ranks, outcome.ranks, equal_nan=True)
    assert not np.nan_to_num(again.gains).any()
    assert not np.nan_to_num(again.places).any()


@settings(max_examples=30, deadline=None)
@given(
    cells(),
    st.sampled_from(("arithmetic", "geometric", "harmonic")),
    st.dictionaries(st.sampled_from("abcdexy"), st.integers(1, 9).map(float), min_size=1),
)
def test_other_weights_give_what_the_whole_run_would(values, mean, weights):
    outcome = run(tree_of(mean, mean), values)
    tried = what_if(outcome, weights=weights)
    whole = compute(tried.after.spec, outcome.matrix)
    assert np.array_equal(tried.after.scores, whole.scores, equal_nan=True)
    assert tried.after.accounted.points == pytest.approx(whole.accounted.points, nan_ok=True)
    scaled = what_if(outcome, weights={code: 8 * tried.after.weights[outcome.columns.index(code)] for code in "ab"})
    same = what_if(outcome, weights={code: tried.after.weights[outcome.columns.index(code)] for code in "ab"})
    # Weights count among siblings only: eight times all of them is the same.
    assert scaled.index == pytest.approx(same.index, nan_ok=True, rel=1e-12)


def test_a_changed_value_is_told_from_a_moved_scale():
    values = [[2, 5], [4, 7], [8, 1]]
    fixed = what_if(run(scorecard(tables=GOALS), values), values={("u0", "a"): 10})
    assert fixed.moved == ()
    assert fixed.index.tolist() == pytest.approx([75, 55, 45])
    assert fixed.gains.tolist() == pytest.approx([40, 0, 0])
    assert fixed.ranks.tolist() == [1, 2, 3]
    assert fixed.places.tolist() == [2, -1, -1]
    spread = what_if(run(scorecard(), values), values={("u0", "a"): 10, ("u1", "b"): 7})
    assert spread.moved == ("a",)
    assert spread.gains[1] == pytest.approx(-100 / 6)


def test_frozen_parameters_stay_frozen():
    base = run(scorecard(), [[2, 5], [4, 7], [8, 1]])
    later = compute(base.spec, matrix(base.spec, [[2, 5], [4, 6]]), parameters=freeze(base))
    tried = what_if(later, values={("u0", "a"): 5})
    assert tried.moved == ()
    assert tried.gains.tolist() == pytest.approx([25, 0])


def test_values_may_come_go_and_be_verified():
    spec = scorecard(tables=GOALS)
    outcome = run(
        spec,
        [[8, NAN], [4, 6]],
        confidence=np.array([[0.5, NAN], [1, 1]]),
        not_applicable=np.array([[False, True], [False, False]]),
    )
    assert what_if(outcome, values={("u0", "b"): 10}).index.tolist() == pytest.approx([70, 50])
    assert what_if(outcome, values={("u1", "b"): None}).index.tolist() == pytest.approx([40, 40])
    assert what_if(outcome, confidence={("u0", "a"): 1}).index.tolist() == pytest.approx([80, 50])
    plain = run(spec, [[8, 8], [4, 6]])
    assert what_if(plain, confidence={("u0", "a"): 0.5}).index.tolist() == pytest.approx([60, 50])
    assert plain.matrix.confidence is None
    assert outcome.scores_of("index").tolist() == pytest.approx([40, 50])


def test_a_unit_screened_out_by_the_change_has_no_place_any_more():
    spec = scorecard(("a", "b", "c"), tables=GOALS + "[screen]\nunit_availability = 0.6")
    tried = what_if(run(spec, [[1, 2, NAN], [3, 4, 5]]), values={("u0", "a"): None})
    assert tried.after.screened == ("u0",)
    assert np.isnan(tried.index[0])
    assert tried.ranks.tolist()[1] == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weights": {"z": 1}}, "weight_unknown"),
        ({"weights": {"index": 1}}, "weight_unknown"),
        ({"weights": {"a": -1}}, "weight_bounds"),
        ({"weights": {"a": NAN}}, "weight_bounds"),
        ({"weights": {"a": 0, "b": 0}}, "weight_bounds"),
        ({"values": {("z", "a"): 1}}, "unit_unknown"),
        ({"values": {("u0", "z"): 1}}, "indicator_unknown"),
        ({"values": {("u0", "a"): float("inf")}}, "value_infinite"),
        ({"confidence": {("u0", "a"): 2}}, "confidence_bounds"),
    ],
)
def test_what_cannot_be_tried_is_refused(change, code):
    with pytest.raises(ScoringError) as caught:
        what_if(run(scorecard(tables=GOALS), [[1, 2], [3, 4]]), **change)
    assert caught.value.code == code


def test_weights_by_unit_cannot_be_tried_one_by_one():
    outcome = run(scorecard(tables=POINTS + '[weigh]\nmethod = "benefit_of_doubt"'), [[2, 6], [6, 2], [4, 2]])
    with pytest.raises(ScoringError, match="own weights"):
        what_if(outcome, weights={"a": 1})
    assert what_if(outcome, values={("u2", "a"): 7}).index[2] == pytest.approx(100)


@settings(max_examples=30, deadline=None)
@given(cells((2, 6)), st.sampled_from(("arithmetic", "geometric", "harmonic")))
def test_two_units_differ_by_the_sum_of_their_parts(values, mean):
    outcome = run(tree_of("arithmetic", mean), values)
    if np.isnan(outcome.scores[:2, -1]).any():
        with pytest.raises(ScoringError):
            compare(outcome, "u0", "u1")
        return
    found = compare(outcome, "u0", "u1")
    assert found.start + found.points.sum() == pytest.approx(found.difference, rel=1e-12, abs=1e-11)
    assert [abs(points) for _, points in found.largest] == sorted(np.abs(found.points), reverse=True)
    back = compare(outcome, "u1", "u0")
    assert back.points == pytest.approx(-found.points)
    with pytest.raises(ScoringError):
        compare(outcome, "u0", "nobody")
