"""Forms of heads' dossiers: asking for one, signing one with a remark and an explanation for each late task."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.publications.operations import LONGEST_TEXT, PublicationRefused, request_dossier, sign_dossier
from thuocdo.publications.queries import SignedRow
from thuocdo.web.tasks.days import DayField

if TYPE_CHECKING:
    from thuocdo.organisations.models import Appointment
    from thuocdo.publications.lifecycle import Term
    from thuocdo.publications.models import Dossier

PREFIX = "giai_trinh_"


class RequestForm(forms.Form):
    """Until when the head shall sign, and for what."""

    reply_by = DayField(label=_("Ký chậm nhất ngày"))
    note = forms.CharField(
        label=_("Nội dung đề nghị"),
        help_text=_("Nêu mục đích dùng hồ sơ, nội dung cần giải trình; có thể để trống."),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def save(self, actor: Actor, appointment: "Appointment", term: "Term", at: datetime) -> bool:
        """Ask; False when it was refused, with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            request_dossier(actor=actor, at=at, appointment=appointment, term=term, **self.cleaned_data)
        except PublicationRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True


class SignForm(forms.Form):
    """The head's words to a version; one field for each late row, named by the row's number."""

    remark = forms.CharField(
        label=_("Ý kiến của người đứng đầu"),
        help_text=_("Nhận xét chung, việc sẽ làm; có thể để trống."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    accepts = forms.BooleanField(label=_("Tôi đã xem và chịu trách nhiệm"), required=False)

    def __init__(self, late: Sequence[SignedRow], data: Any = None) -> None:
        super().__init__(data)
        self.late = late
        for row in late:
            self.fields[f"{PREFIX}{row.number}"] = forms.CharField(
                label=gettext("Giải trình %(code)s: %(title)s") % {"code": row.code, "title": row.title[:120]},
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )
        # What is agreed to is read last.
        self.order_fields([*(f"{PREFIX}{row.number}" for row in late), "remark", "accepts"])

    def save(self, actor: Actor, dossier: "Dossier", at: datetime) -> bool:
        """Sign; False when it was refused, with the reason beside its field and everything typed kept."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        too_long = [name for name, text in given.items() if isinstance(text, str) and len(text) > LONGEST_TEXT]
        for name in too_long:
            self.add_error(name, gettext("Nội dung dài quá %(most)s ký tự; rút gọn lại.") % {"most": LONGEST_TEXT})
        if too_long:
            return False
        try:
            sign_dossier(
                actor=actor,
                at=at,
                dossier=dossier,
                accepts=given["accepts"],
                remark=given["remark"],
                explanations={row.key: given[f"{PREFIX}{row.number}"] for row in self.late},
            )
        except PublicationRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True
