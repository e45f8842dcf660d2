"""What the lead body does: take the task on or dispute it, report with evidence, submit the result."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.tasks import operations
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import day, named
from thuocdo.web.tasks.task.files import FilesField, limits
from thuocdo.web.tasks.task.made_of import made_of

from .step import StepForm
from .step import note as note_field

if TYPE_CHECKING:
    from thuocdo.tasks.models import Milestone, Product


def _files_hint() -> str:
    return gettext("Chọn được nhiều tệp; nhận %(allowed)s, mỗi tệp không quá %(most)s MB.") % limits()


def milestones_field() -> forms.MultipleChoiceField:
    """Which milestones a report reaches."""
    return forms.MultipleChoiceField(label=_("Mốc đã đạt"), required=False, widget=forms.CheckboxSelectMultiple)


def products_field() -> forms.MultipleChoiceField:
    """Which products the files of a report show."""
    return forms.MultipleChoiceField(
        label=_("Tệp chứng minh cho sản phẩm"), required=False, widget=forms.CheckboxSelectMultiple
    )


def offer_parts(form: StepForm) -> "tuple[dict[str, Milestone], dict[str, Product]]":
    """Offer the open milestones and products of the task, and leave out the fields where there are none."""
    whole = made_of(form.task, form.actor, form.actor.on)
    reachable = {str(row.pk): row for row in whole.milestones if row.reached_on is None}
    owed = {str(row.pk): row for row in whole.products if not row.is_accepted}
    milestones: Any = form.fields["milestones"]
    milestones.choices = [(key, f"{row.title} ({day(row.due_on)})") for key, row in reachable.items()]
    products: Any = form.fields["products"]
    products.choices = [(key, row.name) for key, row in owed.items()]
    if not reachable:
        del form.fields["milestones"]
    if not owed:
        del form.fields["products"]
    return reachable, owed


class Accept(StepForm):
    title, button = _("Nhận việc"), _("Nhận việc")
    explanation = _("Nhận việc là xác nhận cơ quan bạn chủ trì nhiệm vụ này; chưa nói gì về kết quả.")

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.accept_assignment(actor=self.actor, at=at, task=self.task)

    def afterwards(self) -> str:
        if self.task.due_on:
            words = {"due": day(self.task.due_on)}
            return gettext("Đã nhận việc. Tiếp theo: báo cáo tiến độ và trình kết quả chậm nhất ngày %(due)s.") % words
        return gettext("Đã nhận việc. Tiếp theo: báo cáo tiến độ và trình kết quả.")


class Dispute(StepForm):
    title, button = _("Kiến nghị giao lại"), _("Gửi kiến nghị")
    explanation = _("Dùng khi việc không thuộc chức năng của cơ quan bạn. Trong lúc chờ quyết định, thời hạn vẫn chạy.")
    reason = note_field(_("Lý do"), _("Nêu căn cứ và cơ quan nên chủ trì."))
    proposed_lead = BodyField(label=_("Cơ quan nên chủ trì"), required=False, help_text=_("Có thể bỏ trống."))

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.dispute(
            actor=self.actor,
            at=at,
            task=self.task,
            reason=given["reason"],
            proposed_lead=given["proposed_lead"],
        )

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

    milestones, products = milestones_field(), products_field()

    def prepare(self) -> None:
        self.fields["progress"].initial = self.task.progress
        self.milestone_rows, self.product_rows = offer_parts(self)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.report_progress(
            actor=self.actor,
            at=at,
            task=self.task,
            text=given["text"],
            progress=given["progress"],
            files=given["evidence"],
            milestones=[self.milestone_rows[key] for key in given.get("milestones", [])],
            products=[self.product_rows[key] for key in given.get("products", [])],
        )

    def afterwards(self) -> str:
        words = {"progress": self.cleaned_data["progress"]}
        return gettext("Đã ghi báo cáo, tiến độ %(progress)s%%. Khi có sản phẩm, trình kết quả kèm minh chứng.") % words


class Submit(StepForm):
    title, button = _("Trình kết quả"), _("Trình kết quả để phê duyệt")
    text = note_field(_("Kết quả đạt được"), _("Nêu sản phẩm, số hiệu văn bản, chỉ tiêu đã đạt."), rows=4)
    evidence = FilesField(label=_("Minh chứng"), required=False, help_text=lazy(_files_hint, str)())

    milestones, products = milestones_field(), products_field()

    def prepare(self) -> None:
        self.milestone_rows, self.product_rows = offer_parts(self)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.submit(
            actor=self.actor,
            at=at,
            task=self.task,
            text=given["text"],
            files=given["evidence"],
            milestones=[self.milestone_rows[key] for key in given.get("milestones", [])],
            products=[self.product_rows[key] for key in given.get("products", [])],
        )

    def afterwards(self) -> str:
        return gettext(
            "Đã trình kết quả. Một cơ quan khác sẽ phê duyệt hoặc trả lại; nhiệm vụ chỉ xong khi được phê duyệt."
        )
