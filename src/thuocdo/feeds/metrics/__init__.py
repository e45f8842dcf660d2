"""Figures from raw events: metrics declared in the feed's file, computed as Ibis expressions on DuckDB or Spark.

Kept: nothing but sums of partitions in a folder the caller names. The libraries are loaded when something is computed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from thuocdo.engine.calendars import parse_period

from .declared import Above, Declaration, Metric, has_stock, read_metrics
from .predicates import MetricError
from .results import Result, results_of
from .standing import Standing, read_standing

if TYPE_CHECKING:
    import pyarrow as pa

    from .engines import Engine

__all__ = [
    "Above", "Declaration", "Metric", "MetricError", "Result", "Standing", "Updated", "compute", "read_metrics",
    "read_standing", "update",
]  # fmt: skip


def compute(
    feed: Declaration,
    partitions: Mapping[str, Sequence[Path]],
    *,
    periods: Sequence[str] | None = None,
    kept: Path | None = None,
    engine: "Engine | None" = None,
    overrides: Mapping[date, bool] | None = None,
    above: Above | None = None,
) -> list[Result]:
    """The figures of all metrics, bodies and periods; arguments as in `computing.figures`.

    Sorted by indicator, body and period. Raises MetricError for metrics or periods that cannot be computed.
    """
    from .computing import figures

    tables = figures(feed, partitions, periods=periods, kept=kept, engine=engine, overrides=overrides, above=above)
    return _results(feed, partitions, tables)


@dataclass(frozen=True, slots=True)
class Updated:
    """The figures of the periods that a change could touch, and what all figures now stand on.

    Figures of a metric and period are given whole: one that is not among them does not exist any more. Of the periods
    in `stocks` only the metrics with a stock in them were computed.
    """

    feed: Declaration
    partitions: Mapping[str, Sequence[Path]]
    periods: tuple[str, ...]
    stocks: frozenset[str]
    standing: Standing
    tables: "Mapping[str, pa.Table]"

    @property
    def figures(self) -> int:
        """How many figures there are in all these periods."""
        return sum(len(table) for table in self.tables.values())

    def results(self, period: str) -> list[Result]:
        """The figures of one of the periods, by indicator and body."""
        import pyarrow.compute as pc

        chosen = pc.field("period") == period
        return _results(self.feed, self.partitions, {code: one.filter(chosen) for code, one in self.tables.items()})

    def months(self, period: str) -> dict[str, tuple[str, ...]]:
        """For each indicator computed for the period the partitions from which its figures come."""
        from .computing import partitions_of

        when, metrics = parse_period(period), read_metrics(self.feed)
        computed = [one for one in metrics if period not in self.stocks or has_stock(one)]
        return {one.code: partitions_of(self.feed, one, when, self.partitions) for one in computed}


def update(
    feed: Declaration,
    partitions: Mapping[str, Sequence[Path]],
    *,
    since: Standing | None,
    also: Collection[str] = (),
    kept: Path | None = None,
    engine: "Engine | None" = None,
    overrides: Mapping[date, bool] | None = None,
    above: Above | None = None,
) -> Updated:
    """The figures that may differ from those of the standing `since`; arguments, errors as in `computing.renewed`."""
    from .computing import renewed

    found = renewed(
        feed, partitions, since=since, also=also, kept=kept, engine=engine, overrides=overrides, above=above
    )
    return Updated(feed, partitions, found.periods, found.stocks, found.standing, found.tables)


def _results(
    feed: Declaration, partitions: Mapping[str, Sequence[Path]], tables: "Mapping[str, pa.Table]"
) -> list[Result]:
    from .computing import partitions_of

    found: list[Result] = []
    for metric in read_metrics(feed):
        table = tables.get(metric.code)
        if table is None:
            continue
        labels = set(table.column("period").to_pylist())
        sources = {label: partitions_of(feed, metric, parse_period(label), partitions) for label in labels}
        columns = (table.column(name).to_pylist() for name in ("body", "period", "numerator", "denominator"))
        found += results_of(metric.code, zip(*columns, strict=True), metric.scale, sources)
    return sorted(found, key=lambda result: (result.indicator, result.body, parse_period(result.period)))
