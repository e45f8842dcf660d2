"""What another body does with a result: approve it, return it, judge whether it was effective."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.tasks import operations
from thuocdo.tasks.queries import Effectiveness, evidence_state
from thuocdo.web.design.figures import day, named
from thuocdo.web.tasks.task.made_of import made_of

from .step import StepForm
from .step import note as note_field

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task


class _Judging(StepForm):
    """A form in which somebody judges what the page shows."""

    seen_report = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen_evidence = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["seen_report"].initial, self.fields["seen_evidence"].initial = self._seen(self.task)

    def show_again(self, task: "Task") -> None:
        # The page that comes back shows what was new: whoever sends it again has had it before their eyes.
        report, files = self._seen(task)
        given = QueryDict(mutable=True)
        given.update(self.data)
        given["seen_report"], given["seen_evidence"] = str(report or ""), files
        self.data = given

    def _seen(self, task: "Task") -> tuple[int | None, str]:
        # Asked once for both forms.
        files: str | None = getattr(task, "_files_seen", None)
        if files is None:
            files = evidence_state(task)
            task._files_seen = files  # type: ignore[attr-defined] # noqa: SLF001
        return made_of(task, self.actor, self.actor.on).newest_report, files


class Approve(_Judging):
    title, button = _("Phê duyệt kết quả"), _("Phê duyệt kết quả")
    explanation = _("Chỉ phê duyệt khi sản phẩm đúng như giao và minh chứng mở được, đủ căn cứ.")
    products = forms.MultipleChoiceField(
        label=_("Nghiệm thu các sản phẩm"), required=False, widget=forms.CheckboxSelectMultiple
    )
    despite_parts = note_field(_("Lý do phê duyệt khi còn phần việc chưa xong"), rows=2)
    note = note_field(_("Ý kiến (nếu có)"), rows=2)
    is_last = forms.BooleanField(label=_("Đây là kỳ cuối, kết thúc nhiệm vụ định kỳ"), required=False)

    def prepare(self) -> None:
        super().prepare()
        if not self.task.rhythm:
            del self.fields["is_last"]
        whole = made_of(self.task, self.actor, self.actor.on)
        self.rows = {str(row.pk): row for row in whole.products if not row.is_accepted}
        products: Any = self.fields["products"]
        products.choices = [(key, row.name) for key, row in self.rows.items()]
        products.initial = list(self.rows)
        if not self.rows:
            del self.fields["products"]
        if whole.parts is None or not whole.parts.open:
            del self.fields["despite_parts"]

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        self.task = operations.approve_result(
            actor=self.actor,
            at=at,
            task=self.task,
            note=given["note"],
            is_last=given.get("is_last", False),
            products=[self.rows[key] for key in given.get("products", [])],
            seen_report=given["seen_report"],
            seen_evidence=given["seen_evidence"] or None,
            despite_parts=given.get("despite_parts", ""),
        )

    def afterwards(self) -> str:
        if self.task.completed_on is None:
            words = {"due": day(self.task.due_on)}
            return gettext("Đã phê duyệt kết quả kỳ này; kỳ tiếp theo có hạn %(due)s.") % words
        return gettext("Đã phê duyệt, nhiệm vụ hoàn thành. Hiệu quả sẽ được đánh giá riêng, sau một thời gian.")


class Return(_Judging):
    title, button = _("Trả lại kết quả"), _("Trả lại kèm ý kiến")
    note = note_field(_("Cần bổ sung, sửa đổi gì"), _("Nêu rõ để cơ quan chủ trì biết phải làm gì."))

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.return_result(
            actor=self.actor,
            at=at,
            task=self.task,
            note=given["note"],
            seen_report=given["seen_report"],
            seen_evidence=given["seen_evidence"] or None,
        )

    def afterwards(self) -> str:
        return gettext("Đã trả lại. %(lead)s sẽ bổ sung rồi trình lại; thời hạn không đổi.") % {
            "lead": named(self.task.lead)
        }


class Judge(StepForm):
    title, button = _("Đánh giá hiệu quả"), _("Ghi đánh giá")
    explanation = _("Hiệu quả là điều kết quả mang lại trong thực tế, không phải việc đã làm xong.")
    effectiveness = forms.ChoiceField(
        label=_("Kết luận"),
        choices=[
            (Effectiveness.EFFECTIVE.value, Effectiveness.EFFECTIVE.label),
            (Effectiveness.NOT_EFFECTIVE.value, Effectiveness.NOT_EFFECTIVE.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chưa chọn kết luận; chọn “có hiệu quả” hoặc “chưa có hiệu quả”.")},
    )
    note = note_field(_("Căn cứ"), _("Chỉ số, khảo sát hoặc kiểm tra thực tế làm căn cứ."))

    def prepare(self) -> None:
        if self.task.effectiveness != Effectiveness.NOT_JUDGED:
            self.fields["effectiveness"].initial = self.task.effectiveness

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.judge_effectiveness(
            actor=self.actor, at=at, task=self.task, effectiveness=given["effectiveness"], note=given["note"]
        )

    def afterwards(self) -> str:
        return gettext("Đã ghi đánh giá hiệu quả; điểm của cơ quan chủ trì được tính lại.")
