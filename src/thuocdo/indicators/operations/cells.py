"""Reading one cell of a row: a value, a period, a text; what is wrong with it and what to do."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from thuocdo.engine.calendars import Period, PeriodError, parse_period
from thuocdo.engine.spelling import nfc
from thuocdo.indicators.models import DECIMAL_PLACES, EXACT_DIGITS, State

from .suggesting import period_meant, written_day

LONGEST = {"source": 120, "external_id": 120, "evidence": 64, "unit": 80, "reason": 200}
_WITHOUT_VALUE = frozenset((State.NULL.value, State.NOT_APPLICABLE.value))
_VALUE = State.VALUE.value
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_COMMA_NUMBER = re.compile(r"-?[\d.]*\d,\d+")

# A period with its label and its two ends as the database writes them.
Place = tuple[Period, str, Any, Any]


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """What a row needs to know of its indicator."""

    pk: int
    lower: float | None
    upper: float | None
    applies_to: frozenset[str]
    unit: str
    # The unit in both languages, for rows that name theirs.
    units: tuple[str, ...] = ()
    is_percentage: bool = False
    # Things counted one by one, of which there are no halves.
    is_count: bool = False
    # Ids of the bodies at which an own indicator is measured; None: wherever it applies.
    measured_at: frozenset[int] | None = None
    # Its first day without values; None: still awaited.
    retired_on: date | None = None


class Wrong(Exception):
    """Why a row cannot be taken."""

    def __init__(self, field_name: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code, self.message = field_name, code, message


def place_of(given: object, today: date) -> Place | Wrong:
    """The period that a text names, or what is wrong with it."""
    form = _("viết năm 2026, quý 2026-Q3, tháng 2026-09 hoặc ngày 2026-09-14")
    if not isinstance(given, str) or not given.strip():
        return Wrong("period", "period_missing", _("Thiếu kỳ báo cáo: %(form)s.") % {"form": form})
    try:
        period = parse_period(given)
    except PeriodError as error:
        if error.code == "period_format" and (meant := period_meant(given)):
            text = _("Kỳ “%(given)s” viết chưa đúng mẫu; hãy viết %(meant)s.")
            return Wrong("period", error.code, text % {"given": given[:40], "meant": meant})
        text = (
            _("Ngày “%(given)s” không có trong lịch; kiểm tra lại ngày và tháng.")
            if error.code == "period_date"
            else _("“%(given)s” không phải là kỳ báo cáo: %(form)s.")
        )
        return Wrong("period", error.code, text % {"given": given[:40], "form": form})
    if period.start > today:
        return Wrong(
            "period",
            "period_in_future",
            _("Kỳ %(period)s chưa bắt đầu; chỉ ghi số liệu của kỳ đã bắt đầu. Hôm nay theo máy chủ là %(today)s.")
            % {"period": period.label, "today": written_day(today)},
        )
    written = connection.ops.adapt_datefield_value
    return period, period.label, written(period.start), written(period.end)


def value_of(given: object, state: object, facts: IndicatorFacts) -> tuple[str, str | None]:
    """State and written value of a cell; raises Wrong."""
    if state and state != _VALUE:
        return _without_value(given, state)
    text = _plain_number(given)
    number = float(text)
    if facts.lower is not None and number < facts.lower:
        raise Wrong("value", "below_range", _beyond(facts))
    if facts.upper is not None and number > facts.upper:
        raise Wrong("value", "above_range", _beyond(facts))
    return _VALUE, text


def plain_number(field: str, given: object) -> str:
    """The written number of a field other than the value; raises Wrong that names the field."""
    try:
        return _plain_number(given)
    except Wrong as wrong:
        raise Wrong(field, wrong.code, wrong.message) from None


def _plain_number(given: object) -> str:
    text = given if isinstance(given, str) else _written(given)
    if not _NUMBER.fullmatch(text):
        text = text.strip()
        if not _NUMBER.fullmatch(text):
            raise _not_a_number(text)
    if "." in text and text[-1] == "0":
        text = text.rstrip("0").rstrip(".")
    if len(text) > DECIMAL_PLACES + 1:
        _check_digits(text)
    return "0" if text == "-0" else text


def unknown_indicator(given: object, meant: str = "") -> Wrong:
    """What to say of a code that is no indicator's, with the one that was probably meant."""
    if not given:
        return Wrong("indicator", "indicator_missing", _("Thiếu mã chỉ số; xem danh mục chỉ số."))
    if meant:
        text = _("Không có chỉ số mang mã “%(code)s”; có phải là “%(meant)s” không?")
        return Wrong("indicator", "unknown_indicator", text % {"code": str(given)[:60], "meant": meant})
    return Wrong(
        "indicator",
        "unknown_indicator",
        _("Không có chỉ số mang mã “%(code)s”; xem danh mục chỉ số.") % {"code": str(given)[:60]},
    )


