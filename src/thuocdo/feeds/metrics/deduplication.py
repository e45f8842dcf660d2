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


def deduplicated(feed: Declaration, table: ir.Table) -> ir.Table:
    """The latest row of each key by `order_by`.

    Rows that are equally late are compared by the remaining columns in the declared order, null last and the
    greatest first, so that the answer never depends on the order of rows or files.
    """
    return _latest(feed, typed(table, feed.types, feed.types))


@contextmanager
def latest_columns(
    feed: Declaration, engine: Engine, files: Sequence[Path], columns: tuple[str, ...]
) -> Iterator[ir.Table]:
    """The named columns of the latest row of each key: the same rows as `deduplicated`, found with less work.

    Most keys come once. Only rows whose key comes more than once are sorted and read in full; the others pass
    straight through.
    """
    whole = typed(engine.read(files), feed.types, feed.types)
    keys = list(feed.key)
    twice = whole.group_by(keys).agg(rows=whole.count()).filter(lambda t: t.rows > 1).select(*keys)
    with engine.held(twice) as repeated:
        if not len(engine.rows(repeated.limit(1))):
            yield whole.select(*columns)
            return
        single = whole.anti_join(repeated, keys).select(*columns)
        latest = _latest(feed, whole.semi_join(repeated, keys)).select(*columns)
        yield single.union(latest, distinct=False)


def _latest(feed: Declaration, whole: ir.Table) -> ir.Table:
    others = [name for name in feed.types if name not in (*feed.key, *feed.order_by)]
    order: list[Any] = [ibis.desc(name, nulls_first=False) for name in (*feed.order_by, *others)]
    place = ibis.row_number().over(ibis.window(group_by=list(feed.key), order_by=order))
    return whole.mutate(place_of_row=place).filter(lambda t: t.place_of_row == 0).drop("place_of_row")
