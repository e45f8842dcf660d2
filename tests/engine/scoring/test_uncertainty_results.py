"""What is drawn, and what simulated rankings say: intervals, chances, quantiles."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scoring.cases import matrix
from tests.engine.scoring.varied_cases import VARIED, tree, values
from thuocdo.engine.scoring.uncertainty import (
    draw_design,
    simulate,
    weights_of,
)


def test_dirichlet_weights_have_the_mean_and_variance_of_their_law():
    spec = tree('[uncertainty]\nweights = "dirichlet"\nconcentration = 20')
    design = draw_design(spec, 4096, seed=1)
    weights = weights_of(spec, design)[:, [8, 9, 10]] / 6
    shares = np.array([3, 2, 1]) / 6
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_allclose(weights.mean(axis=0), shares, atol=0.002)
    np.testing.assert_allclose(weights.var(axis=0), shares * (1 - shares) / 21, rtol=0.03)


def test_uniform_weights_stay_within_their_share_and_zero_stays_zero():
    spec = tree("[uncertainty]\nweights = 0.25")
    design = draw_design(spec, 256, seed=1)
    ratio = weights_of(spec, design)[:, :11]
    assert (ratio[:, 2] == 0).all()
    assert design.layout.weight_columns == (0, 1, 3, 4, 5, 6, 8, 9, 10)
    shares = ratio[:, [0, 8]] / [1, 3]
    assert shares.min() >= 0.75
    assert shares.max() <= 1.25
    assert shares.std() == pytest.approx(0.5 / np.sqrt(12), rel=0.02)


def test_each_method_has_an_equal_share_of_the_runs_and_its_own_counts():
    spec = tree('[uncertainty]\nnormalise = ["min_max", "rank", "borda", "rank"]\naggregate = ["geometric"]')
    design = draw_design(spec, 600, seed=1)
    assert design.layout.steps == (("normalise", 3), ("aggregate", 2))
    assert np.bincount(design.choices[:, 2]) == pytest.approx([200] * 3, abs=3)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**63 - 1),
    share=st.floats(0, 1),
    low=st.floats(0, 0.5),
    high=st.floats(0.5, 1),
    gaps=st.floats(0, 0.6),
)
def test_intervals_hold_the_published_rank_and_shares_add_up(seed, share, low, high, gaps):
    spec = tree(f'[uncertainty]\nweights = {share}\nnormalise = ["rank"]')
    data = matrix(spec, values(units=12, seed=seed % 1000, gaps=gaps))
    simulation = simulate(spec, data, replicates=16, seed=seed)
    intervals = simulation.intervals(low, high)
    ranked = ~np.isnan(simulation.nominal_ranks)
    assert (intervals.low[ranked] <= intervals.rank[ranked]).all()
    assert (intervals.rank[ranked] <= intervals.high[ranked]).all()
    assert (intervals.low[ranked] <= intervals.median[ranked] + 1e-9).all()
    assert (simulation.ranks[:, ranked] > 0).all()
    assert np.isnan([intervals.low[~ranked], intervals.median[~ranked], intervals.high[~ranked]]).all()
    for place, unit in enumerate(simulation.units):
        # A unit that min_max cannot place, being the only one with a value, may have a rank by ranks.
        assert simulation.acceptability(unit).sum() == pytest.approx((simulation.ranks[:, place] > 0).mean())
        assert not ranked[place] or simulation.acceptability(unit).sum() == pytest.approx(1)
        assert simulation.acceptability(unit)[:3].sum() == pytest.approx(simulation.top(3)[place])
    pair = simulation.compare("u0", "u1")
    assert pair.better + pair.worse + pair.tied == pytest.approx(1)
    assert simulation.pairwise(["u0", "u1"])[0, 1] == simulation.probability_better("u0", "u1") == pair.better
    assert simulation.probability_better("u1", "u0") == pair.worse


def test_more_spread_does_not_narrow_the_intervals():
    data = matrix(tree(), values(units=200))
    widths = []
    for share in (0.0, 0.1, 0.25, 0.5, 1.0):
        simulation = simulate(tree(f"[uncertainty]\nweights = {share}"), data, replicates=256, seed=11)
        intervals = simulation.intervals()
        widths.append(np.nanmedian(intervals.high - intervals.low))
    assert widths == sorted(widths)
    assert widths[0] == 0 < widths[-1]


def test_quantiles_are_of_type_7():
    spec = tree("[uncertainty]\nweights = 0.9")
    simulation = simulate(spec, matrix(spec, values()), replicates=37, seed=2)
    ranked = simulation.ranks[:, 0].astype(float)
    for share in (0.0, 0.05, 0.5, 0.95, 1.0):
        assert simulation.quantile(share)[0] == np.quantile(ranked, share)
    # A unit that misses a rank in some runs is judged by the others.
    part = replace(simulation, ranks=np.where(np.arange(37)[:, None] < 10, 0, simulation.ranks))
    assert part.quantile(0.3)[0] == pytest.approx(np.quantile(ranked[10:], 0.3))


def test_a_pair_that_data_settle_is_certain():
    spec = tree(VARIED + '[impute]\nmethod = "none"')
    drawn = np.vstack([values(units=10), np.full((1, 8), 49.0), np.full((1, 8), 51.0)])
    drawn[10, [1, 4]], drawn[11, [1, 4]] = 51.0, 49.0
    simulation = simulate(spec, matrix(spec, drawn), replicates=200, seed=2)
    assert simulation.probability_better("u11", "u10") == 1
    with pytest.raises(KeyError):
        simulation.compare("u11", "nobody")
