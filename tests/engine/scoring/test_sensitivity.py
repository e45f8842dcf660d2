"""Sobol' indices against a function whose indices are known, and the factors behind small rankings."""

import numpy as np
import pytest

from tests.engine.scoring.cases import matrix, scorecard
from thuocdo.engine.scoring import ScoringError, compute
from thuocdo.engine.scoring.sensitivity import (
    Target,
    analyse_function,
    analyse_sensitivity,
    saltelli_design,
    sobol_indices,
)
from thuocdo.engine.scoring.uncertainty import replay

TREE = {"p": 'parent = "index"\nweight = 2', "q": 'parent = "index"'}
HOMES = {"a": "p", "b": "p", "c": "q", "d": "q"}


def spec_of(tables=""):
    indicators = {code: f'parent = "{home}"\nweight = {place + 1}' for place, (code, home) in enumerate(HOMES.items())}
    return scorecard(indicators, nodes=TREE, tables=tables, levels=3)


def data_of(spec, units=30):
    return matrix(spec, np.random.default_rng(5).normal(50, 10, (units, 4)))


def ishigami(points):
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


# Ishigami & Homma (1990) with a = 7, b = 0.1: V1 = (1 + bπ⁴/5)²/2, V2 = a²/8, V13 = 8b²π⁸/225.
V1, V2, V13 = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225
VARIANCE = V1 + V2 + V13
FIRST = np.array([V1, V2, 0]) / VARIANCE
TOTAL = np.array([V1 + V13, V2, V13]) / VARIANCE


@pytest.mark.parametrize(("samples", "allowed"), [(1024, 0.02), (8192, 0.005)])
def test_ishigamis_function_has_its_known_indices(samples, allowed):
    errors = []
    for seed in range(5):
        indices, _ = analyse_function(ishigami, [[0], [1], [2]], samples, seed)
        errors.append(np.concatenate([indices.first - FIRST, indices.total - TOTAL]))
    assert np.sqrt(np.mean(np.square(errors))) < allowed
    assert indices.variance == pytest.approx(VARIANCE, rel=0.02)


