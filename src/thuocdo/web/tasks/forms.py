"""What a list of tasks can be narrowed by; the words of the address are Vietnamese."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.web.bodies.suggest import BodyField

from .days import DayField


class TaskFilter(forms.Form):
    """Filters of the list; the tab (`muc`) travels along."""

    tim = forms.CharField(
        label=_("Tìm trong nhiệm vụ"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"type": "search", "placeholder": _("mã, tên việc, sản phẩm")}),
    )
    co_quan = BodyField(label=_("Cơ quan chủ trì"), required=False)
    van_ban = forms.CharField(label=_("Số, ký hiệu văn bản"), required=False, max_length=80)
    tu = DayField(label=_("Hạn từ ngày"), required=False)
    den = DayField(label=_("Hạn đến ngày"), required=False)
    trong_tam = forms.ChoiceField(
        label=_("Trọng tâm"),
        required=False,
        choices=[("", _("Tất cả")), ("1", _("Nhiệm vụ trọng tâm")), ("0", _("Nhiệm vụ khác"))],
    )
    # The instances of one collective assignment; a link from a task's page leads here.
    nhom = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    muc = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, actor: Actor) -> None:
        super().__init__(query)
        body: Any = self.fields["co_quan"]
        body.restrict(actor)

    def clean(self) -> dict[str, Any]:
        """The filters; a range of days that runs backwards is refused."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("tu"), cleaned.get("den")
        if first and last and last < first:
            self.add_error("den", _("“Hạn đến ngày” trước “Hạn từ ngày”; sửa một trong hai ngày."))
        return cleaned
