"""What the data say about a scorecard, against scipy, numpy and calculations by hand."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from tests.engine.scoring.cases import run, scorecard
from thuocdo.engine.scoring import Matrix, compute
from thuocdo.engine.scoring.structure import analyse, correlate, correlation_ratio, cronbach_alpha, summarise

NAN = float("nan")
POINTS = '[normalise]\nmethod = "none"\n'


def rows(number=3, units=(3, 15), gaps=True):
    value = st.integers(-20, 20).map(lambda whole: whole / 4)
    element = st.one_of(value, value, value, st.just(NAN)) if gaps else value
    return arrays.arrays(np.float64, st.tuples(st.just(number), st.integers(*units)), elements=element)


@settings(max_examples=60, deadline=None)
@given(rows(), st.sampled_from(("pearson", "spearman", "kendall")))
def test_correlations_are_scipys_on_the_shared_units(block, kind):
    oracle = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[kind]
    found = correlate(block, kind)
    for one in range(3):
        for other in range(3):
            both = ~np.isnan(block[[one, other]]).any(axis=0)
            pair = block[[one, other]][:, both]
            assert found.counts[one, other] == both.sum()
            if both.sum() < 3 or (np.ptp(pair, axis=1) == 0).any():
                assert np.isnan(found.coefficients[one, other])
                assert np.isnan(found.p_values[one, other])
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                expected = oracle(pair[0], pair[1])
            assert found.coefficients[one, other] == pytest.approx(expected.statistic, abs=1e-9)
            if abs(expected.statistic) < 1 - 1e-9:
                assert found.p_values[one, other] == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)
            else:
                assert found.p_values[one, other] <= 1


def test_alpha_by_hand_and_of_parallel_items():
    # Covariances [[1, 0.5], [0.5, 1]]: k² · 0.5 / 3 = 2/3.
    block = np.array([[1.0, 2, 3], [1, 3, 2]])
    assert cronbach_alpha(block) == pytest.approx(2 / 3)
    same = np.array([[1.0, 5, 2, 8]] * 4) + np.arange(4)[:, None]
    assert cronbach_alpha(same) == pytest.approx(1)
    assert np.isnan(cronbach_alpha(block[:1]))
    assert np.isnan(cronbach_alpha(np.ones((2, 4))))


@settings(deadline=None)
@given(rows(4, (4, 12), gaps=False))
def test_alpha_is_the_textbook_formula(block):
    total = block.sum(axis=0).var(ddof=1)
    assume(total > 1e-3)
    expected = 4 / 3 * (1 - block.var(axis=1, ddof=1).sum() / total)
    assert cronbach_alpha(block) == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert cronbach_alpha(np.hstack([block, [[NAN], [1], [2], [3]]])) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_a_family_by_singular_values_and_its_adequacy():
    random = np.random.default_rng(4)
    common = random.normal(size=200)
    values = np.column_stack([common + random.normal(size=200) for _ in range(4)])
    found = analyse(run(scorecard(("a", "b", "c", "d"), tables=POINTS), values)).family("index")
    scaled = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    singular = np.linalg.svd(scaled, compute_uv=False)
    assert found.eigenvalues == pytest.approx(singular**2 / 199)
    assert found.explained.sum() == pytest.approx(1)
    assert (found.loadings[:, 0] > 0).all()
    assert (found.loadings**2).sum(axis=0) == pytest.approx(found.eigenvalues)
    # Four equally correlated columns (r about ½) lie at 0.8; uncorrelated ones at about one half.
    assert 0.75 < found.kmo < 0.85
    assert found.bartlett < 1e-9
    assert found.alpha > found.alpha_without.max()
    noise = analyse(run(scorecard(("a", "b", "c"), tables=POINTS), random.normal(size=(300, 3)))).family("index")
    assert noise.bartlett > 0.001
    assert noise.alpha < 0.3
    with pytest.raises(KeyError):
        analyse(run(scorecard(tables=POINTS), values[:, :2])).family("nothing")


def test_a_matrix_of_two_has_an_adequacy_of_one_half():
    values = [[1, 2], [2, 1], [3, 5], [4, 4], [5, 9]]
    found = analyse(run(scorecard(tables=POINTS), values)).family("index")
    assert found.kmo == pytest.approx(0.5)
    r = np.corrcoef(np.array(values).T)[0, 1]
    chi = -(4 - 9 / 6) * np.log(1 - r**2)
    assert found.bartlett == pytest.approx(stats.chi2.sf(chi, 1))


def test_the_ratio_sees_curves_that_no_line_does():
    x = np.linspace(-1, 1, 201)
    assert correlation_ratio(x, 3 * x + 1) == pytest.approx(1, abs=1e-9)
    assert correlation_ratio(x, x**2) > 0.7
    random = np.random.default_rng(1)
    assert correlation_ratio(x, random.normal(size=201)) < 0.15
    assert np.isnan(correlation_ratio(np.ones(20), np.arange(20.0)))
    assert np.isnan(correlation_ratio(np.arange(5.0), np.arange(5.0)))
    assert 0 <= correlation_ratio((x > 0.9).astype(float), x) <= 1


def test_a_loud_indicator_outweighs_its_weight():
    random = np.random.default_rng(2)
    values = random.normal(size=(400, 2)) * [1, 5]
    loud = analyse(run(scorecard(tables=POINTS), values)).importance
    assert [one.weight for one in loud] == [0.5, 0.5]
    # Var(S) = (1 + 25)/4: the second alone makes 25/26 of it.
    assert loud[1].linear == pytest.approx(25 / 26, abs=0.02)
    assert loud[1].ratio == pytest.approx(25 / 26, abs=0.03)
    assert loud[1].effective > 0.85
    assert sum(one.effective for one in loud) == pytest.approx(1)


def test_what_is_told_twice_and_what_runs_against():
    random = np.random.default_rng(3)
    base = random.normal(size=60)
    values = np.column_stack([base, base * 2 + 1, -base + random.normal(size=60) / 9, random.normal(size=60)])
    spec = scorecard(
        {"a": 'parent = "x"', "b": 'parent = "x"', "c": 'parent = "x"', "d": ""},
        nodes={"x": 'parent = "index"'},
        levels=3,
        tables=POINTS,
    )
    found = analyse(run(spec, values))
    kinds = {(flag.kind, flag.first, flag.second) for flag in found.flags}
    assert ("redundant", "a", "b") in kinds
    assert ("redundant", "a", "c") in kinds
    assert ("counter_sibling", "a", "c") in kinds
    assert ("counter_parent", "c", "x") in kinds
    assert not any("d" in (flag.first, flag.second) for flag in found.flags)
    assert found.between("a", "b") == pytest.approx(1)
    assert found.availability.shape == (60, 6)


def test_a_column_in_figures():
    found = summarise("a", np.array([0, 0, 0, 1, 2, NAN]), 6)
    assert (found.units, found.available, found.zero, found.unique) == (5, 5 / 6, 0.6, 0.6)
    assert (found.minimum, found.q1, found.median, found.q3, found.maximum) == (0, 0, 0, 1, 2)
    assert found.mean == pytest.approx(0.6)
    assert found.deviation == pytest.approx(np.std([0, 0, 0, 1, 2], ddof=1))
    assert found.flags == ("zeros",)
    assert summarise("a", np.array([1.0] * 9 + [90]), 10).flags == ("outliers", "repeated")
    assert summarise("a", np.full(3, NAN), 3).flags == ("missing",)
    assert summarise("a", np.full(3, 7.0), 3).flags == ("repeated", "constant")


@settings(max_examples=20, deadline=None)
@given(rows(3, (4, 12)), st.randoms(use_true_random=False))
def test_the_order_of_units_changes_nothing(block, random):
    spec = scorecard(("a", "b", "c"), tables=POINTS)
    order = list(range(block.shape[1]))
    random.shuffle(order)
    units = tuple(f"u{place:02}" for place in range(block.shape[1]))
    one = analyse(compute(spec, Matrix(units, ("a", "b", "c"), block.T)))
    other = analyse(compute(spec, Matrix(tuple(units[place] for place in order), ("a", "b", "c"), block.T[order])))
    assert np.array_equal(one.pearson.coefficients, other.pearson.coefficients, equal_nan=True)
    assert np.array_equal(one.spearman.p_values, other.spearman.p_values, equal_nan=True)
    assert np.array_equal(one.families[0].eigenvalues, other.families[0].eigenvalues, equal_nan=True)
    assert one.flags == other.flags
