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

# So many rows travel to PostgreSQL at once.
PIECE = 1_000
_CONTROLS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def store_rows(rows: Sequence[Sequence[Any]]) -> None:
    """Insert measurements whose values stand in the order of COLUMNS; joins the caller's transaction."""
    insert_rows(TABLE, COLUMNS, rows)


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows in their written form (text, whole numbers, None) into a table of our own; joins the caller's
    transaction."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for first in range(0, len(rows), PIECE):
                    copy.write("".join([_line(row) for row in rows[first : first + PIECE]]))
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 (own names)


def _line(row: Sequence[Any]) -> str:
    """A row as COPY reads it. Nothing but text, numbers and None comes here, so that the driver need not look each
    value up; None travels as NUL, which no text of PostgreSQL holds, until backslashes are doubled."""
    line = "\t".join(["\0" if cell is None else cell if cell.__class__ is str else str(cell) for cell in row])
    if line.count("\0") != row.count(None):
        raise ValueError("A text holds NUL, which PostgreSQL does not take.")
    if line.count("\t") >= len(row) or "\n" in line or "\r" in line:
        line = "\t".join(["\0" if cell is None else str(cell).translate(_CONTROLS) for cell in row])
    elif "\\" in line:
        line = line.replace("\\", "\\\\")
    return line.replace("\0", "\\N") + "\n"
