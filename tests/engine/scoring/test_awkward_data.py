"""Data that cannot be scored, or only in part: a clear error, or a step of the run that tells of it."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import matrix, run, scorecard
from tests.engine.scoring.test_against_reference import CONFIGURATIONS, configuration, given_matrix
from thuocdo.engine.scoring import ScoringError, compute, load_spec

NAN = float("nan")
PLAIN = '[normalise]\nmethod = "none"\n'


def warnings_of(outcome):
    return {step.code: (step.cells, step.indicators) for step in outcome.steps if step.is_warning}


@pytest.mark.parametrize(
    ("tables", "extra", "values", "expected"),
    [
        # All equal: no place on the scale. 0.1 three times is equal though its binary mean is not 0.1.
        ("", "", [0.1, 0.1, 0.1], {"not_placed": (3, ("a",)), "no_index": (3, ())}),
        ('[normalise]\nmethod = "z_score"', "", [0.1, 0.1, 0.1], {"not_placed": (3, ("a",)), "no_index": (3, ())}),
        # The one value there is stands for its neighbours, and then all are equal.
        (
            '[normalise]\nmethod = "z_score"\n[impute]\nmethod = "mean"',
            "",
            [0.1, NAN, 0.1, 0.1],
            {"not_placed": (4, ("a",)), "no_index": (4, ())},
        ),
        # The target is the minimum: every distance would be divided by 0.
        (
            '[normalise]\nmethod = "distance_to_target"',
            "target = 1",
            [1, 2, 3],
            {"not_placed": (3, ("a",)), "no_index": (3, ())},
        ),
        # Nobody has a value at all.
        ("", "", [NAN, NAN], {"no_values": (1, ("a",)), "no_index": (2, ())}),
        # No logarithm of 0 and below.
        (PLAIN, 'transform = "ln"', [0, -1, 1], {"undefined": (2, ("a",)), "no_index": (2, ())}),
    ],
)
def test_what_has_no_score_is_told(tables, extra, values, expected):
    outcome = run(scorecard({"a": extra}, tables=tables), [[value] for value in values])
    assert warnings_of(outcome) == expected
    assert np.array_equal(np.isnan(outcome.ranks), np.isnan(outcome.scores))


def test_a_mean_of_equal_values_is_that_value():
    spec = scorecard(("a",), tables='[impute]\nmethod = "mean"\n[normalise]\nmethod = "none"')
    assert run(spec, [[0.1], [0.1], [0.1], [NAN]]).imputed_values[:, 0].tolist() == [0.1] * 4


def test_values_that_only_the_computer_tells_apart_are_constant():
    outcome = run(scorecard(("a", "b")), [[0.1 + 0.2, 1], [0.3, 2]])
    assert np.isnan(outcome.normalised[:, 0]).all()
    assert outcome.scores_of("index").tolist() == [0, 100]


def test_units_without_a_group_keep_their_gaps():
    spec = scorecard(("a",), tables=PLAIN + '[impute]\nmethod = "group_mean"\ngroup = "kind"')
    kinds = np.array(["x", "", "x", None, float("nan")], dtype=object)
    outcome = run(spec, [[1], [NAN], [NAN], [NAN], [7]], columns={"kind": kinds})
    assert outcome.imputed_values[:, 0].tolist() == pytest.approx([1, NAN, 1, NAN, 7], nan_ok=True)
    assert warnings_of(outcome)["gaps_left"] == (2, ("a",))


def test_the_latest_former_value_stands_in():
    """By date, whatever the order in which former values are given; each prepared like the values of today."""
    spec = scorecard({"a": 'transform = "ln"', "b": ""}, tables=PLAIN + '[impute]\nmethod = "last_known"')
    earlier = {
        date(2025, 9, 30): np.array([[np.e**3, NAN], [1.0, 1.0]]),
        date(2025, 3, 31): np.array([[np.e**2, 5.0], [1.0, 1.0]]),
        date(2025, 6, 30): np.array([[NAN, 6.0], [1.0, 1.0]]),
    }
    outcome = compute(spec, matrix(spec, [[NAN, NAN], [np.e, NAN]], earlier=earlier))
    assert outcome.imputed_values.tolist() == [pytest.approx([3, 6]), [1, 1]]
    assert outcome.imputed.tolist() == [[True, True], [False, True]]


def test_an_indicator_with_too_few_values_is_left_out_and_named():
    """Units are judged first, then indicators among the remaining units; nothing is imputed for those left out."""
    spec = scorecard(
        ("a", "b", "c"),
        tables=PLAIN
        + "[screen]\nunit_availability = 0.5\nindicator_availability = 0.75\n"
        + '[impute]\nmethod = "constant"\nvalue = 0\n[aggregate]\nmin_available = 0.9',
    )
    outcome = run(spec, [[1, 2, NAN], [3, NAN, 5], [NAN, NAN, 9], [4, 5, NAN], [6, 7, NAN]])
    assert (outcome.screened, outcome.screened_indicators) == (("u2",), ("c",))
    assert np.isnan(outcome.imputed_values[:, 2]).all()
    assert outcome.scores_of("index").tolist() == [1.5, 1.5, 4.5, 6.5]
    assert warnings_of(outcome) == {"units_screened": (1, ()), "indicators_screened": (1, ("c",))}


def test_units_that_report_zeros_only_can_be_left_out():
    """COINr's Screen by zeros: the share of non-zero values among the available, strictly below."""
    spec = scorecard(("a", "b", "c"), tables=PLAIN + "[screen]\nunit_nonzero = 0.5")
    outcome = run(spec, [[0, 0, NAN], [0, 5, NAN], [0, 0, 5], [NAN, NAN, NAN], [1, 2, 3]])
    assert outcome.units == ("u1", "u3", "u4")
    assert warnings_of(outcome)["units_zero"] == (2, ())


