"""Report against reality, the arithmetic: gaps, inflation of bodies, contradictions, and what to verify next."""

import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thuocdo.engine.quality.gaps import flattery, gap
from thuocdo.engine.quality.gaps_inflation import CAP, Inflation, inflation, summary
from thuocdo.engine.quality.gaps_patterns import burst, opposed
from thuocdo.engine.quality.gaps_sampling import chances, draw, error_rate, risk, total
from thuocdo.engine.quality.gaps_unsigned import unfinished

VALUES = st.decimals(-1000, 1000, places=3)
TOLERANCES = st.decimals("0.001", 50, places=3)


def test_a_gap_has_a_size_a_sign_and_says_whom_it_flatters() -> None:
    found = gap(Decimal(95), Decimal(80), tolerance=Decimal(3), direction=1)
    assert found is not None
    assert (found.size, found.sign, found.in_tolerances, found.is_flattering) == (Decimal(15), 1, 5.0, True)
    fewer_days = gap(Decimal(95), Decimal(80), tolerance=Decimal(3), direction=-1)
    assert fewer_days is not None
    assert fewer_days.is_flattering is False
    without_order = gap(Decimal(95), Decimal(80), tolerance=Decimal(0), direction=0)
    assert without_order is not None
    assert (without_order.is_flattering, without_order.in_tolerances) == (None, None)


def test_within_the_tolerance_and_at_its_end_there_is_no_gap() -> None:
    assert gap(Decimal(83), Decimal(80), tolerance=Decimal(3), direction=1) is None
    assert gap(Decimal(80), Decimal(80), tolerance=Decimal(0), direction=1) is None
    with pytest.raises(ValueError, match="not negative"):
        gap(Decimal(1), Decimal(2), tolerance=Decimal(-1), direction=1)


@given(VALUES, VALUES, TOLERANCES, st.sampled_from([-1, 0, 1]), st.sampled_from([Decimal("0.01"), Decimal(1000)]))
def test_another_unit_scales_the_size_and_nothing_else(
    declared: Decimal, stronger: Decimal, tolerance: Decimal, direction: int, scale: Decimal
) -> None:
    one = gap(declared, stronger, tolerance=tolerance, direction=direction)
    other = gap(declared * scale, stronger * scale, tolerance=tolerance * scale, direction=direction)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert other.size == one.size * scale
        assert other.in_tolerances == pytest.approx(one.in_tolerances)
        assert (other.sign, other.is_flattering) == (one.sign, one.is_flattering)


@given(VALUES, VALUES, TOLERANCES)
def test_turning_the_direction_turns_flattery_round(declared: Decimal, stronger: Decimal, tolerance: Decimal) -> None:
    up = flattery(declared, stronger, tolerance=tolerance, direction=1)
    down = flattery(declared, stronger, tolerance=tolerance, direction=-1)
    assert up is not None
    assert down is not None
    assert up == -down
    assert flattery(declared, stronger, tolerance=Decimal(0), direction=1) is None
    assert flattery(declared, stronger, tolerance=tolerance, direction=0) is None


# --- Inflation


def estimated(pairs: Mapping[int, Sequence[float]]) -> list[Inflation[int]]:
    return inflation({key: summary(values) for key, values in pairs.items()})


def nation(
    seed: int, *, bodies: int = 40, within: float = 1.0, between: float = 1.0
) -> tuple[dict[int, float], dict[int, list[float]]]:
    """True inflations around 0.5 and the pairs by which one sees them, three to eight of each body."""
    chance = Random(seed)
    truth = {body: chance.gauss(0.5, between) for body in range(bodies)}
    pairs = {body: [chance.gauss(truth[body], within) for _ in range(chance.randint(3, 8))] for body in truth}
    return truth, pairs


def test_the_interval_covers_the_truth_nine_times_in_ten() -> None:
    held = [
        one.low <= truth[one.key] <= one.high
        for seed in range(60)
        for truth, pairs in [nation(seed, bodies=25)]
        for one in estimated(pairs)
    ]
    # 1,500 intervals: three standard errors around 90 % are 2.3 points.
    assert 0.877 <= fmean(held) <= 0.935


