"""What is behind a figure: its history, what each kind of source says, how fresh it is, its seal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.indicators.models import STRENGTH, Batch, Indicator, Kind, Landing, Measurement, Provenance, State
from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import entry_by_number
from thuocdo.organisations.models import Body


@dataclass(frozen=True, slots=True)
class SidesOfValue:
    """The four figures shown side by side, each the newest of its kind; None where nobody told one."""

    claimed: Measurement | None
    evidenced: Measurement | None
    verified: Measurement | None
    cross_checked: Measurement | None
    in_force: Measurement | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Claimed minus stronger value, in the unit; `is_beyond` when it exceeds the tolerance."""

    claimed: Measurement
    stronger: Measurement
    difference: Decimal
    is_beyond: bool


@dataclass(slots=True)
class Course:
    """How an indicator went at one body: values in force by label of the period (None: not applicable), and of the
    newest figure that others deliver the first day after its period and when it was recorded."""

    values: dict[str, float | None] = field(default_factory=dict)
    newest: tuple[date, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest value of a body's indicator: the end of its period and when it was recorded."""

    indicator_id: int
    body_id: int
    period_end: date
    recorded_at: datetime


def measurements(
    *,
    indicator: Indicator | None = None,
    body: Body | None = None,
    period: Period | None = None,
    ids: Iterable[int] | None = None,
    known_at: datetime | None = None,
) -> QuerySet[Measurement]:
    """Measurements with indicator and body, newest first; each given condition narrows the list."""
    found = Measurement.objects.select_related("indicator", "body", "batch").order_by("-recorded_at", "-pk")
    if indicator is not None:
        found = found.filter(indicator=indicator)
    if body is not None:
        found = found.filter(body=body)
    if period is not None:
        found = found.filter(period=period.label)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    if known_at is not None:
        found = found.filter(recorded_at__lte=known_at)
    return found


def _heads(found: QuerySet[Measurement], known_at: datetime | None) -> QuerySet[Measurement]:
    later = Measurement.objects.filter(supersedes=OuterRef("pk"))
    if known_at is not None:
        later = later.filter(recorded_at__lte=known_at)
    return found.filter(~Exists(later))


def _strongest(rows: Iterable[Measurement]) -> Measurement | None:
    """The value in force among rows of one period: strongest, final before provisional, newest."""
    standing = [row for row in rows if row.state != State.NULL]
    return max(standing, key=lambda row: (row.strength, row.kind == Kind.FINAL, row.recorded_at, row.pk), default=None)


def value_in_force(
    indicator: Indicator, body: Body, period: Period, *, known_at: datetime | None = None
) -> Measurement | None:
    """The measurement that counts for exactly this period."""
    rows = measurements(indicator=indicator, body=body, period=period, known_at=known_at)
    return _strongest(_heads(rows, known_at))


def series(indicator: Indicator, body: Body, *, known_at: datetime | None = None) -> list[Measurement]:
    """The value in force of every period for which there is one, oldest period first."""
    by_period: dict[str, list[Measurement]] = {}
    for row in _heads(measurements(indicator=indicator, body=body, known_at=known_at), known_at):
        by_period.setdefault(row.period, []).append(row)
    found = [best for rows in by_period.values() if (best := _strongest(rows)) is not None]
    return sorted(found, key=lambda row: (row.period_end, row.period_start))


def sides_of_value(
    indicator: Indicator, body: Body, period: Period, *, known_at: datetime | None = None
) -> SidesOfValue:
    """What was claimed, evidenced, verified and cross-checked for the period, and what is in force."""
    return sides_among(_heads(measurements(indicator=indicator, body=body, period=period, known_at=known_at), known_at))


def standing(
    *,
    indicator: Indicator,
    bodies: Iterable[Body],
    periods: Iterable[str] | None = None,
    known_at: datetime | None = None,
) -> QuerySet[Measurement]:
    """Rows of many bodies that nothing supersedes, as known at the moment; labels of periods narrow them."""
    found = measurements(indicator=indicator, known_at=known_at).filter(body__in=list(bodies))
    if periods is not None:
        found = found.filter(period__in=list(periods))
    return _heads(found, known_at)


def courses(
    indicator: Indicator, bodies: Iterable[Body], *, since: date, known_at: datetime | None = None
) -> dict[int, Course]:
    """By number of the body how an indicator went there, from the periods that end after a day; one query."""
    rows = _heads(measurements(indicator=indicator, known_at=known_at), known_at).filter(
        ~Q(state=State.NULL), body__in=list(bodies), period_end__gt=since
    )
    found: dict[int, Course] = {}
    best: dict[tuple[int, str], tuple[int, bool, datetime, int]] = {}
    for body, label, end, value, strength, kind, provenance, at, pk in rows.order_by().values_list(
        "body_id", "period", "period_end", "value", "strength", "kind", "provenance", "recorded_at", "pk"
    ):
        course = found.setdefault(body, Course())
        if provenance != Provenance.DERIVED or indicator.formula:
            course.newest = max(course.newest or (end, at), (end, at))
        merit = (strength, kind == Kind.FINAL, at, pk)
        if parse_period(label).kind != indicator.frequency or merit < best.get((body, label), merit):
            continue
        best[body, label] = merit
        course.values[label] = None if value is None else float(value)
    return found


def sides_among(rows: Iterable[Measurement]) -> SidesOfValue:
    """The four figures among the standing rows of one indicator, body and period."""
    rows = list(rows)

    def newest(*provenances: str, with_evidence: bool = False) -> Measurement | None:
        return _strongest(row for row in rows if row.provenance in provenances and (row.evidence or not with_evidence))

    return SidesOfValue(
        claimed=newest(Provenance.DECLARED),
        evidenced=newest(Provenance.DECLARED, with_evidence=True),
        verified=newest(Provenance.SYSTEM, Provenance.INDEPENDENT),
        cross_checked=newest(Provenance.CROSS_CHECKED),
        in_force=_strongest(rows),
    )


def gap(sides: SidesOfValue, indicator: Indicator) -> Gap | None:
    """The difference between the claimed and the strongest other value; None when one of them is missing."""
    stronger = _strongest(side for side in (sides.verified, sides.cross_checked) if side is not None)
    claimed = sides.claimed
    if claimed is None or stronger is None or claimed.value is None or stronger.value is None:
        return None
    difference = claimed.value - stronger.value
    return Gap(claimed, stronger, difference, abs(difference) > indicator.tolerance)


def freshness(
    *, bodies: Sequence[Body] | QuerySet[Body] | None = None, known_at: datetime | None = None, delivered: bool = True
) -> list[Freshness]:
    """The newest value of every body and indicator, in one query; `delivered` leaves derived values out."""
    found = Measurement.objects.filter(~Q(state=State.NULL))
    if bodies is not None:
        found = found.filter(body__in=bodies)
    if known_at is not None:
        found = found.filter(recorded_at__lte=known_at)
    if delivered:
        found = found.filter(~Q(provenance=Provenance.DERIVED))
    rows = found.values_list("indicator_id", "body_id").annotate(Max("period_end"), Max("recorded_at"))
    return [Freshness(*row) for row in rows]


def batches_between(after: int, until: int) -> QuerySet[Batch]:
    """Batches whose ledger entries lie in (after, until], oldest first."""
    return Batch.objects.filter(ledger__gt=after, ledger__lte=until).order_by("ledger")


def batches_by(owner: str) -> QuerySet[Batch]:
    """What one person or key recorded, newest first; batches of which all was refused are left out."""
    return Batch.objects.filter(owner=owner, ledger__isnull=False).order_by("-ledger")


def last_recorded(owners: Iterable[str]) -> dict[str, datetime]:
    """When each of the persons or keys recorded something for the last time."""
    found = Batch.objects.filter(owner__in=list(owners), ledger__isnull=False).values_list("owner")
    return dict(found.annotate(Max("recorded_at")))


def batch_by_ledger(number: int) -> Batch | None:
    """The batch that a ledger entry seals."""
    return Batch.objects.filter(ledger=number).first()


def root_of(batch: Batch) -> str:
    """The Merkle root computed anew from the stored rows; equals `batch.root` when nothing was changed."""
    rows = batch.measurements.order_by("pk").values_list(
        "indicator__code", "body__code", "period", "state", "value", "kind", "provenance", "inherits", "source",
        "external_id", "evidence", "standard_error", "sample_size", "reason",
    )  # fmt: skip
    return merkle_root([_seal(*row) for row in rows])


def _seal(*row: Any) -> str:
    """A row as the Merkle root covers it; what most rows lack stands at the end, where it is given at all."""
    told, (error, sample, reason) = row[:-3], row[-3:]
    plain = [*told[:4], written(told[4]), *told[5:]]
    if (error, sample, reason) != (None, None, None):
        plain += [written(error), "" if sample is None else str(sample), reason or ""]
    return "\x1f".join(plain)


def batch_of(owner: str, number: int) -> Batch | None:
    """A batch by its number, if the person or key sent it; with its landing, where it had one."""
    return Batch.objects.select_related("landing").filter(owner=owner, pk=number).first()


def landing_of_entry(number: int) -> int | None:
    """The number of the landed batch that a ledger entry acknowledges."""
    entry = entry_by_number(number)
    if entry is None or entry.event != Event.MEASUREMENTS_LANDED:
        return None
    return int(entry.subject.rpartition(":")[2])


def landings_waiting(*, landed_before: datetime) -> list[int]:
    """Numbers of batches that were acknowledged before the moment and are not recorded yet, oldest first."""
    found = Landing.objects.filter(finished_at__isnull=True, landed_at__lt=landed_before)
    return list(found.order_by("landed_at").values_list("batch_id", flat=True))


def written(value: Decimal | None) -> str:
    """A value as rows write it: no exponent, no trailing zeros; empty for none."""
    if value is None:
        return ""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


assert set(STRENGTH) | {Provenance.DERIVED} == set(Provenance), "every provenance needs a strength"  # noqa: S101
