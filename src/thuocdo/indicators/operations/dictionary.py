"""Loading the dictionary of indicators and the targets of a pack; loading the same again changes nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.engine.canonical import digest
from thuocdo.indicators.models import Indicator, Provenance, Target
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.queries import bodies_by_code

from .checking import check_together, is_measured, refuse_locked
from .describing import Described, DictionaryRefused, code_of, demand, describe, exact, owners_of, scale_of
from .paths import draw_path
from .versions import content_of, write_version


@transaction.atomic
def load_indicators(
    *, actor: Actor, at: datetime, entries: Sequence[Described], valid_from: date | None = None
) -> list[Indicator]:
    """Load the `[[indicator]]` tables of a pack; gives those that are new or changed.

    A changed definition is a new version, which holds from the entry's own `valid_from`, else from `valid_from` if
    that is later than the former version's first day, else from today on. `target_path` is a list of (period, value),
    `target_path_shape` says what is due between them, `paths` holds those of single bodies. Raises DictionaryRefused
    before anything is written.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    owners = owners_of(entries)
    known = {row.code: row for row in Indicator.objects.filter(code__in=[code_of(one) for one in entries])}
    changed: list[tuple[Indicator, Described]] = []
    for entry in entries:
        row = known.get(code_of(entry), Indicator(code=code_of(entry), version=0))
        sealed = digest(exact(entry))
        if row.digest == sealed:
            continue
        if row.kept_by_id is not None:
            raise DictionaryRefused(
                _("Mã %(code)s đã là chỉ số riêng của một cơ quan; đặt mã khác.") % {"code": row.code}
            )
        former = content_of(row) if row.version else {}
        describe(row, entry, owners)
        since = entry.get("valid_from") or _since(row, valid_from, at)
        refuse_locked(row, former, since)
        row.version, row.digest, row.valid_from = row.version + 1, sealed, since
        changed.append((row, entry))
    check_together([row for row, _ in changed])
    for row, entry in changed:
        row.save()
        write_version(row, actor=actor, at=at)
        _draw_paths(row, entry)
    if changed:
        rows = [row for row, _ in changed]
        append(
            actor=actor.label,
            at=at,
            event=Event.INDICATORS_LOADED,
            subject="indicators",
            data={
                "indicators": len(rows),
                "root": digest([[row.code, row.version, row.digest] for row in rows]),
                "formulas": [row.code for row in rows if row.formula],
            },
        )
    return [row for row, _ in changed]


def _since(row: Indicator, given: date | None, at: datetime) -> date | None:
    """From when a version holds that does not say so itself."""
    if not row.version:
        return given
    if given is not None and (row.valid_from is None or given > row.valid_from):
        return given
    # The same first day as before: an entry whose words were corrected, as long as nothing was measured by it.
    return max(timezone.localdate(at), row.valid_from or date.min) if is_measured(row) else given or row.valid_from


def _draw_paths(row: Indicator, entry: Described) -> None:
    shape = str(entry.get("target_path_shape", "linear"))
    if "target_path" in entry:
        draw_path(row, _points(row, entry["target_path"]), shape=shape)
    of_bodies = entry.get("paths", [])
    bodies = bodies_by_code(str(one.get("body", "")) for one in of_bodies)
    for one in of_bodies:
        body = bodies.get(str(one.get("body", "")))
        if body is None:
            raise DictionaryRefused(
                _("%(code)s: đường mục tiêu riêng ghi cho cơ quan “%(body)s”, chưa có trong hệ thống.")
                % {"code": row.code, "body": one.get("body", "")}
            )
        draw_path(row, _points(row, one.get("points", [])), body, shape=str(one.get("shape", shape)))


def _points(row: Indicator, given: Sequence[Sequence[Any]]) -> list[tuple[str, Any]]:
    for pair in given:
        try:
            label, _value = pair
            parse_period(str(label))
        except (PeriodError, ValueError) as error:
            raise DictionaryRefused(
                _("%(code)s: mốc %(pair)s của đường mục tiêu phải gồm kỳ (2026, 2026-Q3, 2026-09) và mức.")
                % {"code": row.code, "pair": list(pair)},
                "target_path",
            ) from error
    return [(str(label), value) for label, value in given]


@transaction.atomic
def load_targets(*, actor: Actor, at: datetime, entries: Sequence[Described]) -> list[Target]:
    """Load the `[[target]]` tables of a pack; gives those that are new or changed.

    A target with a number becomes an indicator of the same code, measured at the body that answers for the
    figure, with a path through its baseline, or the one that its `path` gives. A judged one (state, group) stands
    alone unless it has a `scale`, whose rungs are the values.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    owners = owners_of(entries)
    known = {row.code: row for row in Target.objects.filter(code__in=[code_of(one) for one in entries])}
    changed: list[Target] = []
    for entry in entries:
        row = known.get(code_of(entry), Target(code=code_of(entry)))
        sealed = digest(exact(entry))
        if row.digest == sealed:
            continue
        demand(row, entry, owners)
        row.digest = sealed
        is_measurable = row.value is not None or row.low is not None
        row.indicator = _indicator_of_target(row, entry, sealed, actor, at) if is_measurable else None
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


def _indicator_of_target(target: Target, entry: Described, sealed: str, actor: Actor, at: datetime) -> Indicator:
    indicator = Indicator.objects.filter(code=target.code).first() or Indicator(code=target.code, version=0)
    former = content_of(indicator) if indicator.version else {}
    since = _since(indicator, entry.get("valid_from"), at)
    indicator.title, indicator.title_en = target.title, target.title_en
    indicator.unit, indicator.unit_en = target.unit, target.unit_en
    indicator.direction, indicator.comparator = target.direction, target.comparator
    indicator.frequency, indicator.owner = target.frequency, target.owner
    indicator.provenance_expected = Provenance.DECLARED
    indicator.scale = scale_of(entry)
    # An interval counts as reached at its near end.
    indicator.target = target.value if target.value is not None else target.low
    refuse_locked(indicator, former, since)
    indicator.version, indicator.digest, indicator.valid_from = indicator.version + 1, sealed, since
    indicator.save()
    write_version(indicator, actor=actor, at=at)
    shape = str(entry.get("path_shape", "linear"))
    if entry.get("path"):
        draw_path(indicator, _points(indicator, entry["path"]), shape=shape)
        return indicator
    points: list[tuple[str, Decimal | None]] = [(str(target.year), indicator.target)]
    if target.baseline is not None and target.baseline_year is not None and target.baseline_year < target.year:
        points.insert(0, (str(target.baseline_year), target.baseline))
    draw_path(indicator, points, shape=shape)
    return indicator
