"""Where an index comes from: Shapley values against the definition, and what must hold of them whatever the tree."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.engine.scoring.cases import run, scorecard
from thuocdo.engine.scoring import shapley
from thuocdo.engine.scoring.suppose import Ground

NAN = float("nan")
METHODS = ("arithmetic", "geometric", "harmonic", "median", "minimum", "generalised", "copeland")
POINTS = '[normalise]\nmethod = "none"\n'


def tree_of(lower="arithmetic", upper="geometric", extra=""):
    """Two groups below the index, of two and three indicators."""
    return scorecard(
        {
            "a": 'parent = "x"\nweight = 2',
            "b": 'parent = "x"',
            "c": 'parent = "y"',
            "d": 'parent = "y"\nweight = 3',
            "e": 'parent = "y"',
        },
        nodes={"x": 'parent = "index"\nweight = 3', "y": 'parent = "index"\nweight = 2'},
        levels=3,
        tables=POINTS + f'[aggregate]\npower = 2\nby_level = ["{lower}", "{upper}"]\n{extra}',
    )


def cells(units=(2, 6)):
    number = st.integers(1, 40).map(lambda number: number / 4)
    element = st.one_of(number, number, number, number, st.just(NAN))
    return arrays.arrays(np.float64, st.tuples(st.integers(*units), st.just(5)), elements=element)


def ground_of(outcome):
    return Ground(outcome.spec, outcome.scores.T, outcome.weights.T, None)


def by_definition(outcome, unit):
    """The average over all orders of joining of what each indicator adds, one supposed unit at a time."""
    ground, number = ground_of(outcome), len(outcome.spec.indicators)
    own = outcome.scores[unit, :number]
    with np.errstate(all="ignore"):
        means = np.array([np.nan if np.isnan(x) else np.nanmean(outcome.scores[:, i]) for i, x in enumerate(own)])
    worth = {}
    for mask in range(2**number):
        chosen = [mask >> place & 1 for place in range(number)]
        worth[mask] = ground.index(np.where(chosen, own, means)[:, None], np.array([unit]))[0]
    parts, orders = np.zeros(number), list(permutations(range(number)))
    for order in orders:
        mask = 0
        for player in order:
            parts[player] += (worth[mask | 1 << player] - worth[mask]) / len(orders)
            mask |= 1 << player
    return worth[0], parts


def test_a_geometric_index_of_two_by_hand():
    # Units (4, 9) and (16, 1): means 10 and 5. The first unit: √(4·9) = 6 against √50.
    # a: ½[(√(4·5) - √(10·5)) + (√(4·9) - √(10·9))], b: ½[(√(10·9) - √50) + (6 - √20)].
    outcome = run(scorecard(tables=POINTS + '[aggregate]\nmethod = "geometric"'), [[4, 9], [16, 1]])
    found = outcome.accounted
    assert found.method == "shapley"
    assert found.start.tolist() == pytest.approx([50**0.5] * 2)
    assert found.points[0].tolist() == pytest.approx(
        [(20**0.5 - 50**0.5 + 6 - 90**0.5) / 2, (90**0.5 - 50**0.5 + 6 - 20**0.5) / 2]
    )


@settings(max_examples=60, deadline=None)
@given(cells(), st.sampled_from(METHODS), st.sampled_from(METHODS))
def test_any_tree_gives_the_average_over_all_orders(values, lower, upper):
    if lower == "copeland" and upper not in ("arithmetic", "copeland", "median", "minimum"):
        return  # Pairwise wins are negative, and other means then do not exist.
    outcome = run(tree_of(lower, upper), values)
    found = outcome.accounted
    for unit in range(len(values)):
        if np.isnan(outcome.scores[unit, -1]):
            assert np.isnan(found.points[unit]).all()
            continue
        if outcome.accounted.method == "weighted":
            break
        start, parts = by_definition(outcome, unit)
        assert found.start[unit] == pytest.approx(start, rel=1e-9, abs=1e-9)
        assert found.points[unit] == pytest.approx(parts, rel=1e-9, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(cells((1, 8)), st.sampled_from(METHODS), st.sampled_from(METHODS), st.sampled_from(["", 'missing = "zero"']))
def test_the_parts_add_up_exactly(values, lower, upper, rule):
    if lower == "copeland" and upper not in ("arithmetic", "copeland", "median", "minimum"):
        return
    outcome = run(tree_of(lower, upper, rule), values)
    found = outcome.accounted
    total = found.start + found.points.sum(axis=1)
    assert total == pytest.approx(outcome.scores_of("index"), nan_ok=True, rel=1e-12, abs=1e-11)


@settings(max_examples=40, deadline=None)
@given(cells((2, 8)), st.sampled_from(METHODS), st.sampled_from(METHODS))
def test_sampled_values_add_up_too_and_lie_near_the_exact_ones(values, lower, upper):
    if lower == "copeland" and upper not in ("arithmetic", "copeland", "median", "minimum"):
        return
    outcome = run(tree_of(lower, upper), values)
    exact = outcome.accounted
    if exact.method == "weighted":
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shapley, "_ENUMERABLE", 0.0)
        patch.setattr(shapley, "_MOST", 64)
        sampled = run(outcome.spec, values).accounted
    total = sampled.start + sampled.points.sum(axis=1)
    assert total == pytest.approx(outcome.scores_of("index"), nan_ok=True, rel=1e-12, abs=1e-11)
    if sampled.method == "shapley_sampled":
        assert sampled.errors is not None
        size = np.nanmax(np.abs(exact.points)) if not np.isnan(exact.points).all() else 0.0
        far = np.abs(sampled.points - exact.points) > 6 * sampled.errors + 0.05 * size + 1e-9
        assert not far[~np.isnan(exact.points)].any()


@settings(max_examples=30, deadline=None)
@given(cells((2, 6)), st.sampled_from(METHODS))
def test_equal_players_get_equal_parts_and_idle_ones_none(values, method):
    spec = scorecard(
        {"a": "", "b": "", "c": "", "d": "weight = 0", "e": ""},
        tables=POINTS + f'[aggregate]\nmethod = "{method}"\npower = 2',
    )
    values[:, 1] = values[:, 0]
    values[:, 4] = 5
    outcome = run(spec, values)
    points = outcome.accounted.points
    assert points[:, 1] == pytest.approx(points[:, 0], nan_ok=True, abs=1e-9)
    scored = ~np.isnan(outcome.scores_of("index"))
    if method != "median":
        # The median knows no weights.
        assert not points[scored][:, 3].any()
    assert not points[scored][np.isnan(values[scored])].any()
    if outcome.accounted.method != "weighted":
        # Everybody is at the mean of e.
        assert np.abs(points[scored][:, 4]).max(initial=0.0) < 1e-9


def test_peers_are_those_of_the_group():
    tables = POINTS + '[aggregate]\nmethod = "geometric"\n[[peer_group]]\ncode = "m"\n[[peer_group]]\ncode = "p"'
    values = [[4, 9], [16, 1], [25, 1], [25, 1]]
    outcome = run(scorecard(tables=tables), values, columns={"peer_group": np.array(["m", "m", "p", "p"])})
    assert outcome.accounted.start.tolist() == pytest.approx([50**0.5, 50**0.5, 5, 5])
    assert np.abs(outcome.accounted.points[2:]).max() < 1e-9


def test_points_follow_weights_that_come_from_the_data():
    for method in ("pca", "critic", "benefit_of_doubt"):
        spec = scorecard(("a", "b", "c"), tables=POINTS + f'[weigh]\nmethod = "{method}"')
        outcome = run(spec, [[1, 5, 9], [2, 3, 7], [3, 4, 2], [4, 6, NAN]])
        assert outcome.contributions.sum(axis=1) == pytest.approx(outcome.scores_of("index"))
        assert outcome.contributions[3, 2] == 0


def test_forty_indicators_in_a_geometric_index_are_exact_still():
    codes = [f"i{number}" for number in range(40)]
    values = np.random.default_rng(5).uniform(1, 99, (30, 40)).round(2)
    outcome = run(scorecard(codes, tables=POINTS + '[aggregate]\nmethod = "geometric"'), values)
    found = outcome.accounted
    assert found.method == "shapley"
    assert found.start + found.points.sum(axis=1) == pytest.approx(outcome.scores_of("index"), rel=1e-12)


def test_thirty_indicators_in_a_harmonic_index_are_sampled_and_say_so():
    codes = [f"i{number}" for number in range(30)]
    values = np.random.default_rng(5).uniform(1, 99, (12, 30)).round(2)
    outcome = run(scorecard(codes, tables=POINTS + '[aggregate]\nmethod = "harmonic"'), values)
    found = outcome.accounted
    assert found.method == "shapley_sampled"
    assert found.errors is not None
    assert (found.errors < 0.5).all()
    assert (found.errors > 0).all()
    assert found.start + found.points.sum(axis=1) == pytest.approx(outcome.scores_of("index"), rel=1e-12)


def test_pairwise_contests_of_too_many_units_are_left_out_and_say_so(monkeypatch):
    monkeypatch.setattr(shapley, "_ENUMERABLE", 0.0)
    monkeypatch.setattr(shapley, "_MOST_WORK", 10.0)
    outcome = run(scorecard(tables=POINTS + '[aggregate]\nmethod = "copeland"'), [[4, 9], [16, 1], [3, 3]])
    assert outcome.accounted.method == "too_large"
    assert np.isnan(outcome.contributions).all()
