"""Values and conditions of a metric: a small typed tree read from TOML, checked against the columns of the feed.

Nothing is evaluated as code. A condition compares a column, or the days between two columns, with a literal or another
column; `all`, `any` and `not` join conditions. Nulls follow SQL: a comparison with null is unknown, and a row counts
only where the condition is true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal as OneOf

Kind = OneOf["text", "integer", "decimal", "float", "boolean", "date", "timestamp"]
Scalar = str | int | float | bool | Decimal | date | datetime

KINDS: tuple[Kind, ...] = ("text", "integer", "decimal", "float", "boolean", "date", "timestamp")
NUMERIC = frozenset({"integer", "decimal", "float"})
TEMPORAL = frozenset({"date", "timestamp"})
EQUALITY = ("=", "!=")
ORDER = ("<", "<=", ">", ">=")


class MetricError(ValueError):
    """A metric that cannot be computed as declared; the message names the place and what to write instead."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the feed."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Days:
    """Days from one column to the other, an integer: calendar days, or working days of the Vietnamese calendar."""

    start: Column
    end: Column
    working: bool = False
    kind: Kind = "integer"


Value = Column | Days


@dataclass(frozen=True, slots=True)
class Comparison:
    """A value compared with a literal or with another column."""

    left: Value
    op: str
    right: Scalar | Column


@dataclass(frozen=True, slots=True)
class Among:
    """A value that is one of several literals."""

    left: Value
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Null:
    """A value that is null (`absent`) or is not."""

    left: Value
    absent: bool


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; unknown stays unknown."""

    part: "Predicate"


Predicate = Comparison | Among | Null | Every | Some | Not


def kind_of(type_text: str) -> Kind:
    """The kind of a declared column type, such as decimal(15,2); MetricError for an unknown one."""
    name = type_text.partition("(")[0].strip()
    for kind in KINDS:
        if name == kind:
            return kind
    raise MetricError(f"{type_text!r} is no column type; known are {', '.join(KINDS)}")


def read_column(name: object, columns: Mapping[str, str], place: str) -> Column:
    """The named column; MetricError names the place and the columns that there are."""
    if not isinstance(name, str) or name not in columns:
        raise MetricError(f"{place}: {name!r} is no column of the feed; it has {', '.join(sorted(columns))}")
    return Column(name, kind_of(columns[name]))


def read_value(written: object, columns: Mapping[str, str], place: str) -> Value:
    """A column's name, or a table `days` or `working_days` with two date columns, as a typed value."""
    if isinstance(written, Mapping):
        keys = set(written)
        if keys not in ({"days"}, {"working_days"}):
            raise MetricError(f"{place}: write a column's name or {{ days = [from, to] }}, not {sorted(keys)}")
        key = keys.pop()
        return _days(written[key], key, columns, place)
    return read_column(written, columns, place)


def read_predicate(written: object, columns: Mapping[str, str], place: str) -> Predicate:
    """A condition as declared in TOML, typed; MetricError says where it goes wrong."""
    if not isinstance(written, Mapping):
        raise MetricError(f"{place}: a condition is a table such as {{ column = …, op = …, value = … }}")
    keys = set(written)
    for word in ("all", "any"):
        if word in keys:
            parts = written[word]
            if keys != {word} or not isinstance(parts, list) or not parts:
                raise MetricError(f"{place}: {word} stands alone and holds a list of conditions, at least one")
            read = tuple(
                read_predicate(part, columns, f"{place}.{word}[{number}]") for number, part in enumerate(parts)
            )
            return Every(read) if word == "all" else Some(read)
    if "not" in keys:
        if keys != {"not"}:
            raise MetricError(f"{place}: not stands alone and holds one condition")
        return Not(read_predicate(written["not"], columns, f"{place}.not"))
    return _leaf(written, columns, place)


def columns_of(tree: Value | Predicate | None) -> set[str]:
    """Names of the columns that a value or condition reads."""
    match tree:
        case None:
            return set()
        case Column(name=name):
            return {name}
        case Days(start=start, end=end):
            return {start.name, end.name}
        case Comparison(left=left, right=right):
            return columns_of(left) | (columns_of(right) if isinstance(right, Column) else set())
        case Among(left=left) | Null(left=left):
            return columns_of(left)
        case Every(parts=parts) | Some(parts=parts):
            return set().union(*(columns_of(part) for part in parts))
        case Not(part=part):
            return columns_of(part)


def _days(pair: object, key: str, columns: Mapping[str, str], place: str) -> Days:
    if not isinstance(pair, list) or len(pair) != 2:
        raise MetricError(f"{place}.{key}: two columns are needed, from and to")
    start, end = (read_column(name, columns, f"{place}.{key}") for name in pair)
    for column in (start, end):
        if column.kind not in TEMPORAL:
            raise MetricError(f"{place}.{key}: {column.name} is {column.kind}, days need a date or a timestamp")
    return Days(start, end, working=key == "working_days")


def _leaf(written: Mapping[str, object], columns: Mapping[str, str], place: str) -> Predicate:
    known = {"column", "days", "working_days", "op", "value", "other"}
    if unknown := sorted(set(written) - known):
        raise MetricError(f"{place}: {', '.join(unknown)} is not understood; known are {', '.join(sorted(known))}")
    sources = [key for key in ("column", "days", "working_days") if key in written]
    if len(sources) != 1:
        raise MetricError(f"{place}: exactly one of column, days and working_days says what is compared")
    source = sources[0]
    left: Value = (
        read_column(written["column"], columns, place)
        if source == "column"
        else _days(written[source], source, columns, place)
    )
    op = written.get("op")
    if op in ("is_null", "not_null"):
        if "value" in written or "other" in written:
            raise MetricError(f"{place}: {op} takes neither value nor other")
        return Null(left, absent=op == "is_null")
    if ("value" in written) == ("other" in written):
        raise MetricError(f"{place}: give either value (a literal) or other (a column)")
    if op == "in":
        values = written.get("value")
        if not isinstance(values, list) or not values:
            raise MetricError(f"{place}: in needs a list of values")
        return Among(left, tuple(_literal(value, left, place) for value in values))
    allowed = EQUALITY if left.kind in ("text", "boolean") else EQUALITY + ORDER
    if op not in allowed:
        raise MetricError(
            f"{place}: {op!r} cannot compare {left.kind}; use {', '.join(allowed)}, in, is_null, not_null"
        )
    if "other" in written:
        right = read_column(written["other"], columns, place)
        same_family = any(left.kind in family and right.kind in family for family in (NUMERIC, TEMPORAL))
        if left.kind != right.kind and not same_family:
            raise MetricError(f"{place}: {left.kind} cannot be compared with {right.name}, which is {right.kind}")
        return Comparison(left, str(op), right)
    return Comparison(left, str(op), _literal(written["value"], left, place))


def _literal(written: object, left: Value, place: str) -> Scalar:
    wrong = MetricError(f"{place}: {written!r} is no {left.kind}")
    match left.kind, written:
        case "text", str():
            return written
        case "boolean", bool():
            return written
        case _, bool():
            raise wrong
        case "integer", int():
            return written
        case "decimal", int() | float() | str():
            try:
                return Decimal(str(written))
            except InvalidOperation as error:
                raise wrong from error
        case "float", int() | float():
            return float(written)
        case "timestamp", datetime() if written.tzinfo is None:
            return written
        case "date" | "timestamp", date() if not isinstance(written, datetime):
            return written
    raise wrong
