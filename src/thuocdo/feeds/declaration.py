"""What a feed is: columns, keys, personal columns, alarm and the indicators it feeds, read from a pack's file.

Pure: no database, no clock. `read_feed` takes the tables of `packs/<pack>/feeds/<code>.toml`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DECIMAL = re.compile(r"decimal\((\d{1,2}),\s*(\d{1,2})\)")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
MOST_DIGITS = 38

_Kind = TypeVar("_Kind", bound=StrEnum)


class FeedRefused(ValueError):
    """A declaration that cannot be read; the message names the feed, the entry and the remedy."""


class Type(StrEnum):
    """The types that a column may have."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    # Wall-clock time of Viet Nam without a zone: the same instant falls into the same month in every engine.
    TIMESTAMP = "timestamp"


class Treatment(StrEnum):
    """What happens to a personal column at the door, before anything touches a disk."""

    DROP = "drop"
    # Keyed HMAC-SHA256, its first 128 bits in hexadecimal digits.
    HASH = "hash"


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the source sends it; `precision` and `scale` are those of a decimal.

    `choices` are the texts that are allowed (empty: any); `lower` and `upper` bound a number.
    """

    name: str
    type: Type
    required: bool = False
    precision: int = 0
    scale: int = 0
    choices: tuple[str, ...] = ()
    lower: Decimal | None = None
    upper: Decimal | None = None
    title: str = ""
    title_en: str = ""

    @property
    def written_type(self) -> str:
        """The type as the declaration writes it: `decimal(12,2)`."""
        return f"decimal({self.precision},{self.scale})" if self.type is Type.DECIMAL else self.type.value


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as declared; `columns` are in the order in which they are landed, dropped ones included.

    Rows are identified by `key`; of several with one key the one with the greatest `order_by` holds. The
    `event_time` decides the partition (a month) and never changes for a key. `metrics` are the tables
    `[metrics.<indicator>]` as they stand; `feeds.metrics` reads them.
    """

    code: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    body: str
    event_time: str
    order_by: tuple[str, ...]
    personal: Mapping[str, Treatment]
    metrics: Mapping[str, Mapping[str, object]]
    # Whether the events of a body count in the figures of every body above it, too.
    rolls_up: bool = False
    name: str = ""
    name_en: str = ""
    version: int = 1
    approved_by: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    silence: timedelta = timedelta(hours=24)
    # How far a clock of the source may run ahead of ours.
    skew: timedelta = timedelta(minutes=10)

    def column(self, name: str) -> Column:
        """The column of this name; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def has_ended(self, on: date) -> bool:
        """Whether nothing is expected of the feed any more on this day."""
        return self.valid_to is not None and self.valid_to <= on

    @property
    def landed(self) -> tuple[Column, ...]:
        """The columns that reach the files: those not dropped, hashed ones as text."""
        return tuple(column for column in self.columns if self.personal.get(column.name) is not Treatment.DROP)

    @property
    def indicators(self) -> frozenset[str]:
        """The codes of the indicators that the feed gives."""
        return frozenset(self.metrics)

    @property
    def types(self) -> dict[str, str]:
        """The written type of every column that reaches the files, by name, in their order."""
        return {column.name: column.written_type for column in self.landed}


def read_feed(document: Mapping[str, Any]) -> Feed:
    """The feed that a TOML document declares; raises FeedRefused with the entry and the remedy."""
    code = document.get("code")
    if not isinstance(code, str) or not _NAME.fullmatch(code):
        raise FeedRefused(f"code is {code!r}; use small letters, digits and underscores, beginning with a letter.")
    entries = _tables(document, "column", code)
    columns = tuple(_column(entry, code) for entry in entries)
    names = [column.name for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise FeedRefused(f"{code}: the columns {', '.join(twice)} stand more than once; keep one of each.")
    personal = {
        str(entry["name"]): _choice(entry["personal"], Treatment, f"{code}.{entry['name']}: personal")
        for entry in entries
        if "personal" in entry
    }
    known = {column.name: column for column in columns}
    order_by = document.get("order_by", [])
    if not isinstance(order_by, list):
        raise FeedRefused(f"{code}: order_by is a list of the columns by which the latest row of a key is known.")
    key = document.get("key")
    if not isinstance(key, list) or not key:
        raise FeedRefused(f"{code}: key must list the columns that identify an event.")
    feed = Feed(
        code=code,
        columns=columns,
        key=tuple(_named(name, known, code, "key") for name in key),
        body=_named(document.get("body"), known, code, "body"),
        event_time=_named(document.get("event_time"), known, code, "event_time"),
        order_by=tuple(_named(name, known, code, "order_by") for name in order_by),
        personal=personal,
        metrics=_metrics(document, code),
        rolls_up=_rolls_up(document, code),
        name=_words(document, "name")[0] or code,
        name_en=_words(document, "name")[1] or code,
        version=_version(document, code),
        approved_by=str(document.get("approved_by", "")),
        valid_from=_day(document, "valid_from", code),
        valid_to=_day(document, "valid_to", code),
        silence=_duration(document.get("silence", "P1D"), f"{code}: silence"),
        skew=_duration(document.get("skew", "PT10M"), f"{code}: skew"),
    )
    _check(feed, known)
    return feed


def _check(feed: Feed, known: Mapping[str, Column]) -> None:
    """Refuse what contradicts itself."""
    for name in {*feed.key, feed.body, feed.event_time, *feed.order_by}:
        if not known[name].required:
            raise FeedRefused(f"{feed.code}: {name} identifies, dates or orders an event; declare it required.")
        if feed.personal.get(name) is Treatment.DROP:
            raise FeedRefused(f"{feed.code}: {name} cannot be dropped, the feed needs it; use hash or another column.")
    for name, treatment in feed.personal.items():
        if treatment is Treatment.HASH and known[name].type is not Type.TEXT:
            raise FeedRefused(f"{feed.code}: {name} is hashed and must be declared as text.")
        if treatment is Treatment.HASH and name in (feed.body, feed.event_time, *feed.order_by):
            raise FeedRefused(f"{feed.code}: {name} cannot be hashed; its value is needed.")
    if known[feed.body].type is not Type.TEXT:
        raise FeedRefused(f"{feed.code}: body {feed.body} must be a text column, for codes keep their leading zeros.")
    if known[feed.event_time].type not in (Type.TIMESTAMP, Type.DATE):
        raise FeedRefused(f"{feed.code}: event_time {feed.event_time} must be a timestamp or a date.")
    for name in feed.order_by:
        if known[name].type not in (Type.TIMESTAMP, Type.INTEGER, Type.DATE):
            raise FeedRefused(f"{feed.code}: order_by {name} must be a timestamp, a date or an integer.")
    if feed.valid_from and feed.valid_to and feed.valid_to <= feed.valid_from:
        raise FeedRefused(f"{feed.code}: valid_to must lie after valid_from.")


def _column(entry: Mapping[str, Any], code: str) -> Column:
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise FeedRefused(f"{code}: a column is named {name!r}; use small letters, digits and underscores.")
    written = str(entry.get("type", ""))
    precision = scale = 0
    if match := _DECIMAL.fullmatch(written):
        kind, precision, scale = Type.DECIMAL, int(match[1]), int(match[2])
        if not 1 <= precision <= MOST_DIGITS or scale > precision:
            raise FeedRefused(
                f"{code}.{name}: {written} is no decimal; at most {MOST_DIGITS} digits, scale within them."
            )
    elif written == Type.DECIMAL:
        raise FeedRefused(f"{code}.{name}: write a decimal with its digits, for example decimal(12,2).")
    else:
        kind = _choice(written, Type, f"{code}.{name}: type")
    choices = entry.get("choices", [])
    if choices and (kind is not Type.TEXT or not isinstance(choices, list)):
        raise FeedRefused(f"{code}.{name}: choices are a list of texts for a text column.")
    if kind not in (Type.INTEGER, Type.DECIMAL, Type.FLOAT) and ("lower" in entry or "upper" in entry):
        raise FeedRefused(f"{code}.{name}: lower and upper bound a number; remove them or change the type.")
    title, title_en = _words(entry, "title")
    return Column(
        name=name,
        type=kind,
        required=entry.get("required") is True,
        precision=precision,
        scale=scale,
        choices=tuple(str(choice) for choice in choices),
        lower=_bound(entry, "lower", f"{code}.{name}"),
        upper=_bound(entry, "upper", f"{code}.{name}"),
        title=title or name,
        title_en=title_en or name,
    )


def _bound(entry: Mapping[str, Any], field: str, place: str) -> Decimal | None:
    if field not in entry:
        return None
    try:
        bound = Decimal(str(entry[field]))
    except InvalidOperation:
        bound = Decimal("NaN")
    if isinstance(entry[field], bool) or not bound.is_finite():
        raise FeedRefused(f"{place}: {field} is {entry[field]!r}; write a number.")
    return bound


def _metrics(document: Mapping[str, Any], code: str) -> Mapping[str, Mapping[str, object]]:
    found = document.get("metrics", {})
    if not isinstance(found, Mapping) or not all(isinstance(table, Mapping) for table in found.values()):
        raise FeedRefused(f"{code}: write each metric as a table [metrics.<code of its indicator>].")
    return dict(found)


def _rolls_up(document: Mapping[str, Any], code: str) -> bool:
    written = document.get("rolls_up", "")
    if written not in ("", "territorial"):
        raise FeedRefused(f'{code}: rolls_up is {written!r}; write "territorial", or leave it out.')
    return bool(written)


def _tables(document: Mapping[str, Any], name: str, code: str) -> Sequence[Mapping[str, Any]]:
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found) or not found:
        raise FeedRefused(f"{code}: write at least one [[{name}]] table.")
    return found


def _named(name: object, known: Mapping[str, Column], code: str, field: str) -> str:
    if not isinstance(name, str) or name not in known:
        raise FeedRefused(f"{code}: {field} names {name!r}, which is no column; the columns are {', '.join(known)}.")
    return name


def _version(document: Mapping[str, Any], code: str) -> int:
    version = document.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FeedRefused(f"{code}: version is {version!r}; count versions 1, 2, 3.")
    return version


def _day(document: Mapping[str, Any], field: str, code: str) -> date | None:
    value = document.get(field)
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    raise FeedRefused(f"{code}: {field} is {value!r}; write a day such as 2026-01-01.")


def _duration(written: object, place: str) -> timedelta:
    match = _DURATION.fullmatch(str(written))
    if match is None or not any(match.groups()):
        raise FeedRefused(f"{place} is {written!r}; write an ISO duration such as PT6H or P1D.")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _words(entry: Mapping[str, Any], field: str) -> tuple[str, str]:
    value = entry.get(field, "")
    if isinstance(value, Mapping):
        return str(value.get("vi", "")), str(value.get("en", value.get("vi", "")))
    return str(value), str(value)


def _choice(written: object, kind: type[_Kind], place: str) -> _Kind:
    try:
        return kind(str(written))
    except ValueError as error:
        raise FeedRefused(f"{place} is {written!r}; use one of {', '.join(kind)}.") from error
