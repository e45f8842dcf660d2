"""Why a score changed: parts that add up to the last digit, and mean what they say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import matrix, run, scorecard
from tests.engine.scoring.test_contribute import METHODS, cells, tree_of
from thuocdo.engine.scoring import Matrix, ScoringError, compute, freeze
from thuocdo.engine.scoring.explain import decompose_change, decompose_changes, game, reweighted

NAN = float("nan")
GOALS = '[normalise]\nmethod = "goalposts"\ngoalposts = [0, 10]\n'
WEIGHTED = {"a": "weight = 3", "b": ""}


def parts_of(found):
    return [*found.values.tolist(), found.weights, found.method, found.peers]


def adds_up(found):
    assert sum(parts_of(found)) == pytest.approx(found.total, rel=1e-12, abs=1e-12)
    rank = found.rank
    assert rank.own + rank.others + rank.method == pytest.approx(rank.before - rank.after, abs=1e-12)


def turned(found):
    return [-part for part in parts_of(found)]


def test_a_weighted_sum_by_hand():
    before = run(scorecard(WEIGHTED, tables=GOALS), [[4, 6], [5, 5]])
    after = run(scorecard(WEIGHTED, tables=GOALS), [[6, 5], [5, 5]])
    found = decompose_change(before, after, "u0")
    assert found.how == "sum"
    # ¾ · 20 and ¼ · (-10).
    assert found.values.tolist() == pytest.approx([15, -2.5])
    assert (found.weights, found.method, found.peers) == (0, 0, 0)
    assert (found.rank.own, found.rank.others, found.rank.method) == (1, 0, 0)
    others = decompose_change(before, after, "u1")
    assert parts_of(others) == [0] * 5
    assert (others.rank.own, others.rank.others) == (0, -1)


def test_value_and_weight_share_what_both_did():
    # ¾·40 + ¼·60 = 45; ½·80 + ½·60 = 70. a: values (¾+½)/2 · 40 = 25; weights: a -¼·60, b +¼·60, together 0.
    before = run(scorecard(WEIGHTED, tables=GOALS), [[4, 6], [5, 5]])
    after = run(scorecard(("a", "b"), tables=GOALS), [[8, 6], [5, 5]])
    found = decompose_change(before, after, "u0")
    assert found.values.tolist() == pytest.approx([25, 0])
    assert found.weights == pytest.approx(0, abs=1e-12)
    still = decompose_change(before, run(scorecard(("a", "b"), tables=GOALS), [[4, 6], [5, 5]]), "u0")
    assert still.weights == pytest.approx(5)
    assert not still.values.any()


def test_a_geometric_mean_by_hand():
    # √(4·9) = 6 → √(16·9) = 12: all of it is a's. With b from 9 to 1 as well: 6 → 4 = L·½(ln 4 - ln 9).
    plain = '[normalise]\nmethod = "none"\n[aggregate]\nmethod = "geometric"'
    spec = scorecard(tables=plain)
    alone = decompose_change(run(spec, [[4, 9], [1, 1]]), run(spec, [[16, 9], [1, 1]]), "u0")
    assert alone.how == "logarithmic"
    assert alone.values.tolist() == pytest.approx([6, 0])
    both = decompose_change(run(spec, [[4, 9], [1, 1]]), run(spec, [[16, 1], [1, 1]]), "u0")
    mean = -2 / np.log(4 / 6)
    assert both.values.tolist() == pytest.approx([mean * np.log(4) / 2, -mean * np.log(9) / 2])
    adds_up(both)


def test_peers_are_told_from_own_values_where_units_are_compared():
    # Min–max: u0 keeps its 5 while the best falls from 10 to 6: everything is the peers' doing.
    before, after = run(scorecard(("a",)), [[5], [0], [10]]), run(scorecard(("a",)), [[5], [0], [6]])
    found = decompose_change(before, after, "u0")
    assert found.peers == pytest.approx(100 * 5 / 6 - 50)
    assert not found.values.any()
    assert (found.rank.own, found.rank.others) == (0, 0)
    gone = decompose_change(before, run(scorecard(("a",)), [[5], [0]]), "u0")
    assert gone.peers == pytest.approx(50)
    assert gone.rank.others == 1


def test_with_frozen_parameters_peers_have_no_part():
    before = run(scorecard(), [[2, 5], [4, 7], [8, 1]])
    after = compute(before.spec, matrix(before.spec, [[4, 5], [4, 9], [9, 0]]), parameters=freeze(before))
    frozen = compute(before.spec, before.matrix, parameters=after.parameters)
    found = decompose_change(frozen, after, "u0")
    assert found.peers == 0
    assert found.values.tolist() == pytest.approx([100 / 6, 0])


def test_the_method_has_its_part():
    before = run(scorecard(tables=GOALS), [[4, 6], [5, 5]])
    lenient = '[normalise]\nmethod = "goalposts"\ngoalposts = [0, 8]\n'
    after = run(scorecard(tables=lenient), [[4, 6], [5, 5]])
    found = decompose_change(before, after, "u0")
    assert found.method == pytest.approx(12.5)
    assert not found.values.any()
    adds_up(found)


def test_a_method_with_another_tree_and_another_indicator():
    before = run(scorecard(tables=GOALS), [[4, 6], [5, 5], [9, 1]])
    spec = scorecard(
        {"a": 'parent = "x"', "c": 'parent = "x"', "b": ""}, nodes={"x": 'parent = "index"'}, levels=3, tables=GOALS
    )
    after = run(spec, [[4, 9, 7], [5, 5, 5], [8, 2, 2]])
    found = decompose_change(before, after, "u0")
    assert found.indicators == ("a", "b", "c")
    assert found.weights == 0
    adds_up(found)
    adds_up(decompose_change(after, before, "u0"))


@settings(max_examples=80, deadline=None)
@given(
    cells((3, 6)),
    st.sampled_from(METHODS),
    st.sampled_from(METHODS),
    st.sampled_from(METHODS),
    st.sampled_from(("none", "min_max", "rank")),
    st.sampled_from(("", 'missing = "zero"')),
)
def test_the_parts_add_up_and_turn_round(values, lower, upper, later, normalise, rule):
    values = np.round(values, 2)

    def spec(top):
        found = tree_of(lower, top, rule)
        how = replace(found.indicators[0].normalisation, method=normalise)
        how = replace(how, parameters={"lower": 1.0, "upper": 10.0} if normalise == "min_max" else {"ties": "min"})
        return replace(found, indicators=tuple(replace(one, normalisation=how) for one in found.indicators))

    try:
        before, after = run(spec(upper), values), run(spec(later), values[::-1])
    except ScoringError:
        return
    if np.isnan([before.scores[0, -1], after.scores[0, -1]]).any():
        with pytest.raises(ScoringError):
            decompose_change(before, after, "u0")
        return
    found = decompose_change(before, after, "u0")
    adds_up(found)
    back = decompose_change(after, before, "u0")
    if found.how != "shapley_sampled":
        assert parts_of(back) == pytest.approx(turned(found), rel=1e-9, abs=1e-9)
    assert back.rank.own == pytest.approx(-found.rank.own)
    assert back.rank.others == pytest.approx(-found.rank.others)


@settings(max_examples=30, deadline=None)
@given(cells((3, 5)), st.sampled_from(("harmonic", "median", "generalised", "geometric")))
def test_shapley_parts_turn_round_and_drawn_orders_come_near(values, mean):
    spec = tree_of("arithmetic", mean, 'missing = "zero"')
    try:
        before, after = run(spec, values), run(spec, values[::-1])
    except ScoringError:
        return
    found, back = decompose_change(before, after, "u0"), decompose_change(after, before, "u0")
    adds_up(found)
    assert parts_of(back) == pytest.approx(turned(found), rel=1e-9, abs=1e-9)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(game, "_MOST_EXACT", 0)
        drawn = decompose_change(before, after, "u0")
    adds_up(drawn)
    if drawn.how == "shapley_sampled":
        assert (
            np.abs(np.subtract(parts_of(drawn), parts_of(found))).max()
            <= 6 * drawn.error + 0.05 * np.abs(found.values).max() + 1e-9
        )


def test_a_gap_that_closes_is_the_indicators_doing():
    spec = scorecard(("a", "b", "c"), tables=GOALS)
    found = decompose_change(run(spec, [[4, NAN, 6], [1, 1, 1]]), run(spec, [[4, 9, 6], [1, 1, 1]]), "u0")
    assert found.how == "shapley"
    assert found.values.tolist() == pytest.approx([0, 190 / 3 - 50, 0])


def test_weights_from_the_data_move_too():
    spec = scorecard(("a", "b", "c"), tables=GOALS + '[weigh]\nmethod = "critic"')
    values = np.array([[1.0, 2, 9], [2, 5, 7], [7, 3, 2], [4, 6, 1]])
    before, after = run(spec, values), run(spec, values[::-1] + np.array([[1, 0, 0]]))
    for found in decompose_changes(before, after):
        adds_up(found)
    best = scorecard(("a", "b", "c"), tables=GOALS + '[weigh]\nmethod = "benefit_of_doubt"')
    for found in decompose_changes(run(best, values), run(best, values[::-1])):
        adds_up(found)


def test_all_units_of_both_runs_and_nobody_else():
    spec = scorecard(tables=GOALS)
    before = run(spec, [[4, 6], [5, 5], [NAN, NAN]])
    after = compute(spec, Matrix(("u1", "u0", "u2", "u9"), ("a", "b"), np.array([[5, 6], [4, 6], [1, 1], [2, 2.0]])))
    found = decompose_changes(before, after)
    assert [one.unit for one in found] == ["u1", "u0"]
    assert found[0].values.tolist() == pytest.approx([0, 5])
    for unit in ("u2", "u9"):
        with pytest.raises(ScoringError):
            decompose_change(before, after, unit)


def test_screened_units_and_own_columns():
    spec = scorecard(
        {"a": 'target = "aim"', "b": "target = 10"},
        tables='[normalise]\nmethod = "ratio"\n[screen]\nunit_availability = 0.6',
    )
    values = [[4, 6], [5, 5], [1, NAN]]
    before = run(spec, values, columns={"aim": np.array([8.0, 8, 8])})
    after = run(spec, values, columns={"aim": np.array([5.0, 8, 8])})
    found = decompose_change(before, after, "u0")
    assert found.values.tolist() == pytest.approx([15, 0])
    assert found.method == found.peers == 0


def test_a_run_that_its_scorecard_did_not_make_is_refused():
    before = run(scorecard(WEIGHTED, tables=GOALS), [[4, 6], [5, 5]])
    other = replace(before, scores=before.scores + np.array([[0, 0, 3]]))
    with pytest.raises(ScoringError, match="score both again"):
        decompose_change(before, other, "u0")
    same = decompose_change(before, replace(before, spec=reweighted(before, {"a": 6, "b": 2})), "u0")
    # Twice all the weights is the same method.
    assert parts_of(same) == pytest.approx([0] * 5)
