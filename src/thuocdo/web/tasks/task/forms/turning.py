"""More time asked for and refused, a task given to another body, a completed one opened again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import NotAllowed, Permission
from thuocdo.tasks import operations
from thuocdo.tasks.operations import TaskRefused
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import day, named
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.made_of import made_of

from .step import StepForm
from .step import note as note_field


class RequestExtension(StepForm):
    title, button = _("Đề nghị gia hạn"), _("Gửi đề nghị")
    explanation = _("Trong lúc chờ trả lời, thời hạn hiện nay vẫn chạy. Đề nghị gửi sau hạn vẫn nhận và được ghi rõ.")
    wanted_on = DayField(label=_("Đề nghị gia hạn đến"), help_text=_("Dạng ngày/tháng/năm."))
    reason = note_field(_("Lý do"), _("Nêu vướng mắc cụ thể và việc đã làm để khắc phục."), rows=3)
    claims_objective = forms.BooleanField(
        label=_("Nguyên nhân khách quan hoặc rủi ro được chấp nhận (cần được xác nhận)"), required=False
    )

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.request_extension(
            actor=self.actor,
            at=at,
            task=self.task,
            wanted_on=given["wanted_on"],
            reason=given["reason"],
            claims_objective=given["claims_objective"],
        )

    def afterwards(self) -> str:
        return gettext("Đã gửi đề nghị. %(body)s sẽ gia hạn hoặc không đồng ý, có trả lời.") % {
            "body": named(self.task.assigned_by)
        }


class RefuseExtension(StepForm):
    title, button = _("Không đồng ý gia hạn"), _("Không đồng ý")
    answer = note_field(_("Trả lời"), _("Nêu rõ vì sao, và cần làm gì để kịp hạn."), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        request = made_of(self.task, self.actor, self.actor.on).open_request
        if request is None:
            raise TaskRefused(
                gettext("Đề nghị gia hạn này đã được trả lời; tải lại trang để xem trả lời."),
                code="answered",
                field="answer",
            )
        operations.refuse_extension(actor=self.actor, at=at, request=request, answer=given["answer"])

    def afterwards(self) -> str:
        return gettext("Đã trả lời không đồng ý; thời hạn %(due)s giữ nguyên.") % {"due": day(self.task.due_on)}


class Reassign(StepForm):
    title, button = _("Chuyển cơ quan khác chủ trì"), _("Chuyển nhiệm vụ")
    explanation = _("Thời hạn giữ nguyên, cơ quan mới phải nhận việc; cơ quan cũ vẫn ghi trong diễn biến.")
    new_lead = BodyField(label=_("Cơ quan chủ trì mới"), required=False, permission=Permission.DIVIDE_TASK)
    reason = note_field(_("Lý do"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        try:
            operations.reassign(
                actor=self.actor, at=at, task=self.task, new_lead=given["new_lead"], reason=given["reason"]
            )
        except NotAllowed as refusal:
            if refusal.permission not in (Permission.ASSIGN_TASK, Permission.DIVIDE_TASK):
                raise
            out_of_reach = gettext("Bạn không được giao việc cho cơ quan này; chọn cơ quan trong phạm vi của bạn.")
            raise TaskRefused(out_of_reach, code="out_of_reach", field="new_lead") from refusal

    def afterwards(self) -> str:
        body = named(self.cleaned_data["new_lead"])
        return gettext("Đã chuyển nhiệm vụ. %(lead)s phải nhận việc.") % {"lead": body}


class Reopen(StepForm):
    title, button = _("Mở lại nhiệm vụ"), _("Mở lại")
    explanation = _("Nhiệm vụ lại phải có kết quả và minh chứng mới; đánh giá hiệu quả cũ không còn hiệu lực.")
    decision_number = forms.CharField(label=_("Số quyết định"), required=False, max_length=80)
    reason = note_field(_("Lý do"), rows=2)
    products = forms.MultipleChoiceField(
        label=_("Sản phẩm phải làm lại"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn sản phẩm nào nghĩa là làm lại tất cả."),
    )

    def prepare(self) -> None:
        self.rows = {str(row.pk): row for row in made_of(self.task, self.actor, self.actor.on).products}
        if not self.rows:
            del self.fields["products"]
            return
        field: Any = self.fields["products"]
        field.choices = [(key, row.name) for key, row in self.rows.items()]

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.reopen(
            actor=self.actor,
            at=at,
            task=self.task,
            decision_number=given["decision_number"],
            reason=given["reason"],
            products=[self.rows[key] for key in given.get("products", [])],
        )

    def afterwards(self) -> str:
        return gettext("Đã mở lại nhiệm vụ. %(lead)s lại phải trình kết quả kèm minh chứng mới.") % {
            "lead": named(self.task.lead)
        }
