"""The metrics by their definitions, row by row in plain Python: what DuckDB and Spark must agree with."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from thuocdo.engine.calendars import Period, month_of, parse_period, working_days_between
from thuocdo.feeds.declaration import Feed

Row = Mapping[str, Any]
Figure = tuple[Any, Any]


def expected(feed: Feed, rows: Iterable[Row], periods: Iterable[str]) -> dict[tuple[str, str, str], Figure]:
    """Numerator and denominator by metric, body and period."""
    latest = latest_rows(feed, rows)
    bodies = sorted({row[feed.body] for row in latest if row[feed.body] is not None})
    found: dict[tuple[str, str, str], Figure] = {}
    for code, metric in feed.metrics.items():
        for label in periods:
            for body in bodies:
                own = [row for row in latest if row[feed.body] == body]
                figure = _figure(feed, metric, own, parse_period(label))
                if figure is not None:
                    found[code, body, label] = figure
    return found


def above(period: Period) -> list[tuple[str, str]]:
    """A hierarchy of the example's bodies that changes in March: one of them goes to another province."""
    bodies = ("00000", "00001", "00002")
    second = "north" if period.last_day < date(2026, 3, 1) else "south"
    pairs = [("00000", "north"), ("00001", second), ("00002", "south")]
    return [(one, one) for one in bodies] + pairs + [(one, "nation") for one in bodies]


def expected_above(feed: Feed, rows: Iterable[Row], periods: Iterable[str]) -> dict[tuple[str, str, str], Figure]:
    """The same with every event counted again for each body above its own."""
    latest, found = latest_rows(feed, rows), dict[tuple[str, str, str], Figure]()
    for label in periods:
        spread = [
            {**row, feed.body: whole, feed.key[0]: f"{row[feed.key[0]]} {whole}"}
            for part, whole in above(parse_period(label))
            for row in latest
            if row[feed.body] == part
        ]
        found |= expected(feed, spread, [label])
    return found


def latest_rows(feed: Feed, rows: Iterable[Row]) -> list[Row]:
    """One row for each key: the greatest by order_by, then by the other columns as declared, null least."""
    others = [name for name in feed.types if name not in (*feed.key, *feed.order_by)]

    def rank(row: Row) -> list[tuple[bool, Any]]:
        return [(row[name] is not None, row[name] or 0) if row[name] is None else (True, row[name])
                for name in (*feed.order_by, *others)]  # fmt: skip

    best: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in feed.key)
        if key not in best or rank(row) > rank(best[key]):
            best[key] = row
    return list(best.values())


def _figure(feed: Feed, metric: Mapping[str, Any], rows: list[Row], period: Period) -> Figure | None:
    kind, where = metric["kind"], metric.get("where")
    at = metric.get("at", feed.event_time)
    match kind:
        case "count" | "sum":
            return _single(_term(feed, metric, rows, period))
        case "open":
            return _single(_term(feed, metric, rows, period))
        case "mean":
            given = [row for row in _dated(rows, at, period) if holds(where, row)]
            values = [value_of(metric["of"], row) for row in given]
            there = [value for value in values if value is not None]
            return (sum(there), len(there)) if _dated(rows, at, period) else None
        case "share":
            dated = _dated(rows, at, period)
            among = [row for row in dated if holds(metric.get("among"), row)]
            return (sum(holds(where, row) for row in among), len(among)) if dated else None
        case "ratio":
            sides = [
                [_term(feed, term, rows, period) for term in metric[side]] for side in ("numerator", "denominator")
            ]
            if all(part is None for side in sides for part in side):
                return None
            numerator, denominator = (sum((part for part in side if part is not None), 0) for side in sides)
            return numerator, denominator
        case "ageing":
            old = _term(feed, {**metric, "kind": "open"}, rows, period)
            every = _term(feed, {**metric, "kind": "open", "older_than": 0}, rows, period)
            return None if old is None and every is None else (old or 0, every or 0)
        case "percentile":
            values = sorted(
                value
                for row in _dated(rows, at, period)
                if holds(where, row) and (value := value_of(metric["of"], row)) is not None
            )
            if not values:
                return None
            rank = math.ceil(Decimal(str(metric["percent"])) * len(values) / 100)
            return values[rank - 1], None
        case _:
            dated = _dated(rows, feed.event_time, period)
            counted = Counter(row[metric["of"]] for row in dated if row[metric["of"]] is not None and holds(where, row))
            if not dated:
                return None
            if kind == "distinct":
                return len(counted), None
            return max(counted.values(), default=0), counted.total()


def _single(amount: Any) -> Figure | None:
    return None if amount is None else (amount, None)


def _term(feed: Feed, term: Mapping[str, Any], rows: list[Row], period: Period) -> Any:
    """The amount of a term; None when no row has a part in it."""
    where = term.get("where")
    if term["kind"] != "open":
        dated = _dated(rows, term.get("at", feed.event_time), period)
        kept = [row for row in dated if holds(where, row)]
        if not dated:
            return None
        if term["kind"] == "count":
            return len(kept)
        return sum((value for row in kept if (value := value_of(term["of"], row)) is not None), 0)
    opened, closed, days = term.get("opened", feed.event_time), term["closed"], term.get("older_than", 0)
    # A body is there from the first month in which one of its events grew old enough or was closed.
    there = [
        row for row in rows
        if (row[opened] is not None and _month(_day(row[opened]) + timedelta(days=days)) <= _month(period.last_day))
        or (row[closed] is not None and _month(_day(row[closed])) <= _month(period.last_day))
    ]  # fmt: skip
    if not there:
        return None
    return sum(
        row[opened] is not None
        and _day(row[opened]) + timedelta(days=days) <= period.last_day
        and (row[closed] is None or _day(row[closed]) > period.last_day)
        and holds(where, row)
        for row in there
    )


def _dated(rows: list[Row], at: str, period: Period) -> list[Row]:
    return [row for row in rows if row[at] is not None and period.contains(_day(row[at]))]


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _month(day: date) -> date:
    return month_of(day).start


def value_of(written: Any, row: Row) -> Any:
    """A column, or days between two of them."""
    if isinstance(written, str):
        return row[written]
    [(kind, (start, end))] = written.items()
    if row[start] is None or row[end] is None:
        return None
    first, last = _day(row[start]), _day(row[end])
    return working_days_between(first, last) if kind == "working_days" else (last - first).days


def holds(condition: Any, row: Row) -> bool:
    """Whether the condition is true, neither false nor unknown."""
    return condition is None or _truth(condition, row) is True


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _truth(condition: Mapping[str, Any], row: Row) -> bool | None:
    if "all" in condition or "any" in condition:
        decides = "any" in condition
        parts = [_truth(part, row) for part in condition["any" if decides else "all"]]
        if decides in parts:
            return decides
        return None if None in parts else not decides
    if "not" in condition:
        inner = _truth(condition["not"], row)
        return None if inner is None else not inner
    left = value_of(condition.get("column") or {k: v for k, v in condition.items() if k.endswith("days")}, row)
    if condition["op"] in ("is_null", "not_null"):
        return (left is None) == (condition["op"] == "is_null")
    if left is None:
        return None
    if condition["op"] == "in":
        return left in condition["value"]
    right = row[condition["other"]] if "other" in condition else condition["value"]
    if right is None:
        return None
    if isinstance(left, date) and isinstance(right, date) and type(left) is not type(right):
        left, right = _day(left), _day(right)
    if isinstance(left, Decimal):
        right = Decimal(str(right))
    return _COMPARE[condition["op"]](left, right)
