"""Loading the dictionary of indicators and the targets of a pack; loading the same again changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.canonical import digest
from thuocdo.engine.spelling import nfc
from thuocdo.indicators.models import Frequency, Indicator, Openness, Provenance, Target, TargetPoint
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies_by_code

Described = Mapping[str, Any]


class DictionaryRefused(ValueError):
    """Entries that cannot be loaded; the message names the entry, the field and the remedy."""


@transaction.atomic
def load_indicators(
    *, actor: Actor, at: datetime, entries: Sequence[Described], valid_from: date | None = None
) -> list[Indicator]:
    """Load the `[[indicator]]` tables of a pack; gives those that are new or changed.

    A changed definition raises the indicator's version. `target_path` is a list of (year, value). Raises
    DictionaryRefused before anything is written.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    owners = _owners(entries)
    known = {row.code: row for row in Indicator.objects.filter(code__in=[_code(one) for one in entries])}
    changed: list[Indicator] = []
    for entry in entries:
        row = known.get(_code(entry), Indicator(code=_code(entry), version=0))
        sealed = digest(_exact(entry))
        if row.digest == sealed:
            continue
        _describe(row, entry, owners)
        row.version, row.digest = row.version + 1, sealed
        row.valid_from = valid_from or row.valid_from
        row.save()
        if "target_path" in entry:
            _draw_path(row, [(str(year), value) for year, value in entry["target_path"]])
        changed.append(row)
    if changed:
        append(
            actor=actor.label,
            at=at,
            event=Event.INDICATORS_LOADED,
            subject="indicators",
            data={
                "indicators": len(changed),
                "root": digest([[row.code, row.version, row.digest] for row in changed]),
            },
        )
    return changed


@transaction.atomic
def load_targets(*, actor: Actor, at: datetime, entries: Sequence[Described]) -> list[Target]:
    """Load the `[[target]]` tables of a pack; gives those that are new or changed.

    A target with a number becomes an indicator of the same code, measured at the body that answers for the
    figure, with a path through its baseline. A judged one (state, group) stands alone.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    owners = _owners(entries)
    known = {row.code: row for row in Target.objects.filter(code__in=[_code(one) for one in entries])}
    changed: list[Target] = []
    for entry in entries:
        row = known.get(_code(entry), Target(code=_code(entry)))
        sealed = digest(_exact(entry))
        if row.digest == sealed:
            continue
        _demand(row, entry, owners)
        row.digest = sealed
        row.indicator = None if row.text else _indicator_of_target(row, sealed)
        row.save()
        changed.append(row)
    if changed:
        append(
            actor=actor.label,
            at=at,
            event=Event.INDICATORS_LOADED,
            subject="targets",
            data={"targets": len(changed), "root": digest([[row.code, row.digest] for row in changed])},
        )
    return changed


@transaction.atomic
def set_path(
    *, actor: Actor, at: datetime, indicator: Indicator, points: Sequence[tuple[str, Decimal]], body: Body | None = None
) -> list[TargetPoint]:
    """Set the levels due at the ends of periods, for one body or for all; replaces the former path."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    rows = _draw_path(indicator, points, body)
    append(
        actor=actor.label,
        at=at,
        event=Event.INDICATORS_LOADED,
        subject=indicator.label,
        data={"path": [[row.period, row.value] for row in rows], "body": body.code if body else None},
    )
    return rows


def _code(entry: Described) -> str:
    code = entry.get("code")
    if not isinstance(code, str) or not code:
        raise DictionaryRefused(f"An entry has no code: {entry!r}; give it one.")
    return code


def _exact(value: Any) -> Any:
    """The entry with decimals instead of floats, which have no canonical form."""
    match value:
        case float():
            return Decimal(repr(value))
        case Mapping():
            return {key: _exact(item) for key, item in value.items()}
        case list() | tuple():
            return [_exact(item) for item in value]
    return value


def _owners(entries: Sequence[Described]) -> dict[str, Body]:
    codes = [_code(entry) for entry in entries]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise DictionaryRefused(f"The codes {', '.join(twice)} occur more than once; give each entry its own.")
    owners = bodies_by_code(str(entry["owner"]) for entry in entries if entry.get("owner"))
    for entry in entries:
        if entry.get("owner") and entry["owner"] not in owners:
            raise DictionaryRefused(
                f"{_code(entry)} belongs to {entry['owner']}, which is not a body; load the bodies first."
            )
    return owners