def test_the_bootstrap_intervals_hold_the_known_indices_and_narrow():
    widths = []
    for samples in (256, 4096):
        indices, convergence = analyse_function(ishigami, [[0], [1], [2]], samples, seed=3)
        assert (indices.first_low <= indices.first).all()
        assert (indices.first <= indices.first_high).all()
        assert (indices.total_low - 0.01 <= TOTAL).all()
        assert (indices.total_high + 0.01 >= TOTAL).all()
        widths.append(indices.total_high - indices.total_low)
        assert [one.samples for one in convergence] == [samples // 8, samples // 4, samples // 2]
    assert (widths[1] < widths[0] / 2).all()
    assert convergence[-1].change < 0.05


def test_a_group_of_inputs_is_one_factor():
    indices, _ = analyse_function(ishigami, [[0, 2], [1]], 4096, seed=1)
    np.testing.assert_allclose(indices.first, [1 - FIRST[1], FIRST[1]], atol=0.02)
    np.testing.assert_allclose(indices.total, [1 - FIRST[1], FIRST[1]], atol=0.02)


def test_an_added_constant_changes_nothing_and_a_constant_has_no_indices():
    design = saltelli_design([[0], [1], [2]], 3, 256, seed=1)
    plain, _ = sobol_indices(ishigami(design.points), 3, seed=1)
    moved, _ = sobol_indices(ishigami(design.points) + 1e6, 3, seed=1)
    np.testing.assert_allclose(moved.first, plain.first, atol=1e-6)
    nothing, _ = sobol_indices(np.full(5 * 256, 3.0), 3, seed=1)
    assert nothing.variance == 0
    assert (nothing.first == 0).all()
    assert (nothing.total == 0).all()


def test_a_design_exchanges_one_factor_at_a_time():
    design = saltelli_design([[0, 1], [2]], 3, 8, seed=1)
    a, b, first, second = design.points.reshape(4, 8, 3)
    np.testing.assert_array_equal(first, np.column_stack([b[:, :2], a[:, 2]]))
    np.testing.assert_array_equal(second, np.column_stack([a[:, :2], b[:, 2]]))
    with pytest.raises(ScoringError, match="powers of two"):
        saltelli_design([[0]], 1, 1000, seed=1)


# Neither of the two means exists for z-scores: two thirds of the runs fail.
IMPOSSIBLE = (
    '[uncertainty]\naggregate = ["geometric", { method = "generalised", power = 2 }]\n[normalise]\nmethod = "z_score"\n'
)
VARIED = '[uncertainty]\nweights = 0.5\nnormalise = ["rank"]\naggregate = ["geometric"]\n[normalise]\nlower = 1\n'


def test_the_factors_are_what_varies():
    spec = spec_of(VARIED)
    found = analyse_sensitivity(spec, data_of(spec), samples=64, seed=1, errors=np.full((30, 4), 2.0))
    assert found.factors == ("weights:p", "weights:q", "weights:index", "normalise", "aggregate", "error")
    by_level = analyse_sensitivity(spec, data_of(spec), samples=64, seed=1, weights_by="level")
    assert by_level.factors == ("weights:1", "weights:2", "normalise", "aggregate")
    together = analyse_sensitivity(spec, data_of(spec), samples=64, seed=1, weights_by="all")
    assert together.factors == ("weights", "normalise", "aggregate")


def test_a_single_factor_explains_everything():
    spec = spec_of("[uncertainty]\nweights = 0.9\nweight_levels = [2]")
    found = analyse_sensitivity(spec, data_of(spec), samples=256, seed=1)
    assert found.factors == ("weights:index",)
    assert found.of("weights:index")[1] == pytest.approx(1, abs=0.1)
    assert found.of("weights:index")[0] == pytest.approx(1, abs=0.1)


def test_errors_alone_are_one_factor():
    spec = spec_of()
    found = analyse_sensitivity(spec, data_of(spec), samples=256, seed=1, errors=np.full((30, 4), 5.0))
    assert found.factors == ("error",)
    first, total = found.of("error")
    assert total == pytest.approx(1, abs=0.2)
    assert first == pytest.approx(total, abs=0.2)


def test_what_does_not_matter_has_no_index():
    # The three indicators of q are equal, so that their weights mean nothing.
    spec = spec_of("[uncertainty]\nweights = 0.5")
    data = data_of(spec)
    values = data.values.copy()
    values[:, 3] = values[:, 2]
    found = analyse_sensitivity(spec, matrix(spec, values), samples=128, seed=1)
    assert found.of("weights:q") == (0, 0)
    assert found.of("weights:p")[1] > 0.1


def test_the_values_are_those_of_the_simulated_rankings():
    spec = spec_of(VARIED)
    data, errors = data_of(spec), np.full((30, 4), 2.0)
    nominal = compute(spec, data).ranks[:, -1]
    shift = analyse_sensitivity(spec, data, samples=32, seed=1, errors=errors)
    simulated = replay(spec, data, shift.design, errors=errors).ranks
    np.testing.assert_allclose(shift.values, np.abs(simulated - nominal).mean(axis=1))
    rank = analyse_sensitivity(spec, data, samples=32, seed=1, errors=errors, target=Target("rank", unit="u7"))
    np.testing.assert_array_equal(rank.values, simulated[:, 7])
    kept = analyse_sensitivity(spec, data, samples=32, seed=1, errors=errors, target=Target("top_kept", k=5))
    np.testing.assert_allclose(kept.values, (simulated[:, nominal <= 5] <= 5).mean(axis=1))


def test_two_worker_processes_give_the_same_indices():
    spec = spec_of(VARIED)
    alone, together = (
        analyse_sensitivity(spec, data_of(spec), samples=64, seed=1, errors=np.full((30, 4), 2.0), jobs=jobs)
        for jobs in (1, 2)
    )
    assert alone.values.tobytes() == together.values.tobytes()
    assert alone.indices.total_high.tobytes() == together.indices.total_high.tobytes()


def test_samples_with_a_run_that_cannot_be_computed_are_left_out_and_counted():
    """The geometric mean of z-scores does not exist, which is a quarter of the runs; the rest still answer."""
    spec = spec_of(VARIED.replace('"rank"', '"z_score"'))
    found = analyse_sensitivity(spec, data_of(spec), samples=256, seed=1)
    failed = np.isnan(found.values)
    (failure,) = found.failures
    assert "geometric mean" in failure.reason
    assert failure.runs == failed.sum()
    assert 0.2 < failed.mean() < 0.3
    table = found.values.reshape(len(found.factors) + 2, 256)
    whole = ~np.isnan(table).any(axis=0)
    assert (found.samples, found.dropped) == (whole.sum(), 256 - whole.sum())
    expected, _ = sobol_indices(table[:, whole].ravel(), len(found.factors), 1)
    np.testing.assert_array_equal(found.indices.total, expected.total)
    assert (found.indices.total > 0).all()


@pytest.mark.parametrize(
    ("tables", "target", "code"),
    [
        ("", None, "nothing_varies"),
        (VARIED, Target("rank", unit="nobody"), "target_unit"),
        (VARIED, Target("top_kept", k=0), "target_k"),
        (IMPOSSIBLE, None, "runs_failed"),
    ],
)
def test_what_cannot_be_analysed_is_refused(tables, target, code):
    spec = spec_of(tables)
    with pytest.raises(ScoringError) as caught:
        analyse_sensitivity(spec, data_of(spec), samples=16, seed=1, target=target)
    assert caught.value.code == code
