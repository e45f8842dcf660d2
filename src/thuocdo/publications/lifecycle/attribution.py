"""Which facts belong to a head's days: every fact to whoever was in office on its day, each exactly once.

A task is owed by the body that leads it, from the day on which it was given until its result is accepted, it is
cancelled or it goes to another body. A missed deadline belongs to the day of the deadline: who comes later finds it
as a debt taken over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from thuocdo.tasks.lifecycle import Effectiveness, State

from .histories import Days, End, Fact, History, Taken

_ONE_DAY = timedelta(days=1)
# The steps that settle a dispute in favour of the body that raised it, and those that settle it otherwise.
_GRANTS = frozenset({"transfer", "withdraw", "cancel"})
_SETTLES = _GRANTS | {"uphold", "amend"}


@dataclass(frozen=True, slots=True)
class _Debt:
    """A time in which a body owed a result: from `first` to `last`, both included."""

    lead: int
    first: date
    last: date | None
    end: End
    due: date | None
    at: datetime | None = None
    is_whole: bool = True


def facts_of(history: History, body: int, days: Days, *, since: date | None, today: date) -> list[Fact]:
    """The facts of a task for which the head of a body answers who was in office on the days and came `since`.

    Days after today have not happened; a past day is over, today is not. Debts come before happenings.
    """
    past = days.until(today)
    if past is None:
        return []
    debts = (_debt_fact(history, debt, past, since, today) for debt in _debts(history) if debt.lead == body)
    found = [fact for fact in debts if fact is not None]
    found += _happenings(history, body, past)
    return found


# --- Debts


def _debts(history: History) -> Iterator[_Debt]:
    """Every time in which some body owed a result of the task, cut where the task went to another body."""
    leads = _leads(history)
    for debt in (*_times(history), *_wholes(history)):
        for place, (lead, begin) in enumerate(leads):
            until = leads[place + 1][1] if place + 1 < len(leads) else None
            if until is not None and until <= debt.first:
                # What came to be owed on the very day on which the task went over is owed by the new lead.
                continue
            if debt.last is not None and begin > debt.last:
                break
            leaves = until is not None and (debt.last is None or until <= debt.last)
            yield replace(
                debt,
                lead=lead,
                first=max(debt.first, begin),
                last=until if leaves else debt.last,
                end=End.LEFT if leaves else debt.end,
                at=_left_at(history, until) if leaves and until is not None else debt.at,
            )


def _leads(history: History) -> list[tuple[int, date]]:
    """Who led the task from which day on; the first from the beginning."""
    steps = history.steps
    found = [(steps[0].lead if steps else history.lead, history.assigned_on)]
    for step in steps:
        if step.lead != found[-1][0]:
            found.append((step.lead, step.on))
    return found


def _left_at(history: History, day: date) -> datetime | None:
    before: Taken | None = None
    for step in history.steps:
        if before is not None and step.lead != before.lead and step.on == day:
            return step.at
        before = step
    return None


def _wholes(history: History) -> Iterator[_Debt]:
    """The times in which the task as a whole was owed; of a recurring one only what is owed at present or was last."""
    first: date | None = history.assigned_on
    if history.is_recurring and history.occurrences:
        first = max(history.assigned_on, history.occurrences[-1].due + _ONE_DAY)
        if history.completed_on is not None:
            first = min(first, history.completed_on)
    if not history.steps:
        if history.state == State.COMPLETED:
            yield _Debt(0, history.assigned_on, history.completed_on, End.DONE, history.due)
        elif history.state not in (State.DRAFT, State.CANCELLED):
            yield _Debt(0, history.assigned_on, None, End.OWED, history.due)
        return
    begin = first
    for step in history.steps:
        match step.step:
            case "draft":
                first = None
            case "issue":
                first = step.on
            case "reopen":
                first = step.on
            case _ if step.to_state in (State.COMPLETED, State.CANCELLED) and first is not None:
                if step.on < first:
                    # A recurring task that had several times before this one: those are told by their occurrences.
                    first = step.on
                is_done = step.to_state == State.COMPLETED
                due = _due_on(history, step.on)
                yield _Debt(0, first, step.on, End.DONE if is_done else End.LEFT, due, step.at)
                first = None
    if first is not None:
        yield _Debt(0, max(first, begin or first), None, End.OWED, history.due)


def _times(history: History) -> Iterator[_Debt]:
    """The occurrences of a recurring task whose results were accepted."""
    first = history.assigned_on
    for one in history.occurrences:
        at = next(
            (step.at for step in history.steps if step.step == "approve_result" and step.on == one.completed), None
        )
        yield _Debt(0, min(first, one.completed), one.completed, End.DONE, one.due, at, is_whole=False)
        first = one.due + _ONE_DAY


def _due_on(history: History, day: date) -> date | None:
    """The deadline in force at the end of a day: later extensions undone, the newest first."""
    due = history.due
    for move in reversed(history.moves):
        if move.on > day and move.new_due == due:
            due = move.old_due
    return due


def _debt_fact(history: History, debt: _Debt, days: Days, since: date | None, today: date) -> Fact | None:
    """The debt as it stood at the end of the days; None where it was not owed on any of them."""
    if not days.meet(debt.first, debt.last):
        return None
    is_over = debt.last is not None and debt.last in days
    counted_on = debt.last if is_over and debt.last is not None else days.last_before(debt.last)
    is_settled = is_over and debt.end == End.DONE
    due = _due_on(history, counted_on) if debt.is_whole and not is_settled else debt.due
    end = debt.end if is_over else End.OWED
    if end == End.OWED and _state_on(history, counted_on) == State.SUSPENDED:
        end = End.SUSPENDED
    is_missed = due is not None and _is_missed(due, end, counted_on, today)
    is_old = is_missed and due is not None and _is_anothers(due, debt, days, since)
    figures = ["owed", _outcome(end, is_missed=is_missed, is_old=is_old)]
    if since is not None and debt.first < since:
        figures.append("inherited")
    if end == End.DONE and debt.is_whole:
        figures.append(_effect(history, counted_on))
    late_by = (counted_on - due).days if is_missed and due is not None and end in (End.DONE, End.OWED) else 0
    return Fact(
        task=history.task,
        code=history.code,
        title=history.title,
        figures=tuple(figures),
        on=counted_on if is_over else (due if is_missed and due is not None and end == End.OWED else counted_on),
        owed_from=debt.first,
        due=due,
        original_due=history.original_due if debt.is_whole else debt.due,
        completed_on=counted_on if end == End.DONE else None,
        days_late=late_by,
        at=debt.at if is_over else None,
    )


def _is_anothers(due: date, debt: _Debt, days: Days, since: date | None) -> bool:
    """Whether the deadline was missed on a day of somebody else: before the head came, or while another acted."""
    if since is not None and due < since and debt.first < since:
        return True
    return debt.first < due and days.first < due and due <= days.last and due not in days


def _is_missed(due: date, end: End, counted_on: date, today: date) -> bool:
    """Whether the deadline had passed without a result: its last allowed day counts only once it is over."""
    if end == End.DONE or counted_on == today:
        return due < counted_on
    return due <= counted_on


def _outcome(end: End, *, is_missed: bool, is_old: bool) -> str:
    match end:
        case End.DONE:
            return ("debt_settled" if is_old else "late") if is_missed else "in_time"
        case End.OWED:
            return ("debt_open" if is_old else "overdue") if is_missed else "running"
        case End.SUSPENDED:
            return "suspended"
        case End.LEFT:
            return "left"


def _effect(history: History, completed: date) -> str:
    """How the result was judged since; what was opened again lost its judgement."""
    if history.completed_on != completed:
        return "not_judged"
    return {Effectiveness.EFFECTIVE.value: "effective", Effectiveness.NOT_EFFECTIVE.value: "not_effective"}.get(
        history.effectiveness, "not_judged"
    )


def _state_on(history: History, day: date) -> str:
    """The state at the end of a day."""
    if not history.steps:
        return history.state
    taken = [step.to_state for step in history.steps if step.on <= day]
    return taken[-1] if taken else State.ASSIGNED


# --- Happenings


def _happenings(history: History, body: int, days: Days) -> Iterator[Fact]:
    """What happened to the task on the days while the body led it, each time a row of its own."""
    steps = history.steps
    for place, step in enumerate(steps):
        before = steps[place - 1].lead if place else step.lead
        if step.on not in days or before != body:
            continue
        figure = _figure_of(steps, place, lost=step.lead != body)
        if figure:
            yield _happening(history, figure, step.on, step.at)
    for move in history.moves:
        if move.on in days and _lead_at(history, move.at) == body:
            figure = "objective_extended" if move.is_objective else "extended"
            yield replace(_happening(history, figure, move.on, move.at), due=move.new_due, original_due=move.old_due)


def _figure_of(steps: Sequence[Taken], place: int, *, lost: bool) -> str:
    """Where a step counts; nowhere for most."""
    match steps[place].step:
        case "return_result":
            is_recalled = place + 1 < len(steps) and steps[place + 1].step == "recall_return"
            return "" if is_recalled else "returned"
        case "reassign":
            return "transferred" if lost else ""
        case "suspend":
            return "paused"
        case "dispute":
            settled = next((one.step for one in steps[place + 1 :] if one.step in _SETTLES), "")
            return "dispute_granted" if settled in _GRANTS else "disputed"
    return ""


def _lead_at(history: History, at: datetime) -> int:
    led = [step.lead for step in history.steps if step.at <= at]
    return led[-1] if led else (history.steps[0].lead if history.steps else history.lead)


def _happening(history: History, figure: str, on: date, at: datetime) -> Fact:
    return Fact(
        task=history.task,
        code=history.code,
        title=history.title,
        figures=(figure,),
        on=on,
        due=history.due,
        original_due=history.original_due,
        at=at,
        is_event=True,
        step=figure,
    )
