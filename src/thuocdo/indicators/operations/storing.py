"""Writing many measurement rows as fast as the database takes them: COPY or one prepared statement.

Django's bulk_create spends most of its time building model objects and converting their fields; the rows
here are already in their written form.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

TABLE = "indicators_measurement"
COLUMNS = (
    "indicator_id", "body_id", "period", "period_start", "period_end", "state", "value", "kind", "provenance",
    "inherits", "strength", "source", "external_id", "evidence", "standard_error", "sample_size", "reason",
    "recorded_at", "recorded_by", "batch_id", "supersedes_id",
)  # fmt: skip


def store_rows(rows: Sequence[Sequence[Any]]) -> None:
    """Insert measurements whose values stand in the order of COLUMNS; joins the caller's transaction."""
    insert_rows(TABLE, COLUMNS, rows)


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows in their written form into a table of our own; joins the caller's transaction."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 (own names)
