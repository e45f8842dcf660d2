"""Means and other ways up the tree, with gaps, cells that do not apply, and thresholds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.cases import run, scorecard
from thuocdo.engine.scoring import ScoringError
from thuocdo.engine.scoring.aggregate import copeland

NAN = float("nan")
PLAIN = '[normalise]\nmethod = "none"\n'


def index_of(method, values, weights=None, **further):
    weights = weights or [1] * len(values[0])
    codes = {f"i{place}": f"weight = {weight}" for place, weight in enumerate(weights)}
    spec = scorecard(codes, tables=f"{PLAIN}[aggregate]\n{method}")
    return run(spec, values, **further).scores_of("index").tolist()


@pytest.mark.parametrize(
    ("method", "row", "expected"),
    [
        ('method = "arithmetic"', [1, 4, 16], (2 * 1 + 4 + 16) / 4),
        ('method = "geometric"', [1, 4, 16], (1 * 1 * 4 * 16) ** 0.25),
        ('method = "harmonic"', [1, 4, 16], 4 / (2 + 1 / 4 + 1 / 16)),
        ('method = "generalised"\npower = 2', [1, 4, 16], ((2 + 16 + 256) / 4) ** 0.5),
        ('method = "generalised"\npower = -1', [1, 4, 16], 4 / (2 + 1 / 4 + 1 / 16)),
        ('method = "generalised"\npower = 300', [1, 4, 16], 16 * 0.25 ** (1 / 300)),
        ('method = "median"', [1, 16, 4], 4),
        ('method = "minimum"', [4, 16, 1], 1),
        # A missing child gives its weight to the others.
        ('method = "arithmetic"', [1, NAN, 16], (2 * 1 + 16) / 3),
        ('method = "geometric"', [1, NAN, 16], 16 ** (1 / 3)),
        ('method = "harmonic"', [1, NAN, 16], 3 / (2 + 1 / 16)),
        ('method = "generalised"\npower = 2', [1, NAN, 16], ((2 + 256) / 3) ** 0.5),
        ('method = "median"', [1, NAN, 16], 8.5),
        ('method = "minimum"', [NAN, 16, 4], 4),
        ('method = "arithmetic"', [NAN, NAN, NAN], NAN),
        ('method = "median"', [NAN, NAN, NAN], NAN),
        ('method = "minimum"', [NAN, NAN, NAN], NAN),
        # A zero pulls these means to zero, which is where they tend.
        ('method = "geometric"', [0, 4, 16], 0),
        ('method = "harmonic"', [0, 4, 16], 0),
        ('method = "generalised"\npower = -2', [0, 4, 16], 0),
        ('method = "generalised"\npower = 0.5', [0, 0, 0], 0),
    ],
)
def test_formula(method, row, expected):
    # Another complete unit beside it, so that gaps of one do not touch the other.
    first, second = index_of(method, [row, [2, 2, 2]], weights=[2, 1, 1])
    assert first == pytest.approx(expected, nan_ok=True, rel=1e-12)
    assert second == pytest.approx(2, rel=1e-12)


@pytest.mark.parametrize("method", ["geometric", "generalised"])
def test_means_of_negative_values_are_refused(method):
    with pytest.raises(ScoringError) as caught:
        index_of(f'method = "{method}"\npower = 2', [[1, -4], [2, 3]])
    assert caught.value.code == "mean_undefined"


def test_a_child_without_weight_has_no_say():
    assert index_of('method = "minimum"', [[1, 5], [7, 6]], weights=[0, 1]) == [5, 6]
    assert index_of('method = "arithmetic"', [[1, NAN]], weights=[0, 1]) == pytest.approx([NAN], nan_ok=True)


def test_equal_weighting_ignores_the_given_weights():
    spec = scorecard({"a": "weight = 9", "b": ""}, tables=PLAIN + '[weights]\nmethod = "equal"')
    assert run(spec, [[0, 10]]).scores_of("index").tolist() == [5]


def test_each_level_and_each_node_may_have_its_own_rule():
    nodes = {"x": 'parent = "index"', "y": 'parent = "index"\naggregate = "minimum"'}
    indicators = {"a": 'parent = "x"', "b": 'parent = "x"', "c": 'parent = "y"', "d": 'parent = "y"'}
    spec = scorecard(
        indicators, nodes=nodes, levels=3, tables=PLAIN + '[aggregate]\nby_level = ["arithmetic", "geometric"]'
    )
    outcome = run(spec, [[1, 3, 8, 90]])
    assert outcome.columns == ("a", "b", "c", "d", "x", "y", "index")
    assert outcome.scores[0].tolist() == pytest.approx([1, 3, 8, 90, 2, 8, 4])


def test_too_few_children_leave_a_node_missing():
    threshold = 'method = "arithmetic"\nmin_available = 0.66'
    values = [[1, 2, NAN], [1, NAN, NAN], [NAN, NAN, NAN]]
    assert index_of(threshold, values) == pytest.approx([1.5, NAN, NAN], nan_ok=True)
    # Exactly the share is enough, also where it is no binary fraction.
    assert index_of("min_available = 0.3", [[1, *[NAN] * 6, 2, 6, NAN]]) == [3]


def test_what_does_not_apply_is_not_asked_for():
    threshold = 'method = "arithmetic"\nmin_available = 0.66'
    not_applicable = np.array([[False, True, True], [False, False, True]])
    assert index_of(threshold, [[1, NAN, NAN], [1, NAN, NAN]], not_applicable=not_applicable) == pytest.approx(
        [1, NAN], nan_ok=True
    )


def test_missing_counts_zero_after_the_grace_period_and_is_named():
    spec = scorecard(("a", "b", "c"), tables=PLAIN + '[aggregate]\nmissing = "zero"')
    cells = [[9, NAN, NAN], [9, NAN, 9]]
    outcome = run(
        spec,
        cells,
        not_applicable=np.array([[False, True, False], [False, False, False]]),
        in_grace=np.array([[False, False, False], [False, True, False]]),
    )
    assert outcome.scores_of("index").tolist() == [4.5, 9]
    assert outcome.scores[0, 2] == 0
    assert np.isnan(outcome.normalised[0, 2])
    assert outcome.missing.tolist() == [[False, False, True], [False, True, False]]
    assert outcome.present_weight[:, -1].tolist() == pytest.approx([0.5, 2 / 3])


def test_values_of_cells_that_do_not_apply_touch_nothing():
    spec = scorecard(("a", "b"))
    shown = run(spec, [[1, 5], [3, 7], [1e9, 6]], not_applicable=np.array([[False] * 2] * 2 + [[True, False]]))
    assert shown.scores_of("index").tolist() == [0, 100, 50]


def test_copeland_counts_wins_and_defeats():
    # On 3 of 5 weights u0 beats u1 and u1 beats u2; u0 and u2 split evenly but for one equal child.
    method = 'method = "copeland"'
    assert index_of(method, [[3, 1, 2], [2, 3, 1], [1, 2, 3]]) == [0, 0, 0]
    assert index_of(method, [[3, 3, 1], [2, 2, 2], [1, 1, 3]]) == [2, 0, -2]
    assert index_of(method, [[3, 1], [1, 3]], weights=[3, 1]) == [1, -1]


def test_copeland_goes_up_a_tree_and_skips_units_without_data():
    nodes = {"x": 'parent = "index"', "y": 'parent = "index"'}
    spec = scorecard(
        {"a": 'parent = "x"', "b": 'parent = "y"'},
        nodes=nodes,
        levels=3,
        tables=PLAIN + '[aggregate]\nmethod = "copeland"',
    )
    outcome = run(spec, [[1, 1], [2, 2], [NAN, NAN], [3, 3]])
    assert outcome.scores_of("index").tolist() == pytest.approx([-2, 0, NAN, 2], nan_ok=True)


@given(
    st.lists(
        st.lists(st.one_of(st.integers(0, 3).map(float), st.just(NAN)), min_size=3, max_size=3), min_size=2, max_size=90
    ),
    st.randoms(use_true_random=False),
)
def test_copeland_does_not_depend_on_the_order_of_the_units(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    block, weights = np.array(rows).T, np.array([0.2, 0.3, 0.5])
    straight, shuffled = copeland(block, weights), copeland(block[:, order], weights)
    assert np.array_equal(straight[order], shuffled, equal_nan=True)
    assert np.nansum(straight) == 0


def test_a_negative_zero_is_a_zero_in_a_harmonic_mean():
    spec = scorecard(tables=PLAIN + '[aggregate]\nmethod = "harmonic"')
    assert run(spec, [[0.0, -0.0]]).scores_of("index").tolist() == [0]
