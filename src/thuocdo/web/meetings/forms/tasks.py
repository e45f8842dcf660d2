"""Forms of a task on the table: what becomes of it when its conclusion was worded anew, by when it is promised."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.meetings import operations
from thuocdo.meetings.queries import Choice
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.forms.step import note

from .refusing import MeetingForm, new_key

if TYPE_CHECKING:
    from thuocdo.meetings.models import Conclusion, Meeting
    from thuocdo.tasks.models import Task


class SettleForm(MeetingForm):
    """What happens to a task whose conclusion was worded anew."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    task = forms.CharField(widget=forms.HiddenInput, max_length=20)
    choice = forms.ChoiceField(label=_("Xử lý nhiệm vụ"), choices=Choice.choices, widget=forms.RadioSelect)
    note = note(_("Lý do"), rows=2)

    def save(self, actor: Actor, conclusion: "Conclusion", tasks: Sequence["Task"], at: datetime) -> bool:
        """Whether the decision was taken; else the reason stands in the form."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        task = next((one for one in tasks if one.code == given["task"]), None)
        if task is None:
            self.add_error(None, gettext("Nhiệm vụ này không chờ quyết định nữa; tải lại trang."))
            return False
        settled = self.granted(
            lambda: operations.settle(
                actor=actor,
                at=at,
                conclusion=conclusion,
                task=task,
                choice=given["choice"],
                seen_version=given["seen"],
                note=given["note"],
            )
        )
        return settled is not None


class PromiseForm(MeetingForm):
    """Why a task is late, and by when it will be done."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    reason = note(_("Nguyên nhân chậm"), _("Nêu rõ vướng ở đâu, ai gỡ được."), rows=4)
    promised_on = DayField(label=_("Cam kết xong chậm nhất ngày"))

    def save(self, actor: Actor, meeting: "Meeting", task: "Task", at: datetime) -> bool:
        """Whether it was written down; else the reason stands beside its field."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        promised = self.granted(
            lambda: operations.commit_to(
                actor=actor,
                at=at,
                meeting=meeting,
                task=task,
                reason=given["reason"],
                promised_on=given["promised_on"],
                key=given["key"] or new_key(),
            )
        )
        return promised is not None
