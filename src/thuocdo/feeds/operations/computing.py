"""Computing figures from the landed events, and recording those that have changed with the partitions behind them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.canonical import digest
from thuocdo.feeds.metrics import Above, Result, compute, read_metrics
from thuocdo.feeds.metrics.declared import Additive, counts_cases
from thuocdo.feeds.models import Contribution, FeedState, Part
from thuocdo.feeds.queries.files import changed_partitions, folder_of, partition_digest, parts_in_force, place_of
from thuocdo.indicators.operations import record_measurements
from thuocdo.indicators.queries import Batch as Recorded
from thuocdo.indicators.queries import Indicator, Kind, Measurement, Provenance, State, indicators
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body, Descent, Hierarchy
from thuocdo.organisations.working_days import swapped_days

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computation did: up to which manifest, how many figures it gave, recorded and could not record."""

    manifest: int
    figures: int
    recorded: int
    refused: int


@transaction.atomic
def ask_recompute(*, actor: Actor, at: datetime, feed: FeedState) -> None:
    """Ask for all figures of the feed to be computed anew; the ledger's reaction does it."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    append(
        actor=actor.label,
        at=at,
        event=Event.RECOMPUTE_ASKED,
        subject=feed.label,
        data={"manifest": feed.manifest},
    )


def recompute(*, actor: Actor, at: datetime, feed: FeedState, everything: bool = False) -> Computed:
    """Compute the figures of the feed and record those that differ from what was recorded before.

    Only partitions whose files changed are read again; only figures that use a partition changed since the last
    computation are looked at, unless the declaration has changed or `everything` is asked for. A late event thus
    restates its figure: the new measurement supersedes the former one.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    state = FeedState.objects.get(pk=feed.pk)
    manifest, sealed = state.manifest, state.digest
    partitions = _partitions(state)
    is_whole = everything or state.computed_digest != sealed
    changed = frozenset(partitions if is_whole else changed_partitions(state, state.computed))
    figures = _figures(state, partitions) if changed and state.declaration.metrics else []
    told = [figure for figure in figures if changed.intersection(figure.partitions)]
    origin = _Origin(state.code, manifest, {period: partition_digest(parts) for period, parts in partitions.items()})
    with transaction.atomic():
        # Locked first, as whoever lands a batch does: two locks are always taken in one order.
        locked = FeedState.objects.select_for_update().get(pk=state.pk)
        if locked.computed > manifest or locked.digest != sealed:
            # Another computation knew more than this one; its figures stand.
            return Computed(manifest, len(figures), 0, 0)
        counted = {
            metric.code
            for metric in read_metrics(state.declaration)
            if isinstance(metric, Additive) and counts_cases(metric)
        }
        rows = _rows(told, origin, timezone.localdate(at), counted)
        recorded, refused = 0, 0
        if rows:
            result = record_measurements(
                actor=actor, at=at, rows=[row for row, _used in rows], source=origin.source, on_error="keep_good"
            )
            recorded, refused = result.accepted, result.rejected
            for error in result.errors[:5]:
                logger.warning("feeds.figure.refused", feed=state.code, code=error["code"], message=error["message"])
            if result.ledger is not None:
                _contribute(locked, result.ledger, rows, partitions, manifest, at)
        locked.computed = manifest
        locked.computed_digest, locked.computed_at = sealed, at
        locked.save(update_fields=["computed", "computed_digest", "computed_at"])
    return Computed(manifest, len(figures), recorded, refused)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the figures of a computation come from."""

    code: str
    manifest: int
    digests: Mapping[str, str]

    @property
    def source(self) -> str:
        """How measurements name the feed: always alike, so that a new figure supersedes the former one."""
        return f"feed:{self.code}"

    def evidence(self, partitions: Iterable[str]) -> str:
        """One digest over the files that a figure was made from."""
        return digest({period: self.digests[period] for period in partitions if period in self.digests})


def _partitions(state: FeedState) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts_in_force(state):
        found.setdefault(part.period, []).append(part)
    return found


def _figures(state: FeedState, partitions: Mapping[str, Sequence[Part]]) -> list[Result]:
    from thuocdo.feeds.metrics.engines import engine_named

    folder = folder_of(state.code)
    with engine_named(
        settings.FEEDS_ENGINE,
        threads=settings.FEEDS_THREADS,
        memory_mb=settings.FEEDS_MEMORY,
        temp=folder / "spill",
    ) as engine:
        return compute(
            state.declaration,
            {period: [place_of(part) for part in parts] for period, parts in partitions.items()},
            kept=folder / "partials",
            engine=engine,
            overrides=swapped_days(),
            above=_above() if state.declaration.rolls_up else None,
        )


def _above() -> Above:
    """In whose figures the events of a body count: of the bodies above it by territory on the last day of a period."""
    found = Descent.objects.filter(hierarchy=Hierarchy.TERRITORIAL).order_by("pk")
    lines = list(found.values_list("descendant__code", "ancestor__code", "valid_from", "valid_to"))

    def pairs(period: Period) -> list[tuple[str, str]]:
        day = period.last_day
        return [(below, up) for below, up, since, until in lines if since <= day and (until is None or day < until)]

    return pairs


def _rows(
    figures: Sequence[Result], origin: _Origin, on: date, counted: Collection[str] = ()
) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """A row for each figure that differs from the one recorded last, with the partitions it uses.

    Of figures in `counted` the denominator is a number of cases, on which the figure rests.
    """
    known = {one.code: one for one in indicators(codes=sorted({figure.indicator for figure in figures}))}
    groups = dict(Body.objects.values_list("code", "peer_group"))
    periods: dict[str, Period] = {}
    so_far = _so_far(list(known.values()), {figure.period for figure in figures}, origin.source)
    rows: list[tuple[dict[str, Any], tuple[str, ...]]] = []
    for figure in figures:
        indicator = known.get(figure.indicator)
        group = groups.get(figure.body)
        if indicator is None or group is None or not (group == "" or indicator.applies(group)):
            continue
        period = periods.setdefault(figure.period, parse_period(figure.period))
        if period.start > on:
            continue
        kind = Kind.PROVISIONAL if on < period.end else Kind.FINAL
        if so_far.get((figure.indicator, figure.body, figure.period, kind), _NOTHING) == figure.value:
            continue
        row: dict[str, Any] = {
            "indicator": figure.indicator,
            "body": figure.body,
            "period": figure.period,
            "value": None if figure.value is None else format(figure.value.normalize(), "f"),
            "state": State.VALUE if figure.value is not None else State.NOT_APPLICABLE,
            "kind": kind,
            "provenance": Provenance.SYSTEM,
            "external_id": f"{origin.code}@{origin.manifest}",
            "evidence": origin.evidence(figure.partitions),
        }
        if figure.indicator in counted and figure.denominator is not None and figure.denominator > 0:
            row["sample_size"] = int(figure.denominator)
        rows.append((row, figure.partitions))
    return rows


_NOTHING = object()


def _so_far(
    columns: Sequence[Indicator], periods: set[str], source: str
) -> dict[tuple[str, str, str, str], Decimal | None]:
    """The newest figure that the feed gave for every indicator, body, period and kind."""
    rows = (
        Measurement.objects.filter(
            indicator__in=columns, period__in=periods, provenance=Provenance.SYSTEM, source=source,
            superseded_by__isnull=True,
        )
        .order_by("recorded_at", "pk")
        .values_list("indicator__code", "body__code", "period", "kind", "value")
    )  # fmt: skip
    return {(code, body, period, kind): value for code, body, period, kind, value in rows}


def _contribute(
    state: FeedState,
    ledger: int,
    rows: Sequence[tuple[dict[str, Any], tuple[str, ...]]],
    partitions: Mapping[str, Sequence[Part]],
    manifest: int,
    at: datetime,
) -> None:
    """Write down which partitions the recorded figures of each period come from."""
    recorded = Recorded.objects.get(ledger=ledger)
    used: dict[str, set[str]] = {}
    counted: dict[str, int] = {}
    for row, months in rows:
        used.setdefault(row["period"], set()).update(months)
        counted[row["period"]] = counted.get(row["period"], 0) + 1
    Contribution.objects.bulk_create(
        Contribution(
            feed=state,
            recorded=recorded,
            period=period,
            manifest=manifest,
            partitions=[
                {
                    "period": month,
                    "rows": sum(part.rows for part in partitions[month]),
                    "parts": len(partitions[month]),
                    "digest": partition_digest(partitions[month]),
                }
                for month in sorted(months)
                if month in partitions
            ],
            engine=settings.FEEDS_ENGINE or "duckdb",
            figures=counted[period],
            computed_at=at,
        )
        for period, months in sorted(used.items())
    )
