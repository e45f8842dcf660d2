"""docs/feeds-metrics.md: its example is computed, and its table of kinds is the list of kinds."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from thuocdo.feeds.declaration import read_feed
from thuocdo.feeds.metrics import compute
from thuocdo.feeds.metrics.declared import FIELDS

TEXT = (Path(__file__).parents[3] / "docs" / "feeds-metrics.md").read_text(encoding="utf-8")


def _table(heading: str) -> Iterator[dict[str, str]]:
    """The rows of the first table whose head begins with this cell."""
    lines = TEXT[TEXT.index(f"| {heading} |") :].splitlines()
    names = [cell.strip() for cell in lines[0].strip("|").split("|")]
    for line in lines[2:]:
        if not line.startswith("|"):
            return
        yield dict(zip(names, (cell.strip() for cell in line.strip("|").split("|")), strict=True))


def test_the_example_gives_the_figures_it_tells(tmp_path: Path) -> None:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    rows = [
        {"id": row["id"], "body": "X", "account": row["account"] or None, "channel": row["channel"]}
        | {name: day(row[name]) for name in ("received", "due", "finished")}
        for row in _table("id")
    ]
    dates = {name: pa.date32() for name in ("received", "due", "finished")}
    schema = pa.schema([*((name, pa.string()) for name in ("id", "body", "account", "channel")), *dates.items()])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / "part.parquet")
    column = [
        {"name": field.name, "type": "date" if field.name in dates else "text", "required": True} for field in schema
    ]
    [toml] = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    feed = read_feed(
        {"code": "example", "column": column, "key": ["id"], "body": "body", "event_time": "received",
         "order_by": ["received"], **tomllib.loads(toml)}
    )  # fmt: skip

    found = compute(feed, {"2026-01": [tmp_path / "part.parquet"]}, periods=["2026-01", "2026-02"])

    told = {
        (row["metric"], period): Decimal(row[period])
        for row in _table("metric")
        for period in ("2026-01", "2026-02")
        if row[period]
    }
    assert {(one.indicator, one.period): one.value for one in found} == told


def test_every_kind_is_explained_with_its_fields() -> None:
    explained = {row["kind"].strip("`"): set(re.findall(r"`(\w+)`", row["fields"])) for row in _table("kind")}
    assert explained == {kind: set(fields) for kind, fields in FIELDS.items()}
