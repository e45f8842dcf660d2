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
from pyspark.sql import SparkSession


class Spark:
    """A session on the cluster."""

    def __init__(self, backend: Any, session: Any) -> None:
        self.backend = backend
        self._session = session

    def read(self, files: Sequence[Path]) -> ir.Table:
        """The files as one table; columns are matched by name."""
        name = f"files_{uuid4().hex}"
        frame = self._session.read.option("mergeSchema", "true").parquet(*(str(file) for file in files))
        frame.createOrReplaceTempView(name)
        table: ir.Table = self.backend.table(name)
        return table

    @contextmanager
    def held(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The rows kept by the executors."""
        cached = expression.cache()
        try:
            yield cached
        finally:
            cached.release()


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
