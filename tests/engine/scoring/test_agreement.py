"""Agreement of rankings: the textbook's numbers, the same as scipy's, and what must hold for all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from thuocdo.engine.scoring.agreement import kendall, spearman

RANKS = st.lists(st.integers(1, 12).map(float), min_size=2, max_size=40)


def test_the_example_of_kendall_and_gibbons() -> None:
    # Ten pupils ranked in mathematics and in music.
    one = np.array([7.0, 4, 3, 10, 6, 2, 9, 8, 1, 5])
    other = np.array([5.0, 7, 3, 10, 1, 9, 6, 2, 8, 4])
    assert kendall(one, other) == pytest.approx(stats.kendalltau(one, other).statistic)
    assert spearman(one, other) == pytest.approx(1 - 6 * float(((one - other) ** 2).sum()) / (10 * 99))


# The first call reads the tables of scipy.
@settings(deadline=None)
@given(RANKS, st.randoms(use_true_random=False))
def test_both_are_those_of_scipy_with_ties_and_gaps(values: list[float], random: object) -> None:
    one = np.array(values)
    other = np.array(values)
    random.shuffle(other)  # type: ignore[attr-defined]
    if len(set(values)) < 2:
        assert np.isnan(kendall(one, other))
        assert np.isnan(spearman(one, other))
        return
    assert kendall(one, other) == pytest.approx(stats.kendalltau(one, other).statistic, abs=1e-12)
    assert spearman(one, other) == pytest.approx(stats.spearmanr(one, other).statistic, abs=1e-12)
    assert kendall(np.append(one, np.nan), np.append(other, 1.0)) == kendall(one, other)
    assert -1 <= kendall(one, other) <= 1


@given(RANKS.filter(lambda values: len(set(values)) > 1))
def test_a_ranking_agrees_with_itself_and_not_with_its_reverse(values: list[float]) -> None:
    ranks = np.array(values)
    assert kendall(ranks, ranks) == pytest.approx(1)
    assert spearman(ranks, ranks) == pytest.approx(1)
    assert kendall(ranks, -ranks) == pytest.approx(-1)
    assert spearman(ranks, -ranks) == pytest.approx(-1)
