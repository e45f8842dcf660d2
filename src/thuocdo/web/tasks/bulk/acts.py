"""The acts for many tasks: their titles, who is offered them, the fields each asks for, and how each is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere
from thuocdo.accounts.queries import people_at
from thuocdo.tasks.operations.fields import fill_field
from thuocdo.tasks.operations.many import (
    Done,
    Outcome,
    accept_many,
    add_to_programme_many,
    extend_many,
    mark_core_many,
    set_responsible_many,
    suspend_many,
)
from thuocdo.tasks.queries.fields import fields_above
from thuocdo.tasks.queries.programmes import draft_versions
from thuocdo.web.tasks.days import DayField
from thuocdo.web.tasks.fields.forms import value_field

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from thuocdo.tasks.models import Task

_AREA = forms.Textarea({"rows": 3})


class ActForm(forms.Form):
    """What an act asks for besides the tasks."""

    def __init__(self, data: Any, actor: Actor, tasks: "Sequence[Task]") -> None:
        super().__init__(data)
        self.actor, self.tasks = actor, tasks
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices of the fields."""

    def do(self, at: datetime) -> Done:
        """Do it; raises TaskRefused for what concerns all tasks alike."""
        raise NotImplementedError


class Accept(ActForm):
    """Accept the assignments."""

    def do(self, at: datetime) -> Done:
        """Accept each."""
        return accept_many(actor=self.actor, at=at, tasks=self.tasks)


class Responsible(ActForm):
    """Name a person or a post."""

    nguoi = forms.ChoiceField(label=_("Người phụ trách"), required=False)
    chuc_danh = forms.CharField(
        label=_("Chức danh phụ trách"), required=False, max_length=120, help_text=_("Ví dụ: Phó Vụ trưởng")
    )

    def prepare(self) -> None:
        """People who hold a role at a lead body of the tasks."""
        self.people = {str(one.pk): one for one in people_at({task.lead_id for task in self.tasks}, on=self.actor.on)}
        field: Any = self.fields["nguoi"]
        field.choices = [("", gettext("Chưa nêu tên")), *((key, one.full_name) for key, one in self.people.items())]

    def do(self, at: datetime) -> Done:
        """Name them for each."""
        person = self.people.get(self.cleaned_data["nguoi"])
        post = self.cleaned_data["chuc_danh"]
        return set_responsible_many(actor=self.actor, at=at, tasks=self.tasks, person=person, post=post)


class Core(ActForm):
    """Mark as focal or not."""

    la = forms.ChoiceField(
        label=_("Đánh dấu"),
        choices=[("1", _("Là nhiệm vụ trọng tâm")), ("0", _("Không còn là trọng tâm"))],
        widget=forms.RadioSelect,
        initial="1",
    )

    def do(self, at: datetime) -> Done:
        """Mark each."""
        return mark_core_many(actor=self.actor, at=at, tasks=self.tasks, is_core=self.cleaned_data["la"] == "1")


class Programme(ActForm):
    """Put into a draft version of a programme."""

    ban = forms.ChoiceField(label=_("Chương trình, bản dự thảo"))
    trong_tam = forms.BooleanField(label=_("Là nhiệm vụ trọng tâm của bản này"), required=False)

    def prepare(self) -> None:
        """The drafts of programmes of bodies for which the actor assigns."""
        self.versions = {str(one.pk): one for one in draft_versions(self.actor)}
        field: Any = self.fields["ban"]
        field.choices = [
            (key, gettext("%(title)s, bản %(number)s") % {"title": one.programme.title, "number": one.number})
            for key, one in self.versions.items()
        ]
        if not self.versions:
            field.help_text = gettext("Chưa có bản dự thảo nào; lập chương trình công tác trước.")

    def do(self, at: datetime) -> Done:
        """Put each in."""
        version = self.versions[self.cleaned_data["ban"]]
        return add_to_programme_many(
            actor=self.actor, at=at, tasks=self.tasks, version=version, is_core=self.cleaned_data["trong_tam"]
        )


class Extend(ActForm):
    """One decision for all."""

    han = DayField(label=_("Thời hạn mới"))
    quyet_dinh = forms.CharField(label=_("Số quyết định"), max_length=80)
    ly_do = forms.CharField(label=_("Lý do"), widget=_AREA, max_length=4000)

    def do(self, at: datetime) -> Done:
        """Extend each."""
        given = self.cleaned_data
        return extend_many(
            actor=self.actor,
            at=at,
            tasks=self.tasks,
            new_due_on=given["han"],
            decision_number=given["quyet_dinh"],
            reason=given["ly_do"],
        )


