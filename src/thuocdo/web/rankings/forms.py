"""The filters of a ranking that is too long to be read whole."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from thuocdo.engine.spelling import search_key
from thuocdo.organisations.queries import LOCAL_KINDS, of_kinds
from thuocdo.web.design.figures import short_named

# Groups of bodies below a province.
LOCAL_GROUPS = frozenset({"communes", "wards", "special_zones"})


class RankingFilter(forms.Form):
    """Words of a name, and for communes the province."""

    tim = forms.CharField(label=_("Tên cơ quan"), required=False, max_length=100, widget=forms.SearchInput)
    tinh = forms.ChoiceField(label=_("Tỉnh, thành phố"), required=False)

    def for_group(self, group: str, on: date) -> "RankingFilter":
        """The same form with the provinces to choose from, or without that field where it makes no sense."""
        if group in LOCAL_GROUPS:
            field = self.fields["tinh"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            provinces = [(body.code, short_named(body)) for body in of_kinds(LOCAL_KINDS, on=on)]
            field.choices = [("", _("Cả nước")), *sorted(provinces, key=lambda pair: search_key(pair[1]))]
        else:
            del self.fields["tinh"]
        return self
