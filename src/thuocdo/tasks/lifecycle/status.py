"""The status that people see: computed from state and dates alone, never typed."""

from datetime import date, timedelta
from typing import NamedTuple

from .states import NOT_STARTED, Progress, State, Timing

# A task is "due soon" on this many calendar days before its last allowed day, and on that day itself.
DUE_SOON_DAYS = 7


class Shown(NamedTuple):
    """The shown status; `against_original` is the timing that would hold without any extension."""

    progress: Progress
    timing: Timing
    against_original: Timing


def timing(state: str, due_on: date | None, completed_on: date | None, today: date) -> Timing:
    """The timing against one deadline, whose day is the last allowed one."""
    if state == State.CANCELLED:
        return Timing.CANCELLED
    if state == State.SUSPENDED:
        return Timing.SUSPENDED
    if due_on is None:
        return Timing.NO_DEADLINE
    if state == State.COMPLETED:
        return Timing.LATE if completed_on is not None and completed_on > due_on else Timing.IN_TIME
    if today > due_on:
        return Timing.OVERDUE
    return Timing.DUE_SOON if due_on - today <= timedelta(days=DUE_SOON_DAYS) else Timing.IN_TIME


def progress_of(state: str, *, has_reported: bool = False) -> Progress:
    """The progress that a state shows; a suspended task shows whether work on it had been reported."""
    if state == State.COMPLETED:
        return Progress.DONE
    if state in NOT_STARTED:
        return Progress.NOT_STARTED
    if state in (State.SUSPENDED, State.CANCELLED) and not has_reported:
        return Progress.NOT_STARTED
    return Progress.IN_PROGRESS


def shown_status(
    state: str,
    due_on: date | None,
    original_due_on: date | None,
    completed_on: date | None,
    today: date,
    *,
    has_reported: bool = False,
) -> Shown:
    """What people see: {not started, in progress, done} × {in time, due soon, overdue, late …}."""
    return Shown(
        progress_of(state, has_reported=has_reported),
        timing(state, due_on, completed_on, today),
        timing(state, original_due_on, completed_on, today),
    )
