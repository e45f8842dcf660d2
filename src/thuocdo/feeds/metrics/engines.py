"""Where the expressions run: DuckDB inside this process, or a Spark cluster over the same files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from .predicates import MetricError


class Engine(Protocol):
    """An open engine."""

    @property
    def backend(self) -> Any: ...

    def reading(self, files: Sequence[Path]) -> AbstractContextManager[ir.Table]:
        """Parquet files as one table for a while; a column that some of them lack is null there."""
        ...

    def small(self, table: pa.Table) -> ir.Table:
        """A small table of our own beside the files."""
        ...

    def held(self, expression: ir.Table) -> AbstractContextManager[ir.Table]:
        """The rows of an expression, computed once for several questions and let go at the end."""
        ...

    def rows(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression, brought here, in the types that the expression has."""
        ...


@contextmanager
def engine_named(
    address: str = "",
    *,
    threads: int = 2,
    memory_mb: int = 1024,
    temp: Path | None = None,
    temp_mb: int = 50_000,
    options: Mapping[str, str] | None = None,
) -> Iterator[Engine]:
    """DuckDB for an empty address or "duckdb", Spark for spark://host:port; closed at the end.

    `memory_mb` bounds DuckDB's own memory (the rest spills into `temp`, at most `temp_mb`) or each Spark executor;
    `options` are further Spark settings. Raises MetricError for another address.
    """
    if address in ("", "duckdb"):
        with _duckdb(threads, memory_mb, temp, temp_mb) as engine:
            yield engine
    elif address.startswith("spark://"):
        from .spark import spark_engine

        with spark_engine(address, memory_mb, options or {}) as engine:
            yield engine
    else:
        raise MetricError(f"{address!r} is no engine of feeds: leave it empty for DuckDB or write spark://host:port")


class DuckDB:
    """DuckDB in this process: files by path, nothing downloaded, nothing kept.

    Tables that are read or held one after the other bear the same names, so that a question asked of partition after
    partition is put into SQL only once: for small partitions that takes longer than the answer.
    """

    def __init__(self, backend: Any) -> None:
        self.backend = backend
        self._statements: dict[Any, str] = {}
        self._depth = 0

    @contextmanager
    def reading(self, files: Sequence[Path]) -> Iterator[ir.Table]:
        """The files as one table; the folder names of the partitions are not read as a column."""
        with self._name("files") as name:
            paths = [str(file) for file in files]
            table: ir.Table = self.backend.read_parquet(
                paths, table_name=name, union_by_name=True, hive_partitioning=False
            )
            yield table

    def small(self, table: pa.Table) -> ir.Table:
        """The table in memory, for as long as the engine is open."""
        found: ir.Table = self.backend.create_table(f"small_{uuid4().hex}", table, temp=True)
        return found

    def rows(self, expression: ir.Table) -> pa.Table:
        """The rows as an Arrow table."""
        answer: pa.Table = self.backend.con.sql(self._statement(expression)).to_arrow_table()
        return answer.cast(expression.schema().to_pyarrow())

    @contextmanager
    def held(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The rows as a temporary table, in memory as far as that is allowed."""
        with self._name("held") as name:
            # The name is ours and the statement Ibis': nothing that anybody typed stands in either as text.
            self.backend.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {self._statement(expression)}")
            try:
                yield self.backend.table(name)
            finally:
                self.backend.raw_sql(f"DROP TABLE {name}")

    def _statement(self, expression: ir.Table) -> str:
        """The SQL of an expression; of an equal one it is known already."""
        key = expression.op()
        if key not in self._statements:
            self._statements[key] = self.backend.compile(expression)
        return self._statements[key]

    @contextmanager
    def _name(self, kind: str) -> Iterator[str]:
        """A name that no table in use has; free again at the end."""
        self._depth += 1
        try:
            yield f"{kind}_{self._depth}"
        finally:
            self._depth -= 1


@contextmanager
def _duckdb(threads: int, memory_mb: int, temp: Path | None, temp_mb: int) -> Iterator[DuckDB]:
    bounds: dict[str, Any] = {
        "threads": threads,
        "memory_limit": f"{memory_mb}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    if temp is not None:
        temp.mkdir(parents=True, exist_ok=True)
        bounds |= {"temp_directory": str(temp), "max_temp_directory_size": f"{temp_mb}MB"}
    else:
        # Without a folder nothing spills; too large a partition is then an error, never a full disk.
        bounds["temp_directory"] = ""
    backend = ibis.duckdb.connect(":memory:", **bounds)
    try:
        yield DuckDB(backend)
    finally:
        backend.disconnect()
