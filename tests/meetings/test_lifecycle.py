"""Meetings go where the table lets them; a promise is kept or broken by its dates alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.meetings.lifecycle import (
    ACTS,
    ActNotPossible,
    MeetingState,
    Standing,
    acts_from,
    standing_of,
    state_after,
)

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MAYBE = st.none() | DAYS


@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=12))
def test_only_offered_acts_are_possible(acts: list[str]) -> None:
    state = MeetingState.PLANNED
    for act in acts:
        if act in acts_from(state):
            state = state_after(act, state)
        else:
            with pytest.raises(ActNotPossible):
                state_after(act, state)
    # What was held stays held: nothing that lay on a table is planned anew.
    held = "hold" in acts and state in (MeetingState.HELD, MeetingState.CONCLUDED)
    assert held or state in (MeetingState.PLANNED, MeetingState.CANCELLED)


@given(DAYS, DAYS, MAYBE, MAYBE)
def test_a_promise_has_one_standing_and_time_alone_never_mends_it(
    promised: date, on: date, submitted: date | None, completed: date | None
) -> None:
    def seen(day: date) -> Standing:
        return standing_of(promised, day, submitted_on=submitted, completed_on=completed, is_cancelled=False)

    if seen(on) == Standing.BROKEN:
        later = seen(on + timedelta(days=30))
        assert later == Standing.BROKEN or (submitted or completed or on) <= promised
    if completed is None and submitted is None:
        assert seen(on) == (Standing.BROKEN if on > promised else Standing.RUNNING)


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_handing_in_keeps_the_promise_however_long_others_take(promised: date, early: int, wait: int) -> None:
    handed_in = promised - timedelta(days=early)
    accepted = handed_in + timedelta(days=wait)
    seen = standing_of(promised, accepted, submitted_on=handed_in, completed_on=accepted, is_cancelled=False)
    assert seen == Standing.KEPT


@given(DAYS, DAYS, MAYBE, MAYBE)
def test_what_was_taken_back_is_owed_no_more(
    promised: date, on: date, submitted: date | None, completed: date | None
) -> None:
    seen = standing_of(promised, on, submitted_on=submitted, completed_on=completed, is_cancelled=True)
    assert seen == Standing.VOID
