"""Targets: what is due on a path at a day, what each comparator calls reached, parts that add up to a whole."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.targets import Aim, PathProblem, Point, adds_up, check_path, level_on, standing

PLAN = [
    Point(date(2025, 12, 31), Decimal(40), date(2025, 1, 1)),
    Point(date(2026, 12, 31), Decimal(60), date(2026, 1, 1)),
    Point(date(2028, 12, 31), Decimal(90), date(2028, 1, 1)),
]


@pytest.mark.parametrize(
    ("shape", "levels"),
    [
        # 1/1/2024, 30/6/2025, 31/12/2025, 2/7/2026, 31/12/2026, 1/7/2027, 1/1/2030
        ("linear", [None, None, 40, 50, 60, 67, 90]),
        ("step", [None, None, 40, 40, 60, 60, 90]),
        ("given", [None, 40, 40, 60, 60, None, 90]),
    ],
)
def test_the_shape_says_what_is_due_between_the_points(shape: str, levels: list[int | None]) -> None:
    days = [(2024, 1, 1), (2025, 6, 30), (2025, 12, 31), (2026, 7, 2), (2026, 12, 31), (2027, 7, 1), (2030, 1, 1)]
    found = [level_on(PLAN, date(*day), shape=shape) for day in days]
    assert [None if level is None else int(level) for level in found] == levels


@given(st.integers(0, 1500), st.sampled_from(["linear", "step"]))
def test_a_rising_path_never_falls(days: int, shape: str) -> None:
    day = date(2025, 12, 31) + timedelta(days=days)
    today, tomorrow = (level_on(PLAN, one, shape=shape) for one in (day, day + timedelta(days=1)))
    assert today is not None
    assert tomorrow is not None
    assert Decimal(40) <= today <= tomorrow <= Decimal(90)


@pytest.mark.parametrize(
    ("points", "shape", "code", "place"),
    [
        ([], "linear", "no_points", 0),
        (PLAN, "curved", "unknown_shape", 0),
        ([PLAN[0], PLAN[0]], "step", "twice", 2),
        ([Point(date(2026, 12, 31), Decimal(101))], "linear", "out_of_range", 1),
        ([PLAN[1], Point(date(2027, 12, 31), Decimal(50))], "linear", "backwards", 2),
        (PLAN * 30, "linear", "too_many", 0),
    ],
)
def test_a_path_that_cannot_be_is_refused_at_its_point(points: list[Point], shape: str, code: str, place: int) -> None:
    with pytest.raises(PathProblem) as caught:
        check_path(points, shape=shape, direction=1, lower=Decimal(0), upper=Decimal(100))
    assert (caught.value.code, caught.value.place) == (code, place)


@pytest.mark.parametrize(
    ("aim", "value", "reached", "share"),
    [
        (Aim(">=", Decimal(80)), 60, False, "0.75"),
        (Aim(">=", Decimal(80)), 80, True, "1"),
        (Aim(">", Decimal(80)), 80, False, "1"),
        (Aim("<=", Decimal(5)), 10, False, "0.5"),
        (Aim("<", Decimal(5)), 4, True, "1"),
        (Aim(">=", Decimal(80), baseline=Decimal(40)), 60, False, "0.5"),
        (Aim("<=", Decimal(5), baseline=Decimal(25)), 15, False, "0.5"),
        (Aim("between", low=Decimal(40), high=Decimal(50)), 45, True, "1"),
        (Aim("between", low=Decimal(40), high=Decimal(50)), 30, False, "0.75"),
        (Aim("between", low=Decimal(40), high=Decimal(50)), 100, False, "0.5"),
        (Aim("between", low=Decimal(40), high=Decimal(50), baseline=Decimal(20)), 30, False, "0.5"),
        (Aim("reach", Decimal(100)), 101, True, "1"),
        (Aim("reach", Decimal(7), direction=0), 8, False, "0"),
        (Aim("rank", Decimal(50)), 67, False, "0.746"),
        (Aim("rank", Decimal(50), baseline=Decimal(84)), 67, False, "0.5"),
        (Aim("state", Decimal(2)), 1, False, "0.5"),
        (Aim("state", Decimal(2)), 2, True, "1"),
        (Aim("group", Decimal(1)), 0, False, "0"),
        (Aim("group", Decimal(3), direction=-1), 4, False, "0.75"),
    ],
)
def test_every_comparator_says_reached_and_how_far(aim: Aim, value: int, reached: bool, share: str) -> None:
    found = standing(aim, Decimal(value))
    assert found is not None
    assert (found.is_reached, round(found.share, 3)) == (reached, Decimal(share))
    assert (found.lacking == 0) == (reached or (aim.comparator in "<>" and value == aim.level))


def test_without_a_value_or_a_level_nothing_is_judged() -> None:
    assert standing(Aim(">=", Decimal(1)), None) is None
    assert standing(Aim(">="), Decimal(1)) is None
    assert standing(Aim("between", low=Decimal(1)), Decimal(1)) is None
    with pytest.raises(ValueError, match="not a comparator"):
        standing(Aim("about", Decimal(1)), Decimal(1))


def test_parts_add_up_within_a_tolerance_and_missing_ones_are_no_zeros() -> None:
    parts = [Decimal(40), Decimal(59)]
    assert adds_up(Decimal(100), parts).is_beyond
    assert not adds_up(Decimal(100), parts, Decimal(1)).is_beyond
    assert adds_up(Decimal(100), [*parts, None]).difference is None
    # Parts that exceed the whole already cannot be made good by the one that is missing.
    assert adds_up(Decimal(90), [*parts, None]).is_beyond
    assert adds_up(None, parts).total == 99
