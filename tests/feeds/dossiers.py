"""Small batches of public-service dossiers for tests, and the feed of the pack loaded."""

import gzip
import io
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pyarrow
import pyarrow.parquet

from tests.world import NOW, World
from thuocdo.feeds.models import FeedState
from thuocdo.feeds.operations import Landed, land_batch, load_feeds
from thuocdo.indicators.operations import load_indicators
from thuocdo.project.packs.reading import feeds as declarations
from thuocdo.project.packs.reading import open_pack


def load_dossiers(world: World) -> FeedState:
    """The feed of the pack with the indicators that it gives."""
    pack = open_pack("nq57")
    codes = {"service_on_time", "full_process_online"}
    load_indicators(
        actor=world.machine,
        at=NOW,
        entries=[
            {key: value for key, value in entry.items() if key != "owner"}
            for entry in pack.toml("indicators.toml")["indicator"]
            if entry["code"] in codes
        ],
    )
    load_feeds(actor=world.machine, at=NOW, texts=declarations(pack))
    return FeedState.objects.get(code="dossiers")


def dossier(code: str = "HN-1", **changes: Any) -> dict[str, Any]:
    """A dossier of Hà Nội received in September and settled in time."""
    return {
        "dossier": code,
        "body": "01",
        "procedure": "1.004873",
        "received_at": "2026-09-02T08:15:00+07:00",
        "due_at": "2026-09-09T17:00:00+07:00",
        "finished_at": "2026-09-07T10:00:00+07:00",
        "updated_at": "2026-09-07T10:00:00+07:00",
        "channel": "online",
        "scope": "full",
        "status": "returned",
        "fee": "120000",
        "paid_online": True,
        "reused_data": True,
        "digitised": True,
        "result_electronic": True,
        "published_on_time": None,
        "account": "tk-001",
        "rating": 5,
        "applicant_kind": "person",
        "applicant_name": "Nguyễn Văn Tèo",
        "applicant_phone": "0912345678",
    } | changes


def lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as NDJSON."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def zipped(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as NDJSON in gzip."""
    return gzip.compress(lines(rows), mtime=0)


def parquet(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as a Parquet file, every value in the type that Arrow finds for it."""
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([dict(row) for row in rows]), out)
    return out.getvalue()


def land(world: World, feed: FeedState, rows: Iterable[Mapping[str, Any]] | bytes, **conditions: Any) -> Landed:
    """Land rows as the machine, or as `actor`."""
    content = rows if isinstance(rows, bytes) else lines(rows)
    given: dict[str, Any] = {"actor": world.machine, "at": NOW, "door": "api"} | conditions
    return land_batch(feed=feed, content=content, **given)


LATER = NOW + timedelta(minutes=5)
