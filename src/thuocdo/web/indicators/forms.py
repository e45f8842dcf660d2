"""What the pages of indicators can be asked: words, a body, a period, a day in the past."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.web.bodies.suggest import BodyField
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.tasks.days import DayField


class ShownBody(BodyField):
    """A body that the view has found already; asking the database once more would tell nothing new."""

    def clean(self, value: Any) -> None:
        """Nothing: the page says itself when the text means no body."""
        return


class DictionaryFilter(forms.Form):
    """Filters of the dictionary."""

    tim = forms.CharField(
        label=_("Tìm chỉ số"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": _("tên, mã, nội dung")}),
    )
    co_quan = ShownBody(label=_("Số liệu của"), required=False, permission=Permission.VIEW_INDICATORS)

    def __init__(self, query: QueryDict, actor: Actor, body: Any = None) -> None:
        super().__init__(with_body(query, body))
        field: Any = self.fields["co_quan"]
        field.restrict(actor)


class IndicatorFilter(forms.Form):
    """Whose values of which period, and as they were known on which day."""

    co_quan = ShownBody(label=pgettext_lazy("one", "Cơ quan"), required=False, permission=Permission.VIEW_INDICATORS)
    ky = forms.ChoiceField(label=_("Kỳ"), required=False)
    luc = DayField(label=_("Như đã biết ngày"), required=False)
    nhom = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, actor: Actor, *, body: Any, periods: Iterable[str]) -> None:
        super().__init__(with_body(query, body))
        field: Any = self.fields["co_quan"]
        field.restrict(actor)
        choice: Any = self.fields["ky"]
        choice.choices = [("", _("Mới nhất")), *((label, period_words(label)) for label in periods)]


def with_body(query: QueryDict, body: Any) -> QueryDict:
    """The words of the address with the body that is shown, so that its name stands in the field."""
    data = query.copy()
    if body is not None:
        data["co_quan"] = body.name
        data.setlist("co_quan_ma", [body.code])
    return data