class Suspend(ActForm):
    """Stop the clocks."""

    ly_do = forms.CharField(label=_("Lý do"), widget=_AREA, max_length=4000)

    def do(self, at: datetime) -> Done:
        """Suspend each."""
        return suspend_many(actor=self.actor, at=at, tasks=self.tasks, reason=self.cleaned_data["ly_do"])


class Fill(ActForm):
    """Give a body's own field the same value."""

    truong = forms.ChoiceField(label=_("Trường riêng"))
    gia_tri = forms.CharField(
        label=_("Giá trị"), required=False, max_length=2000, help_text=_("Để trống để xóa giá trị đã có.")
    )

    def prepare(self) -> None:
        """The fields that hold for any of the tasks; the one chosen says how its value is typed."""
        found = fields_above({task.lead_id for task in self.tasks}, self.actor.on)
        self.own = {str(one.pk): one for one in found}
        field: Any = self.fields["truong"]
        field.choices = [(key, f"{one.label} ({one.body.short_name})") for key, one in self.own.items()]
        picked = self.own.get(self.data.get("truong", "")) if self.data else next(iter(self.own.values()), None)
        if not self.own:
            field.help_text = gettext("Cơ quan chủ trì và cấp trên chưa có trường riêng nào.")
        if picked is not None and len(self.own) == 1:
            self.fields["gia_tri"] = value_field(picked, is_required=False)

    def do(self, at: datetime) -> Done:
        """Fill each."""
        own = self.own[self.cleaned_data["truong"]]
        typed = self.cleaned_data["gia_tri"]
        filled = fill_field(actor=self.actor, at=at, field=own, tasks=self.tasks, typed=str(typed or ""))
        done = Done(before={str(pk): was and {k: str(v) for k, v in was.items()} for pk, was in filled.before.items()})
        for task in self.tasks:
            done.outcomes.append(Outcome(task.pk, task.code, filled.refused.get(task.pk, "")))
        return done


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its word in the address, its title, the permission without which it is not offered, its form."""

    word: str
    title: "str | Promise"
    permissions: tuple[Permission, ...]
    form: Callable[[Any, Actor, "Sequence[Task]"], ActForm]
    said: "str | Promise"
    undo: str = ""


P = Permission
# Leads to the form of an urging note, with the ticked tasks of one body chosen there.
URGE = "don-doc"
ACTS = (
    Act("nhan-viec", _("Nhận việc"), (P.ACCEPT_ASSIGNMENT,), Accept, _("Đã nhận %(number)s nhiệm vụ."), "accept"),
    Act(
        "nguoi-phu-trach",
        _("Giao người phụ trách"),
        (P.SUBMIT_RESULT, P.DIVIDE_TASK, P.ASSIGN_TASK),
        Responsible,
        _("Đã giao người phụ trách cho %(number)s nhiệm vụ."),
        "responsible",
    ),
    Act("trong-tam", _("Đánh dấu trọng tâm"), (P.ASSIGN_TASK,), Core, _("Đã đánh dấu %(number)s nhiệm vụ."), "core"),
    Act(
        "chuong-trinh",
        _("Đưa vào chương trình"),
        (P.ASSIGN_TASK,),
        Programme,
        _("Đã đưa %(number)s nhiệm vụ vào chương trình."),
        "programme",
    ),
    Act("gia-han", _("Gia hạn theo quyết định"), (P.EXTEND_TASK,), Extend, _("Đã gia hạn %(number)s nhiệm vụ.")),
    Act("tam-dung", _("Tạm dừng"), (P.SUSPEND_TASK,), Suspend, _("Đã tạm dừng %(number)s nhiệm vụ."), "suspend"),
    Act(URGE, _("Lập phiếu đôn đốc"), (P.URGE,), ActForm, ""),
    Act(
        "truong-rieng",
        _("Ghi trường riêng"),
        (P.REPORT_PROGRESS, P.DIVIDE_TASK, P.ASSIGN_TASK, P.MANAGE_FIELDS),
        Fill,
        _("Đã ghi %(number)s nhiệm vụ."),
        "field",
    ),
)


def offered_acts(actor: Actor) -> list[tuple[str, str]]:
    """Word and title of the acts that some role of the actor may do."""
    return [(act.word, str(act.title)) for act in ACTS if any(may_anywhere(actor, one) for one in act.permissions)]


def act_of(actor: Actor, word: str) -> Act | None:
    """The act with this word, if it is offered to the actor."""
    words = {one for one, _title in offered_acts(actor)}
    return next((act for act in ACTS if act.word == word and word in words), None)
