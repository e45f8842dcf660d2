"""Figures from raw events: metrics declared in the feed's file, computed as Ibis expressions on DuckDB or Spark.

Kept: nothing but sums of partitions in a folder the caller names. The libraries are loaded when something is computed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from thuocdo.engine.calendars import parse_period

from .declared import Above, Declaration, Metric, read_metrics
from .predicates import MetricError
from .results import Result, results_of

if TYPE_CHECKING:
    from .engines import Engine

__all__ = ["Above", "Declaration", "Metric", "MetricError", "Result", "compute", "read_metrics"]


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
    from .computing import figures, partitions_of

    tables = figures(feed, partitions, periods=periods, kept=kept, engine=engine, overrides=overrides, above=above)
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
