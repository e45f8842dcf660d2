"""Forms of the meeting itself: planning one, calling one off, issuing its notice."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.meetings import operations
from thuocdo.meetings.operations import MeetingDescription
from thuocdo.meetings.queries import series_of
from thuocdo.organisations.queries import Hierarchy
from thuocdo.web.bodies.suggest import BodiesField, BodyField
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.forms.step import note

from .refusing import MeetingForm, new_key

if TYPE_CHECKING:
    from thuocdo.meetings.models import Meeting, Notice


class PlanForm(MeetingForm):
    """A meeting in a series or by itself: when, where, about whose tasks, with whom, about what."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    title = forms.CharField(label=_("Tên cuộc họp"), max_length=300, required=False)
    series = forms.ChoiceField(
        label=_("Chuỗi phiên họp"),
        required=False,
        help_text=_("Phiên trong chuỗi được đánh số và so với phiên liền trước."),
    )
    new_series = forms.CharField(
        label=_("Hoặc mở chuỗi mới"),
        required=False,
        max_length=200,
        help_text=_("Ví dụ: Phiên họp thường kỳ Ban Chỉ đạo. Để trống nếu là cuộc họp riêng lẻ."),
    )
    holder = BodyField(
        label=_("Cơ quan tổ chức họp"),
        permission=Permission.HOLD_MEETING,
        required=False,
        help_text=_("Họp bàn về nhiệm vụ của cơ quan này và các cơ quan bên dưới. Theo chuỗi thì để trống."),
    )
    reach = forms.ChoiceField(
        label=_("Phạm vi"),
        choices=[
            (Hierarchy.TERRITORIAL.value, _("Cơ quan cấp dưới theo lãnh thổ")),
            (Hierarchy.SECTOR.value, _("Theo ngành dọc, đến cấp xã")),
        ],
        required=False,
    )
    held_on = DayField(label=_("Ngày họp"))
    begins_at = forms.TimeField(
        label=_("Giờ bắt đầu"),
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%Hh"],
        widget=forms.TextInput({"placeholder": "08:30", "size": "6", "inputmode": "numeric"}),
        error_messages={"invalid": _("Chưa đúng dạng giờ; nhập giờ:phút, ví dụ 08:30.")},
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    participants = BodiesField(label=_("Cơ quan dự họp"), required=False)
    agenda = note(_("Chương trình"), _("Mỗi dòng một nội dung."), rows=5)

    def __init__(self, actor: Actor, data: Any = None, *, meeting: "Meeting | None" = None) -> None:
        initial: dict[str, Any] = {"key": new_key(), "reach": Hierarchy.TERRITORIAL.value}
        if meeting is not None:
            initial = {
                "title": meeting.title,
                "held_on": meeting.held_on,
                "begins_at": f"{meeting.begins_at:%H:%M}" if meeting.begins_at else "",
                "place": meeting.place,
                "participants": [one.body for one in meeting.participants.all()],
                "agenda": "\n".join(meeting.agenda),
            }
        super().__init__(data, initial=initial)
        self.actor, self.meeting = actor, meeting
        self.known = {str(one.pk): one for one in series_of(actor)}
        field = self.fields["series"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", gettext("không thuộc chuỗi nào")),
                *((pk, one.title) for pk, one in self.known.items()),
            ]
        if meeting is not None:
            for name in ("series", "new_series", "holder", "reach"):
                del self.fields[name]
        self.restrict(actor)

    def save(self, at: datetime) -> "Meeting | None":
        """The meeting, planned or changed; None when something is wrong, with the reason beside its field."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        described = MeetingDescription(
            title=given["title"],
            held_on=given["held_on"],
            holder=given.get("holder"),
            reach=given.get("reach") or Hierarchy.TERRITORIAL,
            series=self.known.get(given.get("series", "")),
            new_series=given.get("new_series", ""),
            begins_at=given["begins_at"],
            place=given["place"],
            agenda=given["agenda"].splitlines(),
            participants=given["participants"],
        )
        actor, meeting, key = self.actor, self.meeting, given["key"] or new_key()
        if meeting is None:
            return self.granted(lambda: operations.plan_meeting(actor=actor, at=at, meeting=described, key=key))
        return self.granted(
            lambda: operations.revise_meeting(actor=actor, at=at, meeting=meeting, description=described)
        )


class ReasonForm(MeetingForm):
    """Why a meeting is called off."""

    reason = note(_("Lý do hủy"), rows=2)


class IssueForm(MeetingForm):
    """Number, symbol and day of the notice, as the clerk's register gives them."""

    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=80, required=False, widget=forms.TextInput({"placeholder": "27-TB/VPTW"})
    )
    issued_on = DayField(label=_("Ngày ban hành"))

    def save(self, actor: Actor, meeting: "Meeting", at: datetime) -> "Notice | None":
        """The notice; None when refused."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return self.granted(lambda: operations.issue_notice(actor=actor, at=at, meeting=meeting, **given))
