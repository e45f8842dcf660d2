"""Checking rows of a batch before anything is written: what is wrong, in which row and field, what to do."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from thuocdo.engine.calendars import Period
from thuocdo.indicators.models import BY_STRENGTH, STRENGTH, Kind, Provenance

from .cells import (
    IndicatorFacts,
    Place,
    Wrong,
    clean_text,
    place_of,
    plain_number,
    unknown_body,
    unknown_indicator,
    value_of,
)
from .reading import NotJson
from .suggesting import Nearest, written_day
from .telling import RowError, Told
from .units import factor

FIELDS = frozenset(
    ("indicator", "body", "period", "value", "state", "kind", "provenance", "inherits", "source",
     "external_id", "evidence", "unit", "standard_error", "sample_size", "reason")
)  # fmt: skip
# Seldom given; most rows are spared a look at each of them.
SELDOM = frozenset(("standard_error", "sample_size", "reason"))
_NOTHING_MORE = (None, None, None)

# Read once: the choices' own lists are put together anew at every look.
_KINDS, _PROVENANCES = frozenset(Kind.values), frozenset(Provenance.values)
_FINAL, _DERIVED = Kind.FINAL.value, Provenance.DERIVED.value
_STRENGTH = {str(name): strength for name, strength in STRENGTH.items()}

_EVIDENCE = re.compile(r"[0-9a-f]{64}")
# A point before the last three digits stands between thousands where people in Việt Nam write numbers.
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_WHOLE = re.compile(r"0*[1-9]\d{0,14}")
# How often the work on many rows tells how far it has come.
STEP = 5_000


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What a row needs to know of its body; `is_allowed` says whether the actor may record for it."""

    pk: int
    peer_group: str
    allowed: frozenset[str]


# Rows of one chain supersede each other: indicator, body, period, provenance, kind and source are the same.
Chain = tuple[int, int, str, str, str, str]


class CheckedRow(NamedTuple):
    """A row that can be stored: its cells in the order of `storing.COLUMNS` up to evidence, in written form.

    `seal` is what the Merkle root covers.
    """

    cells: tuple[Any, ...]
    chain: Chain
    seal: str
    period: Period
    peer_group: str


