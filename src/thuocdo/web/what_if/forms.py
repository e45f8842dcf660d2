"""Which body's values are tried: one of the group, of those whose figures the person may see."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.web.bodies.suggest import BodyField


class TriedBody(forms.Form):
    """A body by its name or code."""

    cq = BodyField(
        label=pgettext_lazy("one", "Cơ quan"),
        required=False,
        permission=Permission.VIEW_INDICATORS,
        help_text=_("Gõ tên một cơ quan trong nhóm mà anh chị được xem số liệu."),
    )

    def __init__(self, query: QueryDict, actor: Actor) -> None:
        super().__init__(query)
        field: Any = self.fields["cq"]
        field.restrict(actor)
