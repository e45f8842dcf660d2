"""Simulated rankings: what they agree with, and what they do not depend on."""

import numpy as np
import pytest

from tests.engine.scoring.cases import matrix
from tests.engine.scoring.varied_cases import CODES, VARIED, by_the_pipeline, scores_of, tree, values
from thuocdo.engine.scoring import Matrix, compute
from thuocdo.engine.scoring.uncertainty import (
    draw_design,
    replay,
    simulate,
)

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