@dataclass(slots=True)
class Checker:
    """Checks row after row; lookups are made once for the batch, and repeated texts are parsed once."""

    indicators: Mapping[str, IndicatorFacts]
    bodies: Mapping[str, BodyFacts]
    # Codes of all, for one that is not among these.
    every_body: Callable[[], Iterable[str]]
    default_provenance: str
    default_source: str
    # None: every indicator.
    indicators_allowed: frozenset[str] | None
    today: date
    _periods: dict[Any, Place | Wrong] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _seen: dict[Chain, tuple[int, str | None]] = field(default_factory=dict)
    # Rows whose values contradict those of an earlier row of the same chain, by the earlier row's number.
    contradicted: dict[int, int] = field(default_factory=dict)
    warn: Callable[[int, Wrong], None] = lambda _number, _wrong: None
    _nearest_indicator: Nearest | None = None
    _nearest_body: Nearest | None = None

    def check(self, number: int, row: object) -> CheckedRow:
        """The row in its stored form; raises Wrong with the first thing that is wrong in it."""
        # The usual case first: asking an abstract class about every row would take longer than the rest.
        if row.__class__ is not dict and not isinstance(row, Mapping):
            if isinstance(row, NotJson):
                raise Wrong("", "not_json", _("Dòng này không phải là JSON hợp lệ; mỗi dòng là một đối tượng JSON."))
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
            raise unknown_indicator(code, self._indicator_meant(code))
        body = self.bodies.get(body_code) if isinstance(body_code, str) else None
        if body is None:
            raise unknown_body(body_code, self._body_meant(body_code))
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
        if facts.measured_at is not None and body.pk not in facts.measured_at:
            raise Wrong(
                "body",
                "does_not_apply",
                _("Chỉ số %(code)s là chỉ số riêng, không đo ở cơ quan %(body)s; bỏ dòng này.")
                % {"code": code, "body": body_code},
            )
        given = get("period")
        place = self._periods.get(given)
        period, label, start, end = place if place.__class__ is tuple else self._period(given)
        if facts.retired_on is not None and period.start >= facts.retired_on:
            raise Wrong(
                "period",
                "indicator_retired",
                _("Chỉ số %(code)s đã ngừng dùng từ ngày %(day)s; không ghi số liệu cho kỳ sau ngày đó.")
                % {"code": code, "day": written_day(facts.retired_on)},
            )
        if (unit := get("unit")) and (wrong := _wrong_unit(clean_text("unit", unit), facts, get("value"))):
            raise wrong
        state, value = value_of(get("value"), get("state"), facts)
        if facts.is_percentage and value is not None and value.startswith("0."):
            self._warn_of_fraction(number, value)
        elif facts.is_count and value is not None and "." in value:
            self._warn_of_thousands(number, value, facts)
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
            external_id = clean_text("external_id", external_id)
        if evidence:
            evidence = self._repeated("evidence", evidence)
        if evidence and not _EVIDENCE.fullmatch(evidence):
            raise Wrong(
                "evidence",
                "evidence_format",
                _("Minh chứng là mã băm SHA-256 gồm 64 chữ số thập lục phân viết thường."),
            )
        more, sealed = _NOTHING_MORE, ""
        if not SELDOM.isdisjoint(row):
            more = self._more(row, value)
            if more != _NOTHING_MORE:
                sealed = "".join(f"\x1f{'' if one is None else one}" for one in more)
        pk, body_pk = facts.pk, body.pk
        chain = (pk, body_pk, label, provenance, kind, source)
        first, before = self._seen.setdefault(chain, (number, value))
        if first != number:
            raise self._repeats(number, first, before, value)
        return CheckedRow(
            (
                pk, body_pk, label, start, end, state, value, kind, provenance, inherits,
                _STRENGTH[inherits or provenance], source, external_id, evidence, *more,
            ),
            chain,
            f"{code}\x1f{body_code}\x1f{label}\x1f{state}\x1f{value or ''}\x1f{kind}\x1f{provenance}\x1f{inherits}"
            f"\x1f{source}\x1f{external_id}\x1f{evidence}{sealed}",
            period,
            body.peer_group,
        )  # fmt: skip

    def _repeats(self, number: int, first: int, before: str | None, value: str | None) -> Wrong:
        """What to say of a row that stands in the batch already; of two different values neither can be trusted."""
        if before == value:
            text = _("Trùng với dòng %(row)d (cùng chỉ số, cơ quan, kỳ, nguồn); giữ lại một dòng.")
            return Wrong("", "duplicate", text % {"row": first})
        self.contradicted.setdefault(first, number)
        return Wrong("value", "duplicate_differs", contradiction(first))

    def _more(self, row: Mapping[str, Any], value: str | None) -> tuple[Any, Any, Any]:
        """Standard error, sample size and reason of a row that gives any of them."""
        error, sample = row.get("standard_error"), row.get("sample_size")
        if error is not None and error != "":
            if value is None:
                raise Wrong("standard_error", "error_without_value", _("Chỉ ghi sai số khi có giá trị."))
            error = plain_number("standard_error", error)
            if error.startswith("-"):
                raise Wrong("standard_error", "below_range", _("Sai số chuẩn không âm."))
        if sample is not None and sample != "":
            text = str(sample).strip() if isinstance(sample, (int, str)) and not isinstance(sample, bool) else ""
            if not _WHOLE.fullmatch(text):
                raise Wrong("sample_size", "not_a_count", _("Cỡ mẫu là số nguyên dương, ví dụ 1200."))
            sample = int(text)
        reason = row.get("reason")
        return error or None, sample or None, clean_text("reason", reason) or None if reason else None

    def _warn_of_fraction(self, number: int, value: str) -> None:
        text = _("Chỉ số tính bằng %%: %(given)s được ghi là %(given)s %%. Nếu là tỷ lệ 0–1 thì gửi lại %(better)s.")
        better = format((Decimal(value) * 100).normalize(), "f")
        self.warn(number, Wrong("value", "looks_like_fraction", text % {"given": value, "better": better}))

    def _warn_of_thousands(self, number: int, value: str, facts: IndicatorFacts) -> None:
        words = {"given": value, "unit": facts.unit, "better": value.replace(".", "")}
        text = _("%(given)s %(unit)s không phải số nguyên.")
        if _THOUSANDS.fullmatch(value):
            text = _(
                "%(given)s %(unit)s không phải số nguyên; nếu dấu chấm ngăn cách hàng nghìn thì gửi lại %(better)s."
            )
        self.warn(number, Wrong("value", "looks_like_thousands", text % words))

    def _indicator_meant(self, given: object) -> str:
        if not isinstance(given, str):
            return ""
        self._nearest_indicator = self._nearest_indicator or Nearest(self.indicators)
        return self._nearest_indicator.to(given)

    def _body_meant(self, given: object) -> str:
        if not isinstance(given, str):
            return ""
        self._nearest_body = self._nearest_body or Nearest(self.every_body())
        return self._nearest_body.to(given)

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
        place = self._periods[given] = self._periods.get(given) or place_of(given, self.today)
        if isinstance(place, Wrong):
            raise place
        return place

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
            known = self._texts[given] = clean_text(name, given)
        return known