def unknown_body(given: object, meant: str = "") -> Wrong:
    """What to say of a code that is no body's, with the one that was probably meant."""
    if not given:
        return Wrong("body", "body_missing", _("Thiếu mã cơ quan; xem danh mục cơ quan."))
    if not isinstance(given, str):
        return Wrong(
            "body",
            "body_not_text",
            _('Mã cơ quan phải là chuỗi ký tự để giữ số 0 ở đầu, ví dụ "01".'),
        )
    if meant:
        text = _("Không có cơ quan mang mã “%(code)s”; có phải là “%(meant)s” không?")
        return Wrong("body", "unknown_body", text % {"code": given[:60], "meant": meant})
    return Wrong(
        "body",
        "unknown_body",
        _("Không có cơ quan mang mã “%(code)s”; kiểm tra mã và số 0 ở đầu.") % {"code": given[:60]},
    )


def _without_value(given: object, state: object) -> tuple[str, None]:
    if state not in _WITHOUT_VALUE:
        raise Wrong(
            "state",
            "unknown_state",
            _("Trạng thái phải là value, null (rút số liệu) hoặc not_applicable (không áp dụng)."),
        )
    if given is not None and given != "":
        raise Wrong(
            "value",
            "value_with_state",
            _("Đã ghi trạng thái %(state)s thì để trống giá trị.") % {"state": state},
        )
    return str(state), None


def _check_digits(text: str) -> None:
    whole, _point, decimals = text.lstrip("-").partition(".")
    if len(decimals) > DECIMAL_PLACES:
        raise Wrong(
            "value",
            "too_many_decimals",
            _("Quá nhiều chữ số thập phân; tối đa %(places)d.") % {"places": DECIMAL_PLACES},
        )
    if len((whole + decimals).lstrip("0")) > EXACT_DIGITS:
        raise Wrong(
            "value",
            "too_many_digits",
            _("Số có quá nhiều chữ số; tối đa %(digits)d, hãy dùng đơn vị lớn hơn.") % {"digits": EXACT_DIGITS},
        )


def _written(given: object) -> str:
    if given is None:
        return ""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, int) and given.bit_length() > 200:
        # Python refuses to write integers of thousands of digits.
        return "9" * 60
    if isinstance(given, float) and given.is_integer() and abs(given) < 10**EXACT_DIGITS:
        return str(int(given))
    if isinstance(given, float) and 0 < abs(given) < 1e-3:
        # Small floats would be written with an exponent.
        return format(given, f".{DECIMAL_PLACES + 4}f")
    return str(given)


def _not_a_number(text: str) -> Wrong:
    if not text:
        return Wrong(
            "value",
            "value_missing",
            _("Thiếu giá trị; nếu không áp dụng, ghi trạng thái not_applicable; để rút số liệu, ghi null."),
        )
    if _COMMA_NUMBER.fullmatch(text):
        return Wrong(
            "value",
            "decimal_comma",
            _("Dùng dấu chấm cho phần thập phân và bỏ dấu ngăn cách hàng nghìn: viết %(better)s.")
            % {"better": text.replace(".", "").replace(",", ".")[:40]},
        )
    return Wrong(
        "value",
        "not_a_number",
        _("“%(given)s” không phải là số; viết dạng 79.5, không kèm đơn vị hay dấu ngăn cách.") % {"given": text[:40]},
    )


def _beyond(facts: IndicatorFacts) -> str:
    if facts.lower is None:
        return _("Giá trị phải không lớn hơn %(upper)s (%(unit)s).") % {
            "upper": f"{facts.upper:.15g}", "unit": facts.unit,
        }  # fmt: skip
    if facts.upper is None:
        return _("Giá trị phải không nhỏ hơn %(lower)s (%(unit)s).") % {
            "lower": f"{facts.lower:.15g}", "unit": facts.unit,
        }  # fmt: skip
    return _("Giá trị phải nằm từ %(lower)s đến %(upper)s (%(unit)s); kiểm tra đơn vị tính.") % {
        "lower": f"{facts.lower:.15g}", "upper": f"{facts.upper:.15g}", "unit": facts.unit,
    }  # fmt: skip


def clean_text(name: str, given: object) -> str:
    """A text in one spelling, without control characters and not too long; raises Wrong."""
    if not isinstance(given, str):
        raise Wrong(name, "not_text", _("Trường này phải là chuỗi ký tự."))
    text = given if given.isascii() else nfc(given)
    text = text.strip()
    if len(text) > LONGEST[name]:
        raise Wrong(name, "too_long", _("Quá dài; tối đa %(length)d ký tự.") % {"length": LONGEST[name]})
    if not text.isprintable() and any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise Wrong(name, "control_character", _("Có ký tự điều khiển; bỏ dấu xuống dòng và dấu tab."))
    return text
