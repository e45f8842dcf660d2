"""One row for each key: the latest holds, and of equally late ones the same in every engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from .declared import Declaration
from .engines import Engine
from .expressions import typed

# Expressions that were built, by the tables that they are over.
Known = dict[Any, tuple[ir.Table, ...]]


def deduplicated(feed: Declaration, table: ir.Table) -> ir.Table:
    """The latest row of each key by `order_by`.

    Rows that are equally late are compared by the remaining columns in the declared order, null last and the
    greatest first, so that the answer never depends on the order of rows or files.
    """
    return _latest(feed, typed(table, feed.types, feed.types))


@contextmanager
def latest_columns(
    feed: Declaration, engine: Engine, files: Sequence[Path], columns: tuple[str, ...], known: Known | None = None
) -> Iterator[ir.Table]:
    """The named columns of the latest row of each key: the same rows as `deduplicated`, found with less work.

    Most keys come once. Only rows whose key comes more than once are sorted and read in full; the others pass
    straight through. `known` keeps the expressions from one partition to the next, of one feed and set of columns.
    """
    keys = list(feed.key)
    known = {} if known is None else known
    with engine.reading(files) as rows:
        if rows.op() not in known:
            whole = typed(rows, feed.types, feed.types)
            counted = whole.group_by(keys).agg(rows=whole.count())
            known[rows.op()] = (whole, counted.filter(lambda t: t.rows > 1).select(*keys), whole.select(*columns))
        whole, twice, straight = known[rows.op()]
        with engine.held(twice) as repeated:
            if not len(engine.rows(repeated.limit(1))):
                yield straight
                return
            both = (rows.op(), repeated.op())
            if both not in known:
                single = whole.anti_join(repeated, keys).select(*columns)
                latest = _latest(feed, whole.semi_join(repeated, keys)).select(*columns)
                known[both] = (single.union(latest, distinct=False),)
            yield known[both][0]


def _latest(feed: Declaration, whole: ir.Table) -> ir.Table:
    others = [name for name in feed.types if name not in (*feed.key, *feed.order_by)]
    order: list[Any] = [ibis.desc(name, nulls_first=False) for name in (*feed.order_by, *others)]
    place = ibis.row_number().over(ibis.window(group_by=list(feed.key), order_by=order))
    return whole.mutate(place_of_row=place).filter(lambda t: t.place_of_row == 0).drop("place_of_row")
