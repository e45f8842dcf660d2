"""The form by which a person says what each column of a foreign list holds."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.queries.identifiers import systems
from thuocdo.tasks.files.headings import FIELDS
from thuocdo.tasks.files.layouts import heading_of

if TYPE_CHECKING:
    from thuocdo.exchanges.models import ColumnMapping, System

_PLACES = {
    "title": "title",
    "column_twice": "title",
    "system": "he_thong",
    "name": "ten",
}
REQUIRED = _(
    "Cần một trong: Nhiệm vụ, Mã nhiệm vụ, Mã ở hệ thống khác; và một trong: thời hạn, chủ trì, tiến độ, kết quả."
)


class ColumnsForm(forms.Form):
    """One choice for each column: the field that it holds, or nothing; the name of where such lists come from."""

    ten = forms.CharField(
        label=_("Danh sách lấy từ đâu"),
        max_length=80,
        help_text=_("Tên hệ thống hoặc nơi gửi, để lần sau nhận ra, ví dụ “Hệ thống 57”."),
        error_messages={"required": _("Ghi tên nơi gửi danh sách.")},
    )
    he_thong = forms.ChoiceField(
        label=_("Cột mã là mã ở hệ thống nào"),
        required=False,
        help_text=_("Chỉ cần khi có cột “Mã ở hệ thống khác”."),
    )

    def __init__(self, words: Sequence[str], samples: Sequence[Sequence[str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words, self.samples = words, samples
        self.offered = list(systems())
        choice: Any = self.fields["he_thong"]
        choice.choices = [("", _("Không có cột mã")), *((one.code, one.name) for one in self.offered)]
        choices = [("", _("Không nhập")), *((name, heading_of(name)) for name in FIELDS)]
        for place, word in enumerate(words):
            if word:
                self.fields[f"cot_{place}"] = forms.ChoiceField(label=word[:120], required=False, choices=choices)

    @classmethod
    def of_table(cls, table: Mapping[str, Any], *, mapping: "ColumnMapping | None" = None) -> "ColumnsForm":
        """The form with what is likely, or with what was remembered, chosen already."""
        columns = mapping.columns if mapping is not None else table["proposed"]
        initial: dict[str, Any] = {f"cot_{place}": name for name, place in columns.items()}
        if mapping is not None:
            initial |= {"ten": mapping.name, "he_thong": mapping.system.code if mapping.system else ""}
        return cls(table["words"], table["samples"], initial=initial)

    def columns(self) -> list[dict[str, Any]]:
        """The columns as the page shows them: heading, first values, choice."""
        return [
            {
                "word": word,
                "field": self[f"cot_{place}"],
                "samples": [row[place] for row in self.samples if place < len(row) and row[place]],
            }
            for place, word in enumerate(self.words)
            if word
        ]

    def clean(self) -> dict[str, Any]:
        """The choices; a field that two columns are said to hold is refused at the second."""
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for place, word in enumerate(self.words):
            name = cleaned.get(f"cot_{place}")
            if not name:
                continue
            if name in seen:
                self.add_error(
                    f"cot_{place}",
                    forms.ValidationError(
                        _("“%(field)s” đã chọn cho cột “%(other)s”; mỗi nội dung chỉ lấy từ một cột."),
                        params={"field": heading_of(name), "other": seen[name][:60]},
                    ),
                )
            seen.setdefault(name, word)
        return cleaned

    def chosen(self) -> dict[str, int]:
        """The place of the column by field."""
        places = ((place, self.cleaned_data.get(f"cot_{place}")) for place in range(len(self.words)))
        return {name: place for place, name in places if name}

    def system(self) -> "System | None":
        """The system whose identifiers a column holds."""
        code = self.cleaned_data.get("he_thong")
        return next((one for one in self.offered if one.code == code), None)

    def refuse(self, refusal: ExchangeRefused) -> None:
        """Set what an operation refused beside its field, or above the form."""
        self.add_error(_PLACES.get(refusal.field) if refusal.field in ("system", "name") else None, str(refusal))
