"""Why an operation on a task was refused: the field, a code for machines, a sentence with the remedy."""

from collections.abc import Sequence

from django.utils.translation import gettext

from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Task


class TaskRefused(ValueError):
    """What was asked cannot be done; nothing was written. The text is for the person who asked."""

    def __init__(self, message: str, *, code: str, field: str = "", proposals: Sequence[Body] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        # Bodies among which the person may choose instead, where there are any.
        self.proposals = tuple(proposals)


class NotInThisState(TaskRefused):
    """The task has moved on, or is not as far yet: the step does not start from its state."""

    def __init__(self, task: Task) -> None:
        super().__init__(
            gettext(
                "Nhiệm vụ %(code)s đang ở trạng thái “%(state)s” nên không thực hiện được thao tác này; "
                "tải lại trang để xem trạng thái mới nhất."
            )
            % {"code": task.code, "state": task.get_state_display()},
            code="not_in_this_state",
            field="state",
        )


class ConflictOfInterest(TaskRefused):
    """Nobody judges their own result: neither whoever reported it nor anybody of the lead body."""

    def __init__(self, task: Task, *, is_reporter: bool) -> None:
        if is_reporter:
            message = gettext(
                "Người đã báo cáo nhiệm vụ %(code)s không được tự phê duyệt, trả lại hay đánh giá; "
                "đề nghị người khác thực hiện."
            )
        else:
            message = gettext(
                "Người của cơ quan chủ trì không được phê duyệt, trả lại hay đánh giá nhiệm vụ %(code)s; "
                "đề nghị cơ quan khác thực hiện."
            )
        super().__init__(
            message % {"code": task.code}, code="reporter_judges" if is_reporter else "lead_judges", field="actor"
        )


def require_text(value: str, field: str) -> str:
    """The text without space around it; refuses an empty note, reason or number."""
    text = value.strip()
    if not text:
        raise TaskRefused(
            {
                "note": gettext("Chưa ghi ý kiến; nêu rõ lý do để bên kia biết phải làm gì."),
                "reason": gettext("Chưa nêu lý do; ghi rõ lý do."),
                "text": gettext("Chưa có nội dung báo cáo; ghi kết quả đã làm được."),
                "title": gettext("Chưa có tên nhiệm vụ; nhập việc phải làm."),
                "decision_number": gettext("Chưa có số quyết định; thay đổi này phải có văn bản quyết định."),
                "answer": gettext("Chưa ghi trả lời; nêu rõ vì sao đồng ý hay không đồng ý."),
                "name": gettext("Chưa có tên; nhập tên."),
                "code": gettext("Chưa có mã; nhập mã."),
            }[field],
            code="empty",
            field=field,
        )
    return text
