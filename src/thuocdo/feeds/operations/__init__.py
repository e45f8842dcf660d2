"""Writes of the room: declaring feeds, landing batches of events, computing figures, keeping files in order.

What reads and writes Parquet is imported when the first batch comes: pages and commands that touch no file
need not wait for it, and an instance without the extra `feeds` works in everything else.
"""

from thuocdo.feeds.files.disk import NoRoom

from .answering import KeyUsedBefore, Landed
from .computing import Computed, ask_recompute, recompute
from .declaring import load_feeds
from .landing import OutOfScope, land_batch, publish_manifest
from .tending import compact, note_silence, sweep

__all__ = [
    "Computed",
    "KeyUsedBefore",
    "Landed",
    "NoRoom",
    "OutOfScope",
    "ask_recompute",
    "compact",
    "land_batch",
    "load_feeds",
    "note_silence",
    "publish_manifest",
    "recompute",
    "sweep",
]