def test_a_share_that_is_exactly_the_threshold_is_enough():
    spec = scorecard([f"i{place}" for place in range(10)], tables=PLAIN + "[screen]\nunit_availability = 0.3")
    rows = [[1.0] * 3 + [NAN] * 7, [1.0] * 2 + [NAN] * 8]
    assert run(spec, rows).units == ("u0",)


@pytest.mark.parametrize(
    ("rule", "values", "code", "cells"),
    [
        ('"geometric"', [[0, 4], [1, 4]], "zero_mean", 1),
        ('"harmonic"', [[0, 4], [0, 4]], "zero_mean", 2),
        ('"harmonic"', [[-1, 4], [1, 4]], "negative_mean", 1),
        ('{ method = "generalised", power = -2 }', [[0, 4], [1, 4]], "zero_mean", 1),
        ('"copeland"', [[1, NAN], [NAN, 2], [3, 4]], "shared_weight", 3),
    ],
)
def test_what_a_mean_makes_of_zeros_negatives_and_gaps_is_told(rule, values, code, cells):
    outcome = run(scorecard(("a", "b"), tables=f"{PLAIN}[aggregate]\nmethod = {rule}"), values)
    assert warnings_of(outcome)[code][0] == cells


def test_a_harmonic_mean_that_cancels_out_is_missing():
    outcome = run(scorecard(("a", "b"), tables=f'{PLAIN}[aggregate]\nmethod = "harmonic"'), [[-2, 2], [2, 2]])
    assert outcome.scores_of("index").tolist() == pytest.approx([NAN, 2], nan_ok=True)
    assert warnings_of(outcome)["no_index"] == (1, ())


