"""Where a figure comes from: the partitions behind a measurement that a feed gave."""

from collections.abc import Iterable

from thuocdo.feeds.models import Contribution
from thuocdo.indicators.queries import Measurement


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
