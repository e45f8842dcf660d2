"""Recording the figures of a computation that are new, with the partitions behind them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

import structlog
from django.conf import settings
from django.utils import timezone

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.canonical import digest
from thuocdo.feeds.metrics import Result, Updated, read_metrics
from thuocdo.feeds.metrics.declared import Additive, counts_cases
from thuocdo.feeds.models import Contribution, FeedState, Part
from thuocdo.feeds.queries.files import partition_digest
from thuocdo.indicators.operations import record_measurements
from thuocdo.indicators.queries import Batch as Recorded
from thuocdo.indicators.queries import Kind, Measurement, Provenance, State, indicators
from thuocdo.organisations.models import Body

logger = structlog.get_logger(__name__)
# So many rows are recorded at once at most, and those of one period more: what waits stands in memory.
MOST_ROWS = 100_000
# Indicator and body of a figure; and its state, value and number of cases.
Cell = tuple[str, str]
Told = tuple[str, Decimal | None, int | None]
# A row to be recorded, and the partitions it comes from.
Row = tuple[dict[str, Any], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the figures of a computation come from."""

    code: str
    manifest: int
    partitions: Mapping[str, Sequence[Part]]
    digests: Mapping[str, str]

    @classmethod
    def of(cls, state: FeedState, partitions: Mapping[str, Sequence[Part]]) -> Self:
        """The feed as it stands, with these files in force."""
        digests = {period: partition_digest(parts) for period, parts in partitions.items()}
        return cls(state.code, state.manifest, partitions, digests)

    @property
    def source(self) -> str:
        """How measurements name the feed: always alike, so that a new figure supersedes the former one."""
        return f"feed:{self.code}"

    def evidence(self, partitions: Iterable[str]) -> str:
        """One digest over the files that a figure was made from."""
        return digest({period: self.digests[period] for period in partitions if period in self.digests})


@dataclass(slots=True)
class Done:
    """How many figures were recorded and could not be, and of which periods the latter are."""

    recorded: int = 0
    refused: int = 0
    again: set[str] = field(default_factory=set)


def record(actor: Actor, at: datetime, state: FeedState, updated: Updated, origin: Origin) -> Done:
    """Record what differs from before, period by period, some hundred thousand rows at once."""
    done, rows = Done(), list[Row]()
    news = _News(state, origin, timezone.localdate(at))
    for period in updated.periods:
        rows += news.rows(updated, period)
        if rows and (len(rows) >= MOST_ROWS or period == updated.periods[-1]):
            result = record_measurements(
                actor=actor, at=at, rows=[row for row, _used in rows], source=origin.source, on_error="keep_good"
            )
            for error in result.errors[:5]:
                logger.warning("feeds.figure.refused", feed=state.code, code=error["code"], message=error["message"])
            if result.ledger is not None:
                _contribute(state, result.ledger, rows, origin, at)
            done.recorded += result.accepted
            done.refused += result.rejected
            done.again |= {row["period"] for row, _used in rows} if result.rejected else set()
            rows = []
    return done


class _News:
    """What of the figures is new, held against what the feed said before."""

    def __init__(self, state: FeedState, origin: Origin, on: date) -> None:
        self.origin, self.on = origin, on
        self.indicators = {one.code: one for one in indicators(codes=sorted(state.declaration.metrics))}
        self.groups = dict(Body.objects.values_list("code", "peer_group"))
        # Of these the denominator is a number of cases, on which the figure rests.
        self.counted = {
            metric.code
            for metric in read_metrics(state.declaration)
            if isinstance(metric, Additive) and counts_cases(metric)
        }

    def rows(self, updated: Updated, label: str) -> list[Row]:
        """A row for each figure of the period that differs from the one recorded last, with the partitions it uses.

        What was recorded and has no event left is withdrawn, for nothing is not zero.
        """
        period, months = parse_period(label), updated.months(label)
        if period.start > self.on:
            return []
        kind = Kind.PROVISIONAL if self.on < period.end else Kind.FINAL
        so_far = self._so_far(label, months)
        rows: list[Row] = []
        for figure in updated.results(label):
            former = so_far.pop((figure.indicator, figure.body), {})
            told = (
                State.VALUE.value if figure.value is not None else State.NOT_APPLICABLE.value,
                figure.value,
                self._cases(figure),
            )
            if self._may_stand(figure) and former.get(kind) != told:
                rows.append(self._row(figure.indicator, figure.body, label, kind, told, months[figure.indicator]))
        for (code, body), kinds in so_far.items():
            rows += [
                self._row(code, body, label, one, (State.NULL.value, None, None), months[code])
                for one, (status, _value, _cases) in kinds.items()
                if status != State.NULL
            ]
        return rows

    def _may_stand(self, figure: Result) -> bool:
        indicator, group = self.indicators.get(figure.indicator), self.groups.get(figure.body)
        return indicator is not None and group is not None and (group == "" or indicator.applies(group))

    def _cases(self, figure: Result) -> int | None:
        if figure.indicator in self.counted and figure.denominator is not None and figure.denominator > 0:
            return int(figure.denominator)
        return None

    def _row(self, code: str, body: str, label: str, kind: str, told: Told, used: tuple[str, ...]) -> Row:
        state, value, cases = told
        row: dict[str, Any] = {
            "indicator": code,
            "body": body,
            "period": label,
            "value": None if value is None else format(value.normalize(), "f"),
            "state": state,
            "kind": kind,
            "provenance": Provenance.SYSTEM,
            "external_id": f"{self.origin.code}@{self.origin.manifest}",
            "evidence": self.origin.evidence(used),
        }
        if cases is not None:
            row["sample_size"] = cases
        return row, used

    def _so_far(self, label: str, codes: Collection[str]) -> dict[Cell, dict[str, Told]]:
        """The newest figure that the feed gave for each of the indicators and every body in the period, by its kind."""
        columns = [one for code, one in self.indicators.items() if code in codes]
        rows = (
            Measurement.objects.filter(
                indicator__in=columns, period=label, provenance=Provenance.SYSTEM,
                source=self.origin.source, superseded_by__isnull=True,
            )
            .order_by("recorded_at", "pk")
            .values_list("indicator__code", "body__code", "kind", "state", "value", "sample_size")
        )  # fmt: skip
        found: dict[Cell, dict[str, Told]] = {}
        for code, body, kind, state, value, cases in rows:
            found.setdefault((code, body), {})[kind] = (state, value, cases)
        return found


def _contribute(
    state: FeedState,
    ledger: int,
    rows: Sequence[Row],
    origin: Origin,
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
            manifest=origin.manifest,
            partitions=[
                {
                    "period": month,
                    "rows": sum(part.rows for part in origin.partitions[month]),
                    "parts": len(origin.partitions[month]),
                    "digest": origin.digests[month],
                }
                for month in sorted(months)
                if month in origin.partitions
            ],
            engine=settings.FEEDS_ENGINE or "duckdb",
            figures=counted[period],
            computed_at=at,
        )
        for period, months in sorted(used.items())
    )
