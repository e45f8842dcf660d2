"""Linking a task to the indicators that its result should move, and taking the link back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.indicators.queries import indicator_by_code, is_owed, sees_indicator
from thuocdo.tasks.models import Task, TaskIndicator
from thuocdo.tasks.operations.refusals import TaskRefused
from thuocdo.tasks.operations.taking import begin, finish

# A task that should move more than these names no result of its own.
MOST = 12


@transaction.atomic
def set_indicators(*, actor: Actor, at: datetime, task: Task, codes: Sequence[str]) -> list[TaskIndicator]:
    """Say which indicators a task should move; replaces those that stood there. The same ones change nothing.

    Raises TaskRefused naming the code that is not in the dictionary, is not used any more, or that the actor does
    not see.
    """
    current = begin("set_indicators", task, actor=actor)
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    before = list(TaskIndicator.objects.filter(task=current).select_related("indicator").order_by("position"))
    held = {row.indicator.code for row in before}
    if len(wanted) > MOST:
        raise TaskRefused(
            gettext("Một nhiệm vụ gắn nhiều nhất %(most)d chỉ số; giữ những chỉ số mà kết quả phải làm thay đổi.")
            % {"most": MOST},
            code="too_many_indicators",
            field="codes",
        )
    rows = []
    for place, code in enumerate(wanted):
        indicator = indicator_by_code(code)
        if indicator is None or not sees_indicator(actor, indicator):
            raise TaskRefused(
                gettext("Không có chỉ số mã “%(code)s” trong danh mục; tra mã ở trang Chỉ số.") % {"code": code[:60]},
                code="indicator_unknown",
                field="codes",
            )
        if code not in held and not is_owed(indicator, actor.on):
            raise TaskRefused(
                gettext("Chỉ số %(code)s đã ngừng dùng; chọn chỉ số khác.") % {"code": code},
                code="indicator_retired",
                field="codes",
            )
        rows.append(TaskIndicator(task=current, indicator=indicator, position=place))
    if [row.indicator.code for row in before] == wanted:
        return before
    TaskIndicator.objects.filter(task=current).delete()
    made = TaskIndicator.objects.bulk_create(rows)
    finish("set_indicators", current, actor=actor, at=at, data={"indicators": wanted})
    return made


def link_indicator(*, actor: Actor, at: datetime, task: Task, code: str) -> list[TaskIndicator]:
    """Add one indicator to those that a task should move."""
    return set_indicators(actor=actor, at=at, task=task, codes=[*_codes(task), code])


def unlink_indicator(*, actor: Actor, at: datetime, task: Task, code: str) -> list[TaskIndicator]:
    """Take one indicator away from those that a task should move."""
    return set_indicators(actor=actor, at=at, task=task, codes=[one for one in _codes(task) if one != code])


def _codes(task: Task) -> list[str]:
    found = TaskIndicator.objects.filter(task=task).order_by("position")
    return list(found.values_list("indicator__code", flat=True))
