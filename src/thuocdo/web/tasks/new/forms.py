"""What a task by hand asks: who, what, which product, by when; errors name the field and the remedy."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within, may_anywhere
from thuocdo.directives.queries import addressee_group, addressee_groups, bodies_of_group, visible_to
from thuocdo.tasks.lifecycle import Rhythm, Secrecy
from thuocdo.tasks.operations import TaskDescription, TaskRefused, assign, assign_collective, draft
from thuocdo.web.bodies.suggest import BodiesField, BodyField
from thuocdo.web.design.figures import speaks_english
from thuocdo.web.tasks.days import DayField

if TYPE_CHECKING:
    from thuocdo.directives.models import AddresseeGroup
    from thuocdo.tasks.models import Task

# The newest documents are offered as the source of the order.
MOST_DOCUMENTS = 100


class TaskForm(forms.Form):
    """A new task. One lead, or a group of which every body gets its own task."""

    title = forms.CharField(
        label=_("Việc phải làm"),
        help_text=_("Bắt đầu bằng động từ, ví dụ: Ban hành Quy chế kết nối, chia sẻ dữ liệu hộ tịch."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
    lead = BodyField(
        label=_("Cơ quan chủ trì"),
        required=False,
        permission=Permission.ASSIGN_TASK,
        help_text=_("Gõ một phần tên, tên viết tắt hoặc mã; không cần dấu."),
    )
    group = forms.ChoiceField(
        label=_("Hoặc giao cho cả nhóm cơ quan"),
        required=False,
        help_text=_("Mỗi cơ quan trong nhóm nhận một nhiệm vụ riêng."),
    )
    coordinators = BodiesField(
        label=_("Cơ quan phối hợp"), required=False, help_text=_("Đánh dấu các cơ quan cần chọn; có thể tìm nhiều lần.")
    )
    deliverable = forms.CharField(
        label=_("Sản phẩm phải giao nộp"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    target = forms.CharField(
        label=_("Chỉ tiêu"), help_text=_("Mức phải đạt, đo được, ví dụ: 100% thủ tục."), required=False, max_length=1000
    )
    due_on = DayField(
        label=_("Thời hạn"), help_text=_("Ngày cuối cùng được phép, dạng ngày/tháng/năm."), required=False
    )
    rhythm = forms.ChoiceField(
        label=_("Lặp lại"),
        choices=Rhythm.choices,
        required=False,
        help_text=_("Nhiệm vụ định kỳ tự có hạn vào ngày cuối mỗi kỳ; khi đó bỏ trống thời hạn."),
    )
    assigned_on = DayField(label=_("Ngày giao"), help_text=_("Bỏ trống nếu giao hôm nay."), required=False)
    document = forms.ChoiceField(label=_("Căn cứ văn bản"), required=False)
    accepting_body = BodyField(
        label=_("Cơ quan nghiệm thu"),
        required=False,
        help_text=_("Bỏ trống nếu bên giao hoặc người thẩm định nghiệm thu như thường lệ."),
    )
    responsible_post = forms.CharField(
        label=_("Chức danh phụ trách"),
        required=False,
        max_length=120,
        help_text=_("Ở cơ quan chủ trì, ví dụ: Vụ trưởng; cơ quan chủ trì cử người cụ thể."),
    )
    is_core = forms.BooleanField(label=_("Nhiệm vụ trọng tâm"), required=False)
    is_local = forms.BooleanField(
        label=_("Nhiệm vụ riêng của cơ quan"),
        required=False,
        help_text=_("Không tính vào bảng điểm chung; cơ quan giao tự điều chỉnh và nghiệm thu."),
    )
    secrecy = forms.ChoiceField(
        label=_("Phạm vi xem"),
        choices=Secrecy.choices,
        initial=Secrecy.INTERNAL,
        help_text=_("Không nhập nội dung thuộc bí mật nhà nước."),
    )

    def __init__(self, actor: Actor, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.actor = actor
        if not may_anywhere(actor, Permission.ASSIGN_TASK):
            self._keep_within_the_house()
        for name in ("lead", "coordinators", "accepting_body"):
            field: Any = self.fields[name]
            field.restrict(actor)
        if "group" in self.fields:
            groups: Any = self.fields["group"]
            groups.choices = [("", _("Không giao theo nhóm"))] + [
                (group.code, group.title_en if speaks_english() else group.title_vi) for group in addressee_groups()
            ]
        self.documents = {
            str(document.pk): document
            for document in visible_to(actor).defer("text", "passages", "notes")[:MOST_DOCUMENTS]
        }
        documents: Any = self.fields["document"]
        documents.choices = [("", _("Không gắn với văn bản"))] + [
            (key, " ".join(filter(None, (document.number, document.title[:90]))))
            for key, document in self.documents.items()
        ]

    def _keep_within_the_house(self) -> None:
        """Whoever gives tasks only at and below their own body gives tasks of that body's own."""
        lead: Any = self.fields["lead"]
        lead.permission = Permission.DIVIDE_TASK
        own: Any = self.fields["is_local"]
        own.initial, own.disabled = True, True
        del self.fields["is_core"]
        own_bodies = [held.body_id for held in self.actor.held]
        if not bodies_within(self.actor, Permission.DIVIDE_TASK).exclude(pk__in=own_bodies).exists():
            # Nobody stands below: there is no group to give anything to.
            del self.fields["group"]

    def clean(self) -> dict[str, Any]:
        """Exactly one of lead and group, and at most one of deadline and rhythm."""
        cleaned = super().clean() or {}
        if cleaned.get("due_on") and cleaned.get("rhythm"):
            self.add_error("rhythm", _("Đã nhập thời hạn nên không lặp lại được; bỏ thời hạn hoặc chọn “Một lần”."))
        if "lead" in self.errors or "group" in self.errors:
            return cleaned
        if not cleaned.get("lead") and not cleaned.get("group"):
            self.add_error("lead", _("Chưa có cơ quan chủ trì; gõ tên rồi chọn, hoặc chọn một nhóm cơ quan."))
        elif cleaned.get("lead") and cleaned.get("group"):
            self.add_error("group", _("Đã chọn cả cơ quan chủ trì và nhóm; bỏ một trong hai."))
        return cleaned

    def save(self, at: datetime, *, as_draft: bool) -> "list[Task] | None":
        """The new tasks, or None when they were refused, with the reason beside its field."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        group = addressee_group(given["group"]) if given.get("group") else None
        try:
            if group is not None:
                return self._assign_to(group, at, as_draft=as_draft)
            operation = draft if as_draft else assign
            return [operation(actor=self.actor, at=at, task=self._described(given["lead"]))]
        except TaskRefused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        except NotAllowed:
            self.add_error(
                "lead", gettext("Bạn không được giao việc cho cơ quan này; chọn cơ quan trong phạm vi của bạn.")
            )
        return None

    def _assign_to(self, group: "AddresseeGroup", at: datetime, *, as_draft: bool) -> "list[Task]":
        """One task for each body of the group within reach; raises TaskRefused."""
        if as_draft:
            refusal = gettext("Dự thảo chỉ lập cho một cơ quan; giao ngay, hoặc chọn một cơ quan chủ trì.")
            raise TaskRefused(refusal, code="draft_of_group", field="group")
        permission = Permission.DIVIDE_TASK if self.cleaned_data["is_local"] else Permission.ASSIGN_TASK
        reach = bodies_within(self.actor, permission).values("pk")
        members = list(bodies_of_group(group, on=self.actor.on).filter(pk__in=reach))
        if not members:
            refusal = gettext("Không có cơ quan nào của nhóm này trong phạm vi bạn được giao việc; chọn nhóm khác.")
            raise TaskRefused(refusal, code="group_empty", field="group")
        described = self._described(members[0])
        collective = assign_collective(actor=self.actor, at=at, task=described, bodies=members, groups=[group.code])
        return list(collective.instances.select_related("lead").order_by("code"))

    def _described(self, lead: Any) -> TaskDescription:
        given = self.cleaned_data
        return TaskDescription(
            title=given["title"],
            lead=lead,
            coordinators=given["coordinators"],
            deliverable=given["deliverable"],
            target=given["target"],
            due_on=given["due_on"],
            rhythm=Rhythm(given["rhythm"]) if given["rhythm"] else None,
            assigned_on=given["assigned_on"],
            accepting_body=given["accepting_body"],
            responsible_post=given["responsible_post"],
            is_core=given.get("is_core", False),
            is_local=given["is_local"],
            secrecy=given["secrecy"],
            document=self.documents.get(given["document"]),
        )
