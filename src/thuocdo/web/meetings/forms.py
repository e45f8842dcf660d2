"""Forms of meetings: planning one, pasting conclusions, confirming a line, promising a day, issuing the notice."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.directives.queries import addressee_group, addressee_groups
from thuocdo.meetings import operations
from thuocdo.meetings.operations import LowerRefused, MeetingDescription, MeetingRefused, Overtaken, Wording
from thuocdo.meetings.queries import Choice, ConclusionKind, Verdict, series_of
from thuocdo.meetings.reading import read_lines
from thuocdo.organisations.queries import Hierarchy, bodies_by_code
from thuocdo.tasks.queries import task_by_code
from thuocdo.web.bodies.suggest import BodiesField, BodyField
from thuocdo.web.design.figures import titled
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.forms.step import note

if TYPE_CHECKING:
    from thuocdo.meetings.models import Conclusion, Meeting, Notice, Version
    from thuocdo.tasks.models import Task

# Fields of operations that these forms call otherwise.
_RENAMED = {"new_due_on": "due_on", "reason": "text", "note": "text", "answer": "text", "new_lead": "new_lead"}


def new_key() -> str:
    """A key by which a form that is sent twice is known."""
    return uuid4().hex


class _MeetingForm(forms.Form):
    """Whatever the operation refuses stands beside its field, with what was typed."""

    def refuse(self, refusal: MeetingRefused) -> None:
        """Put a refusal beside the field that caused it."""
        name = _RENAMED.get(refusal.field, refusal.field)
        self.add_error(name if name in self.fields else None, str(refusal))

    def restrict(self, actor: Actor) -> None:
        """Let the fields for bodies know who asks."""
        for field in self.fields.values():
            if isinstance(field, BodyField):
                field.restrict(actor)


class PlanForm(_MeetingForm):
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
        try:
            if self.meeting is not None:
                return operations.revise_meeting(actor=self.actor, at=at, meeting=self.meeting, description=described)
            return operations.plan_meeting(actor=self.actor, at=at, meeting=described, key=given["key"] or new_key())
        except MeetingRefused as refusal:
            self.refuse(refusal)
            return None


class ReasonForm(_MeetingForm):
    """Why a meeting is called off."""

    reason = note(_("Lý do hủy"), rows=2)


class LinesForm(_MeetingForm):
    """One line or many, as they are said or pasted."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    text = note(
        _("Kết luận"),
        _("Gõ một câu, hoặc dán nhiều dòng; mỗi dòng được đọc thành một kết luận để xác nhận."),
        rows=4,
    )

    def save(self, actor: Actor, meeting: "Meeting", at: datetime) -> "list[Conclusion] | None":
        """The lines, written down to be confirmed; None when refused."""
        if not self.is_valid():
            return None
        try:
            return operations.propose_lines(
                actor=actor,
                at=at,
                meeting=meeting,
                text=self.cleaned_data["text"],
                key=self.cleaned_data["key"] or new_key(),
            )
        except MeetingRefused as refusal:
            self.refuse(refusal)
            return None


