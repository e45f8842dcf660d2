"""What definitions must be together: formulas that can be read and ordered, parts that exist, what is locked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thuocdo.engine.formulas import Formula, FormulaProblem, Unit, in_order, read_formula, read_unit
from thuocdo.indicators.messages import formula_in_words
from thuocdo.indicators.models import Indicator, Measurement

from .describing import DictionaryRefused

# What a measured indicator cannot change without a new first day: figures before it keep their meaning.
LOCKED = ("formula", "numerator", "denominator", "direction")


def is_measured(row: Indicator) -> bool:
    """Whether anything was ever recorded of the indicator."""
    return row.pk is not None and Measurement.objects.filter(indicator=row).exists()


def refuse_locked(row: Indicator, former: Mapping[str, Any], since: date | None) -> None:
    """Raises DictionaryRefused when a definition changes what its measured figures mean.

    The unit stays for ever; formula and direction change with a first day after the former version's.
    """
    if not former or not is_measured(row):
        return
    before, after = read_unit(str(former.get("unit", ""))), read_unit(row.unit)
    if (before.powers, before.scale) != (after.powers, after.scale):
        raise DictionaryRefused(
            _("Chỉ số %(code)s đã có số liệu tính bằng %(unit)s; không đổi đơn vị được, hãy lập chỉ số mới.")
            % {"code": row.code, "unit": former.get("unit", "")},
            "unit",
        )
    # A formula where there was none replaces nothing; whatever was delivered so far stays what it was.
    changed = [name for name in LOCKED if former.get(name) and former.get(name) != (getattr(row, name) or None)]
    if changed and (since is None or since <= (row.valid_from or _first_day(row))):
        raise DictionaryRefused(
            _(
                "Chỉ số %(code)s đã có số liệu nên cách tính (%(fields)s) đã khóa; ghi ngày áp dụng (valid_from) của"
                " bản mới sau ngày của bản đang dùng."
            )
            % {"code": row.code, "fields": ", ".join(changed)},
            changed[0],
        )


def _first_day(row: Indicator) -> date:
    """The beginning of the first period that was measured; a definition without a first day held from there."""
    first = Measurement.objects.filter(indicator=row).order_by("period_start").values_list("period_start", flat=True)
    return first[0]


def check_together(rows: Sequence[Indicator]) -> None:
    """Raises DictionaryRefused for formulas, numerators, denominators or parts that do not fit the dictionary.

    `rows` are described and not yet saved; they are looked at beside all others that are there.
    """
    if not rows:
        return
    known = {row.code: row for row in Indicator.objects.all()} | {row.code: row for row in rows}
    units = {code: read_unit(row.unit) for code, row in known.items()}
    formulas: dict[str, Formula] = {}
    given = {row.code for row in rows}
    for code, row in known.items():
        if row.formula:
            # What stood before may lean on what is changed now, and is read with it.
            formulas[code] = _formula(row, known, units)
    try:
        in_order(formulas)
    except FormulaProblem as problem:
        title = next((known[code].title for code in sorted(given) if code in problem.values.get("path", "")), "")
        raise DictionaryRefused(formula_in_words(problem, title=title), "formula") from problem
    for row in rows:
        _check_names(row, known)
        for one in row.breakdowns or []:
            _check_parts(row, one, known, units)


def _formula(row: Indicator, known: Mapping[str, Indicator], units: Mapping[str, Unit]) -> Formula:
    try:
        formula = read_formula(row.formula or "", units, result=units[row.code])
    except FormulaProblem as problem:
        raise _refused(row, problem) from problem
    if not formula.figures:
        raise _refused(row, FormulaProblem("no_figures"))
    hidden = sorted(
        code
        for code in formula.codes
        if known[code].kept_by_id is not None and known[code].kept_by_id != row.kept_by_id
    )
    if hidden:
        raise DictionaryRefused(
            _("Công thức của chỉ số %(code)s dùng chỉ số riêng của cơ quan khác (%(names)s); chỉ dùng chỉ số chung.")
            % {"code": row.code, "names": ", ".join(hidden)},
            "formula",
        )
    return formula


def _refused(row: Indicator, problem: FormulaProblem) -> DictionaryRefused:
    words = formula_in_words(problem, title=f"{row.title} ({row.code})", text=row.formula or "")
    return DictionaryRefused(words, "formula")


def _check_names(row: Indicator, known: Mapping[str, Indicator]) -> None:
    for name in ("numerator", "denominator"):
        code = getattr(row, name)
        if code and code not in known:
            raise DictionaryRefused(
                _("Chỉ số %(code)s: %(name)s ghi mã “%(given)s” chưa có trong danh mục; kiểm tra lại mã.")
                % {"code": row.code, "name": name, "given": code},
                name,
            )


def _check_parts(
    row: Indicator, one: Mapping[str, Any], known: Mapping[str, Indicator], units: Mapping[str, Unit]
) -> None:
    unknown = [code for code in one["parts"] if code not in known or code == row.code]
    if unknown:
        raise DictionaryRefused(
            _("Chỉ số %(code)s chia theo “%(title)s”: thành phần %(names)s chưa có trong danh mục hoặc là chính nó.")
            % {"code": row.code, "title": one["title"], "names": ", ".join(unknown)},
            "breakdown",
        )
    other = [code for code in one["parts"] if units[code] != units[row.code]]
    if other:
        raise DictionaryRefused(
            _("Chỉ số %(code)s chia theo “%(title)s”: thành phần %(names)s khác đơn vị tính nên không cộng lại được.")
            % {"code": row.code, "title": one["title"], "names": ", ".join(other)},
            "breakdown",
        )
