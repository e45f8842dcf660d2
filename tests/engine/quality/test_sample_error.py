"""Standard errors of samples, against numbers that can be worked out by hand and against drawn samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thuocdo.engine.quality.sample_error import standard_error

SHARE = {"lower": 0, "upper": 100}


def test_a_share_of_few_and_of_many() -> None:
    """60 of 100: with two more on each side 62 of 104, √(59.615 · 40.385 / 104) = 4.811."""
    assert standard_error(60, 100, **SHARE) == pytest.approx(4.811, abs=5e-4)
    assert standard_error(60, 10_000, **SHARE) == pytest.approx(0.48981, abs=5e-6)


def test_five_of_five_are_no_certainty() -> None:
    """7 of 9: √(77.778 · 22.222 / 9) = 13.858."""
    assert standard_error(100, 5, **SHARE) == pytest.approx(13.858, abs=5e-4)
    assert standard_error(0, 5, **SHARE) == pytest.approx(standard_error(100, 5, **SHARE))


def test_a_mean_of_ratings_has_the_error_of_answers_at_the_ends_of_the_scale() -> None:
    """4.2 of 1 to 5 from 96: (96 · 4.2 + 4 · 3)/100 = 4.152; √(0.848 · 3.152 / 100) = 0.16349."""
    assert standard_error(4.2, 96, lower=1, upper=5) == pytest.approx(0.16349, abs=5e-6)


def test_what_is_not_known_gives_no_error() -> None:
    given_sizes = np.array([np.nan, 0, -3, 10, 10])
    found = standard_error(
        np.full(5, 50.0), given_sizes, lower=np.zeros(5), upper=np.array([100, 100, 100, np.nan, 0.0])
    )
    assert np.isnan(found).all()
    assert np.isnan(standard_error(np.nan, 10, **SHARE))


def test_a_mean_beyond_its_scale_counts_as_its_end() -> None:
    assert standard_error(104, 20, **SHARE) == standard_error(100, 20, **SHARE)


@settings(max_examples=100)
@given(st.floats(0, 100), st.integers(1, 10**9))
def test_more_answers_never_make_it_less_sure(share: float, size: int) -> None:
    wide, narrow = standard_error(share, size, **SHARE), standard_error(share, size + 1, **SHARE)
    assert 0 < narrow <= wide <= 50


@pytest.mark.parametrize("truth", [0.02, 0.5, 0.93])
def test_drawn_samples_lie_as_far_apart_as_is_said(truth: float) -> None:
    """Between one and one and a half times what really comes out, on average over samples of 60."""
    drawn = np.random.default_rng(7).binomial(60, truth, 20_000) / 60 * 100
    said = standard_error(drawn, np.full(20_000, 60), **SHARE).mean()
    assert 0.95 < said / drawn.std() < 1.5
