"""Forms of figures: for whom and when, a few figures by hand, a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from thuocdo.indicators.operations import RecordingResult
from thuocdo.indicators.queries import Kind, Stale, State
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.indicators.forms import ShownBody
from thuocdo.web.indicators.words import briefly, title_of, told, unit_of

from .desk import Known, Offer
from .grid import Grid, Said, cells_posted, shown
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
        self,
        data: Any,
        actor: "Actor",
        among: "QuerySet[Body]",
        offered: Sequence[Offer],
        chosen: "Period | None",
        body: "Body | None" = None,
    ) -> None:
        super().__init__(data)
        field: Any = self.fields["co_quan"]
        field.restrict(actor)
        field.widget.among = among
        field.widget.known = {} if body is None else {body.code: body}
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
    reason: Any
    said: "Sequence[Said]" = ()
    is_open: bool = True
    shown: str = ""
    who_typed: str = ""
    is_taken: bool = False
    returned: str = ""
    last_year: Decimal | None = None
    # The indicator's own term; an evaluator's figures have none.
    due_on: date | None = None
    today: date | None = None
    # The newest figure of the body, where its successor is overdue, and the periods between which it can lie.
    stale: Stale | None = None
    period: "Period | None" = None

    @property
    def stale_before(self) -> Stale | None:
        """Where the newest figure is that of the period before: the mark that stands beside it."""
        return self.stale if self.stale and self.period and self.stale.period_end == self.period.start else None

    @property
    def stale_now(self) -> Stale | None:
        """Where the newest figure is that of the period itself."""
        return self.stale if self.stale and self.period and self.stale.period_end == self.period.end else None

    @property
    def title(self) -> str:
        return title_of(self.known.indicator)

    @property
    def unit(self) -> str:
        return unit_of(self.known.indicator)

    @property
    def is_own(self) -> bool:
        """Whether the indicator is one that a body keeps for itself and those below it."""
        return self.known.indicator.kept_by_id is not None

    @property
    def is_missing(self) -> bool:
        """Whether nobody has told the figure yet."""
        return not self.known.is_there

    @property
    def is_late(self) -> bool:
        """Whether the figure is missing although its own term is over."""
        return self.is_missing and self.due_on is not None and self.today is not None and self.due_on < self.today

    @property
    def previous(self) -> str:
        """The value in force of the period before."""
        return "" if self.known.previous is None else briefly(self.known.previous, self.unit)

    @property
    def year_before(self) -> str:
        """The value in force of the same period last year."""
        return "" if self.last_year is None else briefly(self.last_year, self.unit)

    @property
    def wants_reason(self) -> bool:
        """Whether something odd was said, or a reason stands there already."""
        return bool(self.reason.value()) or any(one.tone in ("warning", "explained") for one in self.said)

    @property
    def told(self) -> str:
        """What was told already."""
        return "" if self.known.told is None else told(self.known.told, self.unit)

    @property
    def other(self) -> str:
        """What a source system or an evaluator told already."""
        row = self.known.other
        if row is None or row.value is None:
            return "" if row is None else told(row, self.unit)
        # A share that a system works out has more decimals than a cell of the table.
        return briefly(round(row.value, 2), self.unit)


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

    def __init__(self, lines: Sequence[Known], data: Any = None, *, grid: Grid | None = None, own: str = "") -> None:
        """`grid` for declared figures, which are drafted, checked and signed off; without it for an evaluator's."""
        super().__init__(data)
        self.known = list(lines)
        self.grid, self.own = grid, own
        typed = grid.typed() if grid is not None else {}
        if grid is not None:
            # Declared figures are provisional until they are signed off; nobody chooses.
            del self.fields["loai"]
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
            self.fields[f"ly{pk}"] = forms.CharField(
                label=gettext("Giải trình về %(name)s") % {"name": title_of(one.indicator)},
                required=False,
                max_length=200,
                widget=forms.TextInput({"autocomplete": "off", "placeholder": gettext("Lý do, nếu số đúng")}),
            )
            if (cell := typed.get(pk)) is not None:
                self.initial.update({f"gt{pk}": cell.text, f"tt{pk}": cell.state, f"ly{pk}": cell.reason})

    @property
    def lines(self) -> list[Line]:
        """The indicators with their fields and all that is to be said of them."""
        said = self.said
        return [self._line(one, said) for one in self.known]

    @property
    def said(self) -> dict[int, list[Said]]:
        """What is said of the cells as they stand in the form."""
        if self.grid is None:
            return {}
        if not self.is_bound:
            return self.grid.said(self.grid.typed())
        return self.grid.said(cells_posted(self.grid, self.data)[0])

    def _line(self, one: Known, said: Mapping[int, list[Said]]) -> Line:
        pk = one.indicator.pk
        fields = self[f"gt{pk}"], self[f"tt{pk}"], self[f"ly{pk}"]
        grid = self.grid
        if grid is None:
            return Line(one, *fields)
        cell = grid.sheet["cells"][one.indicator.code]
        returned = next((row.message for row in grid.standing.returned if row.indicator_id == pk), "")
        typed = grid.typed().get(pk) if pk in grid.drafts else None
        if cell["previous"] is not None:
            one = replace(one, previous=Decimal(repr(cell["previous"])), previous_provenance=cell["previous_from"])
        return Line(
            one,
            *fields,
            said=said.get(pk, ()),
            is_open=grid.standing.is_open(pk),
            shown=shown(typed),
            who_typed=grid.who_typed(pk, self.own),
            is_taken=one.indicator.code in grid.taken and pk not in grid.drafts and not one.is_there,
            returned=returned,
            last_year=None if cell["last_year"] is None else Decimal(repr(cell["last_year"])),
            due_on=grid.standing.due_of(pk),
            today=grid.standing.today,
        )

    @property
    def filled(self) -> list[Known]:
        """The indicators of which something was entered, in the order of the rows that are sent."""
        return [
            one
            for one in self.known
            if (self.grid is None or self.grid.standing.is_open(one.indicator.pk))
            and (
                self.cleaned_data.get(f"gt{one.indicator.pk}")
                or self.cleaned_data.get(f"tt{one.indicator.pk}") not in ("", None, State.VALUE)
            )
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
                **({"reason": reason} if (reason := given.get(f"ly{one.indicator.pk}")) else {}),
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
            name = {"state": f"tt{pk}", "source": "nguon", "reason": f"ly{pk}"}.get(error["field"], f"gt{pk}")
            self.add_error(name, error["message"])
