"""The form that ties this instance to one above it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.web.bodies.suggest import BodyField


class PairForm(forms.Form):
    """Address and key of an instance above, and the body in whose name this one reports."""

    address = forms.URLField(
        label=_("Địa chỉ bản cấp trên"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Ví dụ: https://thuocdo.example.gov.vn."),
        error_messages={"required": _("Chưa ghi địa chỉ.")},
    )
    title = forms.CharField(label=_("Tên gọi"), max_length=120, required=False)
    body = BodyField(
        label=pgettext_lazy("one", "Cơ quan"),
        permission=Permission.MANAGE_EXCHANGES,
        help_text=_("Bản này báo cáo thay cơ quan này và các đơn vị trực thuộc."),
    )
    key = forms.CharField(
        label=_("Khóa do bản cấp trên cấp"),
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=_("Khóa nằm trong một tệp chỉ máy chủ này đọc được, không ghi vào cơ sở dữ liệu."),
        error_messages={"required": _("Chưa dán khóa.")},
    )
    sends_figures = forms.BooleanField(label=_("Gửi cả số liệu chỉ số"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        body: Any = self.fields["body"]
        body.restrict(actor)
