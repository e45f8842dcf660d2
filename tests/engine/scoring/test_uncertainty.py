"""Simulated rankings: what they agree with, what they do not depend on, and what they say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import matrix, scorecard
from thuocdo.engine.scoring import Matrix, ScoringError, compute, freeze
from thuocdo.engine.scoring.uncertainty import (
    Alternatives,
    draw_design,
    replay,
    simulate,
    weights_of,
    with_weights,
)
from thuocdo.engine.scoring.uncertainty.prepare import Errors
from thuocdo.engine.scoring.uncertainty.runs import KeepRanks, make_plan
from thuocdo.engine.scoring.uncertainty.workers import Runner

NODES = {
    "p": 'parent = "index"\nweight = 3',
    "q": 'parent = "index"\nweight = 2',
    "r": 'parent = "index"\nweight = 1',
}
CODES = ("a", "b", "c", "d", "e", "f", "g", "h")


def tree(tables="", **aggregates):
    """Eight indicators below three pillars; the last pillar has an only child, the first one without weight."""
    homes = dict(zip(CODES, "pppqqqqr", strict=True))
    weights, directions = (1, 2, 0, 4, 5, 6, 7, 8), (1, -1, 1, 1, -1, 1, 1, 1)
    indicators = {
        code: f'parent = "{homes[code]}"\nweight = {weight}\ndirection = {direction}'
        for code, weight, direction in zip(CODES, weights, directions, strict=True)
    }
    nodes = {
        code: lines + (f'\naggregate = "{aggregates[code]}"' if code in aggregates else "")
        for code, lines in NODES.items()
    }
    return scorecard(indicators, nodes=nodes, tables=tables, levels=3)


def values(units=40, seed=1, gaps=0.1):
    random = np.random.default_rng(seed)
    drawn = random.normal(50, 10, (units, len(CODES)))
    drawn[random.random(drawn.shape) < gaps] = np.nan
    drawn[3] = np.nan
    drawn[4, :3] = np.nan
    return drawn


VARIED = """
[uncertainty]
weights = 0.25
normalise = ["rank", { method = "min_max", lower = 1, upper = 10 }]
aggregate = ["geometric"]
treat = ["two_stage"]
impute = ["mean"]
"""


def scores_of(spec, data, design, column=None, errors=None):
    """The scores of all runs as the batches compute them, runs × units in the order of codes, and the failures."""
    nominal = compute(spec, data)
    plan = make_plan(nominal, data, design, Errors(errors), column or spec.top, KeepRanks())
    runner, scores, failures = Runner(plan), {}, {}
    for choice in np.unique(design.choices, axis=0):
        runs = np.flatnonzero((design.choices == choice).all(axis=1))
        found, failed = runner.scores(runs)
        failures |= failed
        scores |= dict(zip(runs.tolist(), found, strict=True))
    return np.array([scores[run] for run in range(design.runs)]), failures, plan.prepared.units


def by_the_pipeline(spec, data, design, run):
    """The outcome of one run as the scorecard with its weights and methods gives it."""
    variant = Alternatives(spec).spec_of(tuple(int(one) for one in design.choices[run]))
    return compute(with_weights(variant, weights_of(spec, design)[run]), data)


METHODS = ["arithmetic", "geometric", "harmonic", "generalised", "median", "minimum", "copeland"]
CASES = {
    "everything varies": (VARIED, {}),
    "thresholds": (VARIED + "[aggregate]\nmin_available = [0.7, 0.5]", {}),
    "missing counts zero": (VARIED + '[aggregate]\nmissing = "zero"', {}),
    "mixed levels": ('[uncertainty]\nweights = 0.5\n[aggregate]\nby_level = ["geometric", "arithmetic"]', {}),
    "means below a geometric one": (
        '[uncertainty]\nweights = 0.5\n[aggregate]\nby_level = ["arithmetic", "geometric"]',
        {},
    ),
    "nodes of their own": (VARIED, {"p": "minimum", "q": "harmonic"}),
    "Copeland below": (VARIED.replace('"geometric"', '"arithmetic"'), {"q": "copeland"}),
    "median above": ('[uncertainty]\nweights = 0.3\n[aggregate]\nby_level = ["arithmetic", "median"]', {}),
    "harmonic above": ('[uncertainty]\nweights = 0.3\n[aggregate]\nby_level = ["geometric", "harmonic"]', {}),
    "Copeland above": ('[uncertainty]\nweights = 0.3\n[aggregate]\nby_level = ["geometric", "copeland"]', {}),
    "harmonic of both signs": (
        '[uncertainty]\nweights = 0.3\n[normalise]\nmethod = "z_score"\n[aggregate]\nmethod = "harmonic"',
        {"p": "arithmetic"},
    ),
    "power one": (
        '[uncertainty]\nweights = 0.3\n[normalise]\nmethod = "z_score"\n[aggregate]\nmethod = "generalised"\npower = 1',
        {},
    ),
    "full ranks, averaged": ('[rounding]\nrank_on = "full"\nties = "average"\n' + VARIED, {}),
    "dense ranks, coarse": ('[rounding]\ndecimals = 0\nties = "dense"\n' + VARIED, {}),
    "Dirichlet": ('[uncertainty]\nweights = "dirichlet"\nconcentration = 30\nweight_levels = [2]', {}),
} | {
    f"{method} throughout": (f'[uncertainty]\nweights = 1\n[aggregate]\nmethod = "{method}"\npower = -1.5', {})
    for method in METHODS
}


@pytest.mark.parametrize("case", CASES)
def test_runs_equal_the_pipeline_with_their_weights_and_methods(case):
    tables, aggregates = CASES[case]
    spec, data = tree(tables, **aggregates), None
    data = matrix(spec, values())
    design = draw_design(spec, 24, seed=7)
    scores, failures, units = scores_of(spec, data, design)
    simulation = replay(spec, data, design)
    assert not failures
    order = [data.units.index(unit) for unit in units]
    for run in range(design.runs):
        outcome = by_the_pipeline(spec, data, design, run)
        np.testing.assert_allclose(scores[run], outcome.scores[order, -1], rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(simulation.ranks[run], np.nan_to_num(outcome.ranks[:, -1]))


@pytest.mark.parametrize("column", ["p", "r", "a"])
def test_any_column_can_be_ranked(column):
    spec = tree(VARIED)
    data = matrix(spec, values())
    design = draw_design(spec, 12, seed=7)
    simulation = replay(spec, data, design, column=column)
    for run in range(design.runs):
        outcome = by_the_pipeline(spec, data, design, run)
        np.testing.assert_array_equal(simulation.ranks[run], np.nan_to_num(outcome.ranks_of(column)))


def test_an_unknown_column_is_refused():
    spec = tree(VARIED)
    with pytest.raises(KeyError):
        simulate(spec, matrix(spec, values()), replicates=4, seed=1, column="z")


def test_cells_without_application_or_confidence_count_as_in_the_pipeline():
    spec = tree(VARIED + '[aggregate]\nmissing = "zero"\nmin_available = 0.5')
    drawn = values()
    random = np.random.default_rng(4)
    data = matrix(
        spec,
        drawn,
        not_applicable=random.random(drawn.shape) < 0.2,
        in_grace=random.random(drawn.shape) < 0.3,
        confidence=np.where(random.random(drawn.shape) < 0.5, 0.8, np.nan),
    )
    design = draw_design(spec, 24, seed=7)
    simulation = replay(spec, data, design)
    for run in range(design.runs):
        ranks = by_the_pipeline(spec, data, design, run).ranks[:, -1]
        np.testing.assert_array_equal(simulation.ranks[run], np.nan_to_num(ranks))


def test_screened_units_are_absent_and_peer_groups_apart():
    groups = '[[peer_group]]\ncode = "x"\ntitle = "X"\n[[peer_group]]\ncode = "y"\ntitle = "Y"\n'
    spec = tree("[screen]\nunit_availability = 0.6\n" + VARIED + groups)
    drawn = values()
    data = matrix(spec, drawn, columns={"peer_group": np.array(["x", "y"] * 20)})
    simulation = simulate(spec, data, replicates=32, seed=3)
    outcome = compute(spec, data)
    assert simulation.units == outcome.units
    assert "u3" not in simulation.units
    for run in range(8):
        ranks = by_the_pipeline(spec, data, simulation.design, run).ranks[:, -1]
        np.testing.assert_array_equal(simulation.ranks[run], ranks)
    for group in simulation.indistinguishable():
        assert len({outcome.peer_groups[outcome.units.index(unit)] for unit in group}) == 1


@pytest.mark.parametrize("method", METHODS)
def test_without_spread_every_run_is_the_published_ranking(method):
    spec = tree(f'[aggregate]\nmethod = "{method}"\npower = 2')
    data = matrix(spec, values())
    simulation = simulate(spec, data, replicates=5, seed=1, errors=np.zeros((40, len(CODES))))
    assert simulation.ranks.shape == (5, 40)
    assert (simulation.ranks == np.nan_to_num(compute(spec, data).ranks[:, -1])).all()
    intervals = simulation.intervals()
    np.testing.assert_array_equal(intervals.low, intervals.high)


def test_the_same_seed_gives_the_same_bits_and_another_one_others():
    spec = tree(VARIED)
    data, errors = matrix(spec, values()), np.full((40, len(CODES)), 3.0)
    first, again, other = (simulate(spec, data, replicates=64, seed=seed, errors=errors) for seed in (5, 5, 6))
    assert first.ranks.tobytes() == again.ranks.tobytes()
    assert first.ranks.tobytes() != other.ranks.tobytes()


def test_the_order_of_units_and_columns_changes_no_bit():
    spec = tree(VARIED)
    data, errors = matrix(spec, values()), np.random.default_rng(2).uniform(0, 4, (40, len(CODES)))
    rows, columns = np.random.default_rng(9).permutation(40), np.random.default_rng(8).permutation(len(CODES))
    shuffled = Matrix(
        units=tuple(data.units[row] for row in rows),
        indicators=tuple(data.indicators[column] for column in columns),
        values=data.values[np.ix_(rows, columns)],
    )
    straight = simulate(spec, data, replicates=64, seed=5, errors=errors)
    mixed = simulate(spec, shuffled, replicates=64, seed=5, errors=errors[np.ix_(rows, columns)])
    np.testing.assert_array_equal(mixed.ranks, straight.ranks[:, rows])
    np.testing.assert_array_equal(mixed.intervals().high, straight.intervals().high[rows])


def test_two_worker_processes_give_the_bits_of_one():
    spec = tree(VARIED)
    data, errors = matrix(spec, values()), np.full((40, len(CODES)), 3.0)
    alone = simulate(spec, data, replicates=96, seed=5, errors=errors)
    together = simulate(spec, data, replicates=96, seed=5, errors=errors, jobs=2)
    assert alone.ranks.tobytes() == together.ranks.tobytes()


def test_many_units_are_evaluated_in_stretches_to_the_same_ranks():
    spec = tree('[uncertainty]\nweights = 0.25\naggregate = ["geometric"]')
    data = matrix(spec, values(units=2100))
    simulation = simulate(spec, data, replicates=6, seed=5)
    for run in range(6):
        ranks = by_the_pipeline(spec, data, simulation.design, run).ranks[:, -1]
        np.testing.assert_array_equal(simulation.ranks[run], np.nan_to_num(ranks))


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
def test_equal_units_share_their_rank_in_every_run_wherever_they_stand(method):
    tables = f'[uncertainty]\nweights = 0.25\n[rounding]\nrank_on = "full"\n[aggregate]\nmethod = "{method}"'
    spec = tree(tables)
    drawn = values(units=2500)
    twins = np.random.default_rng(6).permutation(2500)[:1000].reshape(2, 500)
    drawn[twins[0]] = drawn[twins[1]]
    simulation = simulate(spec, matrix(spec, drawn), replicates=130, seed=5)
    np.testing.assert_array_equal(simulation.ranks[:, twins[0]], simulation.ranks[:, twins[1]])


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


def test_dirichlet_weights_have_the_mean_and_variance_of_their_law():
    spec = tree('[uncertainty]\nweights = "dirichlet"\nconcentration = 20')
    design = draw_design(spec, 4096, seed=1)
    weights = weights_of(spec, design)[:, [8, 9, 10]] / 6
    shares = np.array([3, 2, 1]) / 6
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_allclose(weights.mean(axis=0), shares, atol=0.002)
    np.testing.assert_allclose(weights.var(axis=0), shares * (1 - shares) / 21, rtol=0.03)


def test_uniform_weights_stay_within_their_share_and_zero_stays_zero():
    spec = tree("[uncertainty]\nweights = 0.25")
    design = draw_design(spec, 256, seed=1)
    ratio = weights_of(spec, design)[:, :11]
    assert (ratio[:, 2] == 0).all()
    assert design.layout.weight_columns == (0, 1, 3, 4, 5, 6, 8, 9, 10)
    shares = ratio[:, [0, 8]] / [1, 3]
    assert shares.min() >= 0.75
    assert shares.max() <= 1.25
    assert shares.std() == pytest.approx(0.5 / np.sqrt(12), rel=0.02)


def test_each_method_has_an_equal_share_of_the_runs_and_its_own_counts():
    spec = tree('[uncertainty]\nnormalise = ["min_max", "rank", "borda", "rank"]\naggregate = ["geometric"]')
    design = draw_design(spec, 600, seed=1)
    assert design.layout.steps == (("normalise", 3), ("aggregate", 2))
    assert np.bincount(design.choices[:, 2]) == pytest.approx([200] * 3, abs=3)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**63 - 1),
    share=st.floats(0, 1),
    low=st.floats(0, 0.5),
    high=st.floats(0.5, 1),
    gaps=st.floats(0, 0.6),
)
def test_intervals_hold_the_published_rank_and_shares_add_up(seed, share, low, high, gaps):
    spec = tree(f'[uncertainty]\nweights = {share}\nnormalise = ["rank"]')
    data = matrix(spec, values(units=12, seed=seed % 1000, gaps=gaps))
    simulation = simulate(spec, data, replicates=16, seed=seed)
    intervals = simulation.intervals(low, high)
    ranked = ~np.isnan(simulation.nominal_ranks)
    assert (intervals.low[ranked] <= intervals.rank[ranked]).all()
    assert (intervals.rank[ranked] <= intervals.high[ranked]).all()
    assert (intervals.low[ranked] <= intervals.median[ranked] + 1e-9).all()
    assert (simulation.ranks[:, ranked] > 0).all()
    assert (simulation.ranks[:, ~ranked] == 0).all()
    for place, unit in enumerate(simulation.units):
        assert simulation.acceptability(unit).sum() == pytest.approx(1.0 if ranked[place] else 0.0)
        assert simulation.acceptability(unit)[:3].sum() == pytest.approx(simulation.top(3)[place])
    pair = simulation.compare("u0", "u1")
    assert pair.better + pair.worse + pair.tied == pytest.approx(1)
    assert simulation.pairwise(["u0", "u1"])[0, 1] == simulation.probability_better("u0", "u1") == pair.better
    assert simulation.probability_better("u1", "u0") == pair.worse


def test_more_spread_does_not_narrow_the_intervals():
    data = matrix(tree(), values(units=200))
    widths = []
    for share in (0.0, 0.1, 0.25, 0.5, 1.0):
        simulation = simulate(tree(f"[uncertainty]\nweights = {share}"), data, replicates=256, seed=11)
        intervals = simulation.intervals()
        widths.append(np.nanmedian(intervals.high - intervals.low))
    assert widths == sorted(widths)
    assert widths[0] == 0 < widths[-1]


def test_quantiles_are_of_type_7():
    spec = tree("[uncertainty]\nweights = 0.9")
    simulation = simulate(spec, matrix(spec, values()), replicates=37, seed=2)
    ranked = simulation.ranks[:, 0].astype(float)
    for share in (0.0, 0.05, 0.5, 0.95, 1.0):
        assert simulation.quantile(share)[0] == np.quantile(ranked, share)
    # A unit that misses a rank in some runs is judged by the others.
    part = replace(simulation, ranks=np.where(np.arange(37)[:, None] < 10, 0, simulation.ranks))
    assert part.quantile(0.3)[0] == pytest.approx(np.quantile(ranked[10:], 0.3))


def test_a_pair_that_data_settle_is_certain():
    spec = tree(VARIED + '[impute]\nmethod = "none"')
    drawn = np.vstack([values(units=10), np.full((1, 8), 49.0), np.full((1, 8), 51.0)])
    drawn[10, [1, 4]], drawn[11, [1, 4]] = 51.0, 49.0
    simulation = simulate(spec, matrix(spec, drawn), replicates=200, seed=2)
    assert simulation.probability_better("u11", "u10") == 1
    with pytest.raises(KeyError):
        simulation.compare("u11", "nobody")
