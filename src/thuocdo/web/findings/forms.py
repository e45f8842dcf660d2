"""Forms of findings and samples: filters, who answers until when, words, a new sample, the value that was found."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import add_working_days, parse_period, quarter_of
from thuocdo.evaluations.operations import (
    EvaluationRefused,
    answer,
    ask_again,
    assign_owner,
    check_value,
    confirm,
    draw_sample,
    refute,
    resume,
)
from thuocdo.evaluations.queries import Kind, State, possible_owners
from thuocdo.web.data_entry.typed import Ambiguous, number_typed
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.forms.step import note

if TYPE_CHECKING:
    from thuocdo.evaluations.models import Finding, Sample, SampleUnit

# Finished quarters from which one may draw.
QUARTERS = 4
WAITING, CLOSED = "cho", "xong"


class FilterForm(forms.Form):
    """Which findings are listed."""

    muc = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[(WAITING, _("Chưa khép")), ("", _("Tất cả")), *State.choices],
    )
    loai = forms.ChoiceField(label=_("Loại"), required=False, choices=[("", _("Tất cả")), *Kind.choices])
    co_quan = forms.CharField(label=_("Mã cơ quan"), required=False, max_length=40)


class AssignForm(forms.Form):
    """Who at the body answers, and until when."""

    owner = forms.ChoiceField(label=_("Người trả lời"), error_messages={"required": _("Chưa chọn người trả lời.")})
    answer_by = DayField(label=_("Hạn trả lời"))
    note = note(_("Nội dung cần xác minh"), _("Nêu bảng gốc, hồ sơ cần đối chiếu."))

    def __init__(self, actor: Actor, finding: "Finding", data: Any = None, *, days: int = 10) -> None:
        super().__init__(data, initial={"answer_by": finding.answer_by or add_working_days(actor.on, days)})
        self.actor, self.finding = actor, finding
        self.people = {str(one.pk): one for one in possible_owners(actor, finding)}
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, one.full_name) for key, one in self.people.items()]
            if finding.owner_id:
                field.initial = str(finding.owner_id)

    def save(self, at: datetime) -> bool:
        """Name the person; False with the reason beside its field."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        try:
            assign_owner(
                actor=self.actor,
                at=at,
                finding=self.finding,
                owner=self.people[given["owner"]],
                answer_by=given["answer_by"],
                note=given["note"],
            )
        except EvaluationRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True


# The word in the address: the name of the act, what does it.
WORDED = {
    "tra-loi": ("answer", answer),
    "hoi-them": ("ask", ask_again),
    "xac-nhan": ("confirm", confirm),
    "khong-sai-lech": ("refute", refute),
    "xac-minh-lai": ("resume", resume),
}


class WordsForm(forms.Form):
    """An answer or a judgement in words."""

    text = note(_("Nội dung"), _("Nêu căn cứ: bảng gốc, hồ sơ, cách tính, lý do lệch."), rows=4)

    def save(self, actor: Actor, finding: "Finding", word: str, at: datetime) -> bool:
        """Do what the word says; False with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            WORDED[word][1](actor=actor, at=at, finding=finding, text=self.cleaned_data["text"])
        except EvaluationRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True


class DrawForm(forms.Form):
    """A new sample."""

    period = forms.ChoiceField(label=_("Kỳ"))
    size = forms.IntegerField(
        label=_("Số giá trị cần kiểm tra"),
        error_messages={"required": _("Chưa nhập số giá trị."), "invalid": _("Số giá trị phải là số nguyên.")},
    )
    random_part = forms.IntegerField(
        label=_("Phần chọn ngẫu nhiên (%)"),
        help_text=_("Phần còn lại chọn theo rủi ro; phần này giữ cho mọi giá trị đều có thể được chọn."),
        error_messages={"required": _("Chưa nhập phần ngẫu nhiên."), "invalid": _("Nhập số nguyên từ 1 đến 100.")},
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data, initial={"size": 30, "random_part": 30})
        self.actor = actor
        quarter, choices = quarter_of(actor.on).previous(), []
        for _number in range(QUARTERS):
            choices.append((quarter.label, period_words(quarter)))
            quarter = quarter.previous()
        field = self.fields["period"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def save(self, at: datetime) -> "Sample | None":
        """The sample, drawn; None with the reason beside its field."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        try:
            return draw_sample(
                actor=self.actor,
                at=at,
                period=parse_period(given["period"]),
                size=given["size"],
                random_part=given["random_part"] / 100,
            )
        except EvaluationRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return None


class CheckForm(forms.Form):
    """What verifying one value gave."""

    found_value = forms.CharField(label=_("Giá trị kiểm tra được"), required=False, max_length=40)
    is_impossible = forms.BooleanField(label=_("Không kiểm tra được"), required=False)
    note = note(_("Căn cứ"), rows=2)

    def clean_found_value(self) -> Decimal | None:
        """The number as people write it; None for an empty field."""
        typed = self.cleaned_data["found_value"].strip()
        if not typed:
            return None
        try:
            return Decimal(number_typed(typed))
        except (Ambiguous, ArithmeticError, ValueError):
            raise ValidationError(
                _("“%(typed)s” không đọc được thành số; nhập ví dụ 87,5."), params={"typed": typed}
            ) from None

    def save(self, actor: Actor, unit: "SampleUnit", at: datetime) -> bool:
        """Record it; False with the reason beside its field."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        try:
            check_value(
                actor=actor,
                at=at,
                unit=unit,
                found_value=given["found_value"],
                note=given["note"],
                is_impossible=given["is_impossible"],
            )
        except EvaluationRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True
