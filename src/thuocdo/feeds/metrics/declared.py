"""The metrics of a feed as its file declares them: kinds, formulas and the checks made when a pack is loaded.

Every additive metric is a numerator and perhaps a denominator, each a sum of terms. A *flow* is a sum over the events
whose date lies in the period; a *stock* counts what is open at the period's end. docs/feeds-metrics.md has each kind
with its formula, its null rule and an example.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeGuard

from thuocdo.engine.calendars import Period

from .predicates import (
    NUMERIC,
    TEMPORAL,
    Column,
    Every,
    MetricError,
    Null,
    Predicate,
    Value,
    columns_of,
    kind_of,
    read_column,
    read_predicate,
    read_value,
)

# For a period, pairs of a body and a body in whose figures its events count, its own among them.
Above = Callable[[Period], Iterable[tuple[str, str]]]


class Declaration(Protocol):
    """What a metric needs to know of its feed."""

    @property
    def code(self) -> str: ...
    @property
    def types(self) -> Mapping[str, str]: ...
    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def body(self) -> str: ...
    @property
    def event_time(self) -> str: ...
    @property
    def order_by(self) -> tuple[str, ...]: ...
    @property
    def metrics(self) -> Mapping[str, Mapping[str, object]]: ...


@dataclass(frozen=True, slots=True)
class Flow:
    """Events dated in the period by column `at`: their number, or the sum of `of` over them."""

    at: str
    of: Value | None = None
    where: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """Events open at the period's end: `opened` at least `days` before its last day, `closed` null or later."""

    opened: str
    closed: str
    days: int = 0
    where: Predicate | None = None


Term = Flow | Stock


@dataclass(frozen=True, slots=True)
class Additive:
    """scale × numerator ÷ denominator, or scale × numerator alone; sums over partitions."""

    code: str
    kind: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] | None
    scale: int


