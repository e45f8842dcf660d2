"""The files of a partition: Parquet with the declared types, and beside each the sorted fingerprints of its keys."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
import pyarrow.parquet
from numpy.typing import NDArray

from thuocdo.feeds.declaration import Column, Feed, Type

DIGITS = 32
# A key as the door compares it: its columns as texts.
Key = tuple[str, ...]

_TYPES = {
    Type.TEXT: pyarrow.string(),
    Type.INTEGER: pyarrow.int64(),
    Type.FLOAT: pyarrow.float64(),
    Type.BOOLEAN: pyarrow.bool_(),
    Type.DATE: pyarrow.date32(),
    Type.TIMESTAMP: pyarrow.timestamp("us"),
}


def schema_of(feed: Feed) -> pyarrow.Schema:
    """The columns of the feed's files with their types, in the declared order."""
    return pyarrow.schema([pyarrow.field(column.name, _type(column)) for column in feed.landed])


def _type(column: Column) -> pyarrow.DataType:
    if column.type is Type.DECIMAL:
        return pyarrow.decimal128(column.precision, column.scale)
    return _TYPES[column.type]


def table_of(feed: Feed, columns: Mapping[str, Sequence[Any]]) -> pyarrow.Table:
    """Checked values as a table."""
    schema = schema_of(feed)
    return pyarrow.table([pyarrow.array(columns[field.name], field.type) for field in schema], schema=schema)


def packed(table: pyarrow.Table) -> bytes:
    """The table as the bytes of a Parquet file; equal tables give equal bytes."""
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, compression="zstd", use_dictionary=True, version="2.6")
    return out.getvalue()


def digest_of(content: bytes) -> str:
    """SHA-256 of a file, shortened to what its name holds."""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def keys_of(feed: Feed, columns: Mapping[str, Sequence[Any]]) -> list[Key]:
    """The key of every row."""
    return list(zip(*([str(value) for value in columns[name]] for name in feed.key), strict=True))


def fingerprints(keys: Sequence[Key]) -> NDArray[np.uint64]:
    """64-bit fingerprints of keys, in their order; two keys may share one, hence a hit is looked up."""
    digests = b"".join(hashlib.blake2b("\x1f".join(key).encode(), digest_size=8).digest() for key in keys)
    return np.frombuffer(digests, dtype="<u8")


def marks_beside(part: Path) -> Path:
    """Where the fingerprints of a part lie."""
    return part.with_suffix(".keys")


def known_in(feed: Feed, part: Path, wanted: Mapping[int, Sequence[Key]], marks: NDArray[np.uint64]) -> set[Key]:
    """Which of the wanted keys (by fingerprint; `marks` are those, sorted) stand in the part."""
    beside = marks_beside(part)
    there = np.fromfile(beside, dtype="<u8") if beside.stat().st_size < 4096 else np.memmap(beside, "<u8", "r")
    places = np.searchsorted(there, marks)
    places[places == len(there)] = 0
    hits = marks[there[places] == marks] if len(there) else marks[:0]
    if not len(hits):
        return set()
    candidates = {key for mark in hits.tolist() for key in wanted[mark]}
    table = pyarrow.parquet.read_table(part, columns=list(feed.key), use_threads=False)
    columns = {name: table.column(name).to_pylist() for name in feed.key}
    return candidates.intersection(keys_of(feed, columns))
