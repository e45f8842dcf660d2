"""Whose figures the events of a body count in: its own, and those of every body above it, as of each period."""

import hashlib
from collections.abc import Iterable, Sequence

import ibis.expr.types as ir
import pyarrow as pa

from thuocdo.engine.calendars import Period

from .declared import Above
from .engines import Engine

WHOLE = "whole"


def spread(engine: Engine, table: ir.Table, body: str, pairs: Iterable[tuple[str, str]]) -> ir.Table:
    """The rows once for each body in whose figures they count, which takes the place of the body."""
    lines = sorted(set(pairs))
    small = engine.small(
        pa.table({
            "part": pa.array([part for part, _ in lines], pa.string()),
            WHOLE: pa.array([whole for _, whole in lines], pa.string()),
        })
    )  # fmt: skip
    others = [name for name in table.columns if name != body]
    joined = table.inner_join(small, table[body] == small.part)
    return joined.select(**{body: joined[WHOLE]}, **{name: joined[name] for name in others})


def digest_of(above: Above | None, periods: Sequence[Period]) -> str:
    """What kept sums depend on: the hierarchy of the periods; empty without one."""
    if above is None:
        return ""
    lines = [(period.label, sorted(set(above(period)))) for period in periods]
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]


def months_above(engine: Engine, periods: Sequence[Period], spans: Sequence[tuple[int, int]], above: Above) -> ir.Table:
    """For each period its first and last month with all the pairs that hold in it."""
    rows = [
        (period.label, first, last, part, whole)
        for period, (first, last) in zip(periods, spans, strict=True)
        for part, whole in sorted(set(above(period)))
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    kinds = (pa.string(), pa.int64(), pa.int64(), pa.string(), pa.string())
    names = ("period", "first", "last", "part", WHOLE)
    return engine.small(
        pa.table({name: pa.array(list(values), kind) for name, values, kind in zip(names, columns, kinds, strict=True)})
    )
