"""Random events of the feed in events.toml, with repeated keys, ties, nulls and late corrections, as Parquet files."""

import random
import tomllib
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from thuocdo.feeds.declaration import Feed, read_feed

FEED = read_feed(tomllib.loads((Path(__file__).parent / "events.toml").read_text(encoding="utf-8")))
PERIODS = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-Q1", "2026"]
SCHEMA = pa.schema([
    ("id", pa.string()), ("org", pa.string()), ("opened_at", pa.timestamp("us")), ("due", pa.date32()),
    ("closed_at", pa.timestamp("us")), ("changed", pa.int64()), ("amount", pa.decimal128(14, 2)),
    ("weight", pa.float64()), ("score", pa.int64()), ("flag", pa.bool_()), ("channel", pa.string()),
    ("account", pa.string()),
])  # fmt: skip


def random_rows(seed: int, number: int) -> list[dict[str, Any]]:
    """Events of January to March 2026; about a quarter come again with the same key, some with the same order."""
    draw = random.Random(seed)
    first = datetime(2026, 1, 1)  # noqa: DTZ001 (wall-clock time, as feeds carry it)

    def perhaps(value: Any) -> Any:
        return None if draw.random() < 0.15 else value

    rows = []
    for _ in range(number):
        identity = draw.randrange(max(1, number * 3 // 4))
        # The event time hangs on the key: it never changes.
        opened = first + timedelta(seconds=random.Random(identity).randrange(90 * 86_400))
        closed = perhaps(opened + timedelta(seconds=draw.randrange(60 * 86_400)))
        rows.append({
            "id": f"H-{identity}", "org": f"{draw.randrange(3):05}", "opened_at": opened,
            "due": perhaps((opened + timedelta(days=draw.randrange(40))).date()), "closed_at": closed,
            "changed": draw.randrange(3), "amount": perhaps(Decimal(draw.randrange(-1000, 100_000)) / 100),
            "weight": perhaps(draw.random()), "score": perhaps(draw.randrange(1, 6)),
            "flag": perhaps(draw.random() < 0.5), "channel": perhaps(draw.choice(["web", "post", "quầy"])),
            "account": perhaps(f"a{draw.randrange(9)}"),
        })  # fmt: skip
    return rows


def land(rows: list[dict[str, Any]], folder: Path, *, parts: int = 2, feed: Feed = FEED) -> dict[str, list[Path]]:
    """The rows as files `period=YYYY-MM/part-n.parquet`, spread over several parts; gives the partitions."""
    spread: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for place, row in enumerate(rows):
        spread[f"{row[feed.event_time]:%Y-%m}", place % parts].append(row)
    partitions: dict[str, list[Path]] = defaultdict(list)
    for (month, part), chosen in sorted(spread.items()):
        path = folder / f"period={month}" / f"part-{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(chosen, schema=SCHEMA), path)
        partitions[month].append(path)
    return dict(partitions)
