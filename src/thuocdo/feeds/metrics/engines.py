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

    def read(self, files: Sequence[Path]) -> ir.Table:
        """Parquet files as one table; a column that some of them lack is null there."""
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
    """DuckDB in this process: files by path, nothing downloaded, nothing kept."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def read(self, files: Sequence[Path]) -> ir.Table:
        """The files as one table; the folder names of the partitions are not read as a column."""
        paths = [str(file) for file in files]
        table: ir.Table = self.backend.read_parquet(
            paths, table_name=f"files_{uuid4().hex}", union_by_name=True, hive_partitioning=False
        )
        return table

    def small(self, table: pa.Table) -> ir.Table:
        """The table in memory."""
        return ibis.memtable(table)

    def rows(self, expression: ir.Table) -> pa.Table:
        """The rows as an Arrow table."""
        return expression.to_pyarrow()

    @contextmanager
    def held(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The rows as a temporary table, in memory as far as that is allowed."""
        name = f"held_{uuid4().hex}"
        table: ir.Table = self.backend.create_table(name, expression, temp=True)
        try:
            yield table
        finally:
            self.backend.drop_table(name)


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
