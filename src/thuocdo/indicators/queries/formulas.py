"""The formulas of the dictionary, read: what each is over, in which order they are computed, what held on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from thuocdo.engine.formulas import Formula, FormulaProblem, Unit, in_order, read_formula, read_unit
from thuocdo.indicators.models import Followed, Indicator, IndicatorVersion, Input, Measurement

# What a measurement names as its source when a formula gave it.
SOURCE = "formula"


@dataclass(slots=True)
class Book:
    """The indicators that are computed or stand in a formula, by code with their units; the formulas as they held."""

    indicators: Mapping[str, Indicator]
    units: Mapping[str, Unit]
    # code → texts by the first day on which they held, oldest first; the first holds from ever.
    texts: Mapping[str, list[tuple[date | None, str]]]
    _read: dict[tuple[str, str], Formula | None] = field(default_factory=dict)
    _order: dict[tuple[tuple[str, str], ...], list[str]] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """Indicators that are computed, now or formerly."""
        return frozenset(self.texts)

    @property
    def needed(self) -> frozenset[str]:
        """Indicators that some formula, in force or a former one, is over."""
        found = (self.read(code, text) for code, texts in self.texts.items() for _, text in texts)
        return frozenset(name for formula in found if formula is not None for name in formula.codes)

    def text_at(self, code: str, day: date) -> str:
        """The formula that held on the day; empty for none."""
        found = ""
        for since, text in self.texts.get(code, ()):
            if since is None or since <= day:
                found = text
        return found

    def at(self, day: date) -> dict[str, Formula]:
        """The formulas of the day by code, each after those it is over; those that cannot be read are left out."""
        texts = {code: self.text_at(code, day) for code in self.texts}
        read = {code: formula for code, text in texts.items() if text and (formula := self.read(code, text))}
        key = tuple(sorted((code, texts[code]) for code in read))
        if key not in self._order:
            self._order[key] = in_order(read)
        return {code: read[code] for code in self._order[key]}

    def read(self, code: str, text: str) -> Formula | None:
        """The formula of a text; None where it cannot be read any more, as when an indicator's unit was corrected."""
        key = (code, text)
        if key not in self._read:
            try:
                self._read[key] = read_formula(text, self.units, result=self.units[code]) if text else None
            except FormulaProblem:
                # It could be read when it was loaded; what it is over has changed since, and the page says so.
                self._read[key] = None
        return self._read[key]


def formula_book() -> Book:
    """All formulas, present and former, in three queries (one where there are none).

    Of the bodies' own indicators, of which there may be a hundred thousand, only those that take part.
    """
    computed = list(Indicator.objects.exclude(formula=None).exclude(formula="").order_by("pk"))
    if not computed:
        return Book(indicators={}, units={}, texts={})
    versions: dict[int, list[IndicatorVersion]] = {}
    for version in IndicatorVersion.objects.filter(indicator__in=computed).order_by("version"):
        versions.setdefault(version.indicator_id, []).append(version)
    texts = {row.code: _texts(row, versions.get(row.pk, [])) for row in computed}
    known = {row.code: row for row in computed}
    named = frozenset(name for held in texts.values() for _, text in held for name in names_in(text))
    known |= {row.code: row for row in Indicator.objects.filter(code__in=named - known.keys())}
    return Book(indicators=known, units={code: read_unit(row.unit) for code, row in known.items()}, texts=texts)


def _texts(row: Indicator, versions: list[IndicatorVersion]) -> list[tuple[date | None, str]]:
    """The formulas by first day; a later version from the same or an earlier day replaces what was written before."""
    found: list[tuple[date | None, str]] = []
    for version in versions:
        since = version.valid_from
        while found and (since is None or (found[-1][0] is not None and found[-1][0] >= since)):
            found.pop()
        found.append((since, str(version.content.get("formula") or "")))
    if not found:
        return [(None, row.formula or "")]
    # Before its first version a definition is taken to have meant the same, or past figures had no formula at all.
    return [(None, found[0][1]), *found[1:]]


def used_by(code: str) -> list[Indicator]:
    """Indicators whose formula in force is over the given one, in the order of the dictionary."""
    rows = Indicator.objects.exclude(formula=None).exclude(formula="").order_by("pk")
    return [row for row in rows if code in names_in(row.formula or "")]


def names_in(text: str) -> frozenset[str]:
    """The names that stand in a formula, functions and signs left out; nothing for a text that is no formula."""
    units = _Anything()
    try:
        return read_formula(text, units).codes
    except FormulaProblem:
        return frozenset()


class _Anything(dict[str, Unit]):
    """Every name is a number: for asking which names stand in a formula, whatever their units."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> Unit:
        return Unit()


def inputs_of(measurement: Measurement) -> list[Measurement]:
    """The figures from which a computed one was computed, as they stand; former ones where none stands any more."""
    found = list(
        Measurement.objects.filter(used_in__measurement=measurement)
        .select_related("indicator", "body", "batch")
        .order_by("indicator__code", "period_start", "pk")
    )
    replaced = set(
        Measurement.objects.filter(supersedes__in=[row.pk for row in found]).values_list("supersedes_id", flat=True)
    )
    return [row for row in found if row.pk not in replaced] or found


def has_inputs(measurements: Iterable[Measurement]) -> set[int]:
    """Ids of those measurements of which it is known what they were computed from."""
    ids = [row.pk for row in measurements]
    return set(Input.objects.filter(measurement__in=ids).values_list("measurement_id", flat=True))


def followed(job: str) -> int:
    """The newest entry of the ledger that a kind of job of this room has followed; 0 at first."""
    return Followed.objects.filter(job=job).values_list("number", flat=True).first() or 0
