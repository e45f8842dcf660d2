"""Each normalisation against numbers worked out by hand from its formula."""

import math

import pytest

from tests.engine.scoring.cases import column, run, scorecard
from thuocdo.engine.scoring import ScoringError

NAN = math.nan


def approx(values):
    return pytest.approx(values, nan_ok=True, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("tables", "extra", "values", "expected"),
    [
        ('method = "min_max"', "", [2, 4, None, 12], [0, 20, NAN, 100]),
        ('method = "min_max"\nlower = 1\nupper = 7', "direction = -1", [2, 4, 12], [7, 5.8, 1]),
        ('method = "z_score"', "", [1, 2, 3], [-1, 0, 1]),
        ('method = "z_score"\nmean = 100\nsd = 10', "direction = -1", [1, 2, 3], [110, 100, 90]),
        ('method = "goalposts"', "goalposts = [10, 20]", [5, 12, 25, None], [0, 20, 100, NAN]),
        ('method = "goalposts"', "goalposts = [10, 20]\ndirection = -1", [5, 12, 25], [100, 80, 0]),
        ('method = "goalposts"\nscale = 1\ntruncate = false', "goalposts = [10, 20]", [5, 12, 25], [-0.5, 0.2, 1.5]),
        ('method = "goalposts"', 'goalposts = [1, 100]\ntransform = "ln"', [10, 1000], [50, 100]),
        ('method = "scaled"\nlower = 2\nupper = 4\nscale = 10', "", [2, 5], [0, 15]),
        ('method = "distance_to_target"', "target = 8", [2, 5, 14], [0, 0.5, 2]),
        ('method = "distance_to_target"\ncap = true', "target = 8", [2, 5, 14], [0, 0.5, 1]),
        # Lower is better and the target is 4: the worst value 10 is the zero of the scale.
        ('method = "distance_to_target"', "target = 4\ndirection = -1", [10, 7, 4], [0, 0.5, 1]),
        ('method = "distance_to_reference"\nreference = "u1"', "", [2, 6, 8], [0, 1, 1.5]),
        ('method = "distance_to_reference"\nreference = "u1"\ncap = true', "", [2, 6, 8], [0, 1, 1]),
        ('method = "distance_to_maximum"', "", [2, 6, 10], [0, 0.5, 1]),
        ('method = "rank"', "", [5, 7, 7, 9, None], [1, 2, 2, 4, NAN]),
        ('method = "rank"\nties = "dense"', "direction = -1", [5, 7, 7, 9], [3, 2, 2, 1]),
        ('method = "rank"\nties = "average"', "", [5, 7, 7, 9], [1, 2.5, 2.5, 4]),
        ('method = "borda"', "", [5, 7, 7, 9], [0, 1, 1, 3]),
        ('method = "percentile_rank"', "", [5, 7, None, 9], [0, 0.5, NAN, 1]),
        ('method = "fraction_of_maximum"', "", [2, 5, 10], [0.2, 0.5, 1]),
        ('method = "fraction_of_maximum"', "direction = -1", [2, 5, 10, None], [1, 0.4, 0.2, NAN]),
        ('method = "none"', "", [2, 5], [2, 5]),
        ('method = "none"', "direction = -1", [2, 5], [-2, -5]),
        ('method = "ratio"', "target = 80", [None, 0, 60, 100, -5], [NAN, 0, 75, 100, 0]),
        ('method = "inverse_ratio"', "target = 5", [None, 0, 5, 10], [NAN, 100, 100, 50]),
        ('method = "range"', "lower = 2\nupper = 4", [1, 2, 3, 4, 4.1], [0, 100, 100, 100, 0]),
        ('method = "range"', "lower = 2\nupper = 4\nmargin = 2", [None, 1, 3, 5.5, 9], [NAN, 50, 100, 25, 0]),
        ('method = "yes_no"', "", [1, 0, None, 0.25], [100, 0, NAN, 25]),
        ('method = "yes_no"', "direction = -1", [1, 0, 0.25], [0, 100, 75]),
        ('method = "bands"', "bands = [[0, 0], [50, 60], [80, 100]]", [-1, 49, 50, 80, None], [0, 0, 60, 100, NAN]),
        ('method = "bands"', "bands = [[5, 100], [10, 60]]\ndirection = -1", [5, 5.1, 10, 11], [100, 60, 60, 0]),
        # 0.1 + 0.2 is the limit 0.3 to everybody but a computer.
        ('method = "bands"', "bands = [[0.3, 100]]", [0.1 + 0.2 - 2e-16], [100]),
        ('method = "target_path"', "baseline = 40\ntarget = 80\nelapsed = 0.5", [30, 50, 60, 90], [0, 50, 100, 100]),
        ('method = "target_path"', "baseline = 40\nexpected = 60", [50, None], [50, NAN]),
        ('method = "target_path"', "baseline = 9\nexpected = 5\ndirection = -1", [9, 7, 4], [0, 50, 100]),
        # Nothing is due yet: holding the baseline is enough.
        ('method = "target_path"', "baseline = 9\ntarget = 20\nelapsed = 0", [8, 9, 10], [0, 100, 100]),
    ],
)
def test_formula(tables, extra, values, expected):
    assert column(f"[normalise]\n{tables}", values, extra) == approx(expected)


