"""A day typed by a person: day/month/year as Vietnamese write it; errors name what was typed and the remedy."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_TYPED = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
FIRST_YEAR, LAST_YEAR = 2000, 2100


class DayInput(forms.TextInput):
    """A text field for a day: no picker of the browser's language gets between people and their way of writing."""

    def __init__(self) -> None:
        super().__init__({"inputmode": "numeric", "placeholder": "31/12/2026", "autocomplete": "off", "size": "11"})

    def format_value(self, value: Any) -> str | None:
        """The day as dd/mm/yyyy; what could not be read stays as it was typed."""
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value or None


class DayField(forms.Field):
    """A day, as 31/12/2026, 31-12-2026, 31.12.2026 or 2026-12-31."""

    widget = DayInput
    default_error_messages = {
        "required": _("Chưa nhập ngày; nhập theo dạng ngày/tháng/năm, ví dụ 31/12/2026."),
        "form": _("“%(typed)s” chưa đúng dạng ngày; nhập theo dạng ngày/tháng/năm, ví dụ 31/12/2026."),
        "no_such_day": _("Không có ngày %(typed)s trong lịch; kiểm tra lại ngày và tháng, ví dụ 28/02/2026."),
        "far_away": _("Năm trong “%(typed)s” nằm ngoài khoảng 2000–2100; kiểm tra lại năm."),
    }

    def to_python(self, value: Any) -> date | None:
        """The day, None for an empty field; raises ValidationError."""
        typed = str(value or "").strip()
        if not typed:
            return None
        params = {"typed": typed[:40]}
        if found := _TYPED.fullmatch(typed):
            day, month, year = map(int, found.groups())
        elif found := _ISO.fullmatch(typed):
            year, month, day = map(int, found.groups())
        else:
            raise ValidationError(self.error_messages["form"], code="form", params=params)
        try:
            read = date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day", params=params) from error
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(self.error_messages["far_away"], code="far_away", params=params)
        return read
