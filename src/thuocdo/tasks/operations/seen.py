"""Nobody changes what they have not seen: a write may name the version of the task on which it was decided."""

from django.utils.translation import gettext

from thuocdo.tasks.models import Task
from thuocdo.tasks.queries.version import version_of

from .refusals import TaskRefused


class ChangedMeanwhile(TaskRefused):
    """The task is another than the one that was seen."""


def require_unchanged(task: Task, seen: str) -> Task:
    """The task as it is now, locked until the caller's transaction ends; raises ChangedMeanwhile."""
    current = Task.objects.select_for_update(of=("self",)).select_related("lead", "assigned_by").get(pk=task.pk)
    if version_of(current) != seen:
        raise ChangedMeanwhile(
            gettext("Nhiệm vụ %(code)s vừa có thay đổi; xem lại nội dung mới nhất rồi gửi lại.") % {"code": task.code},
            code="changed_meanwhile",
            field="If-Match",
        )
    return current
