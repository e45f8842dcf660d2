"""The form that registers a receiver of events."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.exchanges.queries.webhooks import OFFERED
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.ledger.wording import WORDS


class ReceiverForm(forms.Form):
    """Where a machine listens, of what it is told, and whose eyes it has."""

    title = forms.CharField(
        label=_("Tên hệ thống nhận"), max_length=120, error_messages={"required": _("Chưa ghi tên hệ thống nhận.")}
    )
    address = forms.CharField(
        label=_("Địa chỉ nhận"),
        max_length=500,
        help_text=_("Bắt đầu bằng https://."),
        error_messages={"required": _("Chưa ghi địa chỉ.")},
    )
    body = BodyField(
        label=pgettext_lazy("one", "Cơ quan"),
        permission=Permission.MANAGE_EXCHANGES,
        help_text=_("Máy nhận chỉ được báo những gì cơ quan này được xem."),
    )
    events = forms.MultipleChoiceField(
        label=_("Báo khi có"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một loại sự kiện.")},
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        body: Any = self.fields["body"]
        body.restrict(actor)
        events: Any = self.fields["events"]
        events.choices = [(event.value, WORDS[event]) for event in OFFERED]
