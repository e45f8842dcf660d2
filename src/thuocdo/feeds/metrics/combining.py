"""From the sums of all partitions to the figures of each period, by the same kind of expressions, on DuckDB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from thuocdo.engine.calendars import Period

from .above import WHOLE, months_above
from .declared import Above, Additive, Distinct, Flow, Metric, Percentile, Term
from .engines import Engine
from .standing import month_index
from .sums import Plan


@dataclass(frozen=True, slots=True)
class Kept:
    """Files with the sums of the partitions: all blocks together, and by the names of the plan."""

    sums: Sequence[Path]
    counts: Mapping[str, Sequence[Path]]
    groups: Mapping[str, Sequence[Path]]


def combined(
    engine: Engine,
    plan: Plan,
    metrics: tuple[Metric, ...],
    kept: Kept,
    periods: Sequence[Period],
    above: Above | None = None,
) -> dict[str, pa.Table]:
    """For each metric a table of body, period, numerator and denominator; nothing for a body without any row.

    With `above` the sums and counts of a body count for the bodies above it, too; groups were made for them already.
    """
    spans = [month_index(period) for period in periods]
    if above is not None:
        months = months_above(engine, periods, spans, above)
    else:
        months = engine.small(
            pa.table({
                "period": pa.array([period.label for period in periods], pa.string()),
                "first": pa.array([first for first, _ in spans], pa.int64()),
                "last": pa.array([last for _, last in spans], pa.int64()),
            })
        )  # fmt: skip
    answers: dict[str, pa.Table] = {}
    if kept.sums and plan.terms:
        with engine.reading(kept.sums) as every:
            answers |= _additive(engine, plan, metrics, every, months)
    for (of, at, where), name in plan.counts.items():
        if kept.counts[name]:
            asked = [m for m in metrics if isinstance(m, Percentile) and (m.of, m.at, m.where) == (of, at, where)]
            with engine.reading(kept.counts[name]) as every:
                answers |= _percentiles(engine, asked, every, months)
    labels = [period.label for period in periods]
    for (of_column, where), name in plan.groups.items():
        if kept.groups[name]:
            asked_groups = [m for m in metrics if isinstance(m, Distinct) and (m.of, m.where) == (of_column, where)]
            with engine.reading(kept.groups[name]) as every:
                table = every.filter(every.period.isin(labels))
                for metric in asked_groups:
                    numerator = table.most if metric.top else table.different
                    denominator = table.rows if metric.top else ibis.null("int64")
                    answers[metric.code] = engine.rows(
                        table.select("body", "period", numerator=numerator, denominator=denominator)
                    )
    return answers


def _additive(
    engine: Engine, plan: Plan, metrics: tuple[Metric, ...], every: ir.Table, months: ir.Table
) -> dict[str, pa.Table]:
    there = {name: term for term, name in plan.terms.items() if name in every.columns}
    flows = [name for name, term in there.items() if isinstance(term, Flow)]
    stocks = [name for name in there if name not in flows]
    types = {name: every[name].type() for name in there}
    # Each event is in the flows of its own period, and in the stocks of every period from its month on.
    inside = _within(every, months)
    until = _within(every, months, until=True)
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
    asked = [metric for metric in metrics if isinstance(metric, Additive)]
    # One question for all metrics: to put each into words takes longer than to answer it.
    columns: dict[str, Any] = {}
    for metric in asked:
        columns[f"{metric.code} is there"] = _present(totals_of, metric.numerator + (metric.denominator or ()), plan)
        columns[f"{metric.code} above"] = _total(totals_of, metric.numerator, plan)
        if metric.denominator is not None:
            columns[f"{metric.code} below"] = _total(totals_of, metric.denominator, plan)
    whole = engine.rows(totals_of.select("body", "period", **columns))
    return {metric.code: _own(whole, metric) for metric in asked}


def _within(every: ir.Table, months: ir.Table, *, until: bool = False) -> ir.Table:
    """The rows of every period (or of all months until its end), under each body in whose figures they count."""
    dated = every.month <= months.last
    if not until:
        dated &= every.month >= months.first
    if WHOLE not in months.columns:
        return every.join(months, dated)
    joined = every.join(months, [every.body == months.part, dated])
    others = [name for name in every.columns if name != "body"]
    return joined.select("period", *others, body=joined[WHOLE])


def _own(whole: pa.Table, metric: Additive) -> pa.Table:
    """The columns of one metric, where it has any part."""
    rows = whole.filter(whole[f"{metric.code} is there"])
    below = pa.nulls(len(rows), pa.int64()) if metric.denominator is None else rows[f"{metric.code} below"]
    return pa.table({
        "body": rows["body"], "period": rows["period"],
        "numerator": rows[f"{metric.code} above"], "denominator": below,
    })  # fmt: skip


def _columns(totals: Any, terms: tuple[Term, ...], plan: Plan) -> list[Any]:
    return [totals[plan.terms[term]] for term in terms]


def _present(totals: Any, terms: tuple[Term, ...], plan: Plan) -> Any:
    return reduce(lambda first, second: first | second, (c.notnull() for c in _columns(totals, terms, plan)))


def _total(totals: Any, terms: tuple[Term, ...], plan: Plan) -> Any:
    return reduce(add, (column.coalesce(0) for column in _columns(totals, terms, plan)))


def _percentiles(engine: Engine, asked: list[Percentile], every: ir.Table, months: ir.Table) -> dict[str, pa.Table]:
    """Nearest rank by counting: the first value at which the running count reaches the share of all."""
    parted = _within(every, months)
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
            metric.code: engine.rows(
                held.filter(held.reached * metric.share.denominator >= held.every * metric.share.numerator)
                .group_by(*group)
                .agg(numerator=lambda t: t.value.min())
                .mutate(denominator=ibis.null("int64"))
            )
            for metric in asked
        }
