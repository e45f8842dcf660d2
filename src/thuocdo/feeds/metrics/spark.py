"""A Spark cluster as engine: the same expressions over the same files, when one machine is outgrown.

Needs the extra `spark`, Java 17 on every machine, and the feeds' folder at the same path on all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from pyspark.sql import SparkSession


class Spark:
    """A session on the cluster."""

    def __init__(self, backend: Any, session: Any) -> None:
        self.backend = backend
        self._session = session

    @contextmanager
    def reading(self, files: Sequence[Path]) -> Iterator[ir.Table]:
        """The files as one table; columns are matched by name."""
        yield self._named(self._session.read.option("mergeSchema", "true").parquet(*(str(file) for file in files)))

    def small(self, table: pa.Table) -> ir.Table:
        """The table, sent to the executors."""
        return self._named(self._session.createDataFrame(table))

    def rows(self, expression: ir.Table) -> pa.Table:
        """The rows as Arrow brings them; pandas, which Ibis would take, knows no nulls in integers."""
        wanted = expression.schema().to_pyarrow()
        return self._frame(expression).toArrow().cast(wanted)

    @contextmanager
    def held(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The rows kept by the executors."""
        frame = self._frame(expression).persist()
        try:
            yield self._named(frame)
        finally:
            frame.unpersist()

    def _frame(self, expression: ir.Table) -> Any:
        return self._session.sql(self.backend.compile(expression))

    def _named(self, frame: Any) -> ir.Table:
        """The frame under a name that expressions can use."""
        name = f"rows_{uuid4().hex}"
        frame.createOrReplaceTempView(name)
        table: ir.Table = self.backend.table(name)
        return table


@contextmanager
def spark_engine(address: str, memory_mb: int, options: Mapping[str, str]) -> Iterator[Spark]:
    """A session of its own on the cluster at spark://host:port, stopped at the end."""
    builder = SparkSession.builder.master(address).appName("thuocdo-feeds")
    settings = {
        "spark.executor.memory": f"{memory_mb}m",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Times in the files are wall-clock times without a zone; no session may move them.
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    for key, value in (settings | dict(options)).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield Spark(ibis.pyspark.connect(session), session)
    finally:
        session.stop()
