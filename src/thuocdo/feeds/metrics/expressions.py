"""Values, conditions and months as Ibis expressions: what DuckDB and Spark run alike."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any

import ibis
import ibis.expr.types as ir

from thuocdo.engine.calendars import is_working_day

from .predicates import (
    TEMPORAL,
    Among,
    Column,
    Comparison,
    Days,
    Every,
    Kind,
    Not,
    Null,
    Predicate,
    Scalar,
    Some,
    Value,
    kind_of,
)

_OPERATORS: Mapping[str, Any] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TYPES = {
    "text": "string",
    "integer": "int64",
    "float": "float64",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp(6)",
}
# Days for which working days are known; a date outside gives null, which no metric counts.
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2049, 12, 31)


def ibis_type(type_text: str) -> str:
    """Ibis' name of a declared column type."""
    kind = kind_of(type_text)
    return type_text.replace(" ", "") if kind == "decimal" else _TYPES[kind]


def typed(table: ir.Table, columns: Iterable[str], types: Mapping[str, str]) -> ir.Table:
    """The named columns in their declared types; one that the files do not have is null."""
    there = set(table.columns)
    return table.select(
        **{
            name: table[name].cast(ibis_type(types[name])) if name in there else ibis.null(ibis_type(types[name]))
            for name in columns
        }
    )


def compiled_value(value: Value, table: ir.Table) -> Any:
    """A value of each row."""
    match value:
        case Column(name=name):
            return table[name]
        case Days(start=start, end=end, working=True):
            return table[working_column(end.name)] - table[working_column(start.name)]
        case Days(start=start, end=end):
            return _day(table, end).delta(_day(table, start), unit="day")


def compiled_predicate(predicate: Predicate, table: ir.Table) -> Any:
    """A condition of each row: true, false or unknown."""
    match predicate:
        case Comparison(left=left, op=op, right=right):
            return _comparison(left, op, right, table)
        case Among(left=left, values=values):
            return reduce(or_, (_comparison(left, "=", value, table) for value in values))
        case Null(left=left, absent=absent):
            compiled = compiled_value(left, table)
            return compiled.isnull() if absent else compiled.notnull()
        case Every(parts=parts):
            return reduce(and_, (compiled_predicate(part, table) for part in parts))
        case Some(parts=parts):
            return reduce(or_, (compiled_predicate(part, table) for part in parts))
        case Not(part=part):
            return ~compiled_predicate(part, table)


def month_number(table: ir.Table, column: str, days: int = 0) -> Any:
    """The month of a date column, moved by days, as 12 × year + month − 1."""
    day = table[column]
    if days:
        # A timestamp becomes its day first: adding an interval to a date means the same everywhere.
        day = (day.date() if day.type().is_timestamp() else day) + ibis.interval(days=days)
    return (day.year().cast("int64") * 12 + day.month() - 1).cast("int64")


def working_column(name: str) -> str:
    """Where `with_working_days` puts the number of working days up to the date in a column."""
    return f"working_days_to_{name}"


def with_working_days(table: ir.Table, columns: Iterable[str], calendar: ir.Table | None) -> ir.Table:
    """The table with, for each named date column, how many working days passed until that day, it included."""
    for name in sorted(columns):
        assert calendar is not None, "whoever asks for working days gives a calendar"  # noqa: S101
        day = table[name].date() if table[name].type().is_timestamp() else table[name]
        days = calendar.view().rename(**{"calendar_day": "day", working_column(name): "passed"})
        table = table.left_join(days, day == days.calendar_day).drop("calendar_day")
    return table


def working_calendar(overrides: Mapping[date, bool] | None) -> list[tuple[date, int]]:
    """Each day from FIRST_DAY to LAST_DAY with the number of working days since FIRST_DAY, the day included."""
    rows, passed, day = [], 0, FIRST_DAY
    while day <= LAST_DAY:
        passed += is_working_day(day, overrides=overrides)
        rows.append((day, passed))
        day += timedelta(days=1)
    return rows


def _day(table: ir.Table, column: Column) -> Any:
    return table[column.name].date() if column.kind == "timestamp" else table[column.name]


def _comparison(left: Value, op: str, right: Scalar | Column, table: ir.Table) -> Any:
    """A date and a timestamp are compared by their days: what is due on a day is in time until its end."""
    first = compiled_value(left, table)
    by_day = left.kind in TEMPORAL and _kind(right) in TEMPORAL and left.kind != _kind(right)
    second = table[right.name] if isinstance(right, Column) else _literal(right, left.kind)
    if by_day:
        first = first.date() if left.kind == "timestamp" else first
        second = second.date() if _kind(right) == "timestamp" else second
    return _OPERATORS[op](first, second)


def _kind(right: Scalar | Column) -> Kind | None:
    if isinstance(right, Column):
        return right.kind
    # A datetime is a date for isinstance, hence the type itself.
    return "date" if type(right) is date else "timestamp" if isinstance(right, date) else None


def _literal(value: Scalar, kind: Kind) -> Any:
    if isinstance(value, Decimal):
        places = max(0, -int(value.as_tuple().exponent))
        digits = max(len(value.as_tuple().digits), places + 1)
        return ibis.literal(value, type=f"decimal({digits},{places})")
    if type(value) is date:
        return ibis.literal(value, type="date")
    if isinstance(value, date):
        return ibis.literal(value, type="timestamp(6)")
    return ibis.literal(value, type=_TYPES[kind])