def test_each_body_can_have_its_own_target():
    own = {"plan": [50, 100, float("nan")]}
    assert column('[normalise]\nmethod = "ratio"', [40, 40, 40], 'target = "plan"', columns=own) == approx(
        [80, 40, NAN]
    )


def test_a_target_column_that_is_absent_is_named():
    with pytest.raises(ScoringError, match="plan") as caught:
        column('[normalise]\nmethod = "ratio"', [40], 'target = "plan"')
    assert caught.value.code == "column_missing"


def test_a_constant_column_has_no_score_and_is_reported():
    spec = scorecard(("a", "b"))
    outcome = run(spec, [[5, 1], [5, 2]])
    assert outcome.normalised[:, 0].tolist() == approx([NAN, NAN])
    assert outcome.scores_of("index").tolist() == [0, 100]
    assert [(step.name, step.cells) for step in outcome.steps] == [("normalise", 2)]


def test_a_value_without_logarithm_becomes_missing_and_is_reported():
    spec = scorecard({"a": 'goalposts = [1, 10]\nnormalise = "goalposts"\ntransform = "ln"'})
    outcome = run(spec, [[0], [-3], [10]])
    assert outcome.normalised[:, 0].tolist() == approx([NAN, NAN, 100])
    assert [(step.name, step.cells) for step in outcome.steps] == [("transform", 2), ("aggregate", 2)]


def test_a_denominator_scales_and_zero_leaves_no_value():
    spec = scorecard({"a": 'denominator = "people"\nscale = 1000'}, tables='[normalise]\nmethod = "none"')
    outcome = run(spec, [[3], [4], [5]], columns={"people": [1500, 0, 2000]})
    assert outcome.normalised[:, 0].tolist() == approx([2, NAN, 2.5])


def test_indicators_may_each_have_their_own_method():
    spec = scorecard(
        {
            "a": 'normalise = "yes_no"',
            "b": "",
            "c": 'normalise = { method = "goalposts", scale = 10 }\ngoalposts = [0, 4]',
        }
    )
    assert run(spec, [[1, 5, 2], [0, 7, 4]]).normalised.tolist() == [[100, 0, 5], [0, 100, 10]]


@pytest.mark.parametrize(
    ("extra", "values", "code"),
    [
        ('normalise = "fraction_of_maximum"', [-1, -3], "fraction_negative"),
        ('normalise = "fraction_of_maximum"\ndirection = -1', [-1, 3], "fraction_negative"),
        ('normalise = "distance_to_reference"\nreference = "nobody"', [1, 3], "reference_missing"),
        ('normalise = "ratio"\ntarget = 0', [1, 3], "target_not_positive"),
    ],
)
def test_what_cannot_be_normalised_is_refused(extra, values, code):
    with pytest.raises(ScoringError) as caught:
        column("", values, extra)
    assert caught.value.code == code