def test_drawing_together_comes_nearer_to_the_truth_than_plain_means() -> None:
    truth, pairs = nation(7, bodies=200, within=3.0)
    found = estimated(pairs)
    assert fmean((one.estimate - truth[one.key]) ** 2 for one in found) < 0.7 * fmean(
        (one.mean - truth[one.key]) ** 2 for one in found
    )


def test_few_pairs_are_drawn_more_than_many_and_one_slip_of_the_pen_is_capped() -> None:
    found = {one.key: one for one in estimated({1: [4.0], 2: [4.0] * 9 + [3.0], 3: [0, 1], 4: [0, -1], 5: [0.5, 0]})}
    assert found[1].weight < found[2].weight
    assert estimated({1: [9999.0, 0.0]})[0].mean == CAP / 2
    assert inflation({}) == []
    assert estimated({1: []}) == []


@settings(max_examples=40)
@given(st.permutations(sorted(nation(3, bodies=12)[1].items())))
def test_the_order_of_bodies_changes_nothing(rows: list[tuple[int, list[float]]]) -> None:
    plain = {one.key: one for one in estimated(nation(3, bodies=12)[1])}
    assert {one.key: one for one in estimated(dict(rows))} == plain


# --- Contradictions


def test_more_online_and_less_content_is_a_contradiction() -> None:
    found = opposed([40, 55, 70], [90, 88, 80], rise=10, fall=5)
    assert found is not None
    assert (found.volume_change, found.outcome_change) == (30, -10)
    assert opposed([40, 55, 70], [90, 91, 92], rise=10, fall=5) is None
    assert opposed([40, 55, None], [90, 88, 80], rise=10, fall=5) is None
    assert opposed([70], [80], rise=10, fall=5) is None
    # Fewer open dossiers are the better, and so is a shorter time.
    assert opposed([70, 40], [3, 9], rise=10, fall=5, volume_direction=-1, outcome_direction=-1) is not None


@given(st.lists(st.floats(0, 100), min_size=3, max_size=6))
def test_nothing_moves_against_itself(values: list[float]) -> None:
    assert opposed(values, values, rise=1, fall=1) is None


def test_a_burst_is_large_and_out_of_step() -> None:
    assert burst([100, 120, 330], factor=2, least=50) == 3.0
    assert burst([100, 120, 200], factor=2, least=50) is None
    assert burst([1, 2, 9], factor=2, least=50) is None
    assert burst([None, 120, 400], factor=2, least=50) is None
    assert burst([], factor=2, least=50) is None


PHRASES = ["đang trình ký", "chưa ban hành", "chưa được ban hành"]
SETTLED = ["đã ban hành"]


def test_a_report_that_calls_itself_done_and_is_not_signed() -> None:
    text = "Đã hoàn thành dự thảo. Quyết định ĐANG  trình ký Chủ tịch; dự kiến tháng 10. Thông tư chưa được ban hành"
    found = unfinished(text, phrases=PHRASES, settled=SETTLED)
    assert [one.sentence for one in found] == [
        "Quyết định ĐANG trình ký Chủ tịch",
        "Thông tư chưa được ban hành",
    ]
    assert found[1].phrase == "chưa được ban hành"


def test_what_was_settled_afterwards_is_no_contradiction() -> None:
    assert not unfinished("Tháng 8 còn đang trình ký, đã ban hành ngày 5/9.", phrases=PHRASES, settled=SETTLED)
    assert unfinished("Đã ban hành kế hoạch, quyết định đang trình ký.", phrases=PHRASES, settled=SETTLED)
    assert not unfinished("Đã ban hành.", phrases=[])
    assert not unfinished("", phrases=PHRASES)


# --- The sample


