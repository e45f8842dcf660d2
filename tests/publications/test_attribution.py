"""Every fact belongs to exactly one head: properties over invented tasks, bodies and changes of heads."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thuocdo.publications.lifecycle import (
    Appointed,
    Days,
    Fact,
    History,
    Moved,
    Taken,
    TermError,
    facts_of,
    parse_term,
    spread_of,
    tenures_of,
    terms_before,
)

START = date(2026, 1, 1)
END = date(2026, 7, 1)
TODAY = date(2026, 12, 1)
# A crowded machine is no fault of the tasks that are invented here.
SLOW = [HealthCheck.too_slow]
BODIES = (1, 2)
OUTCOMES = {"in_time", "late", "overdue", "running", "suspended", "left", "debt_settled", "debt_open"}
DONE = {"in_time", "late", "debt_settled"}
days = st.integers(0, (END - START).days - 1).map(lambda number: START + timedelta(days=number))
# What may follow on what; None ends the task.
NEXT = {
    "assigned": ("return_result", "reassign", "suspend", "dispute", "approve_result", "cancel"),
    "suspended": ("resume",),
    "disputed": ("uphold", "transfer", "withdraw"),
    "completed": ("reopen",),
    "cancelled": (),
}
AFTER = {
    "suspend": "suspended", "dispute": "disputed", "approve_result": "completed", "cancel": "cancelled",
    "withdraw": "cancelled",
}  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A task with up to eight steps in order of days, each from a state in which it can be taken."""
    assigned_on = draw(days)
    lead, state, steps = draw(st.sampled_from(BODIES)), "assigned", []
    first, at = lead, datetime.combine(assigned_on, time(1), UTC)
    steps.append(Taken("assign", assigned_on, state, lead, at))
    for on in sorted(draw(st.lists(days.filter(lambda day: day > assigned_on), max_size=8))):
        offered = NEXT[state]
        if not offered:
            break
        step = draw(st.sampled_from(offered))
        if step in ("reassign", "transfer"):
            lead = 3 - lead
        state = AFTER.get(step, "assigned")
        at = max(datetime.combine(on, time(1), UTC), at + timedelta(minutes=1))
        steps.append(Taken(step, on, state, lead, at))
    due = draw(st.none() | days.filter(lambda day: day >= assigned_on))
    completed = steps[-1].on if state == "completed" else None
    return History(
        task=1, code="NV-1", title="Việc", lead=lead, assigned_on=assigned_on, due=due, original_due=due,
        completed_on=completed, state=state, effectiveness="not_judged", steps=tuple(steps),
        moves=(Moved(assigned_on, due, due + timedelta(days=9), draw(st.booleans()), steps[0].at),)
        if due and draw(st.booleans()) and first else (),
    )  # fmt: skip


