"""The filters of the list of public tasks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from thuocdo.web.bodies.suggest import BodyField

OWED = ""
STATES = (
    (OWED, _("Còn phải làm")),
    ("qua-han", _("Quá hạn")),
    ("sap-den-han", _("Đến hạn trong 7 ngày")),
    ("hoan-thanh", _("Hoàn thành")),
    ("tat-ca", _("Tất cả")),
)


class PublicTasksFilter(forms.Form):
    """Words, the responsible body, and how the task stands."""

    tim = forms.CharField(label=_("Nội dung"), required=False, max_length=100, widget=forms.SearchInput)
    co_quan = BodyField(label=_("Cơ quan chịu trách nhiệm"), required=False)
    muc = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=STATES)