def _number(entry: Described, key: str) -> Decimal | None:
    value = entry.get(key)
    return None if value is None else Decimal(str(value))


def _choice(entry: Described, key: str, options: Sequence[str], default: str | None = None) -> str:
    value = entry.get(key, default)
    if value not in options:
        raise DictionaryRefused(f"{_code(entry)}: {key} is {value!r}; use one of {', '.join(options)}.")
    return str(value)


def _words(entry: Described, key: str) -> tuple[str, str]:
    """The Vietnamese and the English text of a field; one text stands for both."""
    value = entry.get(key, "")
    if isinstance(value, Mapping):
        return nfc(str(value.get("vi", ""))), str(value.get("en", value.get("vi", "")))
    return nfc(str(value)), nfc(str(value))


def _describe(row: Indicator, entry: Described, owners: Mapping[str, Body]) -> None:
    row.title, row.title_en = _words(entry, "title")
    row.definition, row.definition_en = _words(entry, "definition")
    row.unit, row.unit_en = _words(entry, "unit")
    if not row.title:
        raise DictionaryRefused(f"{row.code} has no title; write title = {{ vi = …, en = … }}.")
    row.direction = int(entry.get("direction", 1))
    row.comparator = str(entry.get("comparator", ""))
    row.lower, row.upper = _number(entry, "lower"), _number(entry, "upper")
    row.target = _number(entry, "target")
    row.tolerance = _number(entry, "tolerance") or Decimal(0)
    row.frequency = _choice(entry, "frequency", Frequency.values)
    row.provenance_expected = _choice(entry, "provenance_expected", Provenance.values, Provenance.DECLARED)
    row.owner = owners[entry["owner"]] if entry.get("owner") else None
    row.openness = _choice(entry, "public", Openness.values, Openness.PUBLIC)
    row.applies_to = list(entry.get("applies_to", []))
    row.derived_from = str(entry.get("derived_from", ""))


def _demand(row: Target, entry: Described, owners: Mapping[str, Body]) -> None:
    row.title, row.title_en = _words(entry, "title")
    row.unit, row.unit_en = _words(entry, "unit")
    row.comparator = _choice(entry, "comparator", Target.Comparator.values)
    row.direction = int(entry.get("direction", 1))
    row.low, row.high = _number(entry, "low"), _number(entry, "high")
    is_judged = row.comparator in (Target.Comparator.STATE, Target.Comparator.GROUP)
    row.text = nfc(str(entry.get("value", ""))) if is_judged else ""
    row.value = None if is_judged else _number(entry, "value")
    row.year, row.every_year = int(entry["year"]), bool(entry.get("every_year", False))
    baseline = entry.get("baseline") or {}
    row.baseline, row.baseline_year = _number(baseline, "value"), baseline.get("year")
    row.owner = owners[entry["owner"]] if entry.get("owner") else None
    row.frequency = _choice(entry, "frequency", Frequency.values)


def _indicator_of_target(target: Target, sealed: str) -> Indicator:
    indicator, _ = Indicator.objects.get_or_create(
        code=target.code, defaults={"version": 0, "frequency": target.frequency}
    )
    indicator.version, indicator.digest = indicator.version + 1, sealed
    indicator.title, indicator.title_en = target.title, target.title_en
    indicator.unit, indicator.unit_en = target.unit, target.unit_en
    indicator.direction, indicator.comparator = target.direction, target.comparator
    indicator.frequency, indicator.owner = target.frequency, target.owner
    indicator.provenance_expected = Provenance.DECLARED
    # An interval counts as reached at its near end.
    indicator.target = target.value if target.value is not None else target.low
    indicator.save()
    points = [(str(target.year), indicator.target)]
    if target.baseline is not None and target.baseline_year is not None and target.baseline_year < target.year:
        points.insert(0, (str(target.baseline_year), target.baseline))
    _draw_path(indicator, points)
    return indicator


def _draw_path(indicator: Indicator, points: Sequence[tuple[str, Any]], body: Body | None = None) -> list[TargetPoint]:
    TargetPoint.objects.filter(indicator=indicator, body=body).delete()
    return TargetPoint.objects.bulk_create(
        [
            TargetPoint(
                indicator=indicator,
                body=body,
                period=parse_period(label).label,
                due_date=parse_period(label).last_day,
                value=Decimal(str(value)),
            )
            for label, value in points
        ]
    )
