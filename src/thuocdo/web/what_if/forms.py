"""Which body's values are tried: one of the group, of those whose figures the person may see."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.web.bodies.suggest import CHOSEN, BodyField

from .asked import BODY


class TriedBody(forms.Form):
    """A body by its name or code."""

    cq = BodyField(
        label=pgettext_lazy("one", "Cơ quan"),
        required=False,
        permission=Permission.VIEW_INDICATORS,
        help_text=_("Gõ tên một cơ quan trong nhóm mà bạn được xem số liệu."),
    )

    def __init__(self, query: QueryDict, actor: Actor) -> None:
        # No database takes the null character, not even in a question.
        plain = query.copy()
        for name in (BODY, f"{BODY}{CHOSEN}"):
            plain.setlist(name, [text.replace("\x00", "") for text in query.getlist(name)])
        super().__init__(plain)
        field: Any = self.fields["cq"]
        field.restrict(actor)
