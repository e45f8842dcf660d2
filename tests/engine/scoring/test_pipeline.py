"""What holds of every run: order does not matter, better never hurts, units of measure do not matter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.engine.scoring.cases import matrix, run, scorecard
from thuocdo.engine.scoring import ENGINE_VERSION, Matrix, ScoringError, compute

NAN = float("nan")
TREE = {
    "a": 'parent = "x"\nweight = 2\ngoalposts = [0, 10]\ntarget = 6\nbands = [[1, 10], [5, 60], [8, 100]]',
    "b": 'parent = "x"\ngoalposts = [0, 10]\ntarget = 6\ndirection = -1\nbands = [[1, 100], [5, 60], [8, 10]]',
    "c": 'parent = "y"\ngoalposts = [0, 10]\ntarget = 6\nbands = [[1, 10], [5, 60], [8, 100]]',
}
NODES = {"x": 'parent = "index"\nweight = 3', "y": 'parent = "index"'}
# Methods that fix what a value is worth, or rank it: under them a better value cannot hurt.
MONOTONE = ("min_max", "goalposts", "bands", "rank", "percentile_rank", "borda")
MEANS = ("arithmetic", "geometric", "harmonic", "median", "minimum")


def spec_of(normalise="goalposts", aggregate="arithmetic", extra=""):
    return scorecard(
        TREE,
        nodes=NODES,
        levels=3,
        tables=f'[normalise]\nmethod = "{normalise}"\n[aggregate]\nmethod = "{aggregate}"\n{extra}',
    )


def cells(*, gaps=True, most=30):
    number = st.integers(0, 100).map(lambda tenths: tenths / 10)
    element = st.one_of(number, number, number, st.just(NAN)) if gaps else number
    return arrays.arrays(np.float64, st.tuples(st.integers(2, most), st.just(3)), elements=element)


@given(
    cells(), st.sampled_from(("min_max", "z_score", "goalposts", "rank", "bands")), st.randoms(use_true_random=False)
)
def test_scores_do_not_depend_on_the_order_of_units_or_columns(values, method, random):
    spec = spec_of(method, extra='[impute]\nmethod = "mean"\n[treat]\nmethod = "two_stage"\ntransform = "none"\n')
    straight = run(spec, values)
    order, columns = list(range(len(values))), [0, 1, 2]
    random.shuffle(order)
    random.shuffle(columns)
    codes = tuple("abc"[place] for place in columns)
    shuffled = compute(spec, Matrix(tuple(f"u{place}" for place in order), codes, values[np.ix_(order, columns)]))
    # Bit for bit, and not only nearly.
    assert np.array_equal(straight.scores[order], shuffled.scores, equal_nan=True)
    assert np.array_equal(straight.ranks[order], shuffled.ranks, equal_nan=True)
    assert shuffled.units == tuple(straight.units[place] for place in order)


@given(
    cells(gaps=False, most=8),
    st.sampled_from(MONOTONE),
    st.sampled_from(MEANS),
    st.integers(0, 2),
    st.floats(0.1, 5),
)
def test_a_better_value_never_lowers_a_rank(values, method, mean, indicator, step):
    spec = spec_of(method, mean)
    better = values.copy()
    better[0, indicator] += step * spec.indicators[indicator].direction
    before, after = run(spec, values).ranks_of("index"), run(spec, better).ranks_of("index")
    if not np.isnan([before[0], after[0]]).any():
        assert after[0] <= before[0]


@given(
    cells(),
    st.sampled_from(("min_max", "z_score", "rank", "distance_to_maximum", "percentile_rank")),
    st.sampled_from([0.001, 0.25, 3, 1e6]),
)
def test_scaling_a_unit_of_measure_changes_nothing(values, method, factor):
    spec = spec_of(method)
    scaled = values * np.array([factor, 1, 1])
    assert run(spec, scaled).scores == pytest.approx(run(spec, values).scores, nan_ok=True, rel=1e-9, abs=1e-9)


@given(cells(), st.sampled_from(MEANS))
def test_missing_stays_missing_and_nothing_else_becomes_so(values, mean):
    outcome = run(spec_of("goalposts", mean), values)
    assert np.array_equal(np.isnan(outcome.normalised), np.isnan(values))
    assert np.array_equal(np.isnan(outcome.scores_of("index")), np.isnan(values).all(axis=1))
    assert np.array_equal(np.isnan(outcome.ranks), np.isnan(outcome.scores))
    assert np.array_equal(outcome.missing, np.isnan(values))


@given(cells(), st.booleans(), arrays.arrays(np.bool_, (30, 3)))
def test_contributions_add_up_to_the_score(values, as_zero, not_applicable):
    spec = spec_of(extra='missing = "zero"' if as_zero else "")
    outcome = run(spec, values, not_applicable=not_applicable[: len(values)])
    contributions = outcome.contributions
    assert contributions is not None
    assert contributions.sum(axis=1) == pytest.approx(outcome.scores_of("index"), nan_ok=True, rel=1e-12, abs=1e-12)
    scored = ~np.isnan(outcome.scores_of("index"))
    assert not contributions[scored][outcome.missing[scored]].any()


def test_contributions_of_a_single_unit_in_a_geometric_tree_start_from_itself():
    outcome = run(spec_of(aggregate="geometric"), [[1, 2, 3]])
    assert outcome.accounted.start == pytest.approx(outcome.scores_of("index"))
    assert np.abs(outcome.contributions).max() < 1e-12


def test_effective_weights_are_the_contributions_of_full_marks():
    outcome = run(spec_of(), [[10, 0, 10]])
    assert outcome.contributions is not None
    assert outcome.contributions[0].tolist() == pytest.approx([50, 25, 25])


def test_a_declared_value_counts_four_fifths():
    outcome = run(spec_of(), [[10, 0, 10], [10, 0, 10]], confidence=np.array([[0.8, 1, 1], [1, NAN, 1]]))
    assert outcome.scores_of("a").tolist() == [80, 100]
    assert outcome.normalised[:, 0].tolist() == [100, 100]
    assert outcome.scores_of("index").tolist() == pytest.approx([90, 100])


def test_doubt_never_raises_a_negative_value():
    spec = scorecard(("a", "b"), tables='[normalise]\nmethod = "z_score"')
    doubted = run(spec, [[1, 1], [3, 3]], confidence=np.array([[0.5, 1], [1, 1]]))
    assert doubted.scores_of("a").tolist() == run(spec, [[1, 1], [3, 3]]).scores_of("a").tolist()


def test_results_can_be_asked_for_by_code():
    outcome = run(spec_of(), [[1, 2, 3], [4, 5, 6]])
    assert outcome.columns == ("a", "b", "c", "x", "y", "index")
    for place, code in enumerate(outcome.columns):
        assert outcome.ranks_of(code).tolist() == outcome.ranks[:, place].tolist()
        assert outcome.rounded_of(code).tolist() == outcome.rounded[:, place].tolist()
    assert outcome.node_ranks.tolist() == outcome.ranks[:, 3:].tolist()
    assert outcome.classes == (None, None)
    with pytest.raises(KeyError):
        outcome.scores_of("nothing")
    assert ENGINE_VERSION


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"indicators": ("a", "b", "z")}, "indicator_missing"),
        ({"indicators": ("a", "b", "b")}, "indicator_twice"),
        ({"units": ("u", "u")}, "unit_twice"),
        ({"values": np.array([[1.0, 2.0], [3.0, 4.0]])}, "matrix_shape"),
        ({"values": np.array([[1.0, 2.0, 3.0], [4.0, np.inf, 6.0]])}, "value_infinite"),
        ({"confidence": np.full((2, 3), 1.5)}, "confidence_bounds"),
        ({"columns": {"kind": np.array(["x"])}}, "matrix_shape"),
    ],
)
def test_unusable_values_are_refused_with_a_code(change, code):
    given_values = {
        "units": ("u", "v"),
        "indicators": ("a", "b", "c"),
        "values": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
    }
    with pytest.raises(ScoringError) as caught:
        compute(spec_of(), Matrix(**{**given_values, **change}))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("tables", "columns", "code"),
    [
        ('[[peer_group]]\ncode = "xa"', {}, "column_missing"),
        ('[[peer_group]]\ncode = "xa"', {"peer_group": np.array(["phuong"])}, "peer_group_unknown"),
        ('[denominate]\ndenominator = "people"', {"people": np.array(["many"])}, "column_type"),
    ],
)
def test_columns_that_do_not_fit_are_refused(tables, columns, code):
    with pytest.raises(ScoringError) as caught:
        run(scorecard(("a",), tables=tables), [[1]], columns=columns)
    assert caught.value.code == code


@settings(max_examples=20)
@given(cells())
def test_a_run_leaves_its_input_as_it_was(values):
    kept = values.copy()
    spec = spec_of(
        extra='missing = "zero"\n[impute]\nmethod = "mean"\n[treat]\nmethod = "two_stage"\ntransform = "none"'
    )
    given_matrix = matrix(spec, values, not_applicable=np.isnan(values), confidence=np.full(values.shape, 0.5))
    outcome = compute(spec, given_matrix)
    assert np.array_equal(given_matrix.values, kept, equal_nan=True)
    assert np.array_equal(compute(spec, given_matrix).scores, outcome.scores, equal_nan=True)


def test_nobody_and_a_single_unit_can_be_scored():
    assert run(spec_of(), np.empty((0, 3))).ranks.shape == (0, 6)
    assert run(spec_of(), [[5, 5, 5]]).ranks_of("index").tolist() == [1]
    assert np.isnan(run(spec_of("min_max"), [[5, 5, 5]]).scores_of("index")).all()


def by_hand(tree, code, unit):
    """A node's arithmetic mean for one unit, in plain Python, one number at a time."""
    if code in unit:
        return unit[code]
    children = [(by_hand(tree, child, unit), weight) for child, parent, weight in tree if parent == code]
    present = [(score, weight) for score, weight in children if score is not None]
    total = sum(weight for _, weight in present)
    return sum(score * weight for score, weight in present) / total if total else None


@settings(max_examples=40)
@given(st.data(), st.integers(1, 5), st.integers(1, 12))
def test_any_tree_gives_what_a_hand_calculation_gives(data, nodes, leaves):
    weights = st.integers(1, 9)
    families = [f"n{data.draw(st.integers(0, nodes - 1))}" for _ in range(leaves)]
    tree = [(f"i{place}", family, data.draw(weights)) for place, family in enumerate(families)]
    tree += [(node, "index", data.draw(weights)) for node in sorted(set(families))]
    spec = scorecard(
        {code: f'parent = "{parent}"\nweight = {weight}' for code, parent, weight in tree if code[0] == "i"},
        nodes={code: f'parent = "{parent}"\nweight = {weight}' for code, parent, weight in tree if code[0] == "n"},
        levels=3,
        tables='[normalise]\nmethod = "none"',
    )
    row = [data.draw(st.one_of(st.none(), st.integers(-99, 99))) for _ in range(leaves)]
    outcome = run(spec, [row])
    unit = {f"i{place}": value for place, value in enumerate(row)}
    for code in outcome.columns:
        expected = by_hand(tree, code, unit)
        assert outcome.scores_of(code)[0] == pytest.approx(NAN if expected is None else expected, nan_ok=True, abs=1e-9)
