"""What the figures of a feed were made from, and which periods a change of its partitions can touch.

A figure of a period comes from the rows of the kept sums whose month lies in it, for a stock from all rows up to its
end, from the different values counted for the period, and from the bodies above as of its end. So only periods can
change in which a partition stands before or after its change and those whose hierarchy has changed; after the first
month in which it has a part in a stock, the stocks of all periods can. When the metrics change, everything can.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thuocdo.engine.calendars import Period, parse_period

from .declared import Stock

if TYPE_CHECKING:
    from .sums import Plan


def month_index(period: Period) -> tuple[int, int]:
    """First and last month of a period, as 12 × year + month − 1."""
    last = period.last_day
    return period.start.year * 12 + period.start.month - 1, last.year * 12 + last.month - 1


@dataclass(frozen=True, slots=True)
class Reach:
    """In which months, as 12 × year + month − 1, the sums of a partition stand: of flows and values, and of stocks."""

    stem: str
    flows: tuple[int, ...]
    stocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a set of figures was made from: the metrics, the sums of each partition, the hierarchy of each period."""

    meaning: str
    partitions: Mapping[str, Reach]
    periods: Mapping[str, str]

    def written(self) -> dict[str, Any]:
        """The standing as JSON can keep it."""
        reaches = {label: [one.stem, one.flows, one.stocks] for label, one in self.partitions.items()}
        return {"meaning": self.meaning, "partitions": reaches, "periods": dict(self.periods)}


def read_standing(written: Mapping[str, Any]) -> Standing:
    """The standing that was kept; KeyError, TypeError or ValueError for anything else."""
    partitions = {
        label: Reach(str(stem), tuple(map(int, flows)), tuple(map(int, stocks)))
        for label, (stem, flows, stocks) in written["partitions"].items()
    }
    return Standing(str(written["meaning"]), partitions, dict(written["periods"]))


def reach_of(plan: "Plan", folder: Path, stem: str) -> Reach:
    """The months that stand in the kept sums of a partition, whatever they add up to: a zero is a figure, too."""
    import pyarrow.parquet as pq

    def months_of(file: Path) -> set[int]:
        return set(pq.read_table(file, columns=["month"]).column("month").unique().to_pylist())

    kinds = {name: isinstance(term, Stock) for term, name in plan.terms.items()}
    flows: set[int] = set()
    stocks: set[int] = set()
    for file in folder.glob(f"{stem}.sums*.parquet"):
        months = months_of(file)
        there = {kinds[name] for name in pq.read_schema(file).names if name in kinds}
        flows |= months if False in there else set()
        stocks |= months if True in there else set()
    for name in plan.counts.values():
        flows |= months_of(folder / f"{stem}.{name}.parquet")
    return Reach(stem, tuple(sorted(flows)), tuple(sorted(stocks)))


@dataclass(frozen=True, slots=True)
class Touched:
    """Periods of which every figure may differ, and those of which only figures with a stock in them may."""

    whole: list[Period]
    stocks: list[Period]


def touched(
    before: Standing | None, after: Standing, asked: Sequence[Period], also: Collection[Period] = ()
) -> Touched:
    """Which of the asked periods may differ between two standings; all without the first. Those of `also` are whole."""
    if before is None or before.meaning != after.meaning:
        return Touched(list(asked), [])
    own: set[int] = set()
    since: list[int] = []
    for label in {*before.partitions, *after.partitions}:
        reaches = [one.partitions[label] for one in (before, after) if label in one.partitions]
        if len(reaches) == 2 and reaches[0].stem == reaches[1].stem:
            continue
        # Different values are counted in the month of the partition itself, whatever the sums say.
        own.add(month_index(parse_period(label))[0])
        for reach in reaches:
            own.update(reach.flows)
            since += reach.stocks[:1]
    found = Touched([], [])
    for period in asked:
        first, last = month_index(period)
        is_redrawn = before.periods.get(period.label) != after.periods[period.label]
        if period in also or is_redrawn or any(first <= month <= last for month in own):
            found.whole.append(period)
        elif any(month <= last for month in since):
            found.stocks.append(period)
    return found
