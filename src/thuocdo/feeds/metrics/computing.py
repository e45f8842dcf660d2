"""From the files of a feed to the figures of bodies and periods; only partitions whose files changed are read."""

import hashlib
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from thuocdo.engine.calendars import Period, parse_period

from .above import digest_of, spread
from .combining import Kept, combined
from .declared import Above, Additive, Declaration, Flow, Metric, Percentile, columns_read, has_stock, read_metrics
from .deduplication import Known, latest_columns
from .engines import DuckDB, Engine, engine_named
from .expressions import with_working_days, working_calendar
from .predicates import MetricError
from .standing import Standing, reach_of, touched
from .sums import Plan, counts, groups, plan_of, sums, working_columns

# Raised whenever the meaning of kept sums changes, so that older ones are made again.
LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Renewed:
    """Figures of the periods that a change could touch, for each metric a table, and what they were made from.

    Of the periods in `stocks` only the figures with a stock in them were made.
    """

    tables: dict[str, pa.Table]
    periods: tuple[str, ...]
    stocks: frozenset[str]
    standing: Standing


def figures(
    feed: Declaration,
    partitions: Mapping[str, Sequence[Path]],
    *,
    periods: Sequence[str] | None = None,
    kept: Path | None = None,
    engine: Engine | None = None,
    overrides: Mapping[date, bool] | None = None,
    above: Above | None = None,
) -> dict[str, pa.Table]:
    """For each metric a table (body, period, numerator, denominator) of all bodies and the asked periods.

    `partitions` are all months of the feed with their Parquet files; `periods` labels of months, quarters or years
    (by default the months there are). `kept` is a folder for the sums of each partition: what it holds for the same
    metrics and files is not computed again, and what belongs to files no longer there is removed. `overrides` are the
    swapped working days of the pack. With `above`, which says for a period in whose figures a body's events count,
    sums and counts are added up, and percentiles and different values taken of all the events together. Raises
    MetricError for a period that is no whole month, quarter or year.
    """
    return renewed(feed, partitions, periods=periods, kept=kept, engine=engine, overrides=overrides, above=above).tables


def renewed(
    feed: Declaration,
    partitions: Mapping[str, Sequence[Path]],
    *,
    since: Standing | None = None,
    also: Collection[str] = (),
    periods: Sequence[str] | None = None,
    kept: Path | None = None,
    engine: Engine | None = None,
    overrides: Mapping[date, bool] | None = None,
    above: Above | None = None,
) -> Renewed:
    """The figures of the asked periods that may differ from those of `since`, and of `also`; all without `since`.

    The other arguments and errors are those of `figures`. Figures of a metric and period are given whole: one that is
    not among them any more does not exist any more.
    """
    metrics = read_metrics(feed)
    asked = _asked(partitions, periods)
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="thuocdo-feeds-")))
        folder.mkdir(parents=True, exist_ok=True)
        used = engine or stack.enter_context(engine_named(temp=folder / "spill"))
        work = _Work(feed, metrics, plan_of(metrics), used, folder, overrides, above)
        stems = _kept_months(work, partitions)
        standing = _standing(work, stems, asked, since)
        chosen = touched(since, standing, asked, {parse_period(label) for label in also})
        files = _all_kept(work, partitions, stems, chosen.whole)
        local = used if isinstance(used, DuckDB) else stack.enter_context(engine_named(temp=folder / "spill"))
        tables = combined(local, work.plan, metrics, files, chosen.whole, above) if chosen.whole else {}
        lasting = tuple(metric for metric in metrics if has_stock(metric))
        if chosen.stocks and lasting:
            later = combined(local, work.plan.only(lasting), lasting, files, chosen.stocks, above)
            tables |= {
                code: pa.concat_tables([tables[code], one] if code in tables else [one]) for code, one in later.items()
            }
        every = sorted([*chosen.whole, *chosen.stocks])
        stocks = frozenset(period.label for period in chosen.stocks)
        return Renewed(tables, tuple(period.label for period in every), stocks, standing)


