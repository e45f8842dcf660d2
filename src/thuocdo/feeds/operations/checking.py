"""Checking the events of a batch: what can be landed, and for everything else what is wrong and what to do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import pyarrow
from django.utils.translation import gettext as _

from thuocdo.feeds.declaration import Column, Feed, Treatment, Type
from thuocdo.feeds.files.cells import Fault, hashed, local, read_column
from thuocdo.feeds.files.formats import Chunk, chunks
from thuocdo.feeds.files.parts import Key, keys_of, table_of

MOST_REPORTED = 1_000


@dataclass(frozen=True, slots=True)
class Reach:
    """Which body codes exist, for which of them the sender may speak, the moment, and the secret of hashes."""

    known: frozenset[str]
    allowed: frozenset[str]
    now: datetime
    salt: str


@dataclass(slots=True)
class Report:
    """What was wrong: the first errors, how many there are of each code, and which rows they cost."""

    errors: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    warnings: dict[str, dict[str, Any]] = field(default_factory=dict)
    rejected: int = 0

    def add(self, row: int, name: str, code: str, message: str) -> None:
        """Write down one error; only the first thousand keep their words."""
        self.counts[code] += 1
        if len(self.errors) < MOST_REPORTED:
            self.errors.append({"row": row, "field": name, "code": code, "message": message})

    def warn(self, name: str, code: str, message: str) -> None:
        """Write down something that costs no row; once for each column."""
        self.warnings.setdefault(f"{code}:{name}", {"field": name, "code": code, "message": message})


@dataclass(slots=True)
class Checked:
    """The events that can be landed, one for each key: a table, and for each row its line, month and key."""

    table: pyarrow.Table
    lines: list[int]
    periods: list[str]
    keys: list[Key]
    rows: int
    duplicates: int
    report: Report
    first: datetime | None = None
    last: datetime | None = None

    def by_period(self, without: frozenset[int] = frozenset()) -> dict[str, list[int]]:
        """The numbers of the table's rows by month, in the order of their keys, without those given."""
        found: dict[str, list[int]] = {}
        for at in sorted(range(len(self.keys)), key=self.keys.__getitem__):
            if at not in without:
                found.setdefault(self.periods[at], []).append(at)
        return dict(sorted(found.items()))


def check(feed: Feed, content: bytes, reach: Reach) -> Checked:
    """Read and check the whole batch; raises Unreadable when it cannot be read at all.

    Of events with one key the one of the greatest order stays, of equal ones the last; the others are counted.
    """
    report = Report()
    tables: list[pyarrow.Table] = []
    lines: list[int] = []
    moments: list[datetime] = []
    keys: list[Key] = []
    orders: list[tuple[Any, ...]] = []
    rows = 0
    for chunk in chunks(feed, content):
        rows += len(chunk.lines) + len(chunk.lost)
        good, columns = _good(feed, chunk, reach, report)
        tables.append(table_of(feed, columns))
        lines += good
        keys += keys_of(feed, columns)
        moments += [_moment(value) for value in columns[feed.event_time]]
        orders += zip(*(columns[name] for name in feed.order_by), strict=True) if feed.order_by else [()] * len(good)
    best: dict[Key, int] = {}
    for at, key in enumerate(keys):
        former = best.get(key)
        if former is None or orders[at] >= orders[former]:
            best[key] = at
    kept = sorted(best.values())
    table = pyarrow.concat_tables(tables) if tables else table_of(feed, {name: [] for name in feed.types})
    moments = [moments[at] for at in kept]
    return Checked(
        table=table if len(kept) == len(keys) else table.take(kept),
        lines=[lines[at] for at in kept],
        periods=[f"{moment:%Y-%m}" for moment in moments],
        keys=[keys[at] for at in kept],
        rows=rows,
        duplicates=len(keys) - len(kept),
        report=report,
        first=min(moments, default=None),
        last=max(moments, default=None),
    )


def _good(feed: Feed, chunk: Chunk, reach: Reach, report: Report) -> tuple[list[int], dict[str, list[Any]]]:
    """The lines of the chunk's good rows and their columns, personal ones treated."""
    for fault in chunk.lost:
        report.add(fault.at, fault.field, fault.code, fault.message)
    for name in sorted(chunk.extra)[:20]:
        shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in name[:60])
        report.warn(
            shown, "unknown_column", _("Cột này không có trong khai báo nên không được giữ lại; kiểm tra tên cột.")
        )
    columns: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    for column in feed.landed:
        is_hashed = feed.personal.get(column.name) is Treatment.HASH
        values, wrong = read_column(column, chunk.columns[column.name], is_secret=is_hashed)
        if is_hashed:
            values = hashed(values, salt=reach.salt, scope=f"{feed.code}.{column.name}")
        columns[column.name] = values
        faults += wrong
    bad = {fault.at for fault in faults}
    for at, (name, code, message) in _misplaced(feed, columns, reach, bad).items():
        faults.append(Fault(at, name, code, message))
        bad.add(at)
    for fault in sorted(faults, key=lambda fault: fault.at):
        report.add(chunk.lines[fault.at], fault.field, fault.code, fault.message)
    report.rejected += len(bad) + len(chunk.lost)
    if not bad:
        return list(chunk.lines), columns
    kept = [at for at in range(len(chunk.lines)) if at not in bad]
    return [chunk.lines[at] for at in kept], {name: [values[at] for at in kept] for name, values in columns.items()}


def _misplaced(
    feed: Feed, columns: Mapping[str, Sequence[Any]], reach: Reach, bad: set[int]
) -> dict[int, tuple[str, str, str]]:
    """Events of bodies that are unknown or not the sender's, of the future, and from before the feed."""
    found: dict[int, tuple[str, str, str]] = {}
    latest = local(reach.now) + feed.skew
    clocks = [
        column for column in (feed.column(name) for name in (feed.event_time, *feed.order_by)) if _tells_time(column)
    ]
    for at, body in enumerate(columns[feed.body]):
        if at in bad:
            continue
        if body not in reach.known:
            text = _("Không có cơ quan mang mã “%(code)s”; kiểm tra mã và số 0 ở đầu.") % {"code": body[:40]}
            found[at] = (feed.body, "unknown_body", text)
            continue
        if body not in reach.allowed:
            text = _("Cơ quan này nằm ngoài phạm vi của khóa; chỉ gửi sự kiện của cơ quan được giao.")
            found[at] = (feed.body, "out_of_scope", text)
            continue
        for column in clocks:
            if _moment(columns[column.name][at]) > latest:
                text = _("Thời điểm này chưa tới; kiểm tra đồng hồ và múi giờ của hệ thống gửi.")
                found[at] = (column.name, "in_future", text)
        moment = _moment(columns[feed.event_time][at])
        if feed.valid_from is not None and moment.date() < feed.valid_from and at not in found:
            text = _("Sự kiện có trước ngày khai báo của nguồn (%(day)s); không gửi sự kiện cũ hơn.")
            found[at] = (feed.event_time, "before_feed", text % {"day": feed.valid_from.strftime("%d/%m/%Y")})
        if feed.valid_to is not None and feed.has_ended(moment.date()) and at not in found:
            text = _("Nguồn này đã thôi nhận sự kiện từ ngày %(day)s; gửi vào nguồn thay thế.")
            found[at] = (feed.event_time, "after_feed", text % {"day": feed.valid_to.strftime("%d/%m/%Y")})
    return found


def _tells_time(column: Column) -> bool:
    return column.type in (Type.TIMESTAMP, Type.DATE)


def _moment(value: date) -> datetime:
    """A moment, for a day its first."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())