@dataclass(frozen=True, slots=True)
class Percentile:
    """Nearest rank: the smallest value such that at least `share` of the non-null values are no greater."""

    code: str
    of: Value
    at: str
    share: Fraction
    where: Predicate | None = None
    kind: str = "percentile"
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different non-null values there are, or (`top`) the share of the most frequent one; needs all events."""

    code: str
    of: str
    where: Predicate | None
    top: bool
    kind: str
    scale: int


Metric = Additive | Percentile | Distinct

# Fields that each kind takes beside `kind`.
FIELDS: dict[str, frozenset[str]] = {
    "count": frozenset({"where", "at"}),
    "sum": frozenset({"of", "where", "at"}),
    "mean": frozenset({"of", "where", "at"}),
    "share": frozenset({"where", "among", "at", "scale"}),
    "ratio": frozenset({"numerator", "denominator", "scale"}),
    "open": frozenset({"opened", "closed", "older_than", "where"}),
    "ageing": frozenset({"opened", "closed", "older_than", "where", "scale"}),
    "percentile": frozenset({"of", "percent", "where", "at"}),
    "distinct": frozenset({"of", "where"}),
    "top_share": frozenset({"of", "where", "scale"}),
}


def read_metrics(feed: Declaration) -> tuple[Metric, ...]:
    """The metrics of a feed in the order of their codes; MetricError names feed, metric and field."""
    _check_feed(feed)
    return tuple(_read(code, feed.metrics[code], feed) for code in sorted(feed.metrics))


def counts_cases(metric: Additive) -> bool:
    """Whether the denominator is a number of cases: then it says on how many observations the figure rests."""
    terms = metric.denominator or ()
    return bool(terms) and all(isinstance(term, Stock) or term.of is None for term in terms)


def has_stock(metric: Metric) -> TypeGuard[Additive]:
    """Whether what was open counts in the metric, so that its figures follow from events of all earlier months."""
    if not isinstance(metric, Additive):
        return False
    return any(isinstance(term, Stock) for term in (*metric.numerator, *(metric.denominator or ())))


def columns_read(feed: Declaration, metrics: tuple[Metric, ...]) -> tuple[str, ...]:
    """Every column the metrics read, the body among them, in the declared order."""
    found = {feed.body}
    for metric in metrics:
        match metric:
            case Additive():
                for term in (*metric.numerator, *(metric.denominator or ())):
                    found |= _columns_of_term(term)
            case Percentile():
                found |= columns_of(metric.of) | columns_of(metric.where) | {metric.at}
            case Distinct():
                found |= columns_of(metric.where) | {metric.of}
    return tuple(name for name in feed.types if name in found)


def _columns_of_term(term: Term) -> set[str]:
    if isinstance(term, Flow):
        return columns_of(term.of) | columns_of(term.where) | {term.at}
    return columns_of(term.where) | {term.opened, term.closed}


def _check_feed(feed: Declaration) -> None:
    place = f"feed {feed.code}"
    for type_text in feed.types.values():
        kind_of(type_text)
    for name in (*feed.key, feed.body, feed.event_time, *feed.order_by):
        read_column(name, feed.types, place)
    if not feed.key or not feed.order_by:
        raise MetricError(f"{place}: key and order_by each name at least one column")


def _read(code: str, written: Mapping[str, object], feed: Declaration) -> Metric:
    place = f"feed {feed.code}, metric {code}"
    kind = written.get("kind")
    if not isinstance(kind, str) or kind not in FIELDS:
        raise MetricError(f"{place}: kind {kind!r} is not known; known are {', '.join(FIELDS)}")
    fields = {name: value for name, value in written.items() if name != "kind"}
    if unknown := sorted(set(fields) - FIELDS[kind]):
        raise MetricError(f"{place}: {kind} takes no {', '.join(unknown)}; it takes {', '.join(sorted(FIELDS[kind]))}")
    where = _where(fields, "where", feed, place)
    match kind:
        case "count":
            return Additive(code, kind, (Flow(_at(fields, feed, place), None, where),), None, 1)
        case "sum":
            of = _numeric(fields, feed, place)
            return Additive(code, kind, (Flow(_at(fields, feed, place), of, where),), None, 1)
        case "mean":
            of, at = _numeric(fields, feed, place), _at(fields, feed, place)
            given = _both(where, Null(of, absent=False))
            return Additive(code, kind, (Flow(at, of, where),), (Flow(at, None, given),), 1)
        case "share":
            if where is None:
                raise MetricError(f"{place}: a share needs where, the condition of its numerator")
            among, at = _where(fields, "among", feed, place), _at(fields, feed, place)
            counted = _both(among, where)
            return Additive(
                code, kind, (Flow(at, None, counted),), (Flow(at, None, among),), _scale(fields, place, 100)
            )
        case "ratio":
            sides = [_terms(fields, side, feed, place) for side in ("numerator", "denominator")]
            return Additive(code, kind, sides[0], sides[1], _scale(fields, place, 100))
        case "open":
            return Additive(code, kind, (_stock(fields, feed, place),), None, 1)
        case "ageing":
            old = _stock(fields, feed, place)
            if old.days < 1:
                raise MetricError(f"{place}: ageing needs older_than, a number of days from 1")
            every = Stock(old.opened, old.closed, 0, where)
            return Additive(code, kind, (old,), (every,), _scale(fields, place, 100))
        case "percentile":
            return Percentile(
                code, _numeric(fields, feed, place), _at(fields, feed, place), _percent(fields, place), where
            )
        case _:
            of_column = read_column(fields.get("of"), feed.types, f"{place}.of").name
            top = kind == "top_share"
            return Distinct(code, of_column, where, top, kind, _scale(fields, place, 100) if top else 1)


def _where(fields: Mapping[str, object], name: str, feed: Declaration, place: str) -> Predicate | None:
    return read_predicate(fields[name], feed.types, f"{place}.{name}") if name in fields else None


def _both(first: Predicate | None, second: Predicate) -> Predicate:
    return second if first is None else Every((first, second))


def _numeric(fields: Mapping[str, object], feed: Declaration, place: str) -> Value:
    value = read_value(fields.get("of"), feed.types, f"{place}.of")
    if value.kind not in NUMERIC:
        shown = value.name if isinstance(value, Column) else "days"
        raise MetricError(f"{place}.of: {shown} is {value.kind}, a number is needed")
    return value


def _date_column(name: object, feed: Declaration, place: str) -> str:
    column = read_column(name, feed.types, place)
    if column.kind not in TEMPORAL:
        raise MetricError(f"{place}: {column.name} is {column.kind}, a date or a timestamp is needed")
    return column.name


def _at(fields: Mapping[str, object], feed: Declaration, place: str) -> str:
    return _date_column(fields.get("at", feed.event_time), feed, f"{place}.at")


def _scale(fields: Mapping[str, object], place: str, default: int) -> int:
    scale = fields.get("scale", default)
    if not isinstance(scale, int) or isinstance(scale, bool) or not 1 <= scale <= 1_000_000:
        raise MetricError(f"{place}.scale: a whole number from 1 to 1000000 is needed, not {scale!r}")
    return scale


def _days_over(fields: Mapping[str, object], place: str) -> int:
    days = fields.get("older_than", 0)
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= 3660:
        raise MetricError(f"{place}.older_than: a number of days from 0 to 3660 is needed, not {days!r}")
    return days


def _stock(fields: Mapping[str, object], feed: Declaration, place: str) -> Stock:
    opened = _date_column(fields.get("opened", feed.event_time), feed, f"{place}.opened")
    closed = _date_column(fields.get("closed"), feed, f"{place}.closed")
    if opened == closed:
        raise MetricError(f"{place}: opened and closed are both {opened}; nothing would ever be open")
    return Stock(
        opened,
        closed,
        _days_over(fields, place),
        _where(fields, "where", feed, place),
    )


def _percent(fields: Mapping[str, object], place: str) -> Fraction:
    percent = fields.get("percent")
    if not isinstance(percent, int | float) or isinstance(percent, bool) or not 0 < percent < 100:
        raise MetricError(f"{place}.percent: a number between 0 and 100 is needed, not {percent!r}")
    return Fraction(str(percent)) / 100


def _terms(fields: Mapping[str, object], side: str, feed: Declaration, place: str) -> tuple[Term, ...]:
    written = fields.get(side)
    if not isinstance(written, list) or not written:
        raise MetricError(f"{place}.{side}: a list of terms is needed, at least one")
    return tuple(_term(part, feed, f"{place}.{side}[{number}]") for number, part in enumerate(written))


def _term(written: object, feed: Declaration, place: str) -> Term:
    if not isinstance(written, Mapping):
        raise MetricError(f"{place}: a term is a table such as {{ kind = 'count', where = … }}")
    kind = written.get("kind")
    fields = {name: value for name, value in written.items() if name != "kind"}
    if kind not in ("count", "sum", "open"):
        raise MetricError(f"{place}: a term is of kind count, sum or open, not {kind!r}")
    if unknown := sorted(set(fields) - FIELDS[str(kind)]):
        raise MetricError(f"{place}: {kind} takes no {', '.join(unknown)}")
    if kind == "open":
        return _stock(fields, feed, place)
    of = _numeric(fields, feed, place) if kind == "sum" else None
    return Flow(_at(fields, feed, place), of, _where(fields, "where", feed, place))
