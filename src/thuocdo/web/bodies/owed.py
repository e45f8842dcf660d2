"""What a body owes, as somebody may see it: everything within reach, else the public part only.

The public part is progress, the responsible body and the result; it names no person and leads to no file.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import working_days_between
from thuocdo.tasks.lifecycle import DUE_SOON_DAYS, OWED
from thuocdo.tasks.queries import Effectiveness, Progress, State, Timing, public_tasks, status_of, visible_to
from thuocdo.web.design.figures import day
from thuocdo.web.design.marks import status
from thuocdo.web.rankings.marks import called

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tasks stand how on a day."""

    owed: int
    overdue: int
    due_soon: int
    done: int
    all: int


@dataclass(frozen=True)
class Debt:
    """A task as anybody may read it; `address` is empty for whoever may not open the task."""

    task: "Task"
    today: date
    address: str = ""

    @property
    def lead(self) -> str:
        return called(self.task.lead)

    @property
    def lead_address(self) -> str:
        return reverse("body", args=[self.task.lead.code])

    @cached_property
    def mark(self) -> SafeString:
        """Progress by shape, word and colour, with the working days left."""
        task = self.task
        progress, timing, _ = status_of(task, self.today)
        if progress == Progress.DONE:
            return status("done_late" if timing == Timing.LATE else "done")
        if task.state in (State.SUSPENDED, State.CANCELLED):
            return status(str(task.state))
        if timing in (Timing.OVERDUE, Timing.DUE_SOON):
            return status(str(timing), self.days)
        if progress == Progress.NOT_STARTED:
            return status("not_started")
        return status("on_time")

    @property
    def days(self) -> int | None:
        """Working days until the deadline, negative when it has passed; None where no whole one lies between."""
        if self.task.due_on is None:
            return None
        days = working_days_between(self.today, self.task.due_on)
        return None if days == 0 and self.task.due_on != self.today else days

    @property
    def result(self) -> str:
        """What came of it, in words."""
        task = self.task
        if task.state == State.COMPLETED:
            words = gettext("đã được chấp nhận ngày %(day)s") % {"day": day(task.completed_on)}
            match task.effectiveness:
                case Effectiveness.EFFECTIVE:
                    return gettext("%(accepted)s, có hiệu quả") % {"accepted": words}
                case Effectiveness.NOT_EFFECTIVE:
                    return gettext("%(accepted)s, chưa có hiệu quả") % {"accepted": words}
            return words
        if task.state == State.SUBMITTED:
            return gettext("đã nộp, chờ chấp nhận")
        if task.state == State.RETURNED:
            return gettext("bị trả lại để làm tiếp")
        return gettext("chưa có kết quả")


def seen_by(actor: Actor) -> "QuerySet[Task]":
    """Tasks that the actor may see, and the public ones."""
    return public_tasks() | visible_to(actor) if actor.held or actor.is_machine else public_tasks()


def counts_of(today: date) -> dict[str, Count]:
    """What a tally counts, for `aggregate`."""
    owed = Q(state__in=sorted(OWED))
    soon = Q(due_on__gte=today, due_on__lte=today + timedelta(days=DUE_SOON_DAYS))
    return {
        "owed": Count("pk", filter=owed),
        "overdue": Count("pk", filter=owed & Q(due_on__lt=today)),
        "due_soon": Count("pk", filter=owed & soon),
        "done": Count("pk", filter=Q(state=State.COMPLETED)),
        "all": Count("pk"),
    }


def tally(tasks: "QuerySet[Task]", today: date) -> Tally:
    """Counts in one query."""
    return Tally(**tasks.order_by().aggregate(**counts_of(today)))


def by_urgency(tasks: "QuerySet[Task]") -> "QuerySet[Task]":
    """What is owed, the longest overdue first; tasks without a deadline come last."""
    return tasks.filter(state__in=sorted(OWED)).order_by(F("due_on").asc(nulls_last=True), "code")


def debts(tasks: "QuerySet[Task]", today: date, *, actor: Actor, sees_all: bool = False) -> list[Debt]:
    """The tasks as rows; those that the actor may open lead to their page. At most two queries.

    `sees_all` says that the actor may open every one of them, where that is known already.
    """
    listed = list(tasks.select_related("lead").defer("search"))
    may_open = {task.pk for task in listed} if sees_all else set()
    if listed and actor.held and not sees_all:
        may_open = set(visible_to(actor).filter(pk__in=[task.pk for task in listed]).values_list("pk", flat=True))
    return [Debt(task, today, reverse("task", args=[task.code]) if task.pk in may_open else "") for task in listed]