class WordingForm(_MeetingForm):
    """What a conclusion says; its task fields are prefilled from the sentence."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = note(_("Câu kết luận"), rows=3)
    lead = BodyField(label=_("Cơ quan chủ trì"), required=False)
    group = forms.ChoiceField(label=_("Hoặc nhóm cơ quan"), required=False)
    coordinators = BodiesField(label=_("Cơ quan phối hợp"), required=False)
    deliverable = forms.CharField(label=_("Sản phẩm"), required=False, max_length=500)
    due_on = DayField(label=_("Thời hạn (ngày cuối cùng)"), required=False)

    def __init__(
        self, actor: Actor, version: "Version", data: Any = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        helping = bodies_by_code(version.coordinators) if version.coordinators else {}
        standing: dict[str, Any] = {
            "seen": version.number,
            "text": version.text,
            "lead": version.lead,
            "group": version.group.code if version.group else "",
            "coordinators": [helping[code] for code in version.coordinators if code in helping],
            "deliverable": version.deliverable,
            "due_on": version.due_on,
        }
        super().__init__(data, initial=standing | (initial or {}))
        self.actor, self.version = actor, version
        field = self.fields["group"]
        if isinstance(field, forms.ChoiceField):
            groups = [(one.code, titled({"vi": one.title_vi, "en": one.title_en})) for one in addressee_groups()]
            field.choices = [("", "–"), *groups]
            if not groups:
                del self.fields["group"]
        self.restrict(actor)

    def wording(self, meeting: "Meeting", today: date) -> Wording:
        """What was typed; a sentence that was changed is read again for what is to be done."""
        given, version = self.cleaned_data, self.version
        text = " ".join(given["text"].split())
        action = version.action
        if text != version.text:
            read = read_lines(text, held_on=meeting.held_on, today=today, near=meeting.holder)
            action = read[0].action if len(read) == 1 else ""
        same_day = given["due_on"] == version.due_on
        code = given.get("group", "")
        return Wording(
            text=text,
            lead=given["lead"],
            group=addressee_group(code) if code and given["lead"] is None else None,
            coordinators=given["coordinators"],
            action=action,
            deliverable=given["deliverable"],
            deadline_raw=version.deadline_raw if same_day else "",
            deadline_kind=version.deadline_kind if same_day else "",
            due_on=given["due_on"],
        )


class ConfirmForm(WordingForm):
    """A line as it waits: what it is, and for a decision upon which task."""

    kind = forms.ChoiceField(
        label=_("Kết luận này"), choices=ConclusionKind.choices, widget=forms.RadioSelect, required=False
    )
    task = forms.CharField(
        label=_("Mã nhiệm vụ"), required=False, max_length=20, widget=forms.TextInput({"placeholder": "NV-2026-000123"})
    )
    verdict = forms.ChoiceField(label=_("Quyết định"), required=False)
    new_lead = BodyField(label=_("Giao cho cơ quan"), required=False)
    field_order = ("seen", "text", "kind", "lead", "group", "coordinators", "deliverable", "due_on")

    def __init__(
        self,
        actor: Actor,
        conclusion: "Conclusion",
        version: "Version",
        data: Any = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(actor, version, data, initial={"kind": conclusion.kind} | (initial or {}))
        self.conclusion = conclusion
        field = self.fields["verdict"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *Verdict.choices]

    @property
    def stands(self) -> "Version | None":
        """What stands there now, when somebody else was faster."""
        return self._stands

    _stands: "Version | None" = None

    def save(self, at: datetime, today: date) -> "Conclusion | None":
        """The recorded conclusion; None when refused, with the reason beside its field."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        task: Task | None = None
        if given["kind"] == ConclusionKind.DECISION and given["task"].strip():
            task = task_by_code(given["task"].strip().upper(), actor=self.actor)
            if task is None:
                self.add_error("task", gettext("Không tìm thấy nhiệm vụ có mã này trong phạm vi của bạn; xem lại mã."))
                return None
        try:
            return operations.record(
                actor=self.actor,
                at=at,
                conclusion=self.conclusion,
                seen_version=given["seen"],
                kind=given["kind"] or ConclusionKind.NOTE,
                wording=self.wording(self.conclusion.meeting, today),
                task=task,
                verdict=given["verdict"],
                new_lead=given["new_lead"],
            )
        except Overtaken as overtaken:
            self._stands = overtaken.stands
            self.add_error(None, str(overtaken))
        except (LowerRefused, MeetingRefused) as refusal:
            self.refuse(refusal)
        return None


class ReviseForm(WordingForm):
    """A recorded conclusion in other words."""

    _stands: "Version | None" = None

    @property
    def stands(self) -> "Version | None":
        """What stands there now, when somebody else was faster."""
        return self._stands

    def save(self, conclusion: "Conclusion", at: datetime, today: date) -> "Conclusion | None":
        """The conclusion in its new wording; None when refused."""
        if not self.is_valid():
            return None
        try:
            return operations.revise(
                actor=self.actor,
                at=at,
                conclusion=conclusion,
                seen_version=self.cleaned_data["seen"],
                wording=self.wording(conclusion.meeting, today),
            )
        except Overtaken as overtaken:
            self._stands = overtaken.stands
            self.add_error(None, str(overtaken))
        except MeetingRefused as refusal:
            self.refuse(refusal)
        return None


class SettleForm(_MeetingForm):
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
        try:
            operations.settle(
                actor=actor,
                at=at,
                conclusion=conclusion,
                task=task,
                choice=given["choice"],
                seen_version=given["seen"],
                note=given["note"],
            )
        except MeetingRefused as refusal:
            name = refusal.field if refusal.field in self.fields else None
            self.add_error(name, str(refusal))
            return False
        return True


class PromiseForm(_MeetingForm):
    """Why a task is late, and by when it will be done."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    reason = note(_("Nguyên nhân chậm"), _("Nêu rõ vướng ở đâu, ai gỡ được."), rows=4)
    promised_on = DayField(label=_("Cam kết xong chậm nhất ngày"))

    def save(self, actor: Actor, meeting: "Meeting", task: "Task", at: datetime) -> bool:
        """Whether it was written down; else the reason stands beside its field."""
        if not self.is_valid():
            return False
        given = self.cleaned_data
        try:
            operations.commit_to(
                actor=actor,
                at=at,
                meeting=meeting,
                task=task,
                reason=given["reason"],
                promised_on=given["promised_on"],
                key=given["key"] or new_key(),
            )
        except MeetingRefused as refusal:
            name = refusal.field if refusal.field in self.fields else None
            self.add_error(name, str(refusal))
            return False
        return True


class IssueForm(_MeetingForm):
    """Number, symbol and day of the notice, as the clerk's register gives them."""

    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=80, required=False, widget=forms.TextInput({"placeholder": "27-TB/VPTW"})
    )
    issued_on = DayField(label=_("Ngày ban hành"))

    def save(self, actor: Actor, meeting: "Meeting", at: datetime) -> "Notice | None":
        """The notice; None when refused."""
        if not self.is_valid():
            return None
        try:
            return operations.issue_notice(actor=actor, at=at, meeting=meeting, **self.cleaned_data)
        except MeetingRefused as refusal:
            self.refuse(refusal)
            return None
