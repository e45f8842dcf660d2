"""Checking rows of a batch before anything is written: what is wrong, in which row and field, what to do."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from thuocdo.engine.calendars import Period
from thuocdo.indicators.models import BY_STRENGTH, STRENGTH, Kind, Provenance

from .cells import IndicatorFacts, Place, Wrong, clean_text, place_of, unknown_body, unknown_indicator, value_of

FIELDS = frozenset(
    ("indicator", "body", "period", "value", "state", "kind", "provenance", "inherits", "source",
     "external_id", "evidence")
)  # fmt: skip

# Read once: the choices' own lists are put together anew at every look.
_KINDS, _PROVENANCES = frozenset(Kind.values), frozenset(Provenance.values)
_FINAL, _DERIVED = Kind.FINAL.value, Provenance.DERIVED.value
_STRENGTH = {str(name): strength for name, strength in STRENGTH.items()}

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
            raise unknown_indicator(code)
        body = self.bodies.get(body_code) if isinstance(body_code, str) else None
        if body is None:
            raise unknown_body(body_code)
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
        state, value = value_of(get("value"), get("state"), facts)
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
