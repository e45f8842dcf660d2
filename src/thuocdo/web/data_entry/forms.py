"""Forms of figures: for whom and when, a few figures by hand, a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from thuocdo.indicators.operations import RecordingResult
from thuocdo.indicators.queries import Kind, State
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.indicators.forms import ShownBody
from thuocdo.web.indicators.words import briefly, title_of, told, unit_of

from .desk import Known, Offer
from .typed import Ambiguous, number_typed

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.accounts.permissions import Actor
    from thuocdo.engine.calendars import Period
    from thuocdo.organisations.models import Body


class ChooseForm(forms.Form):
    """Whose figures of which period."""

    co_quan = ShownBody(label=pgettext_lazy("one", "Cơ quan"), required=False)
    ky = forms.ChoiceField(label=_("Kỳ"), required=False)

    def __init__(
        self, data: Any, actor: "Actor", among: "QuerySet[Body]", offered: Sequence[Offer], chosen: "Period | None"
    ) -> None:
        super().__init__(data)
        field: Any = self.fields["co_quan"]
        field.restrict(actor)
        field.widget.among = among
        choice: Any = self.fields["ky"]
        choice.choices = [(one.period.label, _in_words(one)) for one in offered]
        if chosen is not None and all(one.period != chosen for one in offered):
            choice.choices = [(chosen.label, period_words(chosen)), *choice.choices]


def _in_words(one: Offer) -> str:
    words = {"period": period_words(one.period), "missing": one.missing, "owed": one.owed}
    if not one.missing:
        return gettext("%(period)s (đã đủ %(owed)s)") % words
    return gettext("%(period)s (còn thiếu %(missing)s trong %(owed)s)") % words


class UploadForm(forms.Form):
    """A filled-in template."""

    tep = forms.FileField(
        label=_("Biểu mẫu đã điền"),
        help_text=_("Tệp Excel .xlsx, không macro, không mật khẩu, tối đa 10 MB và 10.000 dòng."),
        # What is wrong with a file is said by whoever reads it.
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
        error_messages={"required": _("Chưa chọn tệp; chọn biểu mẫu Excel đã điền.")},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the form by hand."""

    known: Known
    value: Any
    state: Any

    @property
    def title(self) -> str:
        return title_of(self.known.indicator)

    @property
    def unit(self) -> str:
        return unit_of(self.known.indicator)

    @property
    def previous(self) -> str:
        """The value in force of the period before."""
        return "" if self.known.previous is None else briefly(self.known.previous, self.unit)

    @property
    def told(self) -> str:
        """What was told already."""
        return "" if self.known.told is None else told(self.known.told, self.unit)

    @property
    def other(self) -> str:
        """What a source system or an evaluator told already."""
        return "" if self.known.other is None else told(self.known.other, self.unit)


STATES = (
    (State.VALUE.value, _("có giá trị")),
    (State.NOT_APPLICABLE.value, _("không áp dụng")),
    (State.NULL.value, _("rút số đã ghi")),
)


class HandForm(forms.Form):
    """A few figures of one body and period; what is left empty is left alone."""

    loai = forms.ChoiceField(
        label=_("Loại số liệu"),
        choices=[(Kind.FINAL.value, _("chính thức")), (Kind.PROVISIONAL.value, _("sơ bộ"))],
        required=False,
    )
    nguon = forms.CharField(
        label=_("Nguồn"),
        required=False,
        max_length=120,
        help_text=_("Bỏ trống nếu lấy từ báo cáo thường kỳ của cơ quan."),
    )

    def __init__(self, lines: Sequence[Known], data: Any = None) -> None:
        super().__init__(data)
        self.known = list(lines)
        for one in self.known:
            pk = one.indicator.pk
            self.fields[f"gt{pk}"] = forms.CharField(
                label=title_of(one.indicator),
                required=False,
                max_length=60,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )
            self.fields[f"tt{pk}"] = forms.ChoiceField(
                label=gettext("Trạng thái của %(name)s") % {"name": title_of(one.indicator)},
                choices=STATES,
                required=False,
            )

    @property
    def lines(self) -> list[Line]:
        """The indicators with their fields."""
        return [Line(one, self[f"gt{one.indicator.pk}"], self[f"tt{one.indicator.pk}"]) for one in self.known]

    @property
    def filled(self) -> list[Known]:
        """The indicators of which something was entered, in the order of the rows that are sent."""
        return [
            one
            for one in self.known
            if self.cleaned_data.get(f"gt{one.indicator.pk}")
            or self.cleaned_data.get(f"tt{one.indicator.pk}") not in ("", None, State.VALUE)
        ]

    def clean(self) -> dict[str, Any]:
        """Numbers as rows write them; at least one line must hold something."""
        cleaned = super().clean() or {}
        for one in self.known:
            name = f"gt{one.indicator.pk}"
            if cleaned.get(name):
                try:
                    cleaned[name] = number_typed(cleaned[name])
                except Ambiguous as error:
                    self.add_error(name, str(error))
        if not self.errors and not self.filled:
            raise ValidationError(gettext("Chưa điền số liệu nào; điền ít nhất một ô rồi ghi."), code="nothing")
        return cleaned

    def rows(self, body: "Body", period: "Period", provenance: str, source: str) -> list[Mapping[str, Any]]:
        """The rows to record."""
        given = self.cleaned_data
        return [
            {
                "indicator": one.indicator.code,
                "body": body.code,
                "period": period.label,
                "value": given.get(f"gt{one.indicator.pk}") or None,
                "state": given.get(f"tt{one.indicator.pk}") or State.VALUE.value,
                "kind": given.get("loai") or Kind.FINAL.value,
                "provenance": provenance,
                "source": given.get("nguon") or source,
            }
            for one in self.filled
        ]

    def show_errors(self, result: RecordingResult) -> None:
        """Put what recording refused beside the field it concerns."""
        sent = self.filled
        for error in result.errors:
            if not error["row"]:
                self.add_error(None, error["message"])
                continue
            pk = sent[error["row"] - 1].indicator.pk
            name = {"state": f"tt{pk}", "source": "nguon", "kind": "loai"}.get(error["field"], f"gt{pk}")
            self.add_error(name, error["message"])
