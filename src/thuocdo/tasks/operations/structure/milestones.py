"""Milestones: days on the way to the result, moved only by a decision, reached by a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.models import Milestone, Report, Task
from thuocdo.tasks.operations.refusals import TaskRefused, require_text
from thuocdo.tasks.operations.taking import begin, finish


@dataclass(frozen=True, slots=True)
class MilestonePlan:
    """A milestone as it is set: what shall be reached, and its last allowed day."""

    title: str
    due_on: date


@transaction.atomic
def add_milestone(*, actor: Actor, at: datetime, task: Task, milestone: MilestonePlan) -> Milestone:
    """Set a further milestone between the day of assignment and the deadline."""
    current = begin("set_milestones", task, actor=actor)
    title = " ".join(require_text(nfc(milestone.title), "name").split())[:300]
    _check_day(current, milestone.due_on)
    row = Milestone.objects.create(
        task=current,
        position=_next_position(current),
        title=title,
        due_on=milestone.due_on,
        original_due_on=milestone.due_on,
    )
    finish(
        "set_milestones",
        current,
        actor=actor,
        at=at,
        note=gettext("Thêm mốc “%(title)s”, hạn %(due)s") % {"title": title, "due": _day(row.due_on)},
        data={"milestone": row.position, "milestone_due_on": row.due_on},
    )
    return row


@transaction.atomic
def move_milestone(
    *, actor: Actor, at: datetime, milestone: Milestone, new_due_on: date, decision_number: str, reason: str
) -> Milestone:
    """Move a milestone by a decision; the day first set stays beside the new one."""
    task = begin("move_milestone", milestone.task, actor=actor)
    current = _of(task, milestone)
    number = require_text(nfc(decision_number), "decision_number")[:80]
    words = require_text(nfc(reason), "reason")
    if current.reached_on is not None:
        raise TaskRefused(gettext("Mốc này đã đạt nên không dời được."), code="milestone_reached", field="new_due_on")
    if new_due_on == current.due_on:
        raise TaskRefused(
            gettext("Ngày mới trùng ngày đang có hiệu lực; chọn ngày khác."), code="same_day", field="new_due_on"
        )
    _check_day(task, new_due_on, field="new_due_on")
    before, current.due_on = current.due_on, new_due_on
    current.save(update_fields=["due_on"])
    said = {"title": current.title, "old": _day(before), "new": _day(new_due_on), "number": number, "reason": words}
    finish(
        "move_milestone",
        task,
        actor=actor,
        at=at,
        note=gettext("Mốc “%(title)s” từ %(old)s sang %(new)s theo %(number)s: %(reason)s") % said,
        data={"milestone": current.position, "old_milestone_due_on": before, "milestone_due_on": new_due_on},
    )
    return current


@transaction.atomic
def drop_milestone(*, actor: Actor, at: datetime, milestone: Milestone, decision_number: str, reason: str) -> Task:
    """Take a milestone out by a decision; that it was there stays in the history."""
    task = begin("move_milestone", milestone.task, actor=actor)
    current = _of(task, milestone)
    number = require_text(nfc(decision_number), "decision_number")[:80]
    words = require_text(nfc(reason), "reason")
    if current.reached_on is not None:
        raise TaskRefused(gettext("Mốc này đã đạt nên không bỏ được."), code="milestone_reached", field="reason")
    said = {"title": current.title, "due": _day(current.due_on), "number": number, "reason": words}
    position = current.position
    current.delete()
    return finish(
        "move_milestone",
        task,
        actor=actor,
        at=at,
        note=gettext("Bỏ mốc “%(title)s”, hạn %(due)s, theo %(number)s: %(reason)s") % said,
        data={"milestone": position, "dropped": True},
    )


def reach_milestone(task: Task, milestones: Sequence[Milestone], report: Report, at: datetime) -> list[int]:
    """Note that a report says which milestones are reached; their numbers, for the ledger. Nothing is appended."""
    rows = list(Milestone.objects.filter(task=task, pk__in=[one.pk for one in milestones], reached_on__isnull=True))
    for row in rows:
        row.reached_on, row.report = localdate(at), report
    Milestone.objects.bulk_update(rows, ["reached_on", "report"])
    return sorted(row.position for row in rows)


def _of(task: Task, milestone: Milestone) -> Milestone:
    return Milestone.objects.get(pk=milestone.pk, task=task)


def _next_position(task: Task) -> int:
    return (Milestone.objects.filter(task=task).aggregate(last=Max("position"))["last"] or 0) + 1


def _check_day(task: Task, due_on: date, *, field: str = "due_on") -> None:
    """A milestone lies between assignment and deadline; a recurring task has none beyond its present occurrence."""
    if due_on < task.assigned_on or (task.due_on is not None and due_on > task.due_on):
        raise TaskRefused(
            gettext("Ngày của mốc phải từ ngày giao %(first)s đến thời hạn %(last)s; chọn lại ngày.")
            % {"first": _day(task.assigned_on), "last": _day(task.due_on) if task.due_on else "…"},
            code="milestone_outside",
            field=field,
        )


def _day(day: date) -> str:
    return date_format(day, "d/m/Y")
