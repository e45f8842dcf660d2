"""How a task looks wherever it stands in a row: its status in words, its time, who leads, its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from thuocdo.engine.calendars import working_days_between
from thuocdo.tasks.queries import Progress, State, Timing, status_of
from thuocdo.web.design.figures import day, named
from thuocdo.web.design.marks import icon, status
from thuocdo.web.design.ruler import Size, time_ruler

if TYPE_CHECKING:
    from thuocdo.tasks.models import FieldValue, Task

# States that say more than the clock does; the days stand beside them.
_SPEAKING = {State.SUBMITTED: "submitted", State.RETURNED: "returned", State.DISPUTED: "disputed"}
_TIMINGS = {Timing.OVERDUE: "overdue", Timing.DUE_SOON: "due_soon"}
_TONES = {Timing.OVERDUE: "overdue", Timing.DUE_SOON: "due-soon", Timing.IN_TIME: "on-time"}


@dataclass(frozen=True)
class Row:
    """A task as a row shows it on a day; `files` is how many pieces of evidence it has, where that was counted."""

    task: "Task"
    today: date
    files: int | None = None
    # Values of bodies' own fields, by field (id), where the list shows some.
    values: "Mapping[int, FieldValue]" = field(default_factory=dict)

    @property
    def address(self) -> str:
        return reverse("task", args=[self.task.code])

    @property
    def lead(self) -> str:
        return named(self.task.lead)

    @property
    def title(self) -> str:
        """The title as it begins a line; orders cut out of a sentence begin with a small letter."""
        return capfirst(self.task.title)

    @cached_property
    def days(self) -> int | None:
        """Working days until the deadline, negative when it has passed; None where no whole day lies between."""
        if self.task.due_on is None:
            return None
        days = working_days_between(self.today, self.task.due_on)
        # A deadline on a Sunday has not passed on Saturday, and is not today either.
        return None if days == 0 and self.task.due_on != self.today else days

    @cached_property
    def timing(self) -> Timing:
        return status_of(self.task, self.today).timing

    @cached_property
    def status(self) -> SafeString:
        """The status by shape, word and colour, with the days that are left."""
        return status_mark(self.task, self.today, self.days)

    @property
    def ruler(self) -> SafeString:
        """The time of the task in a cell."""
        return task_ruler(self.task, self.today)


def status_mark(task: "Task", today: date, days: int | None) -> SafeString:
    """The status of a task on the day in one mark; `days` are working days until the deadline."""
    progress, timing, _ = status_of(task, today)
    if task.state == State.COMPLETED:
        return status("done_late" if timing == Timing.LATE else "done")
    if task.state in (State.SUSPENDED, State.CANCELLED):
        return status(str(task.state))
    if task.state == State.DRAFT:
        return format_html('<span class="status quiet">{}{}</span>', icon("m-not-started"), gettext("Dự thảo"))
    if task.state in _SPEAKING:
        return status(_SPEAKING[State(task.state)], days)
    if timing in _TIMINGS:
        return status(_TIMINGS[timing], days)
    if progress == Progress.NOT_STARTED:
        return status("not_started", days)
    if timing == Timing.NO_DEADLINE:
        words = gettext("Đang thực hiện")
        return format_html('<span class="status on-time">{}{}</span>', icon("m-on-time"), words)
    return status("on_time", days)


def task_ruler(task: "Task", today: date, size: Size = "cell") -> SafeString:
    """The time of a task from assignment to deadline, with today; nothing for a task without a deadline."""
    if task.due_on is None or task.state == State.CANCELLED:
        return SafeString("")
    timing = status_of(task, today).timing
    tone = "done" if task.state == State.COMPLETED else _TONES.get(timing, "")
    now = max(today, task.assigned_on)
    return _drawn(
        task.assigned_on, now, task.due_on, task.original_due_on, task.completed_on, size, gettext("Thời hạn"), tone
    )


# Rows of a list share their days with each other and with the next visit: the same drawing is made once.
_drawn = lru_cache(maxsize=16384)(time_ruler)


def due_words(task: "Task") -> str:
    """The deadline in force as a date, or what the order says in its place."""
    return day(task.due_on) if task.due_on else task.deadline_raw or gettext("không nêu thời hạn")
