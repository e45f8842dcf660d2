"""Signs of reports made to please: hand-worked examples, the same tail as scipy's, and what must hold for all."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from thuocdo.engine.quality.gaming import (
    Alike,
    alike,
    at_ceiling,
    binomial_tail,
    heaping,
    hurry,
    joined,
    likeness,
    pooled,
    shingles,
    steady_rise,
    tally,
    words_of,
)

LONG = (
    "Đơn vị đã rà soát toàn bộ quy trình, phân công đầu mối từng nội dung, tổ chức tập huấn cho cán bộ tại "
    "cơ sở và đưa hệ thống vào vận hành thử nghiệm tại các địa bàn trọng điểm trong quý."
)


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.floats(0, 1))
def test_the_tail_is_that_of_scipy(hits: int, number: int, share: float) -> None:
    assert binomial_tail(hits, number, share) == pytest.approx(stats.binom.sf(hits - 1, number, share), abs=1e-9)


def test_a_tail_by_hand() -> None:
    # Two heads or more of three fair coins: 3/8 + 1/8.
    assert binomial_tail(2, 3, 0.5) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        binomial_tail(1, 2, 1.5)


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_more_hits_are_rarer(number: int, share: float) -> None:
    tails = [binomial_tail(hits, number, share) for hits in range(number + 1)]
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(tails))


def test_the_ceiling_counts_known_scores_only() -> None:
    assert at_ceiling([100, 95, 94.999, float("nan"), 10]) == (2, 4)
    assert at_ceiling([]) == (0, 0)


def test_a_rise_is_steady_or_none() -> None:
    assert steady_rise([0.2, 0.5, 0.7]) == pytest.approx(0.5)
    assert steady_rise([0.2, 0.5, 0.46, 0.7]) == pytest.approx(0.5)
    assert steady_rise([0.2, 0.7, 0.5, 0.8]) == 0
    assert steady_rise([0.2, 0.9]) == 0
    assert steady_rise([0.9, 0.88, 0.87]) == 0


def test_periods_are_pooled_by_their_numbers() -> None:
    both = pooled([tally(3, 4, 0.05), tally(1, 1, 0.1), tally(0, 0, 0.9)])
    assert (both.hits, both.number, both.expected) == (4, 5, pytest.approx(0.06))
    assert both.probability == binomial_tail(4, 5, both.expected)
    assert pooled([]).stands_out(least=0) is False


def test_round_numbers_by_hand() -> None:
    # 80, 85, 90 and 75 of six values inside the range; 0 and 100 do not count, 62.5 is no multiple of five.
    found = heaping([80, 85, 90, 75, 62.5, 83, 0, 100, 100], step=5)
    assert (found.hits, found.number, found.expected) == (4, 6, 0.2)
    assert found.probability == pytest.approx(15 * 0.2**4 * 0.8**2 + 6 * 0.2**5 * 0.8 + 0.2**6)
    assert heaping([20, 30, 35], step=10).hits == 2


@given(st.lists(st.integers(1, 99), min_size=20, max_size=60))
def test_all_round_stands_out_and_evenly_spread_does_not(values: list[int]) -> None:
    assert heaping([5 * (value % 19 + 1) for value in values], step=5).stands_out(least=20)
    assert not heaping(range(1, 100), step=5).stands_out(least=20)
    # What is reported with decimals cannot look rounder than what is reported without.
    assert heaping([value + 0.3 for value in values], step=5).hits == 0


def test_the_last_working_days_by_hand() -> None:
    # The third quarter of 2026 ends on Wednesday 30/9; its last three working days are 28, 29 and 30.
    first, last = date(2026, 7, 1), date(2026, 9, 30)
    days = [date(2026, 9, 28), date(2026, 9, 30), date(2026, 9, 27), date(2026, 7, 6), date(2026, 10, 1)]
    found = hurry(days, first=first, last=last)
    # 27/9 is a Sunday and counts with Friday; 1/10 lies outside. 66 weekdays less 31/8, 1/9 and 2/9.
    assert (found.hits, found.number) == (2, 4)
    assert found.expected == pytest.approx(3 / 63)


def test_a_period_that_ends_on_a_weekend_ends_on_its_last_working_day() -> None:
    # May 2026 ends on a Sunday: the last three working days are 27, 28 and 29.
    found = hurry(
        [date(2026, 5, 27), date(2026, 5, 31), date(2026, 5, 26)], first=date(2026, 5, 1), last=date(2026, 5, 31)
    )
    assert found.hits == 2


def test_what_stands_out_needs_number_size_and_rarity() -> None:
    assert tally(8, 8, 0.05).stands_out()
    assert not tally(7, 7, 0.05).stands_out()
    assert not tally(30, 100, 0.25).stands_out()
    assert not tally(4, 20, 0.05).stands_out(tests=1000)


def test_words_are_compared_without_case_marks_and_ways_of_writing_tones() -> None:
    assert words_of("Hoà  Bình, ĐÃ xong!") == words_of("hòa bình đã xong")
    assert shingles("một hai ba") == frozenset()


def test_likeness_by_hand() -> None:
    # Six words give two runs, five of the six the same: one run of three is shared.
    assert likeness(shingles("a b c d e f"), shingles("a b c d e g")) == pytest.approx(1 / 3)
    assert likeness(frozenset(), frozenset()) == 0


def test_copied_and_nearly_copied_reports_are_found() -> None:
    changed = LONG.replace("trọng điểm trong quý", "trọng điểm trong tháng")
    other = " ".join(f"nội dung khác hẳn thứ {number}" for number in range(10))
    pairs = alike({"a": LONG, "b": LONG.upper(), "c": changed, "d": other, "e": "Đã xong."})
    assert [(pair.one, pair.other) for pair in pairs] == [("a", "b"), ("a", "c")]
    assert pairs[0].likeness == 1
    assert 0.8 <= pairs[1].likeness < 1


def test_pairs_join_to_groups_through_each_other() -> None:
    pairs = [Alike("a", "b", 1.0), Alike("c", "b", 0.9), Alike("x", "y", 0.85)]
    assert [(least, sorted(keys)) for least, keys in joined(pairs)] == [(0.9, ["a", "b", "c"]), (0.85, ["x", "y"])]
    assert joined([]) == []


def test_short_texts_and_stock_phrases_lead_nowhere() -> None:
    assert alike(dict.fromkeys(range(50), "Tiến độ bảo đảm, sản phẩm đã hình thành khung.")) == []
    many = {
        number: f"{LONG} Riêng mục {number} nêu thêm các việc số {number} {number} {number}." for number in range(60)
    }
    # Every run of the common part stands in sixty texts, more than count: no work is done for any of the pairs.
    assert alike(many) == []
    assert len(alike(dict.fromkeys(range(300), LONG))) == 200


@given(st.lists(st.sampled_from("abcdefgh"), min_size=30, max_size=60), st.integers(0, 25))
def test_likeness_is_symmetric_and_one_for_the_same(words: list[str], cut: int) -> None:
    one, other = shingles(" ".join(words)), shingles(" ".join(words[cut:]))
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1
    assert 0 <= likeness(one, other) <= 1
