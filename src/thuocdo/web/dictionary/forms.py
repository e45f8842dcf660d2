"""Forms of the dictionary: an own indicator, and the path of a body."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.engine.calendars import PeriodError, read_period
from thuocdo.indicators.queries import Frequency, Openness, Provenance, written
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import named
from thuocdo.web.indicators.words import FREQUENCIES, OPENNESS, PROVENANCES
from thuocdo.web.tasks.days import DayField

from .words import SHAPES

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator, TargetPoint
    from thuocdo.organisations.models import Body


def number_of(text: str) -> Decimal | None:
    """A figure as Vietnamese write it: 1.500.000 or 2,5; None for an empty one. Raises ValidationError."""
    text = text.strip().replace(" ", "")
    if not text:
        return None
    if "," in text:
        plain = text.replace(".", "").replace(",", ".")
    else:
        # A dot before three figures parts thousands, any other is a decimal point.
        groups = text.lstrip("-").split(".")
        is_grouped = len(groups) > 1 and all(len(one) == 3 for one in groups[1:]) and groups[0] not in ("", "0")
        plain = text.replace(".", "") if is_grouped else text
    try:
        found = Decimal(plain)
    except InvalidOperation as error:
        raise _no_number(text) from error
    if not found.is_finite():
        raise _no_number(text)
    return found


def _no_number(text: str) -> forms.ValidationError:
    return forms.ValidationError(
        gettext("“%(text)s” không phải là số; nhập dạng 1.500.000 hoặc 2,5.") % {"text": text[:40]}
    )


def shown(value: Decimal | None) -> str:
    """A figure for a field, with a decimal comma."""
    return written(value).replace(".", ",")


class NumberField(forms.CharField):
    """A number with a decimal comma or point."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=30, widget=widget, **options)

    def clean(self, value: Any) -> Decimal | None:
        """The number; None for an empty field."""
        return number_of(super().clean(value))


