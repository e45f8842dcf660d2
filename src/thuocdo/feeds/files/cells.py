"""Reading the values of one column: each in its type, or what is wrong with it, said so that one can mend it."""

import hmac
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Context, Decimal
from typing import Any

from django.utils.translation import gettext as _

from thuocdo.engine.spelling import nfc
from thuocdo.feeds.declaration import Column, Type

# Viet Nam has kept this distance from Greenwich since 1975.
VIETNAM = timezone(timedelta(hours=7))
LONGEST_TEXT = 400
_WHOLE = re.compile(r"-?\d{1,19}")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COMMA = re.compile(r"-?[\d.]*\d,\d+")
_LARGEST = 2**63
FLOAT_DIGITS = 15
# Decimals of a feed have up to 38 digits, more than Python reckons with by default.
_EXACT = Context(prec=80)
# Hexadecimal digits of a keyed hash: 128 bits.
HASH_DIGITS = 32


class Wrong(Exception):
    """Why a value cannot be taken: a code for machines and a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value, by its position in the column."""

    at: int
    field: str
    code: str
    message: str


def read_column(column: Column, values: Sequence[object], *, is_secret: bool = False) -> tuple[list[Any], list[Fault]]:
    """The values in the type of the column, None where nothing stands or something is wrong, and what is wrong.

    Messages about a secret column never quote its values.
    """
    read = _READERS[column.type]
    out: list[Any] = []
    faults: list[Fault] = []
    for at, given in enumerate(values):
        if given is None or given == "":
            out.append(None)
            if column.required:
                faults.append(Fault(at, column.name, "missing", _("Thiếu giá trị; cột này bắt buộc.")))
            continue
        try:
            value = read(column, given)
            _within(column, value)
        except Wrong as wrong:
            out.append(None)
            message = wrong.message if not is_secret else _("Giá trị không đúng kiểu; xem khai báo của nguồn.")
            faults.append(Fault(at, column.name, wrong.code, message))
        else:
            out.append(value)
    return out, faults


def hashed(values: Sequence[str | None], *, salt: str, scope: str) -> list[str | None]:
    """Keyed hashes of the values; the same text in another scope (feed and column) has another hash."""
    key, mark = salt.encode(), f"{scope}\x1f"
    known: dict[str, str] = {}
    out: list[str | None] = []
    for value in values:
        if value is None:
            out.append(None)
            continue
        if value not in known:
            known[value] = hmac.digest(key, (mark + value).encode(), "sha256").hex()[:HASH_DIGITS]
        out.append(known[value])
    return out


def _text(column: Column, given: object) -> str:
    if not isinstance(given, str):
        raise Wrong("not_text", _("Phải là chuỗi ký tự trong dấu ngoặc kép, để giữ số 0 ở đầu."))
    text = (given if given.isascii() else nfc(given)).strip()
    if len(text) > LONGEST_TEXT:
        raise Wrong("too_long", _("Quá dài; tối đa %(length)d ký tự.") % {"length": LONGEST_TEXT})
    if not text.isprintable() and any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise Wrong("control_character", _("Có ký tự điều khiển; bỏ dấu xuống dòng và dấu tab."))
    if not text and column.required:
        raise Wrong("missing", _("Thiếu giá trị; cột này bắt buộc."))
    if column.choices and text not in column.choices:
        raise Wrong(
            "unknown_choice",
            _("“%(given)s” không phải là giá trị được phép; dùng một trong: %(choices)s.")
            % {"given": text[:40], "choices": ", ".join(column.choices)},
        )
    return text


def _integer(column: Column, given: object) -> int:
    is_written = isinstance(given, str) and _WHOLE.fullmatch(given.strip())
    if is_written or (isinstance(given, float | Decimal) and math.isfinite(given) and given == int(given)):
        given = int(given)  # type: ignore[call-overload]
    if isinstance(given, bool) or not isinstance(given, int):
        raise Wrong("not_an_integer", _("“%(given)s” không phải là số nguyên; viết dạng 12.") % _quoted(given))
    if not -_LARGEST <= given < _LARGEST:
        raise Wrong("too_many_digits", _("Số quá lớn; kiểm tra lại giá trị."))
    return given


