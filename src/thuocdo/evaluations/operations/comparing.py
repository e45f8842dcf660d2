"""Holds declared values against stronger ones wherever figures came since the last time, and nowhere else."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period, parse_period
from thuocdo.engine.quality.gaps import flattery, gap
from thuocdo.engine.quality.gaps_inflation import capped
from thuocdo.evaluations.lifecycle import Kind
from thuocdo.evaluations.models import Comparison, Finding, Followed
from thuocdo.indicators.models import Batch, Indicator, Measurement, Provenance, State
from thuocdo.indicators.models import Kind as Finality
from thuocdo.indicators.queries import batches_between
from thuocdo.ledger.queries import newest_number

from .settling import CHUNK, Observed, Settled, settle, weight

COMPARE = "compare"
# Batches are taken together up to so many rows, so that a long backlog needs no more memory than a short one.
MOST_AT_ONCE = 100_000
# Bodies of one indicator and period that are compared in one transaction.
MOST_BODIES = 2000
COMPARED = (Provenance.DECLARED, Provenance.CROSS_CHECKED, Provenance.INDEPENDENT, Provenance.SYSTEM)


def compare(*, actor: Actor, at: datetime) -> Settled:
    """Open, change and close gap findings of every cell that was told of since the last run; gives what was done.

    The machine's job; one indicator and period is one transaction, so that a killed run goes on where it stopped.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    done, since, until = Settled(), followed(COMPARE), newest_number()
    for batches in _slices(batches_between(since, until).filter(is_derived=False).iterator()):
        cells: dict[tuple[int, str], set[int]] = defaultdict(set)
        told = Measurement.objects.filter(
            _is_declared(), batch__in=[one.pk for one in batches], provenance__in=COMPARED
        )
        for indicator, period, body in told.values_list("indicator_id", "period", "body_id").distinct():
            cells[indicator, period].add(body)
        known = Indicator.objects.in_bulk({indicator for indicator, _period in cells})
        for (indicator, period), bodies in sorted(cells.items()):
            ordered = sorted(bodies)
            for start in range(0, len(ordered), MOST_BODIES):
                some = ordered[start : start + MOST_BODIES]
                done.add(_compare_cells(known[indicator], parse_period(period), some, actor=actor, at=at))
        follow(COMPARE, batches[-1].ledger or since)
    follow(COMPARE, until)
    return done


def _is_declared() -> Exists:
    """Whether the cell of a row was ever declared: where it was not, nothing is held against anything.

    Machines send thousands of rows for cells that nobody declares; a transaction for each of them would hold up
    everybody who writes.
    """
    return Exists(
        Measurement.objects.filter(
            body=OuterRef("body"),
            indicator=OuterRef("indicator"),
            period_start=OuterRef("period_start"),
            period=OuterRef("period"),
            provenance=Provenance.DECLARED,
        )
    )


def followed(job: str) -> int:
    """The newest entry that a kind of job has followed; 0 at first."""
    return Followed.objects.filter(job=job).values_list("number", flat=True).first() or 0


@transaction.atomic
def follow(job: str, number: int) -> None:
    """Remember that a kind of job has followed every entry up to the number."""
    row, _is_new = Followed.objects.select_for_update().get_or_create(job=job)
    if row.number < number:
        row.number = number
        row.save(update_fields=["number"])


def _slices(batches: Iterable[Batch]) -> Iterator[Sequence[Batch]]:
    taken: list[Batch] = []
    rows = 0
    for one in batches:
        taken.append(one)
        rows += one.accepted
        if rows >= MOST_AT_ONCE:
            yield taken
            taken, rows = [], 0
    if taken:
        yield taken


@dataclass(frozen=True, slots=True)
class Head:
    """A standing value of a cell, with what decides which of several is in force."""

    number: int
    value: Decimal | None
    provenance: str
    merit: tuple[int, bool, datetime, int]


@transaction.atomic
def _compare_cells(
    indicator: Indicator, period: Period, bodies: Collection[int], *, actor: Actor, at: datetime
) -> Settled:
    # Two workers may meet at the same cells; the second waits here and then finds the first one's findings.
    Followed.objects.get_or_create(job=COMPARE)
    Followed.objects.select_for_update().get(job=COMPARE)
    declared, stronger = _sides(indicator, period, bodies)
    both = {body: (declared[body], stronger[body]) for body in declared if body in stronger}
    _keep(indicator, period, bodies, both)
    observed = [
        one
        for body, (told, other) in both.items()
        if (one := _observed(indicator, period, body, told, other)) is not None
    ]
    among = Finding.objects.filter(indicator=indicator, period=period.label, body__in=bodies)
    subject = f"indicator:{indicator.code}"
    done = settle(observed, among=among.filter(kind=Kind.GAP), actor=actor, at=at, subject=subject)
    done.add(_check_again(among.filter(kind=Kind.CHECKED), indicator, declared, actor=actor, at=at, subject=subject))
    return done


