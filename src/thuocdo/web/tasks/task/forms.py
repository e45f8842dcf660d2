"""The forms of the steps that move a task: what each asks, the operation it calls, what it says afterwards."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.tasks import operations
from thuocdo.tasks.operations import FileRefused, Outcome, TaskRefused
from thuocdo.tasks.queries import Effectiveness
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import day, named
from thuocdo.web.tasks.days import DayField

from .files import FilesField, limits

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task


def _files_hint() -> str:
    return gettext("Chọn được nhiều tệp; nhận %(allowed)s, mỗi tệp không quá %(most)s MB.") % limits()


def _note(label: Any, hint: Any = "", *, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": rows}),
    )


class StepForm(forms.Form):
    """One step. What is missing is said by the operation, so that page and interface say the same."""

    title: ClassVar[Any]
    button: ClassVar[Any]
    explanation: ClassVar[Any] = ""
    # Words of the operation that are called otherwise in this form.
    renamed: ClassVar[Mapping[str, str]] = {"files": "evidence"}

    def __init__(self, task: "Task", actor: Actor, step: str, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"{step}_%s")
        self.task, self.actor, self.step = task, actor, step
        for field in self.fields.values():
            if isinstance(field, BodyField):
                field.restrict(actor)
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the task."""

    def take(self, at: datetime) -> bool:
        """Take the step; False when it was refused, with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            self.act(at, self.cleaned_data)
        except (TaskRefused, FileRefused) as refusal:
            name = self.renamed.get(refusal.field, refusal.field)
            self.add_error(name if name in self.fields else None, str(refusal))
            if self.files and name != "evidence":
                self.add_error("evidence", gettext("Trình duyệt không giữ được tệp đã chọn; chọn lại tệp."))
            return False
        return True

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        """Call the operation."""
        raise NotImplementedError

    def afterwards(self) -> str:
        """What was done and what happens next."""
        raise NotImplementedError


class Issue(StepForm):
    title, button = _("Ban hành nhiệm vụ"), _("Ban hành, giao cho cơ quan chủ trì")

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.issue(actor=self.actor, at=at, task=self.task)

    def afterwards(self) -> str:
        return gettext("Đã ban hành. %(lead)s sẽ nhận việc hoặc kiến nghị giao lại.") % {"lead": named(self.task.lead)}


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
    reason = _note(_("Lý do"), _("Nêu căn cứ và cơ quan nên chủ trì."))

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.dispute(actor=self.actor, at=at, task=self.task, reason=given["reason"])

    def afterwards(self) -> str:
        body = named(self.task.assigned_by)
        return gettext("Đã gửi kiến nghị. %(body)s sẽ giữ nguyên, chuyển cơ quan khác hoặc rút nhiệm vụ.") % {
            "body": body
        }


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
    note = _note(_("Ý kiến"))

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
    text = _note(_("Việc đã làm được"), _("Nêu kết quả cụ thể, vướng mắc nếu có."), rows=4)
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
    text = _note(_("Kết quả đạt được"), _("Nêu sản phẩm, số hiệu văn bản, chỉ tiêu đã đạt."), rows=4)
    evidence = FilesField(label=_("Minh chứng"), required=False, help_text=lazy(_files_hint, str)())

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.submit(actor=self.actor, at=at, task=self.task, text=given["text"], files=given["evidence"])

    def afterwards(self) -> str:
        return gettext(
            "Đã trình kết quả. Một cơ quan khác sẽ phê duyệt hoặc trả lại; nhiệm vụ chỉ xong khi được phê duyệt."
        )


class Approve(StepForm):
    title, button = _("Phê duyệt kết quả"), _("Phê duyệt kết quả")
    explanation = _("Chỉ phê duyệt khi sản phẩm đúng như giao và minh chứng mở được, đủ căn cứ.")
    note = _note(_("Ý kiến (nếu có)"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.approve_result(actor=self.actor, at=at, task=self.task, note=given["note"])

    def afterwards(self) -> str:
        return gettext("Đã phê duyệt, nhiệm vụ hoàn thành. Hiệu quả sẽ được đánh giá riêng, sau một thời gian.")


class Return(StepForm):
    title, button = _("Trả lại kết quả"), _("Trả lại kèm ý kiến")
    note = _note(_("Cần bổ sung, sửa đổi gì"), _("Nêu rõ để cơ quan chủ trì biết phải làm gì."))

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.return_result(actor=self.actor, at=at, task=self.task, note=given["note"])

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
    note = _note(_("Căn cứ"), _("Chỉ số, khảo sát hoặc kiểm tra thực tế làm căn cứ."))

    def prepare(self) -> None:
        if self.task.effectiveness != Effectiveness.NOT_JUDGED:
            self.fields["effectiveness"].initial = self.task.effectiveness

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.judge_effectiveness(
            actor=self.actor, at=at, task=self.task, effectiveness=given["effectiveness"], note=given["note"]
        )

    def afterwards(self) -> str:
        return gettext("Đã ghi đánh giá hiệu quả; điểm của cơ quan chủ trì được tính lại.")


class Extend(StepForm):
    title, button = _("Gia hạn"), _("Gia hạn")
    explanation = _("Thời hạn ban đầu vẫn được giữ và vẫn tính là muộn so với hạn ban đầu.")
    new_due_on = DayField(label=_("Thời hạn mới"), help_text=_("Ngày cuối cùng được phép, dạng ngày/tháng/năm."))
    decision_number = forms.CharField(label=_("Số quyết định cho gia hạn"), required=False, max_length=80)
    reason = _note(_("Lý do"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.extend(
            actor=self.actor,
            at=at,
            task=self.task,
            new_due_on=given["new_due_on"],
            decision_number=given["decision_number"],
            reason=given["reason"],
        )

    def afterwards(self) -> str:
        words = {"due": day(self.cleaned_data["new_due_on"])}
        return gettext("Đã gia hạn đến %(due)s; thời hạn ban đầu vẫn hiển thị bên cạnh.") % words


class Suspend(StepForm):
    title, button = _("Tạm dừng"), _("Tạm dừng")
    explanation = _("Thời hạn ngừng chạy cho đến khi tiếp tục.")
    reason = _note(_("Lý do"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.suspend(actor=self.actor, at=at, task=self.task, reason=given["reason"])

    def afterwards(self) -> str:
        return gettext("Đã tạm dừng, thời hạn ngừng chạy. Khi tiếp tục, số ngày làm việc còn lại được giữ nguyên.")


class Resume(StepForm):
    title, button = _("Tiếp tục thực hiện"), _("Tiếp tục thực hiện")
    note = _note(_("Ghi chú (nếu có)"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.resume(actor=self.actor, at=at, task=self.task, note=given["note"])

    def afterwards(self) -> str:
        return gettext("Nhiệm vụ tiếp tục; thời hạn lùi đúng số ngày làm việc đã tạm dừng.")


class Cancel(StepForm):
    title, button = _("Hủy nhiệm vụ"), _("Hủy nhiệm vụ")
    explanation = _("Nhiệm vụ vẫn lưu trong hồ sơ cùng lý do, nhưng không còn tính.")
    reason = _note(_("Lý do"), rows=2)

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        operations.cancel(actor=self.actor, at=at, task=self.task, reason=given["reason"])

    def afterwards(self) -> str:
        return gettext("Đã hủy nhiệm vụ; cơ quan chủ trì không còn nợ việc này.")


# Word of the address, its form, and the steps of the lifecycle that it stands for; in the order of the page.
FORMS: dict[str, tuple[type[StepForm], frozenset[str]]] = {
    "ban-hanh": (Issue, frozenset({"issue"})),
    "nhan-viec": (Accept, frozenset({"accept_assignment"})),
    "quyet-dinh": (DecideDispute, frozenset({"uphold", "transfer", "withdraw"})),
    "tiep-tuc": (Resume, frozenset({"resume"})),
    "phe-duyet": (Approve, frozenset({"approve_result"})),
    "tra-lai": (Return, frozenset({"return_result"})),
    "bao-cao": (ReportProgress, frozenset({"report_progress"})),
    "trinh-ket-qua": (Submit, frozenset({"submit"})),
    "kien-nghi": (Dispute, frozenset({"dispute"})),
    "hieu-qua": (Judge, frozenset({"judge_effectiveness"})),
    "gia-han": (Extend, frozenset({"extend"})),
    "tam-dung": (Suspend, frozenset({"suspend"})),
    "huy": (Cancel, frozenset({"cancel"})),
}
# Steps that steer a task; they never are what it is waiting for.
STEERING = frozenset({"gia-han", "tam-dung", "huy"})


def offered(possible: list[str]) -> list[str]:
    """The words of the forms for the steps that the reader may take."""
    return [word for word, (_form, steps) in FORMS.items() if steps & set(possible)]


def main_word(task: "Task", words: list[str], *, is_pressing: bool) -> str:
    """The one form whose step the task is waiting for; empty when it waits for somebody else.

    Work under way waits for reports, and for its result once it is done, returned or pressing.
    """
    waiting = [word for word in words if word not in STEERING]
    has_result = task.progress >= 100 or task.state == "returned" or (is_pressing and task.state == "in_progress")
    if has_result and "trinh-ket-qua" in waiting:
        return "trinh-ket-qua"
    return waiting[0] if waiting else ""


def form_for(word: str, task: "Task", actor: Actor, request: HttpRequest | None = None) -> StepForm:
    """The form of a step, with what was sent if a request is given."""
    form, _steps = FORMS[word]
    if request is None:
        return form(task, actor, word)
    return form(task, actor, word, request.POST, request.FILES)
