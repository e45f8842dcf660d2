"""Entries of a pack as rows of the dictionary: what each field may hold, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from thuocdo.engine.spelling import nfc
from thuocdo.engine.targets import COMPARATORS
from thuocdo.indicators.models import Frequency, Indicator, Openness, Provenance, Target
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies_by_code

Described = Mapping[str, Any]
# No value is awaited longer than this after its period.
LONGEST_TERM = 366


class DictionaryRefused(ValueError):
    """Entries that cannot be loaded; the message names the entry, the field and the remedy.

    `field` names the field of a form to which it belongs, where there is one.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def code_of(entry: Described) -> str:
    """The code of an entry."""
    code = entry.get("code")
    if not isinstance(code, str) or not code:
        raise DictionaryRefused(f"An entry has no code: {entry!r}; give it one.")
    return code


def exact(value: Any) -> Any:
    """The entry with decimals instead of floats, which have no canonical form."""
    match value:
        case float():
            return Decimal(repr(value))
        case Mapping():
            return {key: exact(item) for key, item in value.items()}
        case list() | tuple():
            return [exact(item) for item in value]
    return value


def owners_of(entries: Sequence[Described]) -> dict[str, Body]:
    """The bodies that answer for the figures, by code; every code stands once, every owner is known."""
    codes = [code_of(entry) for entry in entries]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise DictionaryRefused(f"The codes {', '.join(twice)} occur more than once; give each entry its own.")
    owners = bodies_by_code(str(entry["owner"]) for entry in entries if entry.get("owner"))
    for entry in entries:
        if entry.get("owner") and entry["owner"] not in owners:
            raise DictionaryRefused(
                f"{code_of(entry)} belongs to {entry['owner']}, which is not a body; load the bodies first."
            )
    return owners


def number_of(entry: Described, key: str) -> Decimal | None:
    """The number of a field; None without one."""
    value = entry.get(key)
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise DictionaryRefused(
            _("%(code)s: %(key)s phải là một số, không phải “%(given)s”.")
            % {"code": entry.get("code", ""), "key": key, "given": str(value)[:40]},
            key,
        ) from error


def choice_of(entry: Described, key: str, options: Sequence[str], default: str | None = None) -> str:
    """The value of a field that holds one of some options."""
    value = entry.get(key, default)
    if value not in options:
        raise DictionaryRefused(f"{code_of(entry)}: {key} is {value!r}; use one of {', '.join(options)}.")
    return str(value)


def words_of(entry: Described, key: str) -> tuple[str, str]:
    """The Vietnamese and the English text of a field; one text stands for both."""
    value = entry.get(key, "")
    if isinstance(value, Mapping):
        return nfc(str(value.get("vi", ""))), str(value.get("en", value.get("vi", "")))
    return nfc(str(value)), nfc(str(value))


def describe(row: Indicator, entry: Described, owners: Mapping[str, Body]) -> None:
    """Write an entry into a row of the dictionary; what concerns other entries is checked afterwards."""
    row.title, row.title_en = words_of(entry, "title")
    row.definition, row.definition_en = words_of(entry, "definition")
    row.unit, row.unit_en = words_of(entry, "unit")
    if not row.title:
        raise DictionaryRefused(f"{row.code} has no title; write title = {{ vi = …, en = … }}.")
    row.direction = int(entry.get("direction", 1))
    row.comparator = choice_of(entry, "comparator", ("", *COMPARATORS), "")
    row.lower, row.upper = number_of(entry, "lower"), number_of(entry, "upper")
    row.target = number_of(entry, "target")
    row.tolerance = number_of(entry, "tolerance") or Decimal(0)
    row.frequency = choice_of(entry, "frequency", Frequency.values)
    row.provenance_expected = choice_of(entry, "provenance_expected", Provenance.values, Provenance.DECLARED)
    row.owner = owners[entry["owner"]] if entry.get("owner") else None
    row.openness = choice_of(entry, "public", Openness.values, Openness.PUBLIC)
    row.applies_to = list(entry.get("applies_to", []))
    row.derived_from = str(entry.get("derived_from", ""))
    row.formula = nfc(str(entry.get("formula", ""))).strip() or None
    row.numerator, row.denominator = str(entry.get("numerator", "")) or None, str(entry.get("denominator", "")) or None
    row.breakdowns = [_breakdown(entry, one) for one in entry.get("breakdown", [])] or None
    row.adds_up_the_tree = bool(entry.get("adds_up_the_tree", False)) or None
    row.is_sampled = _is_sampled(entry, row) or None
    row.scale = scale_of(entry)
    row.due_days = _term(entry)
    if (entry.get("formula") or "") and row.derived_from:
        raise DictionaryRefused(
            _("%(code)s vừa có công thức vừa ghi derived_from; chỉ giữ một cách tính.") % {"code": row.code}, "formula"
        )


