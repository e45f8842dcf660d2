"""What the programme pages ask; refusals of the operation stand beside the field that caused them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.tasks.operations import TaskRefused
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.tasks.days import DayField


class Asking(forms.Form):
    """A form that calls one operation with what was given."""

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s")
        for field in self.fields.values():
            if isinstance(field, BodyField):
                field.restrict(actor)

    def take(self, act: Callable[..., object], **known: Any) -> bool:
        """Call the operation with the fields given; False when refused, with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            act(**known, **self.cleaned_data)
        except TaskRefused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, str(refused))
            return False
        except NotAllowed:
            self.add_error(None, gettext("Bạn không được lập chương trình cho cơ quan này; chọn cơ quan khác."))
            return False
        return True


class NewProgramme(Asking):
    """A programme of a body."""

    code = forms.CharField(label=_("Mã"), required=False, max_length=40, help_text=_("Ví dụ: CTCT-2026."))
    title = forms.CharField(label=_("Tên chương trình"), required=False, max_length=300)
    body = BodyField(label=_("Cơ quan"), permission=Permission.ASSIGN_TASK)
    due_on = DayField(label=_("Phải phê duyệt chậm nhất ngày"), required=False)


class Put(Asking):
    """Tasks by their codes, core or not."""

    codes = forms.CharField(
        label=_("Mã nhiệm vụ"),
        required=False,
        max_length=2000,
        help_text=_("Một hay nhiều mã, cách nhau bằng dấu cách."),
    )
    is_core = forms.BooleanField(label=_("Nhiệm vụ trọng tâm"), required=False)


class Approval(Asking):
    """The decision that approves a version."""

    decision_number = forms.CharField(label=_("Số quyết định"), required=False, max_length=80)
    approved_on = DayField(label=_("Ngày quyết định"))
