"""Rows to bytes, always the same bytes for the same rows, and the idempotency key that follows from them."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def pack(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as compressed NDJSON without anything that changes from call to call, such as the time."""
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows)
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=6, mtime=0)


def content_key(content: bytes, *conditions: str) -> str:
    """The key of a batch: whoever sends the same bytes under the same conditions again gets the first answer.

    A program that was killed thus needs to remember nothing in order not to send anything twice.
    """
    digest = hashlib.sha256(content)
    for condition in conditions:
        digest.update(b"\0" + condition.encode())
    return f"sha256-{digest.hexdigest()}"
