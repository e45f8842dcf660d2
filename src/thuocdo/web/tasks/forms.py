"""What a list of tasks can be narrowed by; the words of the address are Vietnamese."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import Period, PeriodError, parse_period
from thuocdo.tasks.queries import Progress, State, Timing
from thuocdo.tasks.queries.fields import FieldType
from thuocdo.web.bodies.suggest import BodyField

from .days import DayField

if TYPE_CHECKING:
    from thuocdo.tasks.models import Field


def filter_field(own: "Field") -> forms.Field:
    """The filter of a body's own field: the word itself for choices, "from..to" for numbers and days."""
    match own.type:
        case FieldType.CHOICE:
            return forms.ChoiceField(
                label=own.label, required=False, choices=[("", _("Tất cả")), *((one, one) for one in own.choices)]
            )
        case FieldType.YES_NO:
            return forms.ChoiceField(
                label=own.label, required=False, choices=[("", _("Tất cả")), ("1", _("có")), ("0", _("không"))]
            )
        case FieldType.NUMBER:
            return forms.CharField(
                label=own.label, required=False, max_length=60, widget=forms.TextInput({"placeholder": "10..50"})
            )
        case FieldType.DATE:
            return forms.CharField(
                label=own.label,
                required=False,
                max_length=60,
                widget=forms.TextInput({"placeholder": "1/9/2026..30/9/2026"}),
            )
    return forms.CharField(label=own.label, required=False, max_length=120)


class TaskFilter(forms.Form):
    """Filters of the list; the tab (`muc`) travels along."""

    tim = forms.CharField(
        label=_("Tìm trong nhiệm vụ"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("mã, tên việc, sản phẩm")}),
    )
    co_quan = BodyField(label=_("Cơ quan chủ trì"), required=False)
    pham_vi = forms.ChoiceField(
        label=_("Phạm vi cơ quan"),
        required=False,
        choices=[
            ("", _("Chỉ cơ quan này")),
            ("lanh-tho", _("Cả cấp dưới theo lãnh thổ")),
            ("nganh", _("Cả cấp dưới theo ngành")),
        ],
    )
    van_ban = forms.CharField(label=_("Số, ký hiệu văn bản"), required=False, max_length=80)
    tu = DayField(label=_("Hạn từ ngày"), required=False)
    den = DayField(label=_("Hạn đến ngày"), required=False)
    trong_tam = forms.ChoiceField(
        label=_("Trọng tâm"),
        required=False,
        choices=[("", _("Tất cả")), ("1", _("Nhiệm vụ trọng tâm")), ("0", _("Nhiệm vụ khác"))],
    )
    trang_thai = forms.ChoiceField(label=_("Trạng thái"), required=False, choices=[("", _("Tất cả")), *State.choices])
    thuc_hien = forms.ChoiceField(label=_("Thực hiện"), required=False, choices=[("", _("Tất cả")), *Progress.choices])
    so_han = forms.ChoiceField(label=_("So với hạn"), required=False, choices=[("", _("Tất cả")), *Timing.choices])
    ky = forms.CharField(
        label=_("Kỳ đến hạn"), required=False, max_length=10, widget=forms.TextInput({"placeholder": "2026-Q3"})
    )
    chuong_trinh = forms.CharField(label=_("Mã chương trình"), required=False, max_length=40)
    loai = forms.ChoiceField(
        label=_("Loại nhiệm vụ"),
        required=False,
        choices=[("", _("Tất cả")), ("giao", _("Cấp trên giao")), ("rieng", _("Của riêng cơ quan"))],
    )
    chua_ro = forms.ChoiceField(
        label=_("Chưa rõ (6 rõ)"),
        required=False,
        choices=[
            ("", _("Tất cả")),
            ("any", _("Còn điểm chưa rõ")),
            ("lead", _("Cơ quan chủ trì")),
            ("person", _("Người phụ trách")),
            ("time", _("Thời hạn")),
            ("result", _("Sản phẩm")),
            ("measure", _("Chỉ tiêu đo")),
            ("authority", _("Văn bản giao")),
            ("wording", _("Cách viết chung chung")),
        ],
    )
    # The instances of one collective assignment; a link from a task's page leads here.
    nhom = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    muc = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, actor: Actor, own: "Sequence[Field]" = ()) -> None:
        super().__init__(query)
        body: Any = self.fields["co_quan"]
        body.restrict(actor)
        for one in own:
            self.fields[f"f{one.pk}"] = filter_field(one)

    def clean_ky(self) -> Period | None:
        """The period in which tasks fall due: 2026, 2026-Q3, 2026-09."""
        typed = self.cleaned_data["ky"].strip()
        try:
            return parse_period(typed) if typed else None
        except PeriodError as error:
            raise forms.ValidationError(
                _("“%(typed)s” không phải là kỳ; ghi năm, quý hoặc tháng, ví dụ 2026, 2026-Q3, 2026-09."),
                params={"typed": typed},
            ) from error

    def clean(self) -> dict[str, Any]:
        """The filters; a range of days that runs backwards is refused."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("tu"), cleaned.get("den")
        if first and last and last < first:
            self.add_error("den", _("“Hạn đến ngày” trước “Hạn từ ngày”; sửa một trong hai ngày."))
        return cleaned