def contradiction(row: int) -> str:
    """What to say of a row whose value another row of the same batch contradicts."""
    text = _("Cùng chỉ số, cơ quan, kỳ và nguồn với dòng %(row)d nhưng khác giá trị; chỉ gửi giá trị đúng.")
    return text % {"row": row}


def _wrong_unit(given: str, facts: IndicatorFacts, value: object) -> Wrong | None:
    factors = [factor(given, unit) for unit in facts.units]
    if 1 in factors:
        return None
    times = next((one for one in factors if one is not None), None)
    if times is None:
        text = _("Đơn vị “%(given)s” khác đơn vị của chỉ số (%(unit)s) và không đổi được; kiểm tra lại chỉ số.")
        return Wrong("unit", "wrong_unit", text % {"given": given, "unit": facts.unit})
    try:
        better = format((Decimal(plain_number("value", value)) * times).normalize(), "f")
    except Wrong as wrong:
        return wrong
    text = _("Chỉ số tính bằng %(unit)s, không phải %(given)s; đổi giá trị thành %(better)s rồi gửi lại.")
    return Wrong("unit", "wrong_unit", text % {"given": given, "unit": facts.unit, "better": better})


def check_rows(
    checker: Checker, rows: Sequence[object], told: Told, *, every: Callable[[int], None] | None = None
) -> list[CheckedRow]:
    """The rows that can be stored; what is wrong with the others is told to `told`.

    `every` hears now and then how many rows have been looked at. Of rows that contradict each other none is good.
    """
    good: list[CheckedRow] = []
    numbers: list[int] = []
    checker.warn = told.warn
    check, keep, count = checker.check, good.append, numbers.append
    for number, row in enumerate(rows, start=1):
        try:
            keep(check(number, row))
            count(number)
        except Wrong as wrong:
            told.add(RowError(number, _harmless(wrong.field), wrong.code, _harmless(wrong.message)), row)
        except TypeError:
            # Lists and objects cannot be looked up; testing for them beforehand would slow every good row.
            nested = _nested_field(row)
            if nested is None:
                raise
            message = _("Trường này phải là chuỗi ký tự hoặc số.")
            told.add(RowError(number, _harmless(nested)[:60], "not_plain", message), row)
        if every is not None and number % STEP == 0:
            every(number)
    if checker.contradicted:
        for first, other in checker.contradicted.items():
            told.add(RowError(first, "value", "duplicate_differs", contradiction(other)), rows[first - 1])
        good = [row for number, row in zip(numbers, good, strict=True) if number not in checker.contradicted]
        told.sort()
    return good


def _harmless(text: str) -> str:
    """What a source sent may be quoted in a message; databases and terminals do not take every character."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "\ufffd" for one in text)


def _nested_field(row: object) -> str | None:
    if not isinstance(row, Mapping):
        return None
    return next((str(key) for key, value in row.items() if isinstance(value, (list, dict))), None)
