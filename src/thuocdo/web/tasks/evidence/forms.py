"""Forms around evidence: add files, erase one with personal data, hand in a redacted one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks import operations
from thuocdo.tasks.operations import FileRefused, TaskRefused
from thuocdo.web.tasks.task.files import FilesField, limits

from .wording import KINDS

if TYPE_CHECKING:
    from thuocdo.tasks.models import Evidence, Product, Task


def _hint() -> str:
    return gettext("Chọn được nhiều tệp; nhận %(allowed)s, mỗi tệp không quá %(most)s MB.") % limits()


class Act(forms.Form):
    """A form that calls one operation and puts a refusal beside the field that caused it."""

    renamed: Mapping[str, str] = {}

    def take(self, at: datetime) -> bool:
        """Act; False when it was refused."""
        if not self.is_valid():
            return False
        try:
            self.act(at)
        except (TaskRefused, FileRefused) as refusal:
            name = self.renamed.get(refusal.field, refusal.field)
            self.add_error(name if name in self.fields else None, str(refusal))
            if self.files and name != "files":
                self.add_error(None, gettext("Trình duyệt không giữ được tệp đã chọn; chọn lại tệp."))
            return False
        return True

    def act(self, at: datetime) -> None:
        """Call the operation."""
        raise NotImplementedError


def offer(form: forms.Form, name: str, choices: Mapping[str, str]) -> None:
    """Offer the choices in a field, and leave the field out where there are none."""
    field = form.fields[name]
    if choices and isinstance(field, forms.MultipleChoiceField):
        field.choices = list(choices.items())
    else:
        del form.fields[name]


class Add(Act):
    """More files for the newest report, or files of an earlier report for it."""

    evidence = FilesField(label=_("Tệp"), required=False, help_text=lazy(_hint, str)())
    kind = forms.ChoiceField(label=_("Loại minh chứng"), choices=list(KINDS.items()), initial="other")
    products = forms.MultipleChoiceField(
        label=_("Chứng minh cho sản phẩm"), required=False, widget=forms.CheckboxSelectMultiple
    )
    known = forms.MultipleChoiceField(
        label=_("Dùng lại tệp của báo cáo trước"), required=False, widget=forms.CheckboxSelectMultiple
    )
    renamed = {"files": "evidence"}

    def __init__(
        self, task: "Task", actor: Actor, rows: "Sequence[Evidence]", data: Any = None, files: Any = None
    ) -> None:
        """`rows` is the evidence of the task, the newest report first (`evidence_of`)."""
        super().__init__(data, files, auto_id="minh-chung-%s")
        self.task, self.actor = task, actor
        self._products: dict[str, Product] = {str(one.pk): one for one in task.products.order_by("position")}
        self._known: dict[str, Evidence] = {}
        newest = {row.digest for row in rows if row.report_id == rows[0].report_id}
        for row in rows:
            if row.digest not in newest and row.erased_at is None:
                self._known.setdefault(str(row.pk), row)
                newest.add(row.digest)
        offer(self, "products", {key: one.name for key, one in self._products.items()})
        offer(self, "known", {key: one.name for key, one in self._known.items()})

    def act(self, at: datetime) -> None:
        given = self.cleaned_data
        operations.add_evidence(
            actor=self.actor,
            at=at,
            task=self.task,
            files=given["evidence"],
            kind=given["kind"],
            products=[self._products[key] for key in given.get("products", [])],
            known=[self._known[key] for key in given.get("known", [])],
        )


class Describe(Act):
    """What kind of evidence a file is, and which products it shows."""

    kind = forms.ChoiceField(label=_("Loại minh chứng"), choices=list(KINDS.items()))
    products = forms.MultipleChoiceField(
        label=_("Chứng minh cho sản phẩm"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, evidence: "Evidence", actor: Actor, data: Any = None) -> None:
        shown = [str(one.pk) for one in evidence.products.all()]
        super().__init__(data, auto_id="mo-ta-%s", initial={"kind": evidence.kind, "products": shown})
        self.evidence, self.actor = evidence, actor
        self._products: dict[str, Product] = {
            str(one.pk): one for one in evidence.report.task.products.order_by("position")
        }
        offer(self, "products", {key: one.name for key, one in self._products.items()})

    def act(self, at: datetime) -> None:
        operations.describe_evidence(
            actor=self.actor,
            at=at,
            evidence=self.evidence,
            kind=self.cleaned_data["kind"],
            products=[self._products[key] for key in self.cleaned_data.get("products", [])],
        )


class Erase(Act):
    """The reason for which a file with personal data is erased; it stays on record."""

    reason = forms.CharField(
        label=_("Lý do"),
        required=False,
        max_length=500,
        help_text=_("Nêu loại dữ liệu cá nhân và căn cứ, không chép lại dữ liệu đó."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, evidence: "Evidence", actor: Actor, data: Any = None) -> None:
        super().__init__(data, auto_id="xoa-%s")
        self.evidence, self.actor = evidence, actor
        self.erased, self.left = 0, 0

    def act(self, at: datetime) -> None:
        self.erased, self.left = operations.erase_evidence(
            actor=self.actor, at=at, evidence=self.evidence, reason=self.cleaned_data["reason"]
        )


class Redacted(Act):
    """The same file without the personal data."""

    evidence = FilesField(label=_("Bản đã che dữ liệu cá nhân"), required=False, help_text=lazy(_hint, str)())
    renamed = {"files": "evidence"}

    def __init__(self, erased: "Evidence", actor: Actor, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="che-%s")
        self.erased, self.actor = erased, actor

    def act(self, at: datetime) -> None:
        given = self.cleaned_data["evidence"]
        if len(given) != 1:
            raise TaskRefused(gettext("Chọn đúng một tệp đã che dữ liệu cá nhân."), code="one_file", field="files")
        operations.add_redacted(actor=self.actor, at=at, evidence=self.erased, file=given[0])