@pytest.mark.parametrize(
    ("extra", "tables", "values", "further", "code"),
    [
        ("", "", [[np.inf], [1]], {}, "value_infinite"),
        ("", "", [[1e300], [1]], {}, "value_infinite"),
        ('denominator = "people"', "", [[1], [2]], {"columns": {"people": [1, np.inf]}}, "value_infinite"),
        ('denominator = "people"', "", [[1], [2]], {"columns": {"people": ["a", "b"]}}, "column_type"),
        ('denominator = "people"', "", [[1], [2]], {}, "column_missing"),
        ("", '[aggregate]\nmethod = "geometric"', [[-1], [1]], {}, None),
        (
            'treat = { method = "manual", transform = "box_cox", lambda = 400 }',
            "",
            [[1], [1e6]],
            {},
            "treatment_infinite",
        ),
        ("", "", [[1], [2]], {"earlier": {date(2025, 1, 1): np.array([[1.0]])}}, "matrix_shape"),
    ],
)
def test_what_cannot_be_scored_is_refused(extra, tables, values, further, code):
    spec = scorecard({"a": extra, "b": ""}, tables=PLAIN + tables)
    rows = [[row[0], 1.0] for row in values]
    with pytest.raises(ScoringError) as caught:
        run(spec, rows, **further)
    assert caught.value.code == (code or "mean_undefined")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, CONFIGURATIONS - 1), st.randoms(use_true_random=False))
def test_the_order_of_units_changes_no_bit(seed, chance):
    text, rows = configuration(seed)
    spec = load_spec(text)
    straight = compute(spec, given_matrix(spec, rows))
    mixed = list(rows)
    chance.shuffle(mixed)
    shuffled = compute(spec, given_matrix(spec, mixed))
    order = [straight.units.index(unit) for unit in shuffled.units]
    for name in ("imputed_values", "treated_values", "normalised", "scores", "ranks"):
        assert np.array_equal(getattr(straight, name)[order], getattr(shuffled, name), equal_nan=True), name
    assert shuffled.treatments == straight.treatments or "nan" in str(straight.treatments)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, CONFIGURATIONS - 1), st.sampled_from([0.1, 3, 1000]))
def test_weights_matter_only_among_siblings(seed, factor):
    text, rows = configuration(seed)
    spec = load_spec(text)
    lines = [
        f"weight = {float(line.split(' = ')[1]) * factor!r}" if line.startswith("weight = ") else line
        for line in text.splitlines()
    ]
    # The index itself has no weight; all others are multiplied, unstated ones being 1.
    scaled = load_spec("\n".join(lines))
    straight, other = compute(spec, given_matrix(spec, rows)), compute(scaled, given_matrix(scaled, rows))
    assert other.scores == pytest.approx(straight.scores, nan_ok=True, rel=1e-9, abs=1e-9)
    assert np.array_equal(np.isnan(straight.ranks), np.isnan(straight.scores))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 50), min_size=3, max_size=3), min_size=2, max_size=12), st.integers(2, 3))
def test_units_that_occur_again_change_no_score_of_a_fixed_range(rows, times):
    spec = scorecard({"a": "weight = 2", "b": "direction = -1", "c": ""})
    once, often = run(spec, rows), run(spec, rows * times)
    assert np.array_equal(often.scores, np.tile(once.scores, (times, 1)), equal_nan=True)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=3, max_size=10),
    st.sampled_from(["min_max", "goalposts", "scaled", "rank", "percentile_rank", "borda", "none"]),
    st.sampled_from(["arithmetic", "median", "minimum", "copeland"]),
    st.integers(0, 2),
    st.integers(1, 9),
)
def test_a_better_value_never_lowers_the_own_rank(rows, method, mean, place, step):
    posts = "goalposts = [-40, 40]"
    spec = scorecard(
        {"a": posts, "b": f"direction = -1\n{posts}", "c": f"weight = 3\n{posts}"},
        tables=f'[normalise]\nmethod = "{method}"\n[aggregate]\nmethod = "{mean}"\n[rounding]\nrank_on = "full"',
    )
    better = [list(row) for row in rows]
    better[0][place] += step * spec.indicators[place].direction
    before, after = run(spec, rows).ranks_of("index")[0], run(spec, better).ranks_of("index")[0]
    if not np.isnan([before, after]).any():
        assert after <= before
