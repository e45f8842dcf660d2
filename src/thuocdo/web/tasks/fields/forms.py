"""Forms of bodies' own fields: the field itself, and the value of one."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.tasks.queries.fields import FieldType

if TYPE_CHECKING:
    from thuocdo.tasks.models import Field

TYPES = [
    (FieldType.TEXT, _("Chữ")),
    (FieldType.NUMBER, _("Số")),
    (FieldType.DATE, _("Ngày")),
    (FieldType.CHOICE, _("Chọn trong danh sách")),
    (FieldType.YES_NO, _("Có hoặc không")),
]


class FieldForm(forms.Form):
    """A field of a body's own; the type is chosen once."""

    ten = forms.CharField(label=_("Tên trường"), max_length=120, help_text=_("Ví dụ: Nguồn vốn, Số hộ được hỗ trợ"))
    kieu = forms.ChoiceField(label=_("Kiểu dữ liệu"), choices=TYPES)
    don_vi = forms.CharField(
        label=_("Đơn vị tính"), required=False, max_length=40, help_text=_("Chỉ dùng cho trường số.")
    )
    gia_tri = forms.CharField(
        label=_("Các giá trị để chọn"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Mỗi dòng một giá trị; chỉ dùng khi chọn trong danh sách."),
    )
    bat_buoc = forms.BooleanField(label=_("Bắt buộc phải có"), required=False)

    def __init__(self, data: Any = None, *, known: "Field | None" = None) -> None:
        initial = None
        if known is not None:
            initial = {
                "ten": known.label,
                "kieu": known.type,
                "don_vi": known.unit,
                "gia_tri": "\n".join(known.choices),
                "bat_buoc": known.is_required,
            }
        super().__init__(data, initial=initial)
        if known is not None:
            # Values that were given must stay readable: the type is not changed.
            del self.fields["kieu"]
            if known.type != FieldType.NUMBER:
                del self.fields["don_vi"]
            if known.type != FieldType.CHOICE:
                del self.fields["gia_tri"]

    @property
    def written(self) -> dict[str, Any]:
        """What the operations take."""
        given = self.cleaned_data
        return {
            "label": given["ten"],
            "unit": given.get("don_vi", ""),
            "choices": given.get("gia_tri", "").splitlines(),
            "is_required": given["bat_buoc"],
        }


def value_field(own: "Field", *, is_required: bool | None = None) -> forms.Field:
    """The form field for a value of a body's own field; the operation reads what was typed."""
    required = own.is_required if is_required is None else is_required
    label = f"{own.label} ({own.unit})" if own.unit else own.label
    match own.type:
        case FieldType.CHOICE:
            options = [("", gettext("Chưa có")), *((one, one) for one in own.choices)]
            return forms.ChoiceField(label=label, required=required, choices=options)
        case FieldType.YES_NO:
            options = [("", gettext("Chưa có")), ("1", gettext("có")), ("0", gettext("không"))]
            return forms.ChoiceField(label=label, required=required, choices=options)
        case FieldType.NUMBER:
            number = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
            return forms.CharField(label=label, required=required, max_length=40, widget=number)
        case FieldType.DATE:
            day = forms.TextInput({"inputmode": "numeric", "placeholder": "31/12/2026", "autocomplete": "off"})
            return forms.CharField(label=label, required=required, max_length=20, widget=day)
    return forms.CharField(label=label, required=required, max_length=2000, widget=forms.Textarea({"rows": 2}))


class ValuesForm(forms.Form):
    """The values of every field that holds for one task."""

    def __init__(self, fields: "list[Field]", data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.own = fields
        for one in fields:
            self.fields[f"field_{one.pk}"] = value_field(one, is_required=False)