def _decimal(column: Column, given: object) -> Decimal:
    number = _number(given)
    if not number.is_finite():
        raise Wrong("not_finite", _("Số phải hữu hạn; để trống nếu không có giá trị."))
    # By its size first: a number of a thousand digits is never written out.
    if number and number.adjusted() >= column.precision - column.scale:
        raise Wrong("too_many_digits", _("Số có quá nhiều chữ số; tối đa %(digits)d.") % {"digits": column.precision})
    rounded = number.quantize(Decimal(1).scaleb(-column.scale), context=_EXACT)
    if rounded != number:
        raise Wrong(
            "too_many_decimals",
            _("Quá nhiều chữ số thập phân; tối đa %(places)d.") % {"places": column.scale},
        )
    return rounded


def _float(column: Column, given: object) -> float:
    number = given if isinstance(given, float) else float(_number(given))
    if not math.isfinite(number):
        raise Wrong("not_finite", _("Số phải hữu hạn; để trống nếu không có giá trị."))
    return number


def _number(given: object) -> Decimal:
    """A number exactly as it was written; a float counts by its shortest form."""
    if isinstance(given, bool):
        raise _not_a_number(given)
    if isinstance(given, int):
        return Decimal(given)
    if isinstance(given, float):
        number = Decimal(repr(given))
        if number.is_finite() and len(number.as_tuple().digits) > FLOAT_DIGITS:
            # A float of that many digits is no longer what the source wrote.
            raise Wrong("send_as_text", _("Số có quá nhiều chữ số để gửi dạng số; gửi trong dấu ngoặc kép."))
        return number
    if isinstance(given, Decimal):
        return given
    if isinstance(given, str) and len(given) <= 60 and _NUMBER.fullmatch(given.strip()):
        return Decimal(given.strip())
    raise _not_a_number(given)


def _not_a_number(given: object) -> Wrong:
    if isinstance(given, str) and _COMMA.fullmatch(given.strip()):
        better = given.strip().replace(".", "").replace(",", ".")[:40]
        return Wrong(
            "decimal_comma",
            _("Dùng dấu chấm cho phần thập phân và bỏ dấu ngăn cách hàng nghìn: viết %(better)s.") % {"better": better},
        )
    return Wrong(
        "not_a_number",
        _("“%(given)s” không phải là số; viết dạng 79.5, không kèm đơn vị hay dấu ngăn cách.") % _quoted(given),
    )


def _boolean(column: Column, given: object) -> bool:
    if not isinstance(given, bool):
        raise Wrong("not_a_boolean", _("“%(given)s” không phải là true hay false.") % _quoted(given))
    return given


def _date(column: Column, given: object) -> date:
    if isinstance(given, datetime):
        return local(given).date()
    if isinstance(given, date):
        return given
    if isinstance(given, str):
        try:
            return date.fromisoformat(given.strip())
        except ValueError:
            pass  # Said below, as for every other form.
    raise Wrong("not_a_date", _("“%(given)s” không phải là ngày; viết dạng 2026-09-14.") % _quoted(given))


def _timestamp(column: Column, given: object) -> datetime:
    moment = given
    if isinstance(given, str):
        try:
            moment = datetime.fromisoformat(given.strip())
        except ValueError:
            moment = None
    if not isinstance(moment, datetime) or (isinstance(given, str) and len(given.strip()) < len("2026-09-14T08:30")):
        raise Wrong(
            "not_a_timestamp",
            _("“%(given)s” không phải là thời điểm; viết dạng 2026-09-14T08:30:00+07:00.") % _quoted(given),
        )
    try:
        return local(moment)
    except OverflowError as error:
        raise Wrong("not_a_timestamp", _("Thời điểm nằm ngoài lịch; kiểm tra lại năm.")) from error


def local(moment: datetime) -> datetime:
    """The wall-clock time of Viet Nam, without a zone; a time without a zone is taken to be that already."""
    return moment if moment.tzinfo is None else moment.astimezone(VIETNAM).replace(tzinfo=None)


def _within(column: Column, value: Any) -> None:
    """Raises Wrong when a number lies outside its bounds."""
    if column.lower is not None and value < column.lower:
        raise Wrong("below_range", _("Giá trị phải không nhỏ hơn %(lower)s.") % {"lower": column.lower})
    if column.upper is not None and value > column.upper:
        raise Wrong("above_range", _("Giá trị phải không lớn hơn %(upper)s.") % {"upper": column.upper})


def _quoted(given: object) -> dict[str, str]:
    text = str(given)[:40]
    return {"given": "".join(letter if letter.isprintable() else "\ufffd" for letter in text)}


_READERS: dict[Type, Callable[[Column, object], Any]] = {
    Type.TEXT: _text,
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.FLOAT: _float,
    Type.BOOLEAN: _boolean,
    Type.DATE: _date,
    Type.TIMESTAMP: _timestamp,
}
