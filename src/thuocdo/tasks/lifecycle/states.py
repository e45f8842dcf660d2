"""The words in which a task is described: states, the axes of the shown status, secrecy, rhythm."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


WORKING = frozenset({State.ASSIGNED, State.ACCEPTED, State.IN_PROGRESS, State.RETURNED})
OPEN = WORKING | {State.SUBMITTED, State.DISPUTED, State.SUSPENDED}
# Owed and not handed in; what the overdue lists are made of (a submitted result is owed until it is accepted).
OWED = WORKING | {State.SUBMITTED, State.DISPUTED}
FINAL = frozenset({State.COMPLETED, State.CANCELLED})
NOT_STARTED = frozenset({State.DRAFT, State.ASSIGNED, State.ACCEPTED, State.DISPUTED})
