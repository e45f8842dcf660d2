"""The way to a better rank: what is found is enough, and a little less is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.engine.scoring.cases import run, scorecard
from thuocdo.engine.scoring import ScoringError, compute, freeze
from thuocdo.engine.scoring.explain import improvements, points_to_gain, what_if

NAN = float("nan")
GOALS = '[normalise]\nmethod = "goalposts"\ngoalposts = [0, 10]\n'
SCALE = "goalposts = [0, 10]\ntarget = 6\nlower = 0\nupper = 10"
TREE = {
    "a": f'parent = "x"\nweight = 2\nbaseline = 0\nexpected = 8\n{SCALE}',
    "b": f'parent = "x"\nbaseline = 10\nexpected = 2\ndirection = -1\n{SCALE}',
    "c": f'parent = "y"\nbaseline = 0\nexpected = 8\n{SCALE}',
}
NODES = {"x": 'parent = "index"\nweight = 3', "y": 'parent = "index"'}


def spec_of(normalise, aggregate="arithmetic", extra=""):
    return scorecard(
        TREE,
        nodes=NODES,
        levels=3,
        tables=f'[normalise]\nmethod = "{normalise}"\n[aggregate]\nmethod = "{aggregate}"\n{extra}',
    )


def cells(least=1):
    return arrays.arrays(
        np.float64,
        st.tuples(st.integers(3, 9), st.just(3)),
        elements=st.integers(least * 10, 100).map(lambda number: number / 10),
    )


def rank_with(outcome, unit, changes):
    tried = what_if(outcome, values={(unit, code): value for code, value in changes.items()})
    return tried.ranks[outcome.units.index(unit)]


@settings(max_examples=60, deadline=None)
@given(
    cells(),
    st.sampled_from(("goalposts", "target_path", "inverse_ratio", "min_max", "z_score")),
    st.sampled_from(("arithmetic", "geometric", "harmonic")),
    st.integers(1, 3),
    st.sampled_from(("", '[rounding]\nrank_on = "full"', '[rounding]\nties = "dense"', '[rounding]\nties = "average"')),
)
def test_what_is_found_is_enough_and_a_hundredth_less_is_not(values, method, mean, places, rounding):
    if method == "z_score" and mean != "arithmetic":
        return
    outcome = run(spec_of(method, mean, rounding), values)
    unit = outcome.units[0]
    if np.isnan(outcome.scores[0, -1]) or outcome.ranks_of("index")[0] - places < 1:
        with pytest.raises(ScoringError):
            improvements(outcome, unit, places)
        return
    found = improvements(outcome, unit, places)
    assert found.rank - found.target == places
    for one in found.singles:
        reached = rank_with(outcome, unit, {one.indicator: one.best}) <= found.target
        assert one.is_reachable == reached
        if one.is_reachable:
            assert rank_with(outcome, unit, {one.indicator: one.needed}) <= found.target
            if method != "min_max":
                # Under min–max the others move too, and the last step may be the one that pushes them down.
                less = one.now + 0.99 * (one.needed - one.now)
                assert rank_with(outcome, unit, {one.indicator: less}) > found.target
    everything = {one.indicator: one.best for one in found.singles}
    if found.combination is None:
        if method not in ("min_max", "z_score"):
            assert not everything or rank_with(outcome, unit, everything) > found.target
    else:
        chosen = {step.indicator: step.needed for step in found.combination.steps}
        assert rank_with(outcome, unit, chosen) <= found.target
        assert found.combination.cost == pytest.approx(sum(step.cost for step in found.combination.steps))
        assert all(step.points >= 0 for step in found.combination.steps)


def test_a_small_case_by_hand():
    # Weights in the index: a ½, b ¼, c ¼. u0 = (4, 5, 4): 40·½ + 50·¼ + 40·¼ = 42.5; u1 = (5, 5, 5) has 50.
    outcome = run(spec_of("goalposts"), [[4, 5, 4], [5, 5, 5]])
    found = improvements(outcome, "u0")
    assert (found.rank, found.target, found.index, found.needed) == (2, 1, 42.5, 50)
    assert found.gap == pytest.approx(7.5)
    assert not found.moves_others
    by_code = {one.indicator: one for one in found.singles}
    # 7.5 points: a by 15 points of its own, c by 30; b down to 2. Half a cent less is rounded up.
    assert by_code["a"].needed == pytest.approx(5.5, abs=0.002)
    assert by_code["a"].points == pytest.approx(15, abs=0.02)
    assert by_code["b"].needed == pytest.approx(2, abs=0.003)
    assert by_code["c"].needed == pytest.approx(7, abs=0.003)
    assert found.singles[0].indicator == "a"
    assert by_code["c"].gain == pytest.approx(15)
    assert found.combination is not None
    assert found.combination.is_cheapest
    assert [step.indicator for step in found.combination.steps] == ["a"]
    dear = improvements(outcome, "u0", costs={"a": 3})
    assert dear.combination is not None
    assert [step.indicator for step in dear.combination.steps] == ["b"]
    assert dear.combination.cost == pytest.approx(30, abs=0.03)
    never = improvements(outcome, "u0", costs={"a": float("inf"), "b": float("inf"), "c": 1})
    assert [step.indicator for step in never.combination.steps] == ["c"]
    assert points_to_gain(outcome, "u0") == pytest.approx({"a": 30, "b": 12.5, "c": 15})


@settings(max_examples=20, deadline=None)
@given(cells(), arrays.arrays(np.float64, 3, elements=st.integers(1, 5).map(float)))
def test_the_combination_is_the_optimum_of_the_linear_programme(values, prices):
    from scipy.optimize import linprog

    values = np.vstack([[1.0, 9.0, 1.0], values])
    outcome = run(spec_of("goalposts", extra='[rounding]\nrank_on = "full"'), values)
    if outcome.ranks_of("index")[0] < 2:
        return
    found = improvements(outcome, "u0", 1, costs=dict(zip("abc", prices.tolist(), strict=True)))
    shares = np.array([0.5, 0.25, 0.25])
    best = linprog(prices, A_ub=[-shares], b_ub=[-found.gap], bounds=[(0, 100 - y) for y in outcome.scores[0, :3]])
    assert found.combination is not None
    assert found.combination.cost == pytest.approx(best.fun, abs=1e-6)


def test_limits_transforms_and_denominators_are_on_the_indicators_own_scale():
    spec = scorecard(
        {
            "a": 'normalise = "goalposts"\ngoalposts = [1, 100]\ntransform = "ln"',
            "b": 'normalise = "goalposts"\ngoalposts = [0, 5]\ndenominator = "people"\nscale = 1000',
        }
    )
    outcome = run(spec, [[10, 4], [30, 30]], columns={"people": np.array([2000.0, 10000.0])})
    by_code = {one.indicator: one for one in improvements(outcome, "u0").singles}
    assert by_code["a"].best == pytest.approx(100)
    assert by_code["b"].best == pytest.approx(10)
    for code, one in by_code.items():
        if one.needed is not None:
            assert rank_with(outcome, "u0", {code: one.needed}) == 1
    capped = improvements(outcome, "u0", limits={"a": (0, 12), "b": (0, 5)})
    assert {one.indicator: one.best for one in capped.singles} == {"a": 12, "b": 5}
    assert not any(one.is_reachable for one in capped.singles)


def test_a_gap_may_be_filled_and_a_doubted_value_confirmed():
    outcome = run(
        scorecard(("a", "b"), tables=GOALS + '[aggregate]\nmissing = "zero"'),
        [[8, NAN], [6, 6]],
        confidence=np.array([[0.5, 1], [1, 1]]),
    )
    found = improvements(outcome, "u0")
    by_code = {one.indicator: one for one in found.singles}
    assert by_code["b"].now is None
    assert by_code["b"].needed == pytest.approx(8, abs=0.002)
    assert [one.indicator for one in found.verifications] == ["a"]
    assert found.verifications[0].gain == pytest.approx(20)
    assert not found.verifications[0].is_enough
    assert what_if(outcome, confidence={("u0", "a"): 1}).gains[0] == pytest.approx(20)
    # Doubt halves what a better value brings: 10 counts 50, and that is not enough.
    assert not by_code["a"].is_reachable
    assert by_code["a"].gain == pytest.approx(5)


def test_peers_of_other_groups_do_not_count_and_cells_that_do_not_apply_cannot_improve():
    groups = '[[peer_group]]\ncode = "m"\n[[peer_group]]\ncode = "p"'
    outcome = run(
        scorecard(("a", "b"), tables=GOALS + groups),
        [[2, NAN], [3, 3], [9, 9]],
        not_applicable=np.array([[False, True], [False, False], [False, False]]),
        columns={"peer_group": np.array(["m", "m", "p"])},
    )
    found = improvements(outcome, "u0")
    assert found.needed == 30
    assert [one.indicator for one in found.singles] == ["a"]
    with pytest.raises(ScoringError, match="cannot win"):
        improvements(outcome, "u2")


@pytest.mark.parametrize("method", ["rank", "bands", "ratio", "range", "yes_no", "scaled", "percentile_rank", "none"])
def test_every_method_leads_to_values_that_are_enough(method):
    extra = "\nbands = [[1, 10], [5, 60], [8, 100]]\nmargin = 5"
    spec = scorecard(
        {"a": "target = 9\nlower = 0\nupper = 9" + extra, "b": "target = 9\nlower = 0\nupper = 9" + extra},
        tables=f'[normalise]\nmethod = "{method}"',
    )
    values = [[0.2, 0.3], [0.5, 0.6], [0.9, 0.8]] if method == "yes_no" else [[2, 3], [5, 6], [8, 9]]
    values = [[15, 16], [11, 13], [8, 9]] if method == "range" else values
    outcome = run(spec, values)
    found = improvements(outcome, "u0", 1)
    assert found.combination is not None
    assert rank_with(outcome, "u0", {step.indicator: step.needed for step in found.combination.steps}) <= 2
    for one in found.singles:
        assert (rank_with(outcome, "u0", {one.indicator: one.best}) <= 2) == one.is_reachable
        if one.needed is not None:
            assert rank_with(outcome, "u0", {one.indicator: one.needed}) <= 2


def test_weights_from_the_data_and_copeland_are_searched_through_the_whole_method():
    values = [[2.0, 3, 4], [5, 6, 5], [8, 9, 7], [4, 6, 9]]
    for tables in ('[weigh]\nmethod = "pca"', '[aggregate]\nmethod = "copeland"'):
        outcome = run(
            spec_of("goalposts", extra=tables)
            if "weigh" in tables
            else scorecard(("a", "b", "c"), tables=GOALS + tables),
            values,
        )
        found = improvements(outcome, "u0", 1)
        assert found.moves_others
        for one in found.singles:
            if one.needed is not None:
                assert rank_with(outcome, "u0", {one.indicator: one.needed}) <= found.target


@pytest.mark.parametrize(
    ("unit", "places", "code"), [("z", 1, "unit_unknown"), ("u0", 5, "places"), ("u0", 0, "places")]
)
def test_what_cannot_be_asked(unit, places, code):
    with pytest.raises(ScoringError) as caught:
        improvements(run(scorecard(tables=GOALS), [[1, 2], [3, 4]]), unit, places)
    assert caught.value.code == code


def test_frozen_parameters_and_weights_hold_the_others_still():
    spec = spec_of("min_max", extra='[weigh]\nmethod = "pca"')
    base = run(spec, [[2, 3, 4], [5, 6, 5], [8, 9, 7], [4, 6, 9]])
    later = compute(spec, base.matrix, parameters=freeze(base))
    assert later.scores == pytest.approx(base.scores)
    found = improvements(later, "u0")
    assert not found.moves_others
    assert any(one.is_reachable for one in found.singles)
    for one in found.singles:
        if one.needed is not None:
            assert rank_with(later, "u0", {one.indicator: one.needed}) <= found.target
    both = what_if(later, weights={"a": 9}, values={("u0", "a"): 8})
    assert both.moved == ()
    assert both.after.weights[:2].tolist() == pytest.approx([9, base.weights[1]])
