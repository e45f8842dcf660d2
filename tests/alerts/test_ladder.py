"""The ladder counts days as people do: each rung once, nothing during a pause, one notice after a late start."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thuocdo
from thuocdo.alerts.ladder import Counting, Ladder, LadderMalformed, bands, day_of, next_rung, reached, read_ladder
from thuocdo.engine.calendars import is_working_day, swapped_days

PACK = Path(thuocdo.__file__).parent / "packs" / "nq57"
DOCUMENT = tomllib.loads((PACK / "ladder.toml").read_text(encoding="utf-8"))
SWAPS = swapped_days(tomllib.loads((PACK / "calendar.toml").read_text(encoding="utf-8")))
LADDERS = [
    read_ladder(DOCUMENT | {"counting": counting, "closed_days": closed})
    for counting in ("calendar", "working")
    for closed in ("moved", "kept")
]
DAYS = st.dates(date(2025, 11, 1), date(2027, 3, 31))
LADDER = st.sampled_from(LADDERS)


def codes_over(ladder: Ladder, due: date, days: range, **more: Any) -> list[str]:
    """The rungs raised by a review on each of the days, counted from the deadline."""
    raised, last = [], None
    for offset in days:
        height = next_rung(ladder, due, due + timedelta(days=offset), last=last, overrides=SWAPS, **more)
        if height is not None:
            raised.append(ladder.rungs[height].code)
            last = height
    return raised


def test_the_pack_has_the_seven_rungs_and_escalates_to_more_and_more_people() -> None:
    ladder = read_ladder(DOCUMENT)
    assert [rung.days for rung in ladder.rungs] == [-7, -3, -1, 0, 1, 7, 30]
    for lower, higher in zip(ladder.rungs, ladder.rungs[1:], strict=False):
        assert set(lower.audience) <= set(higher.audience)
    assert [rung.code for rung in ladder.rungs if rung.proposes_note] == ["after_7", "after_30"]


@pytest.mark.parametrize("ladder", LADDERS)
def test_every_rung_is_raised_once_in_a_quiet_month(ladder: Ladder) -> None:
    assert codes_over(ladder, date(2026, 7, 15), range(-20, 60)) == [rung.code for rung in ladder.rungs]


def test_a_reminder_that_falls_on_a_closed_day_comes_on_the_working_day_before() -> None:
    ladder = read_ladder(DOCUMENT)
    by_code = {rung.code: rung for rung in ladder.rungs}
    sunday = date(2026, 9, 13)
    assert day_of(ladder, by_code["on_day"], sunday) == date(2026, 9, 11)
    assert day_of(ladder, by_code["after_1"], date(2026, 9, 11)) == date(2026, 9, 14)
    # The Saturday worked instead of 2/1/2026 is no closed day.
    assert day_of(ladder, by_code["on_day"], date(2026, 1, 10), overrides=SWAPS) == date(2026, 1, 10)


def test_before_tet_the_rungs_that_meet_on_one_day_give_one_notice() -> None:
    # The deadline lies within the holiday: what comes before it is said once, on the last working day.
    assert codes_over(read_ladder(DOCUMENT), date(2026, 2, 18), range(-4, 1)) == ["on_day"]


@given(ladder=LADDER, due=DAYS, offset=st.integers(-20, 60))
def test_what_is_reached_is_never_lost_again_as_days_pass(ladder: Ladder, due: date, offset: int) -> None:
    today, tomorrow = due + timedelta(days=offset), due + timedelta(days=offset + 1)
    before, after = (reached(ladder, due, day, overrides=SWAPS) for day in (today, tomorrow))
    assert (-1 if before is None else before) <= (-1 if after is None else after)


@given(ladder=LADDER, due=DAYS, starts=st.lists(st.integers(-15, 60), max_size=8))
def test_each_rung_is_raised_at_most_once_whenever_reviews_run(ladder: Ladder, due: date, starts: list[int]) -> None:
    last, raised = None, []
    for offset in sorted(starts):
        day = due + timedelta(days=offset)
        # Two reviews on the same day raise nothing twice.
        for _again in range(2):
            height = next_rung(ladder, due, day, last=last, overrides=SWAPS)
            if height is not None:
                raised.append(height)
                last = height
    assert raised == sorted(set(raised))
    assert len(raised) <= len(set(starts))


@given(ladder=LADDER, due=DAYS, days_late=st.integers(30, 400))
def test_a_late_review_catches_up_with_one_notice_of_the_highest_rung(
    ladder: Ladder, due: date, days_late: int
) -> None:
    day = due + timedelta(days=days_late + 40)
    height = next_rung(ladder, due, day, last=None, overrides=SWAPS)
    assert height == len(ladder.rungs) - 1
    assert next_rung(ladder, due, day, last=height, overrides=SWAPS) is None


@given(ladder=LADDER, due=DAYS, later=st.integers(45, 120))
def test_an_extension_begins_the_ladder_anew_on_the_new_deadline(ladder: Ladder, due: date, later: int) -> None:
    day, new = due + timedelta(days=2), due + timedelta(days=later)
    assert reached(ladder, due, day, overrides=SWAPS) is not None
    assert reached(ladder, new, day, overrides=SWAPS) is None
    assert codes_over(ladder, new, range(-20, 60))[-1] == ladder.rungs[-1].code


@given(ladder=LADDER, due=DAYS, first=st.integers(-20, 40), length=st.integers(0, 60), offset=st.integers(-25, 90))
def test_a_pause_raises_nothing_and_moves_the_ladder_with_the_deadline(
    ladder: Ladder, due: date, first: int, length: int, offset: int
) -> None:
    paused, resumed, day = (due + timedelta(days=days) for days in (first, first + length, offset))
    height = reached(ladder, due, day, pauses=[(paused, resumed)], overrides=SWAPS)
    if paused <= day < resumed:
        assert height is None
        assert reached(ladder, due, day, pauses=[(paused, None)], overrides=SWAPS) is None
    elif day < paused:
        assert height == reached(ladder, due, day, overrides=SWAPS)
    else:
        without = reached(ladder, due, day, overrides=SWAPS)
        assert (-1 if height is None else height) <= (-1 if without is None else without)


@given(ladder=LADDER, day=DAYS, offset=st.integers(-60, 40))
def test_bands_of_a_day_and_the_answer_for_one_deadline_agree(ladder: Ladder, day: date, offset: int) -> None:
    due = day + timedelta(days=offset)
    here = [
        band.height
        for band in bands(ladder, day, overrides=SWAPS)
        if (band.first is None or due >= band.first) and due <= band.last
    ]
    height = reached(ladder, due, day, overrides=SWAPS)
    assert here == ([] if height is None else [height])


@given(due=DAYS)
def test_a_ladder_of_working_days_speaks_on_working_days_only(due: date) -> None:
    ladder = next(one for one in LADDERS if one.counting == Counting.WORKING)
    for rung in ladder.rungs:
        assert is_working_day(day_of(ladder, rung, due, overrides=SWAPS), overrides=SWAPS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rung": []}, "no rung"),
        ({"counting": "lunar"}, "counting is"),
        ({"rung": [{"code": "a", "days": "x", "ask": {}}]}, "whole number"),
        ({"rung": [{"code": "a", "days": 1, "ask": {"vi": "x"}}]}, "what is asked"),
        ({"rung": [{"code": "a", "days": 1, "ask": {"vi": "x", "en": "x"}, "audience": ["king"]}]}, "king"),
        ({"rung": [{"code": "a", "days": 1, "ask": {"vi": "x", "en": "x"}}]}, "tells nobody"),
        ({"rung": [*DOCUMENT["rung"], DOCUMENT["rung"][0]]}, "order"),
    ],
)
def test_a_malformed_ladder_is_refused_with_a_remedy(change: dict[str, Any], words: str) -> None:
    with pytest.raises(LadderMalformed, match=words):
        read_ladder(DOCUMENT | change)
