"""Filling gaps and treating outliers, against hand calculation and scipy's moments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from tests.engine.scoring.cases import run, scorecard
from thuocdo.engine.scoring.statistics import deviations, means, medians, skewness_and_kurtosis

NAN = float("nan")


def imputed(tables, values, indicators=("a", "b"), levels=2, nodes=None, **further):
    spec = scorecard(indicators, tables=tables, levels=levels, nodes=nodes)
    return run(spec, values, **further)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ('method = "none"', NAN),
        ('method = "last_known"', NAN),
        ('method = "constant"\nvalue = 7', 7),
        ('method = "mean"', (1 + 2 + 6) / 3),
        ('method = "median"', 2),
        ('method = "group_mean"\ngroup = "kind"', 1.5),
        ('method = "group_median"\ngroup = "kind"', 1.5),
    ],
)
def test_a_gap_is_filled_and_marked(tables, expected):
    outcome = imputed(
        f"[impute]\n{tables}",
        [[NAN, 1], [1, 2], [2, 3], [6, 4]],
        columns={"kind": np.array(["x", "x", "x", "y"])},
    )
    assert outcome.imputed_values[0, 0] == pytest.approx(expected, nan_ok=True)
    assert outcome.imputed.sum() == (not np.isnan(expected))


def test_a_group_without_values_stays_empty():
    outcome = imputed(
        '[impute]\nmethod = "group_mean"\ngroup = "kind"',
        [[NAN, 1], [1, 2], [2, 3]],
        columns={"kind": np.array(["alone", "x", "x"])},
    )
    assert np.isnan(outcome.imputed_values[0, 0])


def test_a_cell_that_does_not_apply_is_not_filled():
    outcome = imputed(
        '[impute]\nmethod = "mean"', [[NAN, 1], [1, 2], [2, 3]], not_applicable=np.array([[1, 0], [0, 0], [0, 0]], bool)
    )
    assert np.isnan(outcome.imputed_values[0, 0])
    assert not outcome.imputed.any()


def test_a_row_mean_looks_at_the_unit_itself_whatever_the_scales():
    # u0 stands at half of b and, lower being better, at a quarter of c: three eighths of a.
    indicators = {"a": "", "b": "", "c": "direction = -1"}
    values = [[NAN, 5, 175], [0, 0, 100], [8, 10, 200]]
    outcome = imputed('[impute]\nmethod = "row_mean"', values, indicators)
    assert outcome.imputed_values[0, 0] == pytest.approx(3.0)
    reverse = imputed('[impute]\nmethod = "row_mean"', [[2, 5, NAN], *values[1:]], indicators)
    assert reverse.imputed_values[0, 2] == pytest.approx(200 - 100 * (2 / 8 + 5 / 10) / 2)


def test_a_row_mean_within_a_level_looks_at_siblings_only():
    nodes = {"x": 'parent = "index"', "y": 'parent = "index"'}
    indicators = {"a": 'parent = "x"', "b": 'parent = "x"', "c": 'parent = "y"'}
    outcome = imputed(
        '[impute]\nmethod = "row_mean"\ngroup = 2', [[NAN, 5, 1], [0, 0, 9], [8, 10, 0]], indicators, 3, nodes
    )
    assert outcome.imputed_values[0, 0] == pytest.approx(4.0)


def test_units_with_too_little_are_left_out():
    spec = scorecard(("a", "b", "c"), tables="[screen]\nunit_availability = 0.66")
    outcome = run(
        spec,
        [[1, 2, NAN], [NAN, 2, NAN], [5, NAN, NAN], [2, 3, 4]],
        not_applicable=np.array([[0] * 3, [0] * 3, [0, 1, 1], [0] * 3], bool),
    )
    assert outcome.units == ("u0", "u2", "u3")
    assert outcome.screened == ("u1",)
    assert outcome.scores.shape == (3, 4)


tables = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 3), st.integers(5, 30)),
    elements=st.one_of(st.integers(-50, 50).map(float), st.just(NAN)),
)


@given(tables)
def test_statistics_equal_those_of_other_libraries(values):
    for row, mean, median, deviation, skewness, kurtosis in zip(
        values, means(values), medians(values), deviations(values), *skewness_and_kurtosis(values), strict=True
    ):
        present = row[~np.isnan(row)]
        number = len(present)
        assert mean == pytest.approx(present.mean() if number else NAN, nan_ok=True, abs=1e-12)
        assert median == pytest.approx(np.median(present) if number else NAN, nan_ok=True)
        assert deviation == pytest.approx(present.std(ddof=1) if number > 1 else NAN, nan_ok=True)
        varied = number > 0 and present.min() < present.max()
        assert skewness == pytest.approx(
            stats.skew(present, bias=False) if number > 2 and varied else NAN, nan_ok=True, rel=1e-9, abs=1e-9
        )
        assert kurtosis == pytest.approx(
            stats.kurtosis(present, bias=False) if number > 3 and varied else NAN, nan_ok=True, rel=1e-9, abs=1e-9
        )


TREAT = '[treat]\nmethod = "two_stage"\n'


def treated(values, tables="", extra=""):
    return run(scorecard({"a": extra}, tables=TREAT + tables), [[value] for value in values])


def test_two_outliers_are_pulled_in():
    values = [*range(1, 11), 30, 100]
    outcome = treated(values)
    (record,) = outcome.treatments
    # 100 goes to 30, and that is enough.
    assert outcome.treated_values[:, 0].tolist() == [*range(1, 11), 30, 30]
    assert (record.winsorised, record.transform, record.passed) == (1, "none", True)
    assert record.skewness_before == pytest.approx(stats.skew(values, bias=False))
    assert record.kurtosis_after == pytest.approx(stats.kurtosis([*range(1, 11), 30, 30], bias=False))


def test_low_outliers_are_pulled_up_and_gaps_stay():
    outcome = treated([-100, -30, *range(1, 11), NAN])
    assert outcome.treated_values[:, 0].tolist() == pytest.approx([-30, -30, *range(1, 11), NAN], nan_ok=True)


HEAVY = [1.0] * 30 + [2.0, 1e3, 1e5, 1e7]


@pytest.mark.parametrize(
    ("tables", "formula"),
    [
        ('transform = "log"', lambda x: np.log(x - 1 + 0.01 * (1e7 - 1))),
        ('transform = "log_shift_one"', np.log),
        ('transform = "log_mirrored"', lambda x: np.log(x - 1 + 0.01 * (1e7 - 1))),
        ('transform = "box_cox"', lambda x: (np.sqrt(x) - 1) / 0.5),
        ('transform = "box_cox"\nlambda = 0', np.log),
    ],
)
def test_what_winsorising_cannot_mend_is_transformed_from_the_original(tables, formula):
    outcome = treated(HEAVY, f"max_winsorised = 1\n{tables}")
    assert outcome.treated_values[:, 0] == pytest.approx(formula(np.array(HEAVY)), abs=1e-12)
    assert outcome.treatments[0].transform != "none"


def test_the_transform_can_build_on_the_winsorised_values():
    outcome = treated(HEAVY, 'max_winsorised = 1\ntransform = "log_shift_one"\ncombine = true')
    assert outcome.treated_values[-1, 0] == pytest.approx(np.log(1e5))


def test_a_long_tail_below_is_mirrored():
    mirrored = treated([-value for value in HEAVY], 'max_winsorised = 1\ntransform = "log_mirrored"')
    straight = treated(HEAVY, 'max_winsorised = 1\ntransform = "log_mirrored"')
    assert mirrored.treated_values[:, 0] == pytest.approx(-straight.treated_values[:, 0])


def test_without_a_second_stage_winsorised_values_stand_though_they_fail():
    outcome = treated(HEAVY, 'max_winsorised = 1\ntransform = "none"')
    assert outcome.treated_values[:, 0].max() == 1e5
    assert not outcome.treatments[0].passed


def test_ties_at_the_end_may_overshoot_the_limit():
    outcome = treated([*range(1, 31), *[1e6] * 3], 'max_winsorised = 2\ntransform = "none"')
    assert outcome.treatments[0].winsorised == 3


def test_a_transform_that_leaves_fixed_goalposts_behind_is_told():
    outcome = treated(HEAVY, "max_winsorised = 1", 'normalise = "goalposts"\ngoalposts = [0, 10]')
    (step,) = [step for step in outcome.steps if step.code == "treatment_scale"]
    assert step.is_warning
    assert step.indicators == ("a",)
    assert treated(HEAVY, "", 'normalise = "goalposts"\ngoalposts = [0, 10]\ntreat = "none"').treatments == ()