def _observed(indicator: Indicator, period: Period, body: int, told: Head, other: Head) -> Observed | None:
    if told.value is None or other.value is None:
        return None
    found = gap(told.value, other.value, tolerance=indicator.tolerance, direction=indicator.direction)
    if found is None:
        return None
    return Observed(
        cause=f"gap:{indicator.pk}:{body}:{period.label}",
        kind=Kind.GAP,
        body_id=body,
        indicator_id=indicator.pk,
        period=period.label,
        size=found.size,
        sign=found.sign,
        tolerance=indicator.tolerance,
        in_tolerances=found.in_tolerances,
        is_flattering=found.is_flattering,
        claimed_value=told.value,
        stronger_value=other.value,
        claimed_id=told.number,
        stronger_id=other.number,
        risk=weight(found.in_tolerances, found.is_flattering),
    )


def _check_again(
    checked: QuerySet[Finding],
    indicator: Indicator,
    declared: Mapping[int, Head],
    *,
    actor: Actor,
    at: datetime,
    subject: str,
) -> Settled:
    """Findings of samples: corrected once the body declares what the verifier found."""
    still = []
    for row in checked.filter(stronger_value__isnull=False):
        head = declared.get(row.body_id)
        if head is None or head.value is None or row.stronger_value is None:
            continue
        found = gap(head.value, row.stronger_value, tolerance=indicator.tolerance, direction=indicator.direction)
        if found is not None:
            still.append(
                Observed(
                    cause=row.cause,
                    kind=Kind.CHECKED,
                    body_id=row.body_id,
                    size=found.size,
                    sign=found.sign,
                    tolerance=indicator.tolerance,
                    in_tolerances=found.in_tolerances,
                    is_flattering=found.is_flattering,
                    claimed_value=head.value,
                    stronger_value=row.stronger_value,
                    claimed_id=head.number,
                    facts=row.facts,
                    risk=weight(found.in_tolerances, found.is_flattering),
                )
            )
    return settle(still, among=checked, actor=actor, at=at, subject=subject)


def _sides(indicator: Indicator, period: Period, bodies: Collection[int]) -> tuple[dict[int, Head], dict[int, Head]]:
    """The declared and the strongest other standing value of each body, in one query."""
    later = Measurement.objects.filter(supersedes=OuterRef("pk"))
    rows = (
        Measurement.objects.filter(
            ~Exists(later),
            indicator=indicator,
            period_start=period.start,
            period=period.label,
            body__in=bodies,
            provenance__in=COMPARED,
        )
        .exclude(state=State.NULL)
        .values_list("pk", "body_id", "value", "provenance", "strength", "kind", "recorded_at")
    )
    declared: dict[int, Head] = {}
    stronger: dict[int, Head] = {}
    for number, body, value, provenance, strength, kind, recorded_at in rows:
        head = Head(number, value, provenance, (strength, kind == Finality.FINAL, recorded_at, number))
        side = declared if provenance == Provenance.DECLARED else stronger
        if body not in side or side[body].merit < head.merit:
            side[body] = head
    return declared, stronger


def _keep(
    indicator: Indicator, period: Period, bodies: Collection[int], pairs: Mapping[int, tuple[Head, Head]]
) -> None:
    """Write the pairs of the cells, near or far, in place of what was there."""
    kept = Comparison.objects.filter(indicator=indicator, period=period.label, body__in=bodies)
    kept.exclude(body__in=list(pairs)).delete()
    rows = []
    for body, (told, other) in pairs.items():
        if told.value is None or other.value is None:
            continue
        signed = flattery(told.value, other.value, tolerance=indicator.tolerance, direction=indicator.direction)
        rows.append(
            Comparison(
                indicator=indicator,
                body_id=body,
                period=period.label,
                period_end=period.end,
                claimed_id=told.number,
                stronger_id=other.number,
                flattery=None if signed is None else capped(signed),
            )
        )
    Comparison.objects.bulk_create(
        rows,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["indicator", "period", "body"],
        update_fields=["claimed", "stronger", "flattery"],
    )