class OwnIndicatorForm(forms.Form):
    """What a body says of an indicator of its own."""

    title = forms.CharField(
        label=_("Tên chỉ số"), max_length=300, help_text=_("Ví dụ: Tỷ lệ hộ có mã định danh điện tử")
    )
    short = forms.CharField(
        label=_("Mã ngắn"), required=False, max_length=30,
        help_text=_("Chữ thường không dấu, chữ số, gạch dưới; bỏ trống để lấy theo tên. Mã không đổi được về sau."),
    )  # fmt: skip
    definition = forms.CharField(
        label=_("Cách tính, bằng lời"), widget=forms.Textarea({"rows": 3}), required=False,
        help_text=_("Lấy gì chia cho gì, tính cả những trường hợp nào."),
    )  # fmt: skip
    unit = forms.CharField(label=_("Đơn vị tính"), max_length=80, help_text=_("Ví dụ: %, hồ sơ, triệu đồng"))
    formula = forms.CharField(
        label=_("Công thức, nếu hệ thống tự tính"), required=False, max_length=1000,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=_("Dùng mã của chỉ số khác, ví dụ dossiers_overdue / dossiers_open. Bỏ trống nếu số liệu được nộp."),
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=_("Chiều đánh giá"),
        choices=[("1", _("càng cao càng tốt")), ("-1", _("càng thấp càng tốt")), ("0", _("không xếp cao thấp"))],
    )
    frequency = forms.ChoiceField(label=_("Kỳ số liệu"), choices=[(one, FREQUENCIES[one]) for one in Frequency])
    due_days = forms.IntegerField(
        label=_("Hạn nộp sau khi hết kỳ (ngày)"), required=False, min_value=0, max_value=366,
        help_text=_("Bỏ trống: theo hạn chung của kỳ."),
    )  # fmt: skip
    target = NumberField(label=_("Mức đích"))
    lower = NumberField(label=_("Giá trị nhỏ nhất"))
    upper = NumberField(label=_("Giá trị lớn nhất"))
    tolerance = NumberField(label=_("Ngưỡng chênh lệch cho phép"))
    provenance_expected = forms.ChoiceField(
        label=_("Nguồn số liệu mong đợi"),
        choices=[(one, PROVENANCES[one]) for one in Provenance if one != Provenance.DERIVED],
        initial=Provenance.DECLARED,
    )
    public = forms.ChoiceField(
        label=_("Phạm vi xem"),
        choices=[(one, OPENNESS[one]) for one in (Openness.INTERNAL, Openness.PUBLIC)],
        help_text=_("Trong mọi trường hợp chỉ số riêng không tính vào điểm xếp hạng quốc gia."),
    )
    adds_up_the_tree = forms.BooleanField(label=_("Số của cấp trên bằng tổng cấp dưới"), required=False)
    sampled = forms.BooleanField(
        label=_("Đo bằng mẫu"),
        required=False,
        help_text=_("Chọn khi số liệu do một số người trả lời, như khảo sát; khi đó cỡ mẫu cho biết sai số."),
    )
    valid_from = DayField(
        label=_("Bản sửa áp dụng từ"), required=False, help_text=_("Bỏ trống: từ hôm nay, nếu đã có số liệu.")
    )

    def __init__(self, data: Any = None, *, known: "Indicator | None" = None) -> None:
        super().__init__(data, initial=None if known is None else _initial(known))
        if known is None:
            del self.fields["valid_from"]
        else:
            del self.fields["short"]

    @property
    def written(self) -> dict[str, Any]:
        """The fields as the operations take them."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("short", "valid_from")}
        given["direction"] = int(given["direction"])
        given["comparator"] = {1: ">=", -1: "<="}.get(given["direction"], "") if given["target"] is not None else ""
        return {name: value for name, value in given.items() if value not in (None, "")}


def _initial(known: "Indicator") -> dict[str, Any]:
    names = ("title", "definition", "unit", "formula", "frequency", "due_days", "provenance_expected")
    initial = {name: getattr(known, name) for name in names}
    initial |= {name: shown(getattr(known, name)) for name in ("target", "lower", "upper")}
    return initial | {
        "tolerance": shown(known.tolerance) if known.tolerance else "",
        "direction": str(known.direction),
        "public": known.openness,
        "adds_up_the_tree": bool(known.adds_up_the_tree),
        "sampled": bool(known.is_sampled),
    }


class KeeperForm(forms.Form):
    """Whose own indicator it will be, for people who may choose."""

    co_quan = BodyField(label=_("Cơ quan"), permission=Permission.MANAGE_INDICATORS)

    def __init__(self, data: Any, actor: Actor, own: "Body | None" = None) -> None:
        super().__init__(data, initial=None if own is None else {"co_quan": named(own)})
        field: Any = self.fields["co_quan"]
        field.restrict(actor)


class PathForm(forms.Form):
    """A path: its shape, and one point a line."""

    shape = forms.ChoiceField(label=_("Giữa các mốc"), choices=list(SHAPES.items()))
    points = forms.CharField(
        label=_("Các mốc, mỗi dòng một mốc"),
        required=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=_("Dạng: kỳ; mức. Ví dụ: 2026; 55 hoặc Quý III/2026; 47,5. Bỏ trống hết để theo đường chung."),
    )

    def __init__(self, data: Any = None, *, points: "list[TargetPoint] | None" = None) -> None:
        initial = None
        if points:
            lines = "\n".join(f"{one.period}; {shown(one.value)}" for one in points)
            initial = {"shape": points[0].shape or "linear", "points": lines}
        super().__init__(data, initial=initial)

    def clean_points(self) -> list[tuple[str, Decimal]]:
        """The points as period and level; the error names the line."""
        found = []
        for place, line in enumerate(filter(str.strip, self.cleaned_data["points"].splitlines()), start=1):
            label, separator, level = line.partition(";")
            if not separator:
                label, _separator, level = line.strip().rpartition(" ")
            try:
                period = read_period(label.strip())
            except PeriodError as error:
                raise forms.ValidationError(
                    gettext("Dòng %(place)d: không đọc được kỳ “%(text)s”; viết 2026, Quý III/2026 hoặc Tháng 9/2026.")
                    % {"place": place, "text": label.strip()[:40]}
                ) from error
            try:
                value = number_of(level)
            except forms.ValidationError as error:
                raise forms.ValidationError(
                    gettext("Dòng %(place)d: %(words)s") % {"place": place, "words": error.messages[0]}
                ) from error
            if value is None:
                raise forms.ValidationError(
                    gettext("Dòng %(place)d: chưa ghi mức sau dấu chấm phẩy.") % {"place": place}
                )
            found.append((period.label, value))
        return found