def _standing(work: "_Work", stems: Mapping[str, str], asked: Sequence[Period], since: Standing | None) -> Standing:
    """What the figures are made from; of partitions that are as before the former standing knows the months."""
    known = {} if since is None else {reach.stem: reach for reach in since.partitions.values()}
    return Standing(
        hashlib.sha256(work.meaning.encode()).hexdigest(),
        {label: known.get(stem) or reach_of(work.plan, work.folder, stem) for label, stem in stems.items()},
        {period.label: work.drawn(period) for period in asked},
    )


class _Work:
    """One run: the feed, its plan and where the sums of its partitions are kept."""

    def __init__(
        self,
        feed: Declaration,
        metrics: tuple[Metric, ...],
        plan: Plan,
        engine: Engine,
        folder: Path,
        overrides: Mapping[date, bool] | None,
        above: Above | None = None,
    ) -> None:
        self.feed, self.metrics, self.plan, self.engine, self.folder = feed, metrics, plan, engine, folder
        self.columns = columns_read(feed, metrics)
        self.working = working_columns(metrics)
        self.overrides, self.above = overrides, above
        self.meaning = repr((
            LAYOUT, feed.code, dict(feed.types), feed.key, feed.body, feed.order_by, metrics,
            sorted((overrides or {}).items()) if self.working else (),
        ))  # fmt: skip
        self._calendar: ir.Table | None = None
        self._drawn: dict[Period, str] = {}
        # Expressions over tables of the same name and columns are built once for all partitions.
        self._latest: Known = {}
        self._dated: dict[Any, ir.Table] = {}
        self._questions: dict[Any, list[tuple[str, ir.Table]]] = {}

    def stem(self, label: str, files: Sequence[Path]) -> str:
        """The name under which sums of these files are kept: of the same metrics and files, always the same."""
        named = sorted((file.name, file.stat().st_size) for file in files)
        # Different values are counted for the bodies above, too, and so anew when the hierarchy changes.
        drawn = self.drawn(parse_period(label)) if self.plan.groups else ""
        said = (self.meaning, named, drawn) if drawn else (self.meaning, named)
        return f"{label}-{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"

    def drawn(self, period: Period) -> str:
        """A digest over the hierarchy of a period; empty without one."""
        if period not in self._drawn:
            self._drawn[period] = digest_of(self.above, [period])
        return self._drawn[period]

    @contextmanager
    def latest(self, files: Sequence[Path]) -> Iterator[ir.Table]:
        """What the metrics read of the latest row of each key, held by the engine for several questions."""
        with latest_columns(self.feed, self.engine, files, self.columns, self._latest) as found:
            if found.op() not in self._dated:
                dated = with_working_days(found, self.working, self.calendar()) if self.working else found
                self._dated[found.op()] = dated
            with self.engine.held(self._dated[found.op()]) as held:
                yield held

    def questions(self, table: ir.Table) -> list[tuple[str, ir.Table]]:
        """What is asked of a partition that is not about its different values, each with the name of its file."""
        if table.op() not in self._questions:
            body = self.feed.body
            found = [(f"sums{number}", asked) for number, asked in enumerate(sums(self.plan, table, body))]
            self._questions[table.op()] = [*found, *counts(self.plan, table, body)]
        return self._questions[table.op()]

    def calendar(self) -> ir.Table:
        """The working days up to each day, as a small table."""
        if self._calendar is None:
            rows = working_calendar(self.overrides)
            self._calendar = self.engine.small(
                pa.table({"day": pa.array([day for day, _ in rows], pa.date32()), "passed": [n for _, n in rows]})
            )
        return self._calendar

    def write(self, table: pa.Table, stem: str, part: str) -> None:
        """Put a small table in its place, whole or not at all."""
        # Two workers may make the same sums at once; each has a draft of its own.
        draft = self.folder / f"{stem}.{part}.{uuid4().hex}.draft"
        pq.write_table(table, draft)
        draft.rename(self.folder / f"{stem}.{part}.parquet")


def _asked(partitions: Mapping[str, Sequence[Path]], periods: Sequence[str] | None) -> list[Period]:
    months = {label: parse_period(label) for label in partitions}
    if wrong := sorted(label for label, period in months.items() if period.kind != "month"):
        raise MetricError(f"A partition is a month such as 2026-09, not {', '.join(wrong)}")
    asked = sorted(set(months.values()) if periods is None else {parse_period(label) for label in periods})
    if days := [period.label for period in asked if period.kind == "day"]:
        raise MetricError(f"Feeds give figures of months, quarters and years, not of {', '.join(days)}")
    return asked


