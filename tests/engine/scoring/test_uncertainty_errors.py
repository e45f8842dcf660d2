"""Measurement errors in simulated rankings, and runs that cannot be computed."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.engine.scoring.cases import matrix, scorecard
from tests.engine.scoring.varied_cases import CODES, VARIED, by_the_pipeline, scores_of, tree, values
from thuocdo.engine.scoring import ScoringError, compute, freeze
from thuocdo.engine.scoring.uncertainty import (
    Alternatives,
    draw_design,
    errors_in_points,
    replay,
    simulate,
    weights_of,
    with_weights,
)


def test_errors_of_a_linear_tree_have_the_variance_of_the_weighted_sum():
    spec = scorecard(("a", "b"), tables='[normalise]\nmethod = "none"\n[rounding]\nrank_on = "full"')
    spec = replace(spec, indicators=(replace(spec.indicators[0], weight=3.0), spec.indicators[1]))
    data = matrix(spec, np.full((4, 2), 50.0))
    errors = np.array([[2.0, 4.0], [2.0, 0.0], [0.0, 0.0], [np.nan, 4.0]])
    scores, _, units = scores_of(spec, data, draw_design(spec, 20_000, seed=3), errors=errors)
    assert units == ("u0", "u1", "u2", "u3")
    expected = np.sqrt([0.75**2 * 4 + 0.25**2 * 16, 0.75**2 * 4, 0, 0.25**2 * 16])
    np.testing.assert_allclose(scores.std(axis=0), expected, rtol=0.03)
    np.testing.assert_allclose(scores.mean(axis=0), 50, atol=0.05)
    assert abs(np.corrcoef(scores[:, 0], scores[:, 1])[0, 1]) < 0.03


def test_errors_of_the_data_in_points_follow_the_goalposts_and_end_with_them():
    """10 of a scale of 40 are 25 points; half of them at an end beyond which nothing is added."""
    posts = "goalposts = [10, 50]"
    spec = scorecard({"a": posts, "b": posts}, tables='[normalise]\nmethod = "goalposts"\ntruncate = true')
    data = matrix(spec, [[30.0, 50.0], [60.5, 30.0], [np.nan, 30.0]])
    raw = np.array([[10.0, 10.0], [10.0, np.nan], [10.0, 0.0]])
    expected = [[25.0, 12.5], [0.0, 0.0], [0.0, 0.0]]
    np.testing.assert_allclose(errors_in_points(spec, data, raw), expected, atol=1e-12)


def test_errors_in_points_leave_what_was_taken_from_the_data_as_it_was():
    """One value moves on the scale that all values made, though it is itself an end of that scale."""
    spec = scorecard(("a",), tables='[normalise]\nmethod = "min_max"')
    data = matrix(spec, [[0.0], [50.0], [200.0]])
    found = errors_in_points(spec, data, np.array([[10.0], [10.0], [10.0]]))
    np.testing.assert_allclose(found, [[5.0], [5.0], [5.0]])


def test_a_value_that_cannot_be_moved_one_way_is_moved_the_other():
    """Of 1 nothing is left below, and no logarithm; a logarithm of 3 lies between those of 1 and e²."""
    spec = scorecard(("a",), tables='[normalise]\nmethod = "none"')
    spec = replace(spec, indicators=tuple(replace(one, transform="ln") for one in spec.indicators))
    data = matrix(spec, [[1.0], [3.0]])
    found = errors_in_points(spec, data, np.array([[1.0], [1.0]]))
    np.testing.assert_allclose(found, [[np.log(2)], [(np.log(4) - np.log(2)) / 2]])


def test_units_in_another_order_have_the_same_errors_in_points():
    spec = tree(VARIED + "[screen]\nunit_availability = 0.3")
    data = matrix(spec, values())
    raw = np.random.default_rng(2).uniform(0, 6, data.values.shape)
    turned = replace(data, units=data.units[::-1], values=data.values[::-1])
    found, other = errors_in_points(spec, data, raw), errors_in_points(spec, turned, raw[::-1])
    assert found.any()
    np.testing.assert_array_equal(found, other[::-1])


def test_errors_below_a_minimum_are_drawn_for_each_cell():
    spec = scorecard(("a", "b"), tables='[normalise]\nmethod = "none"\n[aggregate]\nmethod = "minimum"')
    data = matrix(spec, np.full((1, 2), 50.0))
    scores, _, _ = scores_of(spec, data, draw_design(spec, 20_000, seed=3), errors=np.array([[2.0, 2.0]]))
    # The lesser of two independent normal numbers has the mean -1/√π and the variance 1 - 1/π.
    assert scores.mean() == pytest.approx(50 - 2 / np.sqrt(np.pi), abs=0.05)
    assert scores.std() == pytest.approx(2 * np.sqrt(1 - 1 / np.pi), rel=0.03)


@pytest.mark.parametrize("method", ["geometric", "harmonic", "generalised"])
def test_an_error_below_a_power_mean_ends_at_zero(method):
    spec = scorecard(("a", "b"), tables=f'[normalise]\nmethod = "none"\n[aggregate]\nmethod = "{method}"\npower = 3')
    data = matrix(spec, [[1.0, 50.0], [40.0, 50.0]])
    scores, failures, _ = scores_of(spec, data, draw_design(spec, 500, seed=3), errors=np.full((2, 2), 3.0))
    assert not failures
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()


def test_errors_on_the_scale_of_the_data_are_measured_anew_by_the_pipeline():
    spec = tree(VARIED + "[screen]\nunit_availability = 0.3")
    data = matrix(spec, values())
    errors = np.random.default_rng(2).uniform(0, 6, data.values.shape)
    design = draw_design(spec, 12, seed=7)
    simulation = replay(spec, data, design, raw_errors=errors)
    order = sorted(range(40), key=data.units.__getitem__)
    for run in range(12):
        random = np.random.Generator(np.random.Philox(key=[7, run]))
        measured = data.values.copy()
        measured[order] += errors[order] * random.standard_normal(measured.shape)
        variant = Alternatives(spec).spec_of(tuple(int(one) for one in design.choices[run]))
        weighed = with_weights(variant, weights_of(spec, design)[run])
        outcome = compute(weighed, replace(data, values=measured))
        assert outcome.units == simulation.units
        np.testing.assert_array_equal(simulation.ranks[run], np.nan_to_num(outcome.ranks[:, -1]))


def test_measured_anew_with_frozen_parameters():
    spec = tree('[uncertainty]\nnormalise = ["z_score"]\nweights = 0.2\n[treat]\nmethod = "two_stage"')
    data = matrix(spec, values())
    errors = np.full(data.values.shape, 4.0)
    design = draw_design(spec, 8, seed=7)
    frozen = replay(spec, data, design, raw_errors=errors, refit=False)
    fitted = replay(spec, data, design, raw_errors=errors)
    assert frozen.ranks.tobytes() != fitted.ranks.tobytes()
    order = sorted(range(40), key=data.units.__getitem__)
    for run in range(8):
        measured = data.values.copy()
        random = np.random.Generator(np.random.Philox(key=[7, run]))
        measured[order] += errors[order] * random.standard_normal(measured.shape)
        variant = Alternatives(spec).spec_of(tuple(int(one) for one in design.choices[run]))
        weighed = with_weights(variant, weights_of(spec, design)[run])
        parameters = freeze(compute(weighed, data))
        outcome = compute(weighed, replace(data, values=measured), parameters=parameters)
        np.testing.assert_array_equal(frozen.ranks[run], np.nan_to_num(outcome.ranks[:, -1]))


def test_an_edition_with_frozen_parameters_is_simulated_as_it_is_scored():
    spec = tree("[uncertainty]\nweights = 0.25")
    parameters = freeze(compute(spec, matrix(spec, values(seed=2))))
    data = matrix(spec, values())
    simulation = simulate(spec, data, replicates=8, seed=1, parameters=parameters)
    np.testing.assert_array_equal(simulation.nominal_ranks, compute(spec, data, parameters=parameters).ranks[:, -1])
    weights = weights_of(spec, simulation.design)
    for run in range(8):
        outcome = compute(with_weights(spec, weights[run]), data, parameters=parameters)
        np.testing.assert_array_equal(simulation.ranks[run], np.nan_to_num(outcome.ranks[:, -1]))


def test_values_of_former_dates_are_imputed_whatever_the_order_of_units():
    spec = tree('[uncertainty]\nweights = 0.25\n[impute]\nmethod = "last_known"')
    former = {date(2025, 1, 1): values(seed=9, gaps=0.0)}
    data = replace(matrix(spec, values()), earlier=former)
    simulation = simulate(spec, data, replicates=4, seed=1)
    for run in range(4):
        ranks = by_the_pipeline(spec, data, simulation.design, run).ranks[:, -1]
        np.testing.assert_array_equal(simulation.ranks[run], np.nan_to_num(ranks))


def test_errors_of_both_scales_add_up_and_zero_is_none():
    spec = tree("[uncertainty]\nweights = 0.25")
    data, nothing = matrix(spec, values()), np.zeros((40, len(CODES)))
    plain = simulate(spec, data, replicates=16, seed=3)
    same = simulate(spec, data, replicates=16, seed=3, raw_errors=nothing, errors=nothing)
    np.testing.assert_array_equal(same.ranks, plain.ranks)
    both = simulate(spec, data, replicates=16, seed=3, raw_errors=nothing + 2, errors=nothing + 2, jobs=2)
    alone = simulate(spec, data, replicates=16, seed=3, raw_errors=nothing + 2)
    assert both.ranks.tobytes() != alone.ranks.tobytes()
    with pytest.raises(ScoringError, match="errors is"):
        simulate(spec, data, replicates=16, seed=3, raw_errors=np.zeros((2, 2)))


def test_an_error_counts_by_the_confidence_in_its_cell_and_not_where_nothing_was_measured():
    spec = scorecard(("a", "b"), tables='[normalise]\nmethod = "none"\n[aggregate]\nmissing = "zero"')
    data = matrix(spec, [[50.0, 50.0], [50.0, None]], confidence=np.array([[0.5, 0.5], [1.0, 1.0]]))
    scores, _, _ = scores_of(spec, data, draw_design(spec, 20_000, seed=3), errors=np.full((2, 2), 4.0))
    np.testing.assert_allclose(scores.std(axis=0), [np.sqrt(2) * 0.5 * 2, 2], rtol=0.03)
    np.testing.assert_allclose(scores.mean(axis=0), [25, 25], atol=0.1)


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        (np.zeros((2, 2)), "errors_shape"),
        (np.full((40, 8), -1.0), "errors_bounds"),
        (np.full((40, 8), np.inf), "errors_bounds"),
    ],
)
def test_errors_that_mean_nothing_are_refused(errors, code):
    spec = tree(VARIED)
    with pytest.raises(ScoringError) as caught:
        simulate(spec, matrix(spec, values()), replicates=4, seed=1, errors=errors)
    assert caught.value.code == code


def test_runs_that_cannot_be_computed_are_counted_with_their_reason():
    spec = tree('[uncertainty]\nnormalise = ["z_score"]\naggregate = ["geometric"]')
    simulation = simulate(spec, matrix(spec, values()), replicates=64, seed=1)
    (failure,) = simulation.failures
    assert failure.runs == simulation.failed == 16
    assert "geometric mean" in failure.reason
    assert len(simulation.ranks) == len(simulation.runs) == 48
    assert (simulation.ranks.max(axis=0) >= simulation.nominal_ranks[0]).any()


def test_some_runs_may_fail_by_their_weights_alone():
    tables = '[normalise]\nmethod = "none"\n[aggregate]\nby_level = ["arithmetic", "geometric"]\n'
    spec = tree(tables + "[uncertainty]\nweights = 0.9")
    drawn = np.abs(values(gaps=0))
    drawn[:, [1, 4]] = 1.0
    drawn[0, 0], drawn[0, 1] = 1.0, 0.4
    data = matrix(spec, np.nan_to_num(drawn, nan=5.0))
    simulation = simulate(spec, data, replicates=64, seed=1, most_failed=0.9)
    assert 0 < simulation.failed < 64
    for run in range(64):
        if run in simulation.runs:
            by_the_pipeline(spec, data, simulation.design, run)
        else:
            with pytest.raises(ScoringError, match="geometric mean"):
                by_the_pipeline(spec, data, simulation.design, run)


def test_too_many_failures_stop_the_analysis():
    spec = tree('[uncertainty]\nnormalise = ["z_score"]\naggregate = ["geometric"]')
    with pytest.raises(ScoringError) as caught:
        simulate(spec, matrix(spec, values()), replicates=64, seed=1, most_failed=0.2)
    assert caught.value.code == "runs_failed"
    assert "16 of 64" in str(caught.value)


def test_a_method_without_its_parameter_is_refused_at_once():
    spec = tree('[uncertainty]\nnormalise = ["distance_to_target"]')
    with pytest.raises(ScoringError, match="give it target") as caught:
        simulate(spec, matrix(spec, values()), replicates=4, seed=1)
    assert caught.value.code == "uncertainty_parameter"


@pytest.mark.parametrize(("replicates", "seed"), [(0, 1), (4, -1)])
def test_bad_numbers_are_refused(replicates, seed):
    spec = tree(VARIED)
    with pytest.raises(ScoringError):
        simulate(spec, matrix(spec, values()), replicates=replicates, seed=seed)
