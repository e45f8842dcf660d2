"""What one may ask the ledger: a kind of happening, a subject, an actor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .wording import ROOMS


class LedgerFilter(forms.Form):
    """Filters of the list; they stand in the address."""

    su_kien = forms.ChoiceField(
        label=_("Loại sự kiện"),
        required=False,
        choices=[("", _("Tất cả")), *((f"{room}.", title) for room, title in ROOMS.items())],
    )
    doi_tuong = forms.CharField(
        label=_("Đối tượng"), required=False, max_length=120, help_text=_("Ví dụ: task:12, body:BTP")
    )
    nguoi = forms.CharField(
        label=_("Người thực hiện"), required=False, max_length=80, help_text=_("Ví dụ: user:7, key:3")
    )
