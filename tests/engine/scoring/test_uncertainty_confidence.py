"""Confidence sets for ranks of scores with errors."""

import numpy as np
import pytest

from thuocdo.engine.scoring import ScoringError
from thuocdo.engine.scoring.uncertainty import rank_confidence_sets


def test_exact_scores_have_exact_ranks_and_ties_share_a_set():
    found = rank_confidence_sets(np.array([3.0, 1.0, 2.0, 2.0, np.nan]), np.zeros(5), seed=1)
    np.testing.assert_array_equal(found.best, [1, 4, 2, 2, np.nan])
    np.testing.assert_array_equal(found.worst, [1, 4, 3, 3, np.nan])


def test_two_units_are_told_apart_at_the_normal_quantile():
    # With one pair the statistic is |z|, so that c is the two-sided quantile 1.96.
    near = rank_confidence_sets(np.array([0.0, 1.9]), np.array([0.6, 0.8]), seed=1, draws=200_000)
    assert near.critical == pytest.approx(1.96, abs=0.02)
    assert near.worst.tolist() == [2, 2]
    far = rank_confidence_sets(np.array([0.0, 2.05]), np.array([0.6, 0.8]), seed=1, draws=200_000)
    assert far.best.tolist() == [2, 1]
    assert far.worst.tolist() == [2, 1]


def test_deciding_the_clear_pairs_makes_the_others_sharper():
    # With all ten pairs open c is 2.73 (Tukey's studentised range over √2); with the last unit far away,
    # only the six pairs of the first four stay open: 2.57.
    scores = np.array([0.0, 0.0, 0.0, 0.0, 100.0])
    apart = rank_confidence_sets(scores, np.ones(5), seed=1, draws=100_000)
    together = rank_confidence_sets(np.zeros(5), np.ones(5), seed=1, draws=100_000)
    assert together.critical == pytest.approx(2.73, abs=0.03)
    assert apart.critical == pytest.approx(2.57, abs=0.03)
    assert apart.best.tolist() == [2, 2, 2, 2, 1]
    assert together.worst.tolist() == [5] * 5


def test_the_sets_hold_all_true_ranks_as_often_as_promised():
    random = np.random.default_rng(7)
    true, spread = np.array([0.0, 0.0, 1.0, 2.0, 4.0, 4.5]), np.array([0.5, 1.0, 0.7, 0.5, 0.9, 0.6])
    better = (true[None, :] > true[:, None]).sum(axis=1) + 1
    held = 0
    for trial in range(300):
        found = rank_confidence_sets(true + spread * random.standard_normal(6), spread, seed=trial, coverage=0.9)
        held += bool((found.best <= better).all() and (better <= found.worst).all())
    assert held / 300 >= 0.87


def test_the_observed_ranks_lie_within_and_more_spread_widens():
    scores = np.random.default_rng(2).normal(50, 10, 30)
    ranks = 1 + (scores[None, :] > scores[:, None]).sum(axis=1)
    widths = []
    for spread in (0.1, 1.0, 5.0, 50.0):
        found = rank_confidence_sets(scores, np.full(30, spread), seed=1)
        assert (found.best <= ranks).all()
        assert (ranks <= found.worst).all()
        widths.append((found.worst - found.best).sum())
    assert widths == sorted(widths)
    assert widths[-1] == 30 * 29


@pytest.mark.parametrize(("spread", "coverage"), [([1.0], 0.9), ([1.0, -1.0], 0.9), ([1.0, 1.0], 1.0)])
def test_what_makes_no_sense_is_refused(spread, coverage):
    with pytest.raises(ScoringError):
        rank_confidence_sets(np.zeros(2), np.array(spread), seed=1, coverage=coverage)
