"""What the lead body does: take the task on or dispute it, report with evidence, submit the result."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.tasks import operations
from thuocdo.web.design.figures import day, named
from thuocdo.web.tasks.task.files import FilesField, limits

from .step import StepForm
from .step import note as note_field


def _files_hint() -> str:
    return gettext("Chọn được nhiều tệp; nhận %(allowed)s, mỗi tệp không quá %(most)s MB.") % limits()


class Accept(StepForm):
    title, button = _("Nhận việc"), _("Nhận việc")
    explanation = _("Nhận việc là xác nhận cơ quan bạn chủ trì nhiệm vụ này; chưa nói gì về kết quả.")

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.accept_assignment(actor=self.actor, at=at, task=self.task)

    def afterwards(self) -> str:
        if self.task.due_on:
            words = {"due": day(self.task.due_on)}
            return gettext("Đã nhận việc. Tiếp theo: báo cáo tiến độ và trình kết quả trước hết ngày %(due)s.") % words
        return gettext("Đã nhận việc. Tiếp theo: báo cáo tiến độ và trình kết quả.")


class Dispute(StepForm):
    title, button = _("Kiến nghị giao lại"), _("Gửi kiến nghị")
    explanation = _("Dùng khi việc không thuộc chức năng của cơ quan bạn. Trong lúc chờ quyết định, thời hạn vẫn chạy.")
    reason = note_field(_("Lý do"), _("Nêu căn cứ và cơ quan nên chủ trì."))

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.dispute(actor=self.actor, at=at, task=self.task, reason=given["reason"])

    def afterwards(self) -> str:
        body = named(self.task.assigned_by)
        return gettext("Đã gửi kiến nghị. %(body)s sẽ giữ nguyên, chuyển cơ quan khác hoặc rút nhiệm vụ.") % {
            "body": body
        }


class ReportProgress(StepForm):
    title, button = _("Báo cáo tiến độ"), _("Gửi báo cáo")
    progress = forms.IntegerField(
        label=_("Tiến độ (%)"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput({"inputmode": "numeric", "step": "1"}),
        error_messages={
            "required": _("Chưa nhập tiến độ; nhập số từ 0 đến 100."),
            "invalid": _("Tiến độ phải là số nguyên; nhập số từ 0 đến 100."),
            "min_value": _("Tiến độ không được nhỏ hơn 0; nhập số từ 0 đến 100."),
            "max_value": _("Tiến độ không được lớn hơn 100; nhập số từ 0 đến 100."),
        },
    )
    text = note_field(_("Việc đã làm được"), _("Nêu kết quả cụ thể, vướng mắc nếu có."), rows=4)
    evidence = FilesField(label=_("Minh chứng"), required=False, help_text=lazy(_files_hint, str)())

    def prepare(self) -> None:
        self.fields["progress"].initial = self.task.progress

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.report_progress(
            actor=self.actor,
            at=at,
            task=self.task,
            text=given["text"],
            progress=given["progress"],
            files=given["evidence"],
        )

    def afterwards(self) -> str:
        words = {"progress": self.cleaned_data["progress"]}
        return gettext("Đã ghi báo cáo, tiến độ %(progress)s%%. Khi có sản phẩm, trình kết quả kèm minh chứng.") % words


class Submit(StepForm):
    title, button = _("Trình kết quả"), _("Trình kết quả để phê duyệt")
    text = note_field(_("Kết quả đạt được"), _("Nêu sản phẩm, số hiệu văn bản, chỉ tiêu đã đạt."), rows=4)
    evidence = FilesField(label=_("Minh chứng"), required=False, help_text=lazy(_files_hint, str)())

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.submit(actor=self.actor, at=at, task=self.task, text=given["text"], files=given["evidence"])

    def afterwards(self) -> str:
        return gettext(
            "Đã trình kết quả. Một cơ quan khác sẽ phê duyệt hoặc trả lại; nhiệm vụ chỉ xong khi được phê duyệt."
        )
