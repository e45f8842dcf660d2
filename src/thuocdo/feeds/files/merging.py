"""Several files of a month put together into one by DuckDB, within bounds of memory."""

import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet

from thuocdo.feeds.declaration import Feed

from . import disk
from .parts import DIGITS, fingerprints, keys_of, marks_beside

MEMORY = "512MB"


def merged(feed: Feed, folder: Path, parts: Sequence[Path]) -> tuple[str, str, int, int]:
    """Write the parts as one file in the folder; gives its name, digest, rows and bytes.

    Of rows with one key only those of the greatest order stay, and of equal rows one: rows that metrics never see.
    """
    draft = folder / f".merging.{secrets.token_hex(4)}"
    try:
        _copy(feed, parts, draft)
        with draft.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
        place = folder / f"part-{digest}.parquet"
        rows, size = pyarrow.parquet.read_metadata(draft).num_rows, draft.stat().st_size
        marks = [fingerprints(keys) for keys in _keys(feed, draft)]
        disk.write(marks_beside(place), np.sort(np.concatenate(marks)).tobytes())
        with draft.open("rb+") as file:
            disk.sync(file)
        disk.settle(draft, place)
    finally:
        draft.unlink(missing_ok=True)
    return place.name, digest, rows, size


def _copy(feed: Feed, parts: Sequence[Path], draft: Path) -> None:
    # Names of columns are checked by the declaration, paths are made by ourselves.
    key, order = ", ".join(feed.key), ", ".join(f"{name} DESC" for name in feed.order_by)
    columns = ", ".join(feed.types)
    ranked = f"rank() OVER (PARTITION BY {key} ORDER BY {order})" if order else "1"
    with duckdb.connect() as engine:
        engine.execute(f"SET memory_limit = '{MEMORY}'; SET threads = 1; SET temp_directory = '{draft.parent}'")
        source = engine.read_parquet([str(part) for part in parts], union_by_name=True)
        latest = f"SELECT *, {ranked} AS rank_of_row FROM source"  # noqa: S608
        query = f"SELECT DISTINCT {columns} FROM ({latest}) WHERE rank_of_row = 1 ORDER BY {key}"  # noqa: S608
        engine.register("source", source)
        engine.sql(query).write_parquet(str(draft), compression="zstd")


def _keys(feed: Feed, part: Path) -> list[list[tuple[str, ...]]]:
    file = pyarrow.parquet.ParquetFile(part)
    return [
        keys_of(feed, {name: batch.column(name).to_pylist() for name in feed.key})
        for batch in file.iter_batches(columns=list(feed.key), use_threads=False)
    ]
