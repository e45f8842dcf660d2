"""The form of a remark: words, and the persons whom it names."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.operations import TaskRefused, remark
from thuocdo.tasks.queries import people_who_see

if TYPE_CHECKING:
    from thuocdo.tasks.models import Task

# A list longer than this is of no use to anybody; with "@" and a sign-in name everybody can be named.
MOST_OFFERED = 300


class Remark(forms.Form):
    """What is said is judged by the operation, so that page and interface refuse the same."""

    text = forms.CharField(
        label=_("Ý kiến của bạn"),
        required=False,
        widget=forms.Textarea({"rows": 3, "data-names": "", "autocomplete": "off"}),
        help_text=_("Gõ @ để nhắc một người; người đó thấy ý kiến này trong việc của mình."),
    )
    people = forms.MultipleChoiceField(
        label=_("Nhắc ai"),
        required=False,
        widget=forms.SelectMultiple({"size": 5}),
        help_text=_("Chỉ gồm những người xem được nhiệm vụ này."),
    )

    def __init__(self, task: "Task", actor: Actor, on: date, data: Any = None) -> None:
        super().__init__(data, auto_id="trao-doi-%s")
        self.task, self.actor = task, actor
        offered = people_who_see(task, on=on).exclude(pk=actor.user_id or 0)[:MOST_OFFERED]
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [(str(person.pk), person.full_name) for person in offered]

    def clean_people(self) -> list[int]:
        """The numbers of the persons; a number that is none was already refused by the choices."""
        return [int(number) for number in self.cleaned_data["people"]]

    def take(self, at: datetime) -> bool:
        """Make the remark; False when it was refused, with the reason beside its field."""
        if not self.is_valid():
            return False
        try:
            remark(
                actor=self.actor,
                at=at,
                task=self.task,
                text=self.cleaned_data["text"],
                people=self.cleaned_data["people"],
            )
        except TaskRefused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True
