"""Where a figure comes from: the partitions behind a measurement that a feed gave."""

from collections.abc import Iterable

from django.db.models import QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.feeds.models import Contribution, FeedState
from thuocdo.indicators.queries import Measurement, Openness


def origins_of(measurements: Iterable[Measurement]) -> dict[int, Contribution]:
    """For each measurement (by its number) that a feed gave, the partitions it was computed from."""
    rows = list(measurements)
    found = Contribution.objects.filter(recorded__in={row.batch_id for row in rows}).select_related("feed")
    by_place = {(one.recorded_id, one.period, f"feed:{one.feed.code}"): one for one in found}
    return {
        row.pk: by_place[row.batch_id, row.period, row.source]
        for row in rows
        if (row.batch_id, row.period, row.source) in by_place
    }


def partitions_of(measurement: Measurement) -> Contribution | None:
    """The partitions behind one measurement; None when no feed gave it."""
    return origins_of([measurement]).get(measurement.pk)


def contributions_of(feed: FeedState) -> QuerySet[Contribution]:
    """What was computed from a feed, newest first, with the batches of measurements it gave."""
    return Contribution.objects.filter(feed=feed).select_related("recorded").order_by("-computed_at", "-period")


def measurement_within(actor: Actor, number: int) -> Measurement | None:
    """The measurement of this number, for whoever sees the figures of its body; restricted ones are nobody's here."""
    seen = bodies_within(actor, Permission.VIEW_INDICATORS).values("pk")
    return (
        Measurement.objects.filter(pk=number, body__in=seen)
        .exclude(indicator__openness=Openness.RESTRICTED)
        .select_related("indicator", "body")
        .first()
    )
