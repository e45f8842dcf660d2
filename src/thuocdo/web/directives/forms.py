"""Forms of directives: receive a document, narrow the list, say who leads, correct an assignment, add one by hand."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Permission
from thuocdo.directives.queries import DeadlineKind, DocumentState, addressee_groups
from thuocdo.engine.extraction.reader import DOCX, PDF, TEXT
from thuocdo.web.bodies.suggest import BodyField

from .cards import name_of_group

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate

LATEST_YEAR = 2100


class DayField(forms.DateField):
    """A date as people write it: day/month/year; one that is in no calendar is named in the message."""

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy"})
    input_formats = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        """The day, or None; raises ValidationError with the remedy."""
        try:
            found = super().to_python(value.strip() if isinstance(value, str) else value)
        except ValidationError:
            found = date.min
        if found is not None and not 1945 <= found.year <= LATEST_YEAR:
            raise ValidationError(
                gettext("“%(value)s” không phải là một ngày có trong lịch; nhập ngày/tháng/năm, ví dụ 30/11/2026.")
                % {"value": str(value)[:40]},
                code="invalid",
            )
        return found


class NamesField(forms.CharField):
    """Names of bodies as a document writes them, one on each line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        """A list of names as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """The names; each at most 300 characters."""
        names = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        if any(len(name) > 300 for name in names) or len(names) > 100:
            raise ValidationError(
                gettext("Mỗi dòng ghi tên một cơ quan, không quá 300 ký tự và không quá 100 dòng."), code="too_long"
            )
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines differ."""
        return bool(self.prepare_value(initial) != data)


class HeadForm(forms.Form):
    """What stands at the head of a directive."""

    number = forms.CharField(label=_("Số, ký hiệu"), max_length=80, required=False)
    title = forms.CharField(
        label=_("Trích yếu"),
        max_length=500,
        error_messages={"required": _("Chưa có trích yếu; nhập tên hoặc trích yếu của văn bản.")},
    )
    issuer = BodyField(label=_("Cơ quan ban hành"), required=False)
    issued_on = DayField(label=_("Ngày ban hành"), required=False)


class UploadForm(HeadForm):
    """A directive as a file; what is left empty is read from its head."""

    file = forms.FileField(
        label=_("Tệp văn bản"),
        help_text=_("Tệp docx, pdf có lớp chữ, hoặc txt; không quá 20 MB. Không tải lên văn bản mật."),
        # What is wrong with a file is said by whoever reads it.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": f".docx,.pdf,.txt,{DOCX},{PDF},{TEXT}"}),
        error_messages={
            "required": _("Chưa chọn tệp; chọn tệp docx, pdf hoặc txt của văn bản."),
            "max_length": _("Tên tệp quá dài; đặt lại tên ngắn hơn rồi tải lại."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False


class FilterForm(forms.Form):
    """What narrows the list of documents."""

    tim = forms.CharField(
        label=_("Tìm"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("số, trích yếu, cơ quan")}),
    )
    trang_thai = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[
            ("", _("Tất cả")),
            (DocumentState.EXTRACTED, _("Chờ rà soát")),
            (DocumentState.REVIEWED, _("Đã rà soát")),
            (DocumentState.RECEIVED, _("Đang đọc")),
            (DocumentState.FAILED, _("Máy chưa đọc được")),
        ],
    )


class LeadForm(forms.Form):
    """Who leads instead of those named in the text: a body or a group, and whether the task is a core one."""

    body = BodyField(
        label=_("Cơ quan chủ trì"),
        required=False,
        permission=Permission.ASSIGN_TASK,
        help_text=_("Gõ tên, tên viết tắt hoặc mã; không cần dấu."),
    )
    group = forms.ChoiceField(
        label=_("hoặc một nhóm cơ quan"),
        required=False,
        help_text=_("Mỗi cơ quan trong nhóm nhận một nhiệm vụ riêng."),
    )
    is_core = forms.BooleanField(label=_("Nhiệm vụ trọng tâm"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.choices = [("", "–"), *((group.code, name_of_group(group)) for group in addressee_groups())]

    def clean(self) -> dict[str, Any]:
        """Either a body or a group."""
        found = super().clean() or {}
        if not self.errors and bool(found.get("body")) == bool(found.get("group")):
            raise ValidationError(
                gettext("Chọn một cơ quan chủ trì hoặc một nhóm cơ quan, không chọn cả hai."), code="one_of_two"
            )
        return found


class CandidateForm(forms.Form):
    """The fields of an assignment, as a person reads them in the text."""

    action = forms.CharField(
        label=_("Việc phải làm"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Chưa nêu việc phải làm; nhập nội dung nhiệm vụ.")},
    )
    lead = NamesField(label=_("Chủ trì"), required=False, help_text=_("Mỗi dòng một tên, như trong văn bản."))
    coordinating = NamesField(label=_("Phối hợp"), required=False)
    deliverable = forms.CharField(
        label=_("Sản phẩm"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    target = forms.CharField(label=_("Chỉ tiêu"), required=False, max_length=1000)
    deadline_date = DayField(
        label=_("Thời hạn"), required=False, help_text=_("Ngày cuối cùng còn được coi là đúng hạn.")
    )
    deadline_kind = forms.ChoiceField(label=_("Cách nêu thời hạn"), choices=DeadlineKind.choices, required=False)
    deadline_raw = forms.CharField(label=_("Nguyên văn thời hạn"), required=False, max_length=300)

    @classmethod
    def of(cls, candidate: "Candidate") -> "CandidateForm":
        """The form filled with what stands in the candidate."""
        return cls(initial={name: getattr(candidate, name) for name in cls.base_fields}, auto_id=f"id{candidate.pk}_%s")

    def clean_deadline_kind(self) -> str:
        """Nothing chosen means that no deadline is stated."""
        return self.cleaned_data["deadline_kind"] or DeadlineKind.NONE


class AddForm(CandidateForm):
    """An assignment that the machine did not find: its quotation, or the offsets of a selection."""

    quotation = forms.CharField(
        label=_("Đoạn giao nhiệm vụ"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        help_text=_("Chép nguyên văn đoạn giao nhiệm vụ trong văn bản."),
        error_messages={"required": _("Chưa có đoạn nào; chép nguyên văn đoạn giao nhiệm vụ vào đây.")},
    )
    start = forms.IntegerField(required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("quotation", "action")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].required = False
        self.fields["action"].help_text = gettext("Để trống thì lấy nguyên đoạn trên.")
