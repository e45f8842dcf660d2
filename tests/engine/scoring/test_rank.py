"""Rounding as people do it on paper, ranks with ties, classes with caps."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.engine.scoring.cases import run, scorecard
from thuocdo.engine.scoring.rank import rank_counted, rank_rows, round_half_up, to_significant

numbers = st.one_of(
    st.floats(-1e9, 1e9),
    st.floats(-100, 100).map(lambda number: round(number, 3) + 0.0),
    st.integers(-(10**7), 10**7).map(lambda number: number / 1000),
    st.floats(allow_nan=False, allow_infinity=False),
)


def on_paper(number, decimals):
    """The rule by decimal arithmetic: 12 significant digits, then half up."""
    return float(Decimal(f"{number:.11e}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


@given(numbers, st.integers(0, 6))
def test_rounding_equals_decimal_arithmetic(number, decimals):
    if abs(number) >= 1e20:
        number /= 1e290
    assert round_half_up(np.array([number]), decimals)[0] == on_paper(number, decimals)


@given(numbers)
def test_twelve_digits_equal_those_printed(number):
    # Whether a number halfway between two twelfth digits goes up or down is nobody's concern.
    assume(f"{number:.14e}".split("e")[0][-3:] not in ("500", "499", "501"))
    expected = float(f"{number:.11e}")
    assert to_significant(np.array([number]))[0] == pytest.approx(expected, rel=1e-15, abs=5e-308)


def test_well_known_halves():
    values = np.array([49.365, 2.675, 0.145, 1.005, -1.005, 0.005, 0.0, np.nan, 99.995, 64.99499999])
    assert round_half_up(values, 2).tolist() == pytest.approx(
        [49.37, 2.68, 0.15, 1.01, -1.01, 0.01, 0.0, np.nan, 100.0, 64.99], abs=0, nan_ok=True
    )


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("min", [4, 2, 2, 1]), ("dense", [3, 2, 2, 1]), ("average", [4, 2.5, 2.5, 1])],
)
def test_ties(ties, expected):
    keys = np.array([[1.0, 5.0, 5.0, 9.0]])
    assert rank_rows(keys, ties)[0].tolist() == expected


@given(st.lists(st.one_of(st.integers(-60, 60), st.none()), min_size=1, max_size=40))
def test_a_rank_counts_those_above(hundredths):
    values = np.array([[np.nan if one is None else one / 100 for one in hundredths]])
    ranks = rank_rows(values, "min")[0]
    for value, rank in zip(values[0], ranks, strict=True):
        if np.isnan(value):
            assert np.isnan(rank)
        else:
            assert rank == 1 + np.count_nonzero(values[0] > value)
    counted = rank_counted(values, 2)
    spread = np.nan_to_num(np.ptp(values[~np.isnan(values)])) if not np.isnan(values).all() else 0
    assert (counted is None) == (round(spread * 100) > 8 * values.size)
    if counted is not None:
        assert np.array_equal(counted[0], ranks, equal_nan=True)


def test_ranks_are_taken_from_what_is_published_or_from_all_digits():
    values = [[80.004], [80.001], [70]]
    rounded = scorecard(("a",), tables='[normalise]\nmethod = "none"')
    full = scorecard(("a",), tables='[normalise]\nmethod = "none"\n[rounding]\nrank_on = "full"')
    assert run(rounded, values).ranks_of("index").tolist() == [1, 1, 3]
    assert run(full, values).ranks_of("index").tolist() == [1, 2, 3]


def test_full_precision_still_sees_a_tie_where_only_the_computer_sees_none():
    spec = scorecard(("a",), tables='[normalise]\nmethod = "none"\n[rounding]\nrank_on = "full"')
    assert run(spec, [[0.1 + 0.2], [0.3], [0.2]]).ranks_of("index").tolist() == [1, 1, 3]


def test_peer_groups_are_ranked_apart():
    spec = scorecard(
        ("a",),
        tables='[normalise]\nmethod = "none"\n[[peer_group]]\ncode = "xa"\n[[peer_group]]\ncode = "tinh"',
    )
    groups = {"peer_group": np.array(["xa", "tinh", "xa", "tinh"])}
    outcome = run(spec, [[1], [5], [3], [4]], columns=groups)
    assert outcome.ranks_of("index").tolist() == [2, 1, 1, 2]
    assert outcome.ranks[:, -1].tolist() == [2, 1, 1, 2]


CLASSES = """
[normalise]
method = "none"
[[class]]
code = "xuat_sac"
from = 90
[[class]]
code = "kha"
from = 65
[[class]]
code = "yeu"
from = 0
[[cap]]
node = "trust"
below = 50
class_at_most = "kha"
"""


def test_one_measure_caps_the_class_of_who_is_not_trusted():
    spec = scorecard(
        {"a": "weight = 4", "t": 'parent = "trust"'},
        nodes={"trust": 'parent = "index"\nweight = 1'},
        tables=CLASSES,
        levels=3,
    )
    nan = float("nan")
    outcome = run(spec, [[105, 49.994], [105, 49.995], [50, 10], [95, nan], [89.994, nan], [-9, nan], [nan, nan]])
    assert outcome.classes == ("kha", "xuat_sac", "yeu", "xuat_sac", "kha", None, None)
