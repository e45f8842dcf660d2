"""The states of a task, the steps between them with the permission each needs, and the status that people see.

No tables and no clock: what is shown follows from state and dates alone, and is never typed.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from thuocdo.engine.calendars import add_working_days, working_days_between
from thuocdo.engine.spelling import name_key

# A task is "due soon" on this many calendar days before its last allowed day, and on that day itself.
DUE_SOON_DAYS = 7


class State(TextChoices):
    """Where a task stands between the order and the accepted result."""

    DRAFT = "draft", _("Dự thảo")
    ASSIGNED = "assigned", _("Đã giao")
    ACCEPTED = "accepted", _("Đã nhận việc")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    SUBMITTED = "submitted", _("Chờ phê duyệt kết quả")
    RETURNED = "returned", _("Bị trả lại")
    COMPLETED = "completed", _("Hoàn thành")
    DISPUTED = "disputed", _("Đang kiến nghị giao lại")
    SUSPENDED = "suspended", _("Tạm dừng")
    CANCELLED = "cancelled", _("Đã hủy")


class Progress(TextChoices):
    """The first axis of the shown status."""

    NOT_STARTED = "not_started", _("Chưa thực hiện")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    DONE = "done", _("Hoàn thành")


class Timing(TextChoices):
    """The second axis of the shown status, against the deadline in force."""

    IN_TIME = "in_time", _("Trong hạn")
    DUE_SOON = "due_soon", _("Sắp đến hạn")
    OVERDUE = "overdue", _("Quá hạn")
    LATE = "late", _("Hoàn thành muộn")
    NO_DEADLINE = "no_deadline", _("Không có thời hạn")
    SUSPENDED = "suspended", _("Tạm dừng")
    CANCELLED = "cancelled", _("Đã hủy")


class Effectiveness(TextChoices):
    """The second axis of success: what the result brought about, judged later and by somebody else."""

    NOT_JUDGED = "not_judged", _("Chưa đánh giá hiệu quả")
    EFFECTIVE = "effective", _("Có hiệu quả")
    NOT_EFFECTIVE = "not_effective", _("Chưa có hiệu quả")


class Secrecy(TextChoices):
    """Who may learn of a task; state secrets are never stored, only referred to by document number."""

    PUBLIC = "public", _("Công khai")
    INTERNAL = "internal", _("Nội bộ")
    RESTRICTED = "restricted", _("Hạn chế")


class Rhythm(TextChoices):
    """How often a recurring task falls due; each time is an occurrence with a deadline of its own."""

    NONE = "", _("Một lần")
    WEEK = "week", _("Hằng tuần")
    MONTH = "month", _("Hằng tháng")
    QUARTER = "quarter", _("Hằng quý")
    HALF_YEAR = "half_year", _("Sáu tháng một lần")
    YEAR = "year", _("Hằng năm")


class Shown(NamedTuple):
    """The shown status; `against_original` is the timing that would hold without any extension."""

    progress: Progress
    timing: Timing
    against_original: Timing


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can happen to a task: from which states to which, and the permission that it needs.

    `permission` is the name of a member of the one enum of permissions. `at_lead` says that it belongs to the
    lead body itself; otherwise it is needed over the lead body, and with `as_authority` over the assigning one.
    """

    name: str
    moves: Mapping[State, frozenset[State]]
    permission: str
    at_lead: bool = False
    as_authority: bool = False


WORKING = frozenset({State.ASSIGNED, State.ACCEPTED, State.IN_PROGRESS, State.RETURNED})
OPEN = WORKING | {State.SUBMITTED, State.DISPUTED, State.SUSPENDED}
# Owed and not handed in; what the overdue lists are made of (a submitted result is owed until it is accepted).
OWED = WORKING | {State.SUBMITTED, State.DISPUTED}
FINAL = frozenset({State.COMPLETED, State.CANCELLED})
NOT_STARTED = frozenset({State.DRAFT, State.ASSIGNED, State.ACCEPTED, State.DISPUTED})


def _to(target: State, *sources: State) -> Mapping[State, frozenset[State]]:
    return MappingProxyType({source: frozenset({target}) for source in sources})


def _unmoved(states: frozenset[State]) -> Mapping[State, frozenset[State]]:
    return MappingProxyType({state: frozenset({state}) for state in sorted(states)})


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        step.name: step
        for step in (
            Step("issue", _to(State.ASSIGNED, State.DRAFT), "assign_task", as_authority=True),
            Step("accept_assignment", _to(State.ACCEPTED, State.ASSIGNED), "accept_assignment", at_lead=True),
            Step(
                "dispute",
                _to(State.DISPUTED, State.ASSIGNED, State.ACCEPTED),
                "dispute_assignment",
                at_lead=True,
            ),
            Step("uphold", _to(State.ASSIGNED, State.DISPUTED), "decide_dispute", as_authority=True),
            Step("transfer", _to(State.ASSIGNED, State.DISPUTED), "decide_dispute", as_authority=True),
            Step("withdraw", _to(State.CANCELLED, State.DISPUTED), "decide_dispute", as_authority=True),
            Step(
                "report_progress",
                MappingProxyType(
                    {
                        State.ACCEPTED: frozenset({State.IN_PROGRESS}),
                        State.IN_PROGRESS: frozenset({State.IN_PROGRESS}),
                        # What was returned stays so until it is submitted again, however much is reported.
                        State.RETURNED: frozenset({State.RETURNED}),
                    }
                ),
                "report_progress",
                at_lead=True,
            ),
            Step(
                "submit",
                _to(State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS, State.RETURNED),
                "submit_result",
                at_lead=True,
            ),
            Step("return_result", _to(State.RETURNED, State.SUBMITTED), "approve_result"),
            Step(
                "approve_result",
                # With the result of one occurrence a recurring task goes on to the next.
                MappingProxyType({State.SUBMITTED: frozenset({State.COMPLETED, State.IN_PROGRESS})}),
                "approve_result",
            ),
            Step("judge_effectiveness", _unmoved(frozenset({State.COMPLETED})), "judge_effectiveness"),
            Step("extend", _unmoved(OPEN - {State.SUSPENDED}), "extend_task", as_authority=True),
            # By a document that amends the order: deadline, lead, product or wording; a new lead has to accept.
            Step(
                "amend",
                MappingProxyType(
                    {state: frozenset({state, State.ASSIGNED}) for state in sorted(OPEN - {State.SUSPENDED})}
                ),
                "assign_task",
                as_authority=True,
            ),
            Step("suspend", _to(State.SUSPENDED, *sorted(WORKING)), "suspend_task", as_authority=True),
            Step("resume", MappingProxyType({State.SUSPENDED: WORKING}), "suspend_task", as_authority=True),
            Step(
                "cancel",
                _to(State.CANCELLED, State.DRAFT, *sorted(OPEN)),
                "cancel_task",
                as_authority=True,
            ),
        )
    }
)


