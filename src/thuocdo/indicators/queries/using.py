"""Who uses a figure: the computed figures in which it is an input, and the figure as it stood at a moment."""

from collections.abc import Iterable

from thuocdo.indicators.models import Measurement


def computed_with(measurement: Measurement, *, limit: int = 50) -> list[Measurement]:
    """Figures that were computed from this one and stand, by indicator and body."""
    found = Measurement.objects.filter(inputs__of=measurement, superseded_by__isnull=True)
    return list(
        found.select_related("indicator", "body").order_by("indicator__code", "body__code", "period_start")[:limit]
    )


def replacements(rows: Iterable[Measurement]) -> dict[int, Measurement]:
    """The row that replaced each of these, by the number of the replaced one, among the given rows."""
    return {row.supersedes_id: row for row in rows if row.supersedes_id is not None}
