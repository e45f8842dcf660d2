"""What one partition contributes: sums by body and month, counts by value, and the accounts of the month.

A stock is a sum too: an event is open from the month in which it grows old enough until the month in which it is
closed, so it adds one to the first and takes one from the second. What is open at the end of a month is the sum up to
it, over all partitions, and no partition needs to be read for a month that is not its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Self

import ibis.expr.types as ir

from .declared import Additive, Distinct, Flow, Metric, Percentile, Stock, Term
from .expressions import compiled_predicate, compiled_value, month_number
from .predicates import Days, Every, Predicate, Some, Value

Counted = tuple[Value, str, Predicate | None]
Grouped = tuple[str, Predicate | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """The different sums, counts and groups behind the metrics; equal ones are computed once."""

    terms: Mapping[Term, str]
    counts: Mapping[Counted, str]
    groups: Mapping[Grouped, str]
    shares: Mapping[str, Fraction]

    def only(self, metrics: tuple[Additive, ...]) -> Self:
        """The sums behind these metrics alone, under the same names."""
        wanted = {term for metric in metrics for term in (*metric.numerator, *(metric.denominator or ()))}
        return replace(self, terms={t: name for t, name in self.terms.items() if t in wanted}, counts={}, groups={})


def plan_of(metrics: tuple[Metric, ...]) -> Plan:
    """Names for every different part of the metrics, the same for the same metrics."""
    terms: dict[Term, str] = {}
    counts: dict[Counted, str] = {}
    groups: dict[Grouped, str] = {}
    shares: dict[str, Fraction] = {}
    for metric in metrics:
        match metric:
            case Additive():
                for term in (*metric.numerator, *(metric.denominator or ())):
                    terms.setdefault(term, f"term{len(terms)}")
            case Percentile():
                counts.setdefault((metric.of, metric.at, metric.where), f"count{len(counts)}")
                shares[metric.code] = metric.share
            case Distinct():
                groups.setdefault((metric.of, metric.where), f"group{len(groups)}")
    return Plan(terms, counts, groups, shares)


def sums(plan: Plan, table: ir.Table, body: str) -> Iterator[ir.Table]:
    """One table for each date that terms go by: body, month, and a column for each term that has a part in it."""
    parts: dict[tuple[str, int], list[tuple[str, Term]]] = defaultdict(list)
    for term, name in plan.terms.items():
        match term:
            case Flow(at=at):
                parts[at, 0].append((name, term))
            case Stock(opened=opened, closed=closed, days=days):
                parts[opened, days].append((name, term))
                parts[closed, 0].append((name, term))
    for (column, days), named in parts.items():
        dated = table.filter(table[column].notnull() & table[body].notnull())
        amounts = {
            name: _flow(term, dated) if isinstance(term, Flow) else _step(term, dated, opens=(column, days))
            for name, term in named
        }
        yield dated.group_by(body=dated[body], month=month_number(dated, column, days)).agg(**amounts)


def counts(plan: Plan, table: ir.Table, body: str) -> Iterator[tuple[str, ir.Table]]:
    """For each set of values that percentiles are taken of: body, month, value and how often it occurs."""
    for (of, at, where), name in plan.counts.items():
        value = compiled_value(of, table)
        present = table[body].notnull() & table[at].notnull() & value.notnull()
        kept = _where(where, table)
        chosen = table.filter(present if kept is None else present & kept)
        yield (
            name,
            chosen.group_by(body=chosen[body], month=month_number(chosen, at), value=compiled_value(of, chosen)).agg(
                rows=chosen.count().cast("int64")
            ),
        )


def groups(plan: Plan, table: ir.Table, body: str) -> Iterator[tuple[str, ir.Table]]:
    """For each column whose different values are counted: body, how many, rows of the most frequent, all rows."""
    for (of, where), name in plan.groups.items():
        chosen = table.filter(table[body].notnull())
        kept = _where(where, chosen)
        present = chosen[of].notnull() if kept is None else chosen[of].notnull() & kept
        valued = chosen.group_by(body=chosen[body], value=chosen[of]).agg(rows=chosen.count(where=present))
        counted = valued.rows > 0
        yield (
            name,
            valued.group_by("body").agg(
                different=valued.count(where=counted).cast("int64"),
                most=valued.rows.max().cast("int64"),
                rows=valued.rows.sum().cast("int64"),
            ),
        )


def working_columns(metrics: tuple[Metric, ...]) -> set[str]:
    """Date columns between which working days are counted."""
    found: set[str] = set()
    for metric in metrics:
        match metric:
            case Additive():
                for term in (*metric.numerator, *(metric.denominator or ())):
                    found |= _working(term.of if isinstance(term, Flow) else None) | _working(term.where)
            case Percentile():
                found |= _working(metric.of) | _working(metric.where)
            case Distinct():
                found |= _working(metric.where)
    return found


def _working(tree: Value | Predicate | None) -> set[str]:
    match tree:
        case Days(start=start, end=end, working=True):
            return {start.name, end.name}
        case Every(parts=parts) | Some(parts=parts):
            return set().union(*(_working(part) for part in parts))
        case _:
            inner = getattr(tree, "left", None) or getattr(tree, "part", None)
            return _working(inner) if inner is not None else set()


def _flow(term: Flow, table: ir.Table) -> Any:
    kept = _where(term.where, table)
    if term.of is None:
        return table.count(where=kept).cast("int64")
    value = compiled_value(term.of, table)
    total = value.sum(where=kept)
    kind = value.type()
    if kind.is_decimal():
        return total.cast(f"decimal(38,{kind.scale})").coalesce(0).cast(f"decimal(38,{kind.scale})")
    wide = "float64" if kind.is_floating() else "int64"
    return total.cast(wide).coalesce(0).cast(wide)


def _step(term: Stock, table: ir.Table, opens: tuple[str, int]) -> Any:
    """What a stock gains by events that open in a month, or loses by events that close in it."""
    lasting = month_number(table, term.opened, term.days) < month_number(table, term.closed)
    kept = _where(term.where, table)
    if opens != (term.opened, term.days):
        return -table.count(where=lasting if kept is None else lasting & kept).cast("int64")
    begun = lasting | table[term.closed].isnull()
    return table.count(where=begun if kept is None else begun & kept).cast("int64")


def _where(where: Predicate | None, table: ir.Table) -> Any:
    return None if where is None else compiled_predicate(where, table)