# Steps that only a document can cause: no page offers them by themselves.
BY_DOCUMENT = frozenset({"amend"})


class StepNotPossible(ValueError):
    """The step does not start from the state in which the task is."""

    def __init__(self, step: str, state: State) -> None:
        super().__init__(f"{step} is not possible from {state}")
        self.step = step
        self.state = state


def state_after(step: str, state: str, *, back_to: str | None = None) -> State:
    """The state after a step; one with several targets (resume, approval) needs `back_to`.

    Raises StepNotPossible.
    """
    current = State(state)
    targets = STEPS[step].moves.get(current, frozenset())
    if len(targets) == 1:
        return next(iter(targets))
    if back_to is not None and back_to in targets:
        return State(back_to)
    raise StepNotPossible(step, current)


def steps_from(state: str) -> list[Step]:
    """The steps that start from a state, in the order of the table."""
    return [step for step in STEPS.values() if state in step.moves]


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


def due_after_pause(
    due_on: date, paused_on: date, resumed_on: date, *, overrides: Mapping[date, bool] | None = None
) -> date:
    """The deadline after a pause: as many working days later as the pause took, so that as many remain as before.

    A pause without a working day in it moves nothing.
    """
    lost = working_days_between(paused_on, resumed_on, overrides=overrides)
    return add_working_days(due_on, lost, overrides=overrides) if lost > 0 else due_on


_MONTHS_OF = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}
_EVERY = "(?:hằng|hàng|mỗi|từng)"
_RHYTHMS = [
    (Rhythm.WEEK, re.compile(rf"{_EVERY} tuần|(?<!\d)(?:0?1|một) tuần")),
    (Rhythm.MONTH, re.compile(rf"{_EVERY} tháng|(?<!\d)(?:0?1|một) tháng")),
    (Rhythm.QUARTER, re.compile(rf"{_EVERY} quý|(?<!\d)(?:0?3|ba) tháng")),
    (Rhythm.HALF_YEAR, re.compile(r"(?<!\d)(?:0?6|sáu) tháng")),
    (Rhythm.YEAR, re.compile(rf"{_EVERY} năm|(?<!\d)12 tháng")),
]
_DAY_OF_MONTH = re.compile(r"(trước )?ngày (\d{1,2})(?!\d)")


def read_rhythm(raw: str) -> tuple[Rhythm, int | None]:
    """The rhythm that a recurring deadline states as written, and its last allowed day of the month, if any.

    "trước ngày 20 hằng tháng" is (month, 19); the more frequent of two rhythms holds; none is read from
    "thường xuyên".
    """
    text = name_key(raw)
    rhythm = next((rhythm for rhythm, pattern in _RHYTHMS if pattern.search(text)), Rhythm.NONE)
    day = _DAY_OF_MONTH.search(text)
    if day is None or rhythm != Rhythm.MONTH:
        return rhythm, None
    last = int(day[2]) - 1 if day[1] else int(day[2])
    return rhythm, last if 1 <= last <= 31 else None


def next_due(rhythm: Rhythm, after: date, day: int | None = None) -> date:
    """The first deadline of a rhythm after a day: the last day of its period, or that day of the month or week."""
    if rhythm == Rhythm.WEEK:
        return after + timedelta(days=((day or 7) - after.isoweekday() - 1) % 7 + 1)
    months = _MONTHS_OF[rhythm]
    number = (after.year * 12 + after.month - 1) // months
    while True:
        year, month = divmod(number * months + months - 1, 12)
        length = monthrange(year, month + 1)[1]
        due = date(year, month + 1, min(day or length, length))
        if due > after:
            return due
        number += 1


def unclear_points(
    *, due_on: date | None, is_recurring: bool, deliverable: str, target: str, has_source: bool
) -> tuple[str, ...]:
    """Which of the "6 rõ" a task leaves open: `time`, `result`, `measure`, `authority`.

    Person and work cannot be missing: a task without lead or title is refused.
    """
    missing = []
    if due_on is None and not is_recurring:
        missing.append("time")
    if not deliverable:
        missing.append("result")
    if not target and not deliverable:
        missing.append("measure")
    if not has_source:
        missing.append("authority")
    return tuple(missing)
