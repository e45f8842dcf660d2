"""What the assigning side decides: issue a draft, settle a dispute, move, pause or take back a task."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import NotAllowed, Permission
from thuocdo.tasks import operations
from thuocdo.tasks.operations import Outcome, TaskRefused
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import day, named
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.made_of import made_of

from .step import StepForm
from .step import note as note_field


class Issue(StepForm):
    title, button = _("Ban hành nhiệm vụ"), _("Ban hành, giao cho cơ quan chủ trì")

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.issue(actor=self.actor, at=at, task=self.task)

    def afterwards(self) -> str:
        return gettext("Đã ban hành. %(lead)s sẽ nhận việc hoặc kiến nghị giao lại.") % {"lead": named(self.task.lead)}


class DecideDispute(StepForm):
    title, button = _("Quyết định kiến nghị"), _("Quyết định")
    outcome = forms.ChoiceField(
        label=_("Quyết định"),
        choices=[
            (Outcome.UPHOLD.value, _("Giữ nguyên cơ quan chủ trì")),
            (Outcome.TRANSFER.value, _("Chuyển cơ quan khác chủ trì")),
            (Outcome.WITHDRAW.value, _("Rút nhiệm vụ")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chưa chọn quyết định; chọn giữ nguyên, chuyển hoặc rút.")},
    )
    new_lead = BodyField(
        label=_("Cơ quan chủ trì mới"),
        required=False,
        permission=Permission.ASSIGN_TASK,
        help_text=_("Chỉ cần khi chuyển; gõ một phần tên, không cần dấu."),
    )
    note = note_field(_("Ý kiến"))

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        outcome = Outcome(given["outcome"])
        try:
            operations.decide_dispute(
                actor=self.actor,
                at=at,
                task=self.task,
                outcome=outcome,
                note=given["note"],
                new_lead=given["new_lead"] if outcome == Outcome.TRANSFER else None,
            )
        except NotAllowed as refusal:
            if refusal.permission != Permission.ASSIGN_TASK:
                raise
            out_of_reach = gettext("Bạn không được giao việc cho cơ quan này; chọn cơ quan trong phạm vi của bạn.")
            raise TaskRefused(out_of_reach, code="out_of_reach", field="new_lead") from refusal

    def afterwards(self) -> str:
        match self.cleaned_data["outcome"]:
            case Outcome.UPHOLD:
                return gettext("Đã quyết định giữ nguyên. %(lead)s phải nhận việc.") % {"lead": named(self.task.lead)}
            case Outcome.TRANSFER:
                body = named(self.cleaned_data["new_lead"])
                return gettext("Đã chuyển nhiệm vụ. %(lead)s phải nhận việc.") % {"lead": body}
        return gettext("Đã rút nhiệm vụ; nhiệm vụ vẫn lưu trong hồ sơ nhưng không còn tính.")


class Extend(StepForm):
    title, button = _("Gia hạn"), _("Gia hạn")
    explanation = _("Thời hạn ban đầu vẫn được giữ và vẫn tính là muộn so với hạn ban đầu.")
    new_due_on = DayField(label=_("Thời hạn mới"), help_text=_("Ngày cuối cùng được phép, dạng ngày/tháng/năm."))
    decision_number = forms.CharField(label=_("Số quyết định cho gia hạn"), required=False, max_length=80)
    reason = note_field(_("Lý do"), rows=2)
    is_objective = forms.BooleanField(
        label=_("Xác nhận nguyên nhân khách quan hoặc rủi ro được chấp nhận; tính riêng"), required=False
    )

    def prepare(self) -> None:
        request = made_of(self.task, self.actor, self.actor.on).open_request
        if request is not None:
            self.fields["new_due_on"].initial = request.wanted_on
            self.fields["reason"].initial = request.reason
            self.fields["is_objective"].initial = request.claims_objective

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.extend(
            actor=self.actor,
            at=at,
            task=self.task,
            new_due_on=given["new_due_on"],
            decision_number=given["decision_number"],
            reason=given["reason"],
            is_objective=given["is_objective"],
        )

    def afterwards(self) -> str:
        words = {"due": day(self.cleaned_data["new_due_on"])}
        return gettext("Đã gia hạn đến %(due)s; thời hạn ban đầu vẫn hiển thị bên cạnh.") % words


class Suspend(StepForm):
    title, button = _("Tạm dừng nhiệm vụ"), _("Tạm dừng nhiệm vụ")
    explanation = _("Thời hạn ngừng chạy cho đến khi tiếp tục.")
    reason = note_field(_("Lý do"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.suspend(actor=self.actor, at=at, task=self.task, reason=given["reason"])

    def afterwards(self) -> str:
        return gettext("Đã tạm dừng, thời hạn ngừng chạy. Khi tiếp tục, số ngày làm việc còn lại được giữ nguyên.")


class Resume(StepForm):
    title, button = _("Tiếp tục thực hiện"), _("Tiếp tục thực hiện")
    note = note_field(_("Ghi chú (nếu có)"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.resume(actor=self.actor, at=at, task=self.task, note=given["note"])

    def afterwards(self) -> str:
        return gettext("Nhiệm vụ tiếp tục; thời hạn lùi đúng số ngày làm việc đã tạm dừng.")


class Cancel(StepForm):
    title, button = _("Hủy nhiệm vụ"), _("Hủy nhiệm vụ")
    explanation = _("Nhiệm vụ vẫn lưu trong hồ sơ cùng lý do, nhưng không còn tính.")
    reason = note_field(_("Lý do"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.cancel(actor=self.actor, at=at, task=self.task, reason=given["reason"])

    def afterwards(self) -> str:
        return gettext("Đã hủy nhiệm vụ; cơ quan chủ trì không còn nợ việc này.")
