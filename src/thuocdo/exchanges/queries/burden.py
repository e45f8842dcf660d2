"""What reporting costs: minutes by body and quarter, what was spared, and the records that a count is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet, Sum

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.calendars import Period
from thuocdo.exchanges.lifecycle import KINDS, Way
from thuocdo.exchanges.models import BurdenCount, DeliveredTask, ImportTally, RateVersion
from thuocdo.indicators.models import Measurement
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Report

SPARED = (Way.MACHINE, Way.TAKEN_OVER, Way.HANDED_ON)
# Records of one kind shown below the count that they make up.
MOST_SHOWN = 100


@dataclass(slots=True)
class Burden:
    """Fields by kind and way; minutes follow from the published rates."""

    rates: Mapping[str, int]
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def fields(self, *ways: str) -> int:
        """How many fields were filled in these ways; all of them when none is named."""
        return sum(count for (_kind, way), count in self.counts.items() if not ways or way in ways)

    def minutes(self, *ways: str) -> int:
        """The minutes that these fields cost, or would have cost."""
        return sum(
            count * self.rates.get(kind, 0) for (kind, way), count in self.counts.items() if not ways or way in ways
        )

    @property
    def typed(self) -> int:
        return self.fields(Way.TYPED)

    @property
    def typed_minutes(self) -> int:
        return self.minutes(Way.TYPED)

    @property
    def spared(self) -> int:
        return self.fields(*SPARED)

    @property
    def spared_minutes(self) -> int:
        return self.minutes(*SPARED)

    @property
    def spared_share(self) -> float | None:
        """The part of all minutes that nobody had to spend, from 0 to 1."""
        whole = self.minutes()
        return self.spared_minutes / whole if whole else None


def newest_rates() -> RateVersion | None:
    """The published minutes in force."""
    return RateVersion.objects.order_by("-pk").first()


def minutes_of(version: RateVersion | None) -> dict[str, int]:
    """Minutes by kind of field; without rates everything costs nothing."""
    return {one["kind"]: one["minutes"] for one in version.document["rate"]} if version is not None else {}


def burden_by_body(actor: Actor, period: str) -> dict[Body, Burden]:
    """For every body that the actor may see: its counts of the quarter; bodies without any are left out."""
    rates = minutes_of(newest_rates())
    found: dict[Body, Burden] = {}
    for row in _seen(actor).filter(period=period).select_related("body"):
        burden = found.setdefault(row.body, Burden(rates))
        burden.counts[row.kind, row.way] = row.count
    return found


def burden_of(body: Body, period: str) -> Burden:
    """The counts of one body for a quarter."""
    rows = BurdenCount.objects.filter(body=body, period=period)
    return Burden(minutes_of(newest_rates()), {(row.kind, row.way): row.count for row in rows})


def burden_by_period(actor: Actor, body: Body | None = None) -> dict[str, Burden]:
    """By quarter, oldest first: the counts of one body, or of all that the actor may see."""
    rates = minutes_of(newest_rates())
    rows = _seen(actor) if body is None else BurdenCount.objects.filter(body=body)
    found: dict[str, Burden] = {}
    sums = rows.values_list("period", "kind", "way").annotate(sum=Sum("count")).order_by("period")
    for period, kind, way, count in sums:
        found.setdefault(period, Burden(rates)).counts[kind, way] = count
    return found


def counted_at(period: str) -> datetime | None:
    """When the counts of a quarter last moved."""
    newest: datetime | None = BurdenCount.objects.filter(period=period).aggregate(at=Max("counted_at"))["at"]
    return newest


def body_seen(actor: Actor, code: str) -> Body | None:
    """The body of this code, when the actor may see what it is asked."""
    return bodies_within(actor, Permission.VIEW_TASKS).filter(code=code).first()


def _seen(actor: Actor) -> QuerySet[BurdenCount]:
    return BurdenCount.objects.filter(body__in=bodies_within(actor, Permission.VIEW_TASKS).values("pk"))


@dataclass(frozen=True, slots=True)
class Records:
    """The newest records behind a body's counts of a quarter, and how many there are of each kind."""

    reports: Sequence[Report]
    figures: Sequence[Any]
    lists: Sequence[ImportTally]
    deliveries: Sequence[Mapping[str, Any]]


def records_of(actor: Actor, body: Body, first: datetime, end: datetime) -> Records:
    """What the counts of a body are made of, newest first, at most a hundred of each kind."""
    reports = Report.objects.filter(task__lead=body, at__gte=first, at__lt=end).select_related("task")
    figures = (
        Measurement.objects.filter(body=body, batch__recorded_at__gte=first, batch__recorded_at__lt=end)
        .exclude(batch__is_derived=True)
        .select_related("indicator")
    )
    lists = ImportTally.objects.filter(body=body, at__gte=first, at__lt=end).select_related("run__mapping")
    deliveries = (
        DeliveredTask.objects.filter(body=body, delivery__at__gte=first, delivery__at__lt=end)
        .values("delivery__system__name", "delivery__at", "delivery")
        .annotate(tasks=Max("delivery__rows"), cells=Sum("cells"))
        .order_by("-delivery__at")
    )
    return Records(
        list(reports.order_by("-at", "-pk")[:MOST_SHOWN]),
        list(figures.order_by("-recorded_at", "-pk")[:MOST_SHOWN]),
        list(lists.order_by("-at", "-pk")[:MOST_SHOWN]),
        list(deliveries[:MOST_SHOWN]),
    )


def quarters_counted() -> set[str]:
    """The quarters that have counts."""
    return set(BurdenCount.objects.values_list("period", flat=True).distinct())


def kinds_in_words(version: RateVersion | None) -> list[dict[str, Any]]:
    """The published rates in the order of the kinds."""
    known = {one["kind"]: one for one in version.document["rate"]} if version is not None else {}
    return [known[kind] for kind in KINDS if kind in known]


def quarters_back(period: Period, number: int) -> list[Period]:
    """The quarter and those before it, newest first."""
    found = [period]
    while len(found) < number:
        found.append(found[-1].previous())
    return found
