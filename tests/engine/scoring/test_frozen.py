"""Frozen parameters: a later period is scored with the means, cut-offs and posts of an earlier one."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import matrix, scorecard
from tests.engine.scoring.test_against_reference import configuration, given_matrix
from thuocdo.engine.scoring import Parameters, ScoringError, compute, freeze, load_spec

NAN = float("nan")


def test_with_frozen_posts_a_score_moves_only_with_its_own_values():
    """min_max 0–100 over 10–30 of the first period: 20 is 50 then and later, though 50 is the maximum later."""
    spec = scorecard(("a",))
    first = compute(spec, matrix(spec, [[10], [20], [30]]))
    later = matrix(spec, [[10], [20], [50]])
    assert compute(spec, later).scores_of("index").tolist() == [0, 25, 100]
    assert compute(spec, later, parameters=freeze(first)).scores_of("index").tolist() == [0, 50, 200]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        # Mean 20 and standard deviation 10 of 10, 20, 30.
        ('[normalise]\nmethod = "z_score"', [-1.5, 3]),
        # 1 + the number of frozen values below: 5 is last of all, 15 second, 50 is held at the best, 3.
        ('[normalise]\nmethod = "rank"', [1, 3]),
        ('[normalise]\nmethod = "rank"\nties = "dense"', [1, 3]),
        ('[normalise]\nmethod = "rank"\nties = "average"', [1, 3]),
        ('[normalise]\nmethod = "borda"', [0, 2]),
        ('[normalise]\nmethod = "percentile_rank"', [0, 1]),
        ('[normalise]\nmethod = "distance_to_maximum"', [-0.25, 2]),
        ('[normalise]\nmethod = "distance_to_reference"\nreference = "u1"', [-0.5, 4]),
        ('[normalise]\nmethod = "fraction_of_maximum"', [5 / 30, 50 / 30]),
    ],
)
def test_every_method_can_be_frozen(tables, expected):
    spec = scorecard(("a",), tables=tables)
    frozen = freeze(compute(spec, matrix(spec, [[10], [20], [30]])))
    later = compute(spec, matrix(spec, [[5], [50]]), parameters=frozen)
    assert later.normalised[:, 0].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ('method = "mean"', 20),
        ('method = "median"', 15),
        ('method = "group_mean"\ngroup = "kind"', 12.5),
        # u0 stands at (12 - 10) / (20 - 10) of b, so at a fifth of a, which went from 10 to 35.
        ('method = "row_mean"', 15),
    ],
)
def test_gaps_are_filled_with_what_was_known_then(tables, expected):
    spec = scorecard(("a", "b"), tables=f"[impute]\n{tables}")
    kinds = {"kind": np.array(["x", "x", "y"])}
    frozen = freeze(compute(spec, matrix(spec, [[10, 10], [15, 15], [35, 20]], columns=kinds)))
    later = matrix(spec, [[NAN, 12], [99, 99], [99, 99]], columns=kinds)
    assert compute(spec, later, parameters=frozen).imputed_values[0, 0] == pytest.approx(expected)


def test_cut_offs_and_transforms_stay():
    spec = scorecard(("a",), tables='[treat]\nmethod = "two_stage"\nmax_winsorised = 1\n[normalise]\nmethod = "none"')
    heavy = [1.0] * 30 + [2.0, 1e3, 1e5, 1e7]
    frozen = freeze(compute(spec, matrix(spec, [[value] for value in heavy])))
    later = compute(spec, matrix(spec, [[1e5], [-5], [2e7]]), parameters=frozen)
    shift = 0.01 * (1e7 - 1)
    # -5 lies below all that was known, where the logarithm need not exist: it counts as the minimum.
    assert later.treated_values[:, 0] == pytest.approx(np.log(np.array([1e5, 1, 2e7]) - 1 + shift))
    gentle = scorecard(("a",), tables='[treat]\nmethod = "two_stage"\n[normalise]\nmethod = "none"')
    outcome = compute(gentle, matrix(gentle, [[value] for value in (*range(1, 11), 30, 100)]))
    again = compute(gentle, matrix(gentle, [[7], [45], [1000]]), parameters=freeze(outcome))
    assert again.treated_values[:, 0].tolist() == [7, 30, 30]
    assert again.treatments[0].winsorised == 2


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 239))
def test_the_same_data_with_their_own_parameters_give_the_same(seed):

    text, rows = configuration(seed)
    spec = load_spec(text)
    straight = compute(spec, given_matrix(spec, rows))
    exported = json.dumps(freeze(straight).exported(), allow_nan=False)
    again = compute(spec, given_matrix(spec, rows), parameters=Parameters.imported(json.loads(exported)))
    assert again.scores == pytest.approx(straight.scores, nan_ok=True, rel=1e-12, abs=1e-12)
    assert np.array_equal(again.ranks, straight.ranks, equal_nan=True)


def test_derived_weights_are_frozen_too():
    spec = scorecard(("a", "b", "c"), tables='[weigh]\nmethod = "entropy"\n[normalise]\nlower = 1')
    outcome = compute(spec, matrix(spec, [[1, 5, 2], [2, 5, 9], [3, 6, 4], [9, 5, 1]]))
    later = matrix(spec, [[9, 5, 2], [2, 9, 9], [3, 6, 4], [1, 5, 1]])
    frozen = compute(spec, later, parameters=freeze(outcome))
    assert frozen.weights.tolist() == outcome.weights.tolist()
    assert frozen.weights.tolist() != compute(spec, later).weights.tolist()


def test_parameters_of_another_method_are_refused():
    spec = scorecard(("a",))
    frozen = freeze(compute(spec, matrix(spec, [[1], [2]])))
    other = scorecard(("a",), tables='[normalise]\nmethod = "z_score"')
    with pytest.raises(ScoringError) as caught:
        compute(other, matrix(other, [[1], [2]]), parameters=frozen)
    assert caught.value.code == "parameters_mismatch"
    with pytest.raises(ScoringError) as caught:
        Parameters.imported({"methods": {"a": []}})
    assert caught.value.code == "parameters_unreadable"
