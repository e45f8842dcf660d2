"""Checking rows of a batch before anything is written: what is wrong, in which row and field, what to do."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from thuocdo.engine.calendars import Period, PeriodError, parse_period
from thuocdo.engine.spelling import nfc
from thuocdo.indicators.models import BY_STRENGTH, DECIMAL_PLACES, EXACT_DIGITS, STRENGTH, Kind, Provenance, State

FIELDS = frozenset(
    ("indicator", "body", "period", "value", "state", "kind", "provenance", "inherits", "source",
     "external_id", "evidence")
)  # fmt: skip
LONGEST = {"source": 120, "external_id": 120, "evidence": 64}

# Read once: the choices' own lists are put together anew at every look.
_KINDS, _PROVENANCES = frozenset(Kind.values), frozenset(Provenance.values)
_WITHOUT_VALUE = frozenset((State.NULL.value, State.NOT_APPLICABLE.value))
_VALUE, _FINAL, _DERIVED = State.VALUE.value, Kind.FINAL.value, Provenance.DERIVED.value
_STRENGTH = {str(name): strength for name, strength in STRENGTH.items()}

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_COMMA_NUMBER = re.compile(r"-?[\d.]*\d,\d+")
_EVIDENCE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row, counted from 1; row 0 is the batch itself. The message names the remedy."""

    row: int
    field: str
    code: str
    message: str

    def as_plain(self) -> dict[str, Any]:
        """The error as it stands in an answer."""
        return {"row": self.row, "field": self.field, "code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """What a row needs to know of its indicator."""

    pk: int
    lower: float | None
    upper: float | None
    applies_to: frozenset[str]
    unit: str


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What a row needs to know of its body; `is_allowed` says whether the actor may record for it."""

    pk: int
    peer_group: str
    allowed: frozenset[str]


# Rows of one chain supersede each other: indicator, body, period, provenance, kind and source are the same.
Chain = tuple[int, int, str, str, str, str]
# A period with its label and its two ends as the database writes them.
Place = tuple[Period, str, Any, Any]


class CheckedRow(NamedTuple):
    """A row that can be stored: its cells in the order of `storing.COLUMNS` up to evidence, in written form.

    `seal` is what the Merkle root covers.
    """

    cells: tuple[Any, ...]
    chain: Chain
    seal: str
    period: Period
    peer_group: str


class Wrong(Exception):
    """Why a row cannot be taken."""

    def __init__(self, field_name: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code, self.message = field_name, code, message


@dataclass(slots=True)
class Checker:
    """Checks row after row; lookups are made once for the batch, and repeated texts are parsed once."""

    indicators: Mapping[str, IndicatorFacts]
    bodies: Mapping[str, BodyFacts]
    default_provenance: str
    default_source: str
    # None: every indicator.
    indicators_allowed: frozenset[str] | None
    today: date
    _periods: dict[Any, Place | Wrong] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _seen: dict[Chain, int] = field(default_factory=dict)

    def check(self, number: int, row: object) -> CheckedRow:
        """The row in its stored form; raises Wrong with the first thing that is wrong in it."""
        # The usual case first: asking an abstract class about every row would take longer than the rest.
        if row.__class__ is not dict and not isinstance(row, Mapping):
            raise Wrong("", "not_an_object", _("Mỗi dòng phải là một đối tượng có tên trường."))
        if not row.keys() <= FIELDS:
            name = sorted(str(key) for key in row.keys() - FIELDS)[0]
            raise Wrong(
                name[:60],
                "unknown_field",
                _("Không có trường này; các trường hợp lệ: %(fields)s.") % {"fields": ", ".join(sorted(FIELDS))},
            )
        get = row.get
        code, body_code = get("indicator"), get("body")
        facts = self.indicators.get(code) if isinstance(code, str) else None
        if facts is None:
            raise _unknown_indicator(code)
        body = self.bodies.get(body_code) if isinstance(body_code, str) else None
        if body is None:
            raise _unknown_body(body_code)
        provenance = get("provenance") or self.default_provenance
        if provenance not in body.allowed:
            raise self._not_allowed(provenance, body)
        if self.indicators_allowed is not None and code not in self.indicators_allowed:
            raise Wrong(
                "indicator",
                "out_of_scope",
                _("Khóa kết nối không được gửi chỉ số %(code)s; đề nghị quản trị cấp thêm chỉ số.") % {"code": code},
            )
        if facts.applies_to and body.peer_group and body.peer_group not in facts.applies_to:
            raise Wrong(
                "body",
                "does_not_apply",
                _("Chỉ số %(code)s không áp dụng cho cơ quan %(body)s; bỏ dòng này.")
                % {"code": code, "body": body_code},
            )
        given = get("period")
        place = self._periods.get(given)
        period, label, start, end = place if place.__class__ is tuple else self._period(given)
        state, value = self._value(get("value"), get("state"), facts)
        kind = get("kind") or _FINAL
        if kind not in _KINDS:
            raise Wrong("kind", "unknown_kind", _("Loại số liệu phải là provisional (sơ bộ) hoặc final (chính thức)."))
        inherits = get("inherits") or ""
        if inherits or provenance == _DERIVED:
            inherits = self._inherits(provenance, inherits)
        source = get("source")
        source = self._repeated("source", source) if source else self.default_source
        external_id, evidence = get("external_id") or "", get("evidence") or ""
        if external_id:
            external_id = _clean_text("external_id", external_id)
        if evidence:
            evidence = self._repeated("evidence", evidence)
        if evidence and not _EVIDENCE.fullmatch(evidence):
            raise Wrong(
                "evidence",
                "evidence_format",
                _("Minh chứng là mã băm SHA-256 gồm 64 chữ số thập lục phân viết thường."),
            )
        pk, body_pk = facts.pk, body.pk
        chain = (pk, body_pk, label, provenance, kind, source)
        first = self._seen.setdefault(chain, number)
        if first != number:
            raise Wrong(
                "",
                "duplicate",
                _("Trùng với dòng %(row)d (cùng chỉ số, cơ quan, kỳ, nguồn); giữ lại một dòng.") % {"row": first},
            )
        return CheckedRow(
            (
                pk, body_pk, label, start, end, state, value, kind, provenance, inherits,
                _STRENGTH[inherits or provenance], source, external_id, evidence,
            ),
            chain,
            f"{code}\x1f{body_code}\x1f{label}\x1f{state}\x1f{value or ''}\x1f{kind}\x1f{provenance}\x1f{inherits}"
            f"\x1f{source}\x1f{external_id}\x1f{evidence}",
            period,
            body.peer_group,
        )  # fmt: skip

    def _not_allowed(self, provenance: object, body: BodyFacts) -> Wrong:
        if provenance not in _PROVENANCES:
            return Wrong(
                "provenance",
                "unknown_provenance",
                _("Nguồn gốc số liệu phải là một trong: %(names)s.") % {"names": ", ".join(Provenance.values)},
            )
        if body.allowed:
            return Wrong(
                "provenance",
                "provenance_not_allowed",
                _("Không được ghi số liệu với nguồn gốc %(given)s; dùng %(allowed)s.")
                % {"given": provenance, "allowed": ", ".join(sorted(body.allowed))},
            )
        return Wrong(
            "body",
            "out_of_scope",
            _("Cơ quan này nằm ngoài phạm vi được phép ghi số liệu; chỉ gửi số liệu của cơ quan được giao."),
        )

    def _period(self, given: Any) -> Place:
        """The place of a period that was not seen yet, or is wrong each time it is seen."""
        place = self._periods[given] = self._periods.get(given) or self._read_period(given)
        if isinstance(place, Wrong):
            raise place
        return place

    def _read_period(self, given: object) -> Place | Wrong:
        form = _("viết năm 2026, quý 2026-Q3, tháng 2026-09 hoặc ngày 2026-09-14")
        if not isinstance(given, str) or not given.strip():
            return Wrong("period", "period_missing", _("Thiếu kỳ báo cáo: %(form)s.") % {"form": form})
        try:
            period = parse_period(given)
        except PeriodError as error:
            text = (
                _("Ngày “%(given)s” không có trong lịch; kiểm tra lại ngày và tháng.")
                if error.code == "period_date"
                else _("“%(given)s” không phải là kỳ báo cáo: %(form)s.")
            )
            return Wrong("period", error.code, text % {"given": given[:40], "form": form})
        if period.start > self.today:
            return Wrong(
                "period",
                "period_in_future",
                _("Kỳ %(period)s chưa bắt đầu; chỉ ghi số liệu của kỳ đã bắt đầu.") % {"period": period.label},
            )
        written = connection.ops.adapt_datefield_value
        return period, period.label, written(period.start), written(period.end)

    def _value(self, given: object, state: object, facts: IndicatorFacts) -> tuple[str, str | None]:
        if state and state != _VALUE:
            return _without_value(given, state)
        text = given if isinstance(given, str) else _written(given)
        if not _NUMBER.fullmatch(text):
            text = text.strip()
            if not _NUMBER.fullmatch(text):
                raise _not_a_number(text)
        if "." in text and text[-1] == "0":
            text = text.rstrip("0").rstrip(".")
        if len(text) > DECIMAL_PLACES + 1:
            _check_digits(text)
        if text == "-0":
            text = "0"
        number = float(text)
        if facts.lower is not None and number < facts.lower:
            raise Wrong("value", "below_range", _beyond(facts))
        if facts.upper is not None and number > facts.upper:
            raise Wrong("value", "above_range", _beyond(facts))
        return _VALUE, text

    def _inherits(self, provenance: str, given: object) -> str:
        if provenance != _DERIVED:
            if given:
                raise Wrong(
                    "inherits", "inherits_not_derived", _("Chỉ số liệu hệ thống tự tính mới kế thừa nguồn gốc.")
                )
            return ""
        if given not in BY_STRENGTH:
            raise Wrong(
                "inherits",
                "inherits_missing",
                _("Số liệu tự tính phải nêu nguồn gốc yếu nhất của đầu vào: %(names)s.")
                % {"names": ", ".join(BY_STRENGTH)},
            )
        return str(given)

    def _repeated(self, name: str, given: Any) -> str:
        """A text that many rows share, cleaned once."""
        known = self._texts.get(given) if isinstance(given, str) else None
        if known is None:
            known = self._texts[given] = _clean_text(name, given)
        return known


def check_rows(checker: Checker, rows: Sequence[object]) -> tuple[list[CheckedRow], list[RowError]]:
    """The rows that can be stored and an error for each of the others, in their order."""
    good: list[CheckedRow] = []
    errors: list[RowError] = []
    keep: Callable[[CheckedRow], None] = good.append
    for number, row in enumerate(rows, start=1):
        try:
            keep(checker.check(number, row))
        except Wrong as wrong:
            errors.append(RowError(number, _harmless(wrong.field), wrong.code, _harmless(wrong.message)))
        except TypeError:
            # Lists and objects cannot be looked up; testing for them beforehand would slow every good row.
            nested = _nested_field(row)
            if nested is None:
                raise
            errors.append(RowError(number, nested, "not_plain", _("Trường này phải là chuỗi ký tự hoặc số.")))
    return good, errors


def _harmless(text: str) -> str:
    """What a source sent may be quoted in a message; databases and terminals do not take every character."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "\ufffd" for one in text)


def _nested_field(row: object) -> str | None:
    if not isinstance(row, Mapping):
        return None
    return next((str(key) for key, value in row.items() if isinstance(value, (list, dict))), None)


def _unknown_indicator(given: object) -> Wrong:
    if not given:
        return Wrong("indicator", "indicator_missing", _("Thiếu mã chỉ số; xem danh mục chỉ số."))
    return Wrong(
        "indicator",
        "unknown_indicator",
        _("Không có chỉ số mang mã “%(code)s”; xem danh mục chỉ số.") % {"code": str(given)[:60]},
    )


def _unknown_body(given: object) -> Wrong:
    if not given:
        return Wrong("body", "body_missing", _("Thiếu mã cơ quan; xem danh mục cơ quan."))
    if not isinstance(given, str):
        return Wrong(
            "body",
            "body_not_text",
            _('Mã cơ quan phải là chuỗi ký tự để giữ số 0 ở đầu, ví dụ "01".'),
        )
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


def _clean_text(name: str, given: object) -> str:
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
