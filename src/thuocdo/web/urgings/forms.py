"""Forms of urging notes: which tasks, until when, with what words; and the addressee's answer."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.alerts.operations import AlertRefused, Signer, answer_urging, draft_urging, revise_urging
from thuocdo.alerts.queries import Signing
from thuocdo.engine.calendars import add_working_days
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import named
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.forms.step import note

if TYPE_CHECKING:
    from thuocdo.alerts.models import Urging
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Task

# Working days that an addressee has for the answer, unless the issuer says otherwise.
DAYS_TO_ANSWER = 5


class WhomForm(forms.Form):
    """Which body is to be urged."""

    co_quan = BodyField(label=_("Cơ quan được đôn đốc"), permission=Permission.URGE)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["co_quan"]
        if isinstance(field, BodyField):
            field.restrict(actor)


class UrgingForm(forms.Form):
    """A note to one body: its overdue tasks, the day for the answer, what is asked besides."""

    issuer = forms.ChoiceField(label=_("Cơ quan ban hành"))
    tasks = forms.MultipleChoiceField(
        label=_("Nhiệm vụ quá hạn"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Chưa chọn nhiệm vụ; chọn ít nhất một nhiệm vụ quá hạn."),
            "invalid_choice": _("Có nhiệm vụ không còn quá hạn hoặc không thuộc cơ quan này; tải lại trang rồi chọn."),
        },
    )
    reply_by = DayField(label=_("Trả lời chậm nhất ngày"))
    request = note(
        _("Yêu cầu thêm"), _("Để trống nếu chỉ yêu cầu hoàn thành và báo cáo; nêu biện pháp, đầu mối nếu cần.")
    )

    signing = forms.ChoiceField(
        label=_("Thể thức ký"),
        choices=Signing.choices,
        required=False,
        help_text=_("Theo thẩm quyền ký văn bản của cơ quan ban hành."),
    )
    signer_post = forms.CharField(
        label=_("Chức vụ người ký"),
        required=False,
        help_text=_("Khi ký thay, thừa lệnh, thừa ủy quyền; ví dụ: Phó Chủ tịch, Chánh Văn phòng."),
    )
    signer_name = forms.CharField(label=_("Họ tên người ký"), required=False, help_text=_("Để trống nếu điền khi ký."))

    def __init__(
        self,
        actor: Actor,
        overdue: Sequence["Task"],
        issuers: Sequence["Body"],
        data: Any = None,
        *,
        urging: "Urging | None" = None,
        picked: Sequence[str] = (),
    ) -> None:
        chosen = [task.code for task in overdue if not picked or task.code in picked]
        initial: dict[str, Any] = {
            "tasks": chosen,
            "reply_by": urging.reply_by if urging else add_working_days(actor.on, DAYS_TO_ANSWER),
            "request": urging.request if urging else "",
            "signing": urging.signing if urging else "",
            "signer_post": urging.signer_post if urging else "",
            "signer_name": urging.signer_name if urging else "",
        }
        super().__init__(data, initial=initial)
        self.actor, self.overdue, self.issuers, self.urging = actor, overdue, issuers, urging
        asked = self.fields["tasks"]
        if isinstance(asked, forms.MultipleChoiceField):
            asked.choices = [(task.code, task.title) for task in overdue]
        field = self.fields["issuer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(body.code, named(body)) for body in issuers]
        if urging is not None or len(issuers) == 1:
            field.widget = forms.HiddenInput()
            field.required = False

    def picked(self) -> set[str]:
        """The codes of the ticked tasks."""
        return set(self["tasks"].value() or [])

    def save(self, at: datetime) -> "Urging | None":
        """The draft, written or changed; None when something is wrong, with the reason beside its field."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        tasks = [task for task in self.overdue if task.code in given["tasks"]]
        issuer = next((body for body in self.issuers if body.code == given["issuer"]), self.issuers[0])
        reply_by: date = given["reply_by"]
        signer = Signer(given["signing"], given["signer_post"], given["signer_name"])
        try:
            if self.urging is not None:
                return revise_urging(
                    actor=self.actor,
                    at=at,
                    urging=self.urging,
                    tasks=tasks,
                    reply_by=reply_by,
                    request=given["request"],
                    signer=signer,
                )
            return draft_urging(
                actor=self.actor,
                at=at,
                issuer=issuer,
                tasks=tasks,
                reply_by=reply_by,
                request=given["request"],
                signer=signer,
            )
        except AlertRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return None


class AnswerForm(forms.Form):
    """The addressee's answer."""

    answer = note(_("Nội dung trả lời"), _("Nêu kết quả đến nay, lý do chậm và ngày hoàn thành từng nhiệm vụ."), rows=5)

    def save(self, actor: Actor, urging: "Urging", at: datetime) -> bool:
        """Send the answer; False when it was refused, with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            answer_urging(actor=actor, at=at, urging=urging, answer=self.cleaned_data["answer"])
        except AlertRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True
