"""From the sums of all partitions to the figures of each period, by the same kind of expressions, on DuckDB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from thuocdo.engine.calendars import Period

from .declared import Additive, Distinct, Flow, Metric, Percentile, Term
from .engines import Engine
from .sums import Plan


@dataclass(frozen=True, slots=True)
class Kept:
    """Files with the sums of the partitions: all blocks together, and by the names of the plan."""

    sums: Sequence[Path]
    counts: Mapping[str, Sequence[Path]]
    groups: Mapping[str, Sequence[Path]]


def month_index(period: Period) -> tuple[int, int]:
    """First and last month of a period, as 12 × year + month − 1."""
    last = period.last_day
    return period.start.year * 12 + period.start.month - 1, last.year * 12 + last.month - 1


def combined(
    engine: Engine, plan: Plan, metrics: tuple[Metric, ...], kept: Kept, periods: Sequence[Period]
) -> dict[str, pa.Table]:
    """For each metric a table of body, period, numerator and denominator; nothing for a body without any row."""
    months = ibis.memtable(
        [(period.label, *month_index(period)) for period in periods],
        schema={"period": "string", "first": "int64", "last": "int64"},
    )
    answers: dict[str, pa.Table] = {}
    if kept.sums and plan.terms:
        answers |= _additive(engine, plan, metrics, kept.sums, months)
    for (of, at, where), name in plan.counts.items():
        if kept.counts[name]:
            asked = [m for m in metrics if isinstance(m, Percentile) and (m.of, m.at, m.where) == (of, at, where)]
            answers |= _percentiles(engine, asked, kept.counts[name], months)
    labels = [period.label for period in periods]
    for (of_column, where), name in plan.groups.items():
        if kept.groups[name]:
            table = engine.read(kept.groups[name])
            table = table.filter(table.period.isin(labels))
            for metric in metrics:
                if isinstance(metric, Distinct) and (metric.of, metric.where) == (of_column, where):
                    numerator = table.most if metric.top else table.different
                    denominator = table.rows if metric.top else ibis.null("int64")
                    answers[metric.code] = table.select(
                        "body", "period", numerator=numerator, denominator=denominator
                    ).to_pyarrow()
    return answers


def _additive(
    engine: Engine, plan: Plan, metrics: tuple[Metric, ...], files: Sequence[Path], months: Any
) -> dict[str, pa.Table]:
    every = engine.read(files)
    there = {name: term for term, name in plan.terms.items() if name in every.columns}
    flows = [name for name, term in there.items() if isinstance(term, Flow)]
    stocks = [name for name in there if name not in flows]
    types = {name: every[name].type() for name in there}
    # Each event is in the flows of its own period, and in the stocks of every period from its month on.
    inside = every.join(months, (every.month >= months.first) & (every.month <= months.last))
    until = every.join(months, every.month <= months.last)
    halves = [
        parted.group_by("body", "period")
        .agg(**{name: parted[name].sum().cast(types[name]) for name in named})
        .mutate(**{name: ibis.null(types[name]) for name in there if name not in named})
        .select("body", "period", *there)
        for parted, named in ((inside, flows), (until, stocks))
        if named
    ]
    both = ibis.union(*halves, distinct=False)
    totals_of = both.group_by("body", "period").agg(**{name: both[name].sum().cast(types[name]) for name in there})
    with engine.held(totals_of) as totals:
        return {
            metric.code: totals.filter(_present(totals, metric.numerator + (metric.denominator or ()), plan))
            .select(
                "body",
                "period",
                numerator=_total(totals, metric.numerator, plan),
                denominator=ibis.null("int64")
                if metric.denominator is None
                else _total(totals, metric.denominator, plan),
            )
            .to_pyarrow()
            for metric in metrics
            if isinstance(metric, Additive)
        }


def _columns(totals: Any, terms: tuple[Term, ...], plan: Plan) -> list[Any]:
    return [totals[plan.terms[term]] for term in terms]


def _present(totals: Any, terms: tuple[Term, ...], plan: Plan) -> Any:
    return reduce(lambda first, second: first | second, (c.notnull() for c in _columns(totals, terms, plan)))


def _total(totals: Any, terms: tuple[Term, ...], plan: Plan) -> Any:
    return reduce(add, (column.coalesce(0) for column in _columns(totals, terms, plan)))


def _percentiles(engine: Engine, asked: list[Percentile], files: Sequence[Path], months: Any) -> dict[str, pa.Table]:
    """Nearest rank by counting: the first value at which the running count reaches the share of all."""
    every = engine.read(files)
    parted = every.join(months, (every.month >= months.first) & (every.month <= months.last))
    valued = parted.group_by("body", "period", "value").agg(rows=parted.rows.sum().cast("int64"))
    group = ["body", "period"]
    ranked = valued.mutate(
        reached=valued.rows.sum()
        .over(ibis.window(group_by=group, order_by="value", preceding=None, following=0))
        .cast("int64"),
        every=valued.rows.sum().over(ibis.window(group_by=group)).cast("int64"),
    )
    with engine.held(ranked) as held:
        return {
            metric.code: held.filter(held.reached * metric.share.denominator >= held.every * metric.share.numerator)
            .group_by(*group)
            .agg(numerator=lambda t: t.value.min())
            .mutate(denominator=ibis.null("int64"))
            .to_pyarrow()
            for metric in asked
        }