@st.composite
def appointments(draw: st.DrawFn) -> list[Appointed]:
    """Up to four appointments, some with gaps between them, some that overlap."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        begin = draw(days)
        length = draw(st.none() | st.integers(1, 120))
        found.append(Appointed(number + 1, f"Người {number}", "Bộ trưởng", begin,
                               begin + timedelta(days=length) if length else None))  # fmt: skip
    return found


def answers(history: History, seats: dict[int, list[Appointed]], today: date = TODAY) -> list[tuple[int, Fact]]:
    """All facts of a task, by body, over everybody who held a post or nobody."""
    return [
        (body, fact)
        for body, held in seats.items()
        for tenure in tenures_of(held, START, END)
        for fact in facts_of(history, body, tenure.days, since=tenure.since, today=today)
    ]


@given(appointments())
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_every_day_belongs_to_one_tenure(held: list[Appointed]) -> None:
    tenures = tenures_of(held, START, END)
    owners = Counter(
        day
        for tenure in tenures
        for first, until in tenure.days.spans
        for day in range(first.toordinal(), until.toordinal())
    )
    assert owners == Counter(range(START.toordinal(), END.toordinal()))
    assert len({tenure.key for tenure in tenures}) == len(tenures)
    for tenure in tenures:
        holder = tenure.appointed
        assert holder is None or all(
            holder.valid_from <= first and (holder.valid_to is None or until <= holder.valid_to)
            for first, until in tenure.days.spans
        )


@given(histories(), appointments(), appointments())
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_each_happening_is_answered_for_once(history: History, first: list[Appointed], second: list[Appointed]) -> None:
    facts = answers(history, {1: first, 2: second})
    counted = Counter(figure for _body, fact in facts if fact.is_event for figure in fact.figures)
    steps = Counter(step.step for step in history.steps)
    assert counted["returned"] == steps["return_result"]
    assert counted["transferred"] == steps["reassign"]
    assert counted["paused"] == steps["suspend"]
    assert counted["disputed"] + counted["dispute_granted"] == steps["dispute"]
    assert counted["dispute_granted"] == steps["transfer"] + steps["withdraw"]
    assert counted["extended"] + counted["objective_extended"] == len(history.moves)
    done = [fact for _body, fact in facts if DONE & set(fact.figures)]
    assert len(done) == steps["approve_result"]


@given(histories(), appointments(), appointments())
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_each_debt_has_one_outcome_and_no_deadline_is_missed_twice(
    history: History, first: list[Appointed], second: list[Appointed]
) -> None:
    facts = answers(history, {1: first, 2: second})
    debts = [fact for _body, fact in facts if not fact.is_event]
    for fact in debts:
        assert len(OUTCOMES & set(fact.figures)) == 1
        assert fact.figures[0] == "owed"
    steps = {step.step for step in history.steps}
    if not steps & {"reopen", "reassign", "transfer"} and not history.moves:
        missed = [fact for fact in debts if {"late", "overdue"} & set(fact.figures)]
        assert len(missed) <= 1
        assert all(fact.due is not None for fact in missed)


@given(histories(), appointments())
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
def test_a_past_record_does_not_change_with_the_day_on_which_it_is_read(
    history: History, held: list[Appointed]
) -> None:
    assert answers(history, {1: held}) == answers(history, {1: held}, TODAY + timedelta(days=90))


def test_who_comes_after_a_missed_deadline_takes_over_a_debt() -> None:
    history = History(
        task=1, code="NV-1", title="Việc", lead=1, assigned_on=date(2026, 1, 5), due=date(2026, 3, 31),
        original_due=date(2026, 3, 31), completed_on=None, state="assigned", effectiveness="not_judged",
    )  # fmt: skip

    def outcome(first: date, until: date, since: date) -> str:
        (fact,) = facts_of(history, 1, Days(((first, until),)), since=since, today=TODAY)
        return fact.figures[1]

    change = date(2026, 4, 1)
    assert outcome(START, change, START) == "overdue"
    assert outcome(change, END, change) == "debt_open"
    # A day earlier, and the deadline is the new head's own.
    earlier = date(2026, 3, 31)
    assert outcome(START, earlier, START) == "running"
    assert outcome(earlier, END, earlier) == "overdue"


@pytest.mark.parametrize(
    ("label", "start", "end", "words"),
    [
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), "Quý IV/2026"),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1), "6 tháng đầu năm 2026"),
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "Năm 2026"),
    ],
    ids=["quarter", "half", "year"],
)
def test_terms_are_read_and_written(label: str, start: date, end: date, words: str) -> None:
    term = parse_term(label)
    assert (term.start, term.end, term.label, term.display("vi")) == (start, end, label, words)
    assert term.previous().end == start
    assert terms_before(term, 3)[-1] == term


@pytest.mark.parametrize("label", ["", "2026-Q5", "2026-H3", "2026-13", "Q4"])
def test_what_is_no_term_is_refused(label: str) -> None:
    with pytest.raises(TermError):
        parse_term(label)


def test_a_small_group_is_not_compared() -> None:
    assert spread_of([1, 2, 3, 4]) is None
    found = spread_of([10.0, 20.0, 30.0, 40.0, 50.0])
    assert found is not None
    assert (found.low, found.middle, found.high, found.number) == (20, 30, 40, 5)