def _kept_months(work: _Work, partitions: Mapping[str, Sequence[Path]]) -> dict[str, str]:
    """Make what is missing of the sums of the months and drop what belongs to files no longer there."""
    stems = {label: work.stem(label, files) for label, files in sorted(partitions.items()) if files}
    _remove_stale(work.folder, set(stems.values()), set(partitions))
    for label, stem in stems.items():
        if not (work.folder / f"{stem}.done").exists():
            _scan(work, stem, label, partitions[label])
    return stems


def _all_kept(
    work: _Work, partitions: Mapping[str, Sequence[Path]], stems: Mapping[str, str], asked: Sequence[Period]
) -> Kept:
    """Make what is missing for the quarters and years among the asked periods, and list all that is kept."""
    longer = {
        period.label: [file for label, files in sorted(partitions.items()) if _within(label, period) for file in files]
        for period in asked
        if period.kind != "month" and work.plan.groups
    }
    long_stems = {label: work.stem(label, files) for label, files in longer.items() if files}
    _remove_stale(work.folder, set(long_stems.values()), set(longer))
    for label, stem in long_stems.items():
        if not (work.folder / f"{stem}.done").exists():
            _scan_groups(work, stem, label, longer[label])
    every = [*stems.values(), *long_stems.values()]
    return Kept(
        sums=[file for stem in stems.values() for file in sorted(work.folder.glob(f"{stem}.sums*.parquet"))],
        counts={
            name: [work.folder / f"{stem}.{name}.parquet" for stem in stems.values()]
            for name in work.plan.counts.values()
        },
        groups={name: [work.folder / f"{stem}.{name}.parquet" for stem in every] for name in work.plan.groups.values()},
    )


def _within(label: str, period: Period) -> bool:
    return period.start <= parse_period(label).start < period.end


def _scan(work: _Work, stem: str, label: str, files: Sequence[Path]) -> None:
    """Read one partition and keep what it contributes."""
    with work.latest(files) as table:
        for name, expression in work.questions(table):
            work.write(work.engine.rows(expression), stem, name)
        _keep_groups(work, table, stem, label)
    (work.folder / f"{stem}.done").touch()


def _scan_groups(work: _Work, stem: str, label: str, files: Sequence[Path]) -> None:
    """Different values and most frequent ones cannot be added up: a quarter or year reads all its events."""
    with work.latest(files) as table:
        _keep_groups(work, table, stem, label)
    (work.folder / f"{stem}.done").touch()


def _keep_groups(work: _Work, table: ir.Table, stem: str, label: str) -> None:
    if work.above is not None and work.plan.groups:
        table = spread(work.engine, table, work.feed.body, work.above(parse_period(label)))
    for name, expression in groups(work.plan, table, work.feed.body):
        found = work.engine.rows(expression)
        work.write(found.append_column("period", pa.array([label] * len(found), pa.string())), stem, name)


def _remove_stale(folder: Path, current: set[str], labels: set[str]) -> None:
    """Sums of other files or other metrics of the same labels; of other labels nothing is known, they stay."""
    for file in folder.iterdir():
        stem = file.name.partition(".")[0]
        if file.is_file() and stem not in current and stem.rpartition("-")[0] in labels:
            file.unlink(missing_ok=True)


def partitions_of(
    feed: Declaration, metric: Metric, period: Period, partitions: Mapping[str, Sequence[Path]]
) -> tuple[str, ...]:
    """Labels of the partitions from which a figure comes: those of the period, or all when it goes by another date."""
    if _by_event_time(feed, metric):
        return tuple(label for label in sorted(partitions) if _within(label, period))
    return tuple(sorted(partitions))


def _by_event_time(feed: Declaration, metric: Metric) -> bool:
    match metric:
        case Additive():
            terms = (*metric.numerator, *(metric.denominator or ()))
            return all(isinstance(term, Flow) and term.at == feed.event_time for term in terms)
        case Percentile():
            return metric.at == feed.event_time
        case _:
            return True
