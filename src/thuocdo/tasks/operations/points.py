"""Single things that a verifier returned and that nobody answered yet: as long as there are any, only they are open."""

from django.utils.translation import gettext

from thuocdo.tasks.models import Task
from thuocdo.tasks.queries.returning import open_points

from .refusals import TaskRefused


def refuse_open_points(task: Task) -> None:
    """Refuse to hand in a whole new result while single points wait for an answer."""
    if open_points(task).exists():
        raise TaskRefused(
            gettext("Chỉ một số phần của kết quả bị trả lại; sửa đúng các phần đó ở trang “Sửa phần bị trả lại”."),
            code="points_open",
            field="text",
        )
