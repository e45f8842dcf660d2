"""The table of steps, the status that follows from dates, and the clock that pauses stop: as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from thuocdo.accounts.permissions import Permission
from thuocdo.engine.calendars import working_days_between
from thuocdo.tasks.lifecycle import (
    DUE_SOON_DAYS,
    FINAL,
    OPEN,
    STEPS,
    WORKING,
    Progress,
    Rhythm,
    State,
    StepNotPossible,
    Timing,
    due_after_pause,
    next_due,
    read_rhythm,
    shown_status,
    state_after,
    steps_from,
    timing,
    unclear_points,
)

states = st.sampled_from(sorted(State))
days = st.dates(date(2025, 1, 1), date(2030, 12, 31))


def test_every_step_needs_a_permission_of_the_one_enum() -> None:
    assert {step.permission for step in STEPS.values()} <= {permission.value for permission in Permission}


def test_every_state_can_be_reached_from_an_order_and_every_open_one_can_end() -> None:
    reached, waiting = {State.DRAFT}, [State.DRAFT]
    while waiting:
        state = waiting.pop()
        for step in steps_from(state):
            for target in step.moves[state] - reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(State)
    for state in OPEN:
        assert any(step.moves[state] & FINAL for step in steps_from(state))


@given(states, st.sampled_from(sorted(STEPS)))
def test_a_step_leads_where_the_table_says_and_nowhere_else(state: str, step: str) -> None:
    targets = STEPS[step].moves.get(State(state), frozenset())
    if len(targets) == 1:
        assert state_after(step, state) in targets
    elif not targets:
        with pytest.raises(StepNotPossible):
            state_after(step, state)


def test_only_approval_completes_a_task_and_only_a_submitted_one() -> None:
    ways = [
        (step.name, source)
        for step in STEPS.values()
        for source, targets in step.moves.items()
        if State.COMPLETED in targets and source != State.COMPLETED
    ]
    assert ways == [("approve_result", State.SUBMITTED)]


def test_nothing_leaves_a_final_state_but_a_decision_to_reopen() -> None:
    ways = [(step.name, state) for state in FINAL for step in steps_from(state) if step.moves[state] != {state}]
    assert ways == [("reopen", State.COMPLETED)]


@given(states)
def test_a_suspended_task_goes_back_only_to_work(state: str) -> None:
    if state in WORKING:
        assert state_after("resume", State.SUSPENDED, back_to=state) == state
    else:
        with pytest.raises(StepNotPossible):
            state_after("resume", State.SUSPENDED, back_to=state)


@given(states, st.none() | days, days, st.none() | days, st.booleans())
def test_the_shown_status_follows_from_state_and_dates(
    state: str, due: date | None, today: date, completed: date | None, has_reported: bool
) -> None:
    completed_on = completed if state == State.COMPLETED else None
    progress, shown, original = shown_status(state, due, due, completed_on, today, has_reported=has_reported)
    assert shown == original
    assert (progress == Progress.DONE) == (state == State.COMPLETED)
    assert (shown == Timing.SUSPENDED) == (state == State.SUSPENDED)
    assert (shown == Timing.CANCELLED) == (state == State.CANCELLED)
    if shown == Timing.OVERDUE:
        assert due is not None
        assert today > due
        assert progress != Progress.DONE
    if shown == Timing.LATE:
        assert completed_on is not None
        assert due is not None
        assert completed_on > due
    if shown == Timing.DUE_SOON:
        assert due is not None
        assert timedelta(0) <= due - today <= timedelta(days=DUE_SOON_DAYS)


@given(days, days, st.integers(1, 400))
def test_more_time_never_makes_a_task_look_worse(due: date, today: date, more: int) -> None:
    worse = [Timing.IN_TIME, Timing.DUE_SOON, Timing.OVERDUE]
    now = timing(State.IN_PROGRESS, due, None, today)
    extended = timing(State.IN_PROGRESS, due + timedelta(days=more), None, today)
    assert worse.index(extended) <= worse.index(now)


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2026, 10, 7), Timing.IN_TIME),
        (date(2026, 10, 8), Timing.DUE_SOON),
        (date(2026, 10, 15), Timing.DUE_SOON),
        (date(2026, 10, 16), Timing.OVERDUE),
    ],
)
def test_the_deadline_is_the_last_allowed_day(today: date, shown: Timing) -> None:
    assert timing(State.ASSIGNED, date(2026, 10, 15), None, today) == shown


def test_lateness_is_shown_against_both_deadlines() -> None:
    shown = shown_status(State.COMPLETED, date(2026, 11, 30), date(2026, 10, 15), date(2026, 11, 2), date(2026, 12, 1))
    assert shown == (Progress.DONE, Timing.IN_TIME, Timing.LATE)


@given(days, days, st.integers(0, 300))
def test_a_pause_leaves_as_many_working_days_as_before(due: date, paused: date, length: int) -> None:
    resumed = paused + timedelta(days=length)
    moved = due_after_pause(due, paused, resumed)
    assert moved >= due
    assert working_days_between(resumed, moved) == working_days_between(paused, due)


@given(days, days, st.integers(0, 100), st.integers(0, 100))
def test_two_pauses_in_a_row_cost_as_much_as_one(due: date, paused: date, first: int, second: int) -> None:
    middle, end = paused + timedelta(days=first), paused + timedelta(days=first + second)
    once = due_after_pause(due, paused, end)
    twice = due_after_pause(due_after_pause(due, paused, middle), middle, end)
    assert working_days_between(once, twice) == 0


@pytest.mark.parametrize(
    ("raw", "rhythm", "day"),
    [
        ("hằng tháng", Rhythm.MONTH, None),
        ("trước ngày 20 hằng tháng", Rhythm.MONTH, 19),
        ("hằng tháng, chậm nhất ngày 25", Rhythm.MONTH, 25),
        ("trước ngày 01 hàng tháng", Rhythm.MONTH, None),
        ("Định kỳ hằng quý", Rhythm.QUARTER, None),
        ("định kỳ 3 tháng", Rhythm.QUARTER, None),
        ("mỗi quý, trước ngày 15", Rhythm.QUARTER, None),
        ("định kỳ 06 tháng", Rhythm.HALF_YEAR, None),
        ("sáu tháng một lần", Rhythm.HALF_YEAR, None),
        ("hằng quý, hằng năm", Rhythm.QUARTER, None),
        ("hàng năm", Rhythm.YEAR, None),
        ("thường xuyên", Rhythm.NONE, None),
        ("", Rhythm.NONE, None),
    ],
)
def test_a_rhythm_is_read_as_people_write_it(raw: str, rhythm: Rhythm, day: int | None) -> None:
    assert read_rhythm(raw) == (rhythm, day)


rhythms = st.sampled_from([Rhythm.MONTH, Rhythm.QUARTER, Rhythm.HALF_YEAR, Rhythm.YEAR])


@given(rhythms, days, st.none() | st.integers(1, 31))
def test_the_next_deadline_is_the_first_after_the_day(rhythm: Rhythm, after: date, day: int | None) -> None:
    due = next_due(rhythm, after, day)
    assert due > after
    # From any day in between, the next deadline is the same one.
    middle = after + timedelta(days=(due - after).days // 2)
    assert next_due(rhythm, middle, day) == (due if middle < due else next_due(rhythm, due, day))
    if day is None:
        assert (due + timedelta(days=1)).day == 1


@given(rhythms, days)
def test_a_year_holds_as_many_deadlines_as_the_rhythm_says(rhythm: Rhythm, start: date) -> None:
    due, count = next_due(rhythm, start), 0
    first = due
    while due < date(first.year + 1, first.month, 28):
        due, count = next_due(rhythm, due), count + 1
    assert count == {Rhythm.MONTH: 12, Rhythm.QUARTER: 4, Rhythm.HALF_YEAR: 2, Rhythm.YEAR: 1}[rhythm]


def test_a_pause_over_a_weekend_moves_nothing() -> None:
    friday, monday = date(2026, 10, 9), date(2026, 10, 11)
    assert due_after_pause(date(2026, 10, 18), friday, monday) == date(2026, 10, 18)


@pytest.mark.parametrize(
    ("missing", "fields"),
    [
        ((), {}),
        (("time",), {"due_on": None}),
        ((), {"due_on": None, "is_recurring": True}),
        (("result",), {"deliverable": "", "target": "30%"}),
        (("result", "measure"), {"deliverable": "", "target": ""}),
        (("authority",), {"has_source": False}),
    ],
)
def test_the_six_clear_points_name_what_is_open(missing: tuple[str, ...], fields: dict[str, object]) -> None:
    whole = {
        "due_on": date(2026, 10, 15),
        "is_recurring": False,
        "deliverable": "Danh mục",
        "target": "",
        "has_source": True,
    }
    assert unclear_points(**(whole | fields)) == missing  # type: ignore[arg-type]


class AnyLife(RuleBasedStateMachine):
    """A task lives through any steps the table allows; what a task may never do, it never does."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.DRAFT
        self.before_pause: State | None = None
        self.was_submitted = False

    @precondition(lambda self: not steps_from(self.state))
    @rule()
    def rest(self) -> None:
        assert self.state == State.CANCELLED

    @precondition(lambda self: bool(steps_from(self.state)))
    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from([one.name for one in steps_from(self.state)]))
        back_to = self.before_pause
        if step in ("approve_result", "amend"):
            back_to = data.draw(st.sampled_from(sorted(STEPS[step].moves[self.state])))
        if step == "suspend":
            self.before_pause = self.state
        previous, self.state = self.state, state_after(step, self.state, back_to=back_to)
        if step == "resume":
            assert self.state == self.before_pause
        self.was_submitted |= self.state == State.SUBMITTED
        # A reopened task owes its result again.
        self.was_submitted &= step not in ("reopen", "reassign")
        if previous == State.DRAFT:
            assert self.state in (State.DRAFT, State.ASSIGNED, State.CANCELLED)

    @invariant()
    def completion_follows_submission(self) -> None:
        if self.state == State.COMPLETED:
            assert self.was_submitted


TestAnyLife = AnyLife.TestCase
