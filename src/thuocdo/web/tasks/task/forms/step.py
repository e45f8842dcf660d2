"""What every step's form shares: it calls one operation and puts a refusal beside the field that caused it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.operations import FileRefused, TaskRefused
from thuocdo.web.bodies.suggest import BodyField

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task


def note(label: Any, hint: Any = "", *, rows: int = 3) -> forms.CharField:
    """A field for a few sentences; whether it may stay empty is said by the operation."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": rows}),
    )


class StepForm(forms.Form):
    """One step. What is missing is said by the operation, so that page and interface say the same."""

    title: ClassVar[Any]
    button: ClassVar[Any]
    explanation: ClassVar[Any] = ""
    # Words of the operation that are called otherwise in this form.
    renamed: ClassVar[Mapping[str, str]] = {"files": "evidence"}

    def __init__(self, task: "Task", actor: Actor, step: str, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"{step}_%s")
        self.task, self.actor, self.step = task, actor, step
        for field in self.fields.values():
            if isinstance(field, BodyField):
                field.restrict(actor)
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the task."""

    def take(self, at: datetime) -> bool:
        """Take the step; False when it was refused, with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            self.act(at, self.cleaned_data)
        except (TaskRefused, FileRefused) as refusal:
            name = self.renamed.get(refusal.field, refusal.field)
            field = self.fields.get(name)
            # What is wrong with a field that nobody sees is said above the form.
            self.add_error(None if field is None or field.widget.is_hidden else name, str(refusal))
            if self.files and name != "evidence":
                self.add_error("evidence", gettext("Trình duyệt không giữ được tệp đã chọn; chọn lại tệp."))
            return False
        return True

    def show_again(self, task: "Task") -> None:
        """Fit what was sent to the task as the page shows it now, before the form stands on it again."""

    def act(self, at: datetime, given: Mapping[str, Any]) -> None:
        """Call the operation."""
        raise NotImplementedError

    def afterwards(self) -> str:
        """What was done and what happens next."""
        raise NotImplementedError