@settings(max_examples=60)
@given(st.lists(st.floats(0, 50), min_size=1, max_size=60), st.integers(1, 80), st.floats(0.05, 1))
def test_chances_add_up_to_the_number_and_nobody_is_safe(risks: list[float], number: int, random_part: float) -> None:
    found = chances(dict(enumerate(risks)), number=number, random_part=random_part)
    assert sum(found.values()) == pytest.approx(min(number, len(risks)))
    assert all(0 < one <= 1 for one in found.values())
    ordered = sorted(found, key=lambda key: risks[key])
    assert all(found[a] <= found[b] + 1e-12 for a, b in itertools.pairwise(ordered))
    assert abs(len(draw(found, seed="x")) - min(number, len(risks))) <= 1


def test_what_speaks_for_looking_adds_up() -> None:
    calm = risk(has_evidence=True, is_round=False, is_first=False, inflation=-2.0, has_open_finding=False)
    worst = risk(has_evidence=False, is_round=True, is_first=True, inflation=99.0, has_open_finding=True)
    assert (calm, worst) == (1.0, 8.0)


def test_the_same_seed_draws_the_same_sample_whatever_the_order() -> None:
    found = chances({f"v{n}": float(n % 7) for n in range(100)}, number=12)
    turned = dict(reversed(found.items()))
    assert draw(found, seed="2026-Q3") == draw(turned, seed="2026-Q3")
    assert draw(found, seed="2026-Q3") != draw(found, seed="2026-Q4")


def test_every_value_is_drawn_as_often_as_its_chance_says() -> None:
    found = chances({n: float(n) for n in range(20)}, number=5)
    times = dict.fromkeys(found, 0)
    for seed in range(1500):
        for one in draw(found, seed=str(seed)):
            times[one.key] += 1
    # The standard error of a share of 1,500 is at most 1.3 points.
    assert all(abs(times[key] / 1500 - found[key]) < 0.05 for key in found)


def frame(seed: int) -> tuple[dict[int, float], set[int]]:
    """Three hundred values, one in seven wrong, wrong ones three times as risky."""
    chance = Random(seed)
    wrong = {n for n in range(300) if chance.random() < 1 / 7}
    return {n: chance.uniform(0.5, 1.5) * (3 if n in wrong else 1) for n in range(300)}, wrong


def test_looking_where_errors_are_likely_does_not_bend_the_rate() -> None:
    risks, wrong = frame(1)
    found = chances(risks, number=60)
    estimates, plain, held = [], [], []
    for seed in range(300):
        checked = [(one.key in wrong, one.probability) for one in draw(found, seed=str(seed))]
        rate = error_rate(checked)
        assert rate is not None
        assert rate.low <= rate.rate <= rate.high
        estimates.append(total(checked))
        plain.append(rate.wrong / rate.number)
        held.append(rate.low <= len(wrong) / 300 <= rate.high)
    # Unbiased by Horvitz and Thompson: three standard errors of the mean of 300 draws.
    spread = fmean((one - fmean(estimates)) ** 2 for one in estimates) ** 0.5
    assert abs(fmean(estimates) - len(wrong)) < 3 * spread / 300**0.5
    # The sample's own count would have said nearly twice as much.
    assert fmean(plain) > 1.5 * len(wrong) / 300
    assert fmean(held) >= 0.86


def test_no_error_found_is_not_no_error() -> None:
    rate = error_rate([(False, 0.1)] * 20)
    assert rate is not None
    assert rate.rate == rate.low == 0
    assert 0.1 < rate.high < 0.2
    assert error_rate([]) is None
    whole = error_rate([(True, 1.0), (False, 1.0)])
    assert whole is not None
    assert (whole.low, whole.rate, whole.high) == (0.5, 0.5, 0.5)


def test_a_frame_cannot_be_drawn_from_with_nonsense() -> None:
    with pytest.raises(ValueError, match="random part"):
        chances({1: 1.0}, number=1, random_part=0)
    with pytest.raises(ValueError, match="not negative"):
        chances({1: -1.0}, number=1)
    with pytest.raises(ValueError, match="At least one"):
        chances({1: 1.0}, number=0)
    with pytest.raises(ValueError, match="above 0"):
        draw({1: 0.0}, seed="x")
