"""Forms of conclusions: lines as they are pasted, what one line says, confirmed or worded anew."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.queries import addressee_group, addressee_groups
from thuocdo.meetings import operations
from thuocdo.meetings.operations import MeetingRefused, Overtaken, Wording
from thuocdo.meetings.queries import ConclusionKind, Verdict
from thuocdo.meetings.reading import read_lines
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.tasks.queries import task_by_code
from thuocdo.web.bodies.suggest import BodiesField, BodyField
from thuocdo.web.design.figures import titled
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.task.forms.step import note

from .refusing import MeetingForm, new_key

if TYPE_CHECKING:
    from thuocdo.meetings.models import Conclusion, Meeting, Version
    from thuocdo.tasks.models import Task


class LinesForm(MeetingForm):
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
        text, key = self.cleaned_data["text"], self.cleaned_data["key"] or new_key()
        return self.granted(lambda: operations.propose_lines(actor=actor, at=at, meeting=meeting, text=text, key=key))


class WordingForm(MeetingForm):
    """What a conclusion says; its task fields are prefilled from the sentence."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = note(_("Câu kết luận"), rows=3)
    lead = BodyField(label=_("Cơ quan chủ trì"), required=False)
    group = forms.ChoiceField(label=_("Hoặc nhóm cơ quan"), required=False)
    coordinators = BodiesField(label=_("Cơ quan phối hợp"), required=False)
    deliverable = forms.CharField(label=_("Sản phẩm"), required=False, max_length=500)
    due_on = DayField(label=_("Thời hạn (ngày cuối cùng)"), required=False)
    # What stands there now, when somebody else was faster.
    stands: "Version | None" = None

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

    def refuse(self, refusal: MeetingRefused) -> None:
        """Put a refusal beside its field, and show what stands there when somebody else was faster."""
        if isinstance(refusal, Overtaken):
            self.stands = refusal.stands
        super().refuse(refusal)

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
        return self.granted(
            lambda: operations.record(
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
        )


class ReviseForm(WordingForm):
    """A recorded conclusion in other words."""

    def save(self, conclusion: "Conclusion", at: datetime, today: date) -> "Conclusion | None":
        """The conclusion in its new wording; None when refused."""
        if not self.is_valid():
            return None
        return self.granted(
            lambda: operations.revise(
                actor=self.actor,
                at=at,
                conclusion=conclusion,
                seen_version=self.cleaned_data["seen"],
                wording=self.wording(conclusion.meeting, today),
            )
        )