def _is_sampled(entry: Described, row: Indicator) -> bool:
    """Whether the values are told by a sample; only then does a number of observations give an error."""
    given = entry.get("sampled", False)
    if not isinstance(given, bool):
        raise DictionaryRefused(
            _("%(code)s: sampled là true (đo bằng mẫu) hoặc false (đếm toàn bộ).") % {"code": row.code}, "sampled"
        )
    return given


def scale_of(entry: Described) -> list[dict[str, Any]] | None:
    """The rungs of a state or a group, lowest first; each has its number and its words."""
    rungs = entry.get("scale")
    if not rungs:
        return None
    found: list[dict[str, Any]] = []
    for place, rung in enumerate(rungs):
        vietnamese, english = words_of({"words": rung}, "words")
        value = rung.get("value", place) if isinstance(rung, Mapping) else place
        if not vietnamese:
            raise DictionaryRefused(
                _("%(code)s: bậc thứ %(place)d của thang (scale) chưa có tên.")
                % {"code": code_of(entry), "place": place + 1},
                "scale",
            )
        found.append({"value": int(value), "vi": vietnamese, "en": english})
    if [one["value"] for one in found] != sorted({one["value"] for one in found}):
        raise DictionaryRefused(
            _("%(code)s: các bậc của thang (scale) phải tăng dần và không trùng nhau.") % {"code": code_of(entry)},
            "scale",
        )
    return found


def _breakdown(entry: Described, one: Described) -> dict[str, Any]:
    title, title_en = words_of(one, "title")
    parts = [str(code) for code in one.get("parts", [])]
    if not title or len(parts) < 2 or len(set(parts)) != len(parts):
        raise DictionaryRefused(
            _("%(code)s: mỗi cách chia nhỏ (breakdown) cần tên và ít nhất hai chỉ số thành phần khác nhau.")
            % {"code": code_of(entry)},
            "breakdown",
        )
    return {
        "code": str(one.get("code", "")) or title,
        "title": title,
        "title_en": title_en,
        "parts": parts,
        "tolerance": str(number_of(one, "tolerance") or 0),
    }


def _term(entry: Described) -> int | None:
    days = entry.get("due_days")
    if days is None:
        return None
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= LONGEST_TERM:
        raise DictionaryRefused(
            _("%(code)s: due_days là số ngày sau khi hết kỳ, từ 0 đến %(most)d.")
            % {"code": code_of(entry), "most": LONGEST_TERM},
            "due_days",
        )
    return days


def demand(row: Target, entry: Described, owners: Mapping[str, Body]) -> None:
    """Write an entry into a row of the targets; a judged one with a scale has a number, too."""
    row.title, row.title_en = words_of(entry, "title")
    row.unit, row.unit_en = words_of(entry, "unit")
    row.comparator = choice_of(entry, "comparator", Target.Comparator.values)
    row.direction = int(entry.get("direction", 1))
    row.low, row.high = number_of(entry, "low"), number_of(entry, "high")
    is_judged = row.comparator in (Target.Comparator.STATE, Target.Comparator.GROUP)
    row.text = nfc(str(entry.get("value", ""))) if is_judged else ""
    row.value = _rung(entry, row.text) if is_judged else number_of(entry, "value")
    row.year, row.every_year = int(entry["year"]), bool(entry.get("every_year", False))
    baseline = entry.get("baseline") or {}
    row.baseline, row.baseline_year = number_of(baseline, "value"), baseline.get("year")
    row.owner = owners[entry["owner"]] if entry.get("owner") else None
    row.frequency = choice_of(entry, "frequency", Frequency.values)


def _rung(entry: Described, text: str) -> Decimal | None:
    """The number of the rung that a judged target demands; None where the dictionary gives no scale."""
    scale = scale_of(entry)
    if scale is None:
        return None
    found = next((one["value"] for one in scale if one["vi"] == text), None)
    if found is None:
        raise DictionaryRefused(
            _("%(code)s: “%(text)s” không phải là một bậc của thang (scale); ghi đúng tên một bậc.")
            % {"code": code_of(entry), "text": text},
            "value",
        )
    return Decimal(found)
