"""Writes of the room: the dictionary with its targets, and batches of measurements."""

from thuocdo.indicators.files import SheetUnreadable

from .dictionary import DictionaryRefused, load_indicators, load_targets, set_path
from .landing import Landed, land_measurements, landed_before, record_landed
from .reading import JSON, MEDIA_TYPES, Given, OnError, TooLarge, Unreadable, on_error_of, read_batch
from .recording import (
    MOST_ROWS,
    MOST_ROWS_OF_KEY,
    KeyUsedBefore,
    RecordingResult,
    check_measurements,
    record_measurements,
)
from .rows import MOST_TOLD, RowError

__all__ = [
    "JSON",
    "MEDIA_TYPES",
    "MOST_ROWS",
    "MOST_ROWS_OF_KEY",
    "MOST_TOLD",
    "DictionaryRefused",
    "Given",
    "KeyUsedBefore",
    "Landed",
    "OnError",
    "RecordingResult",
    "RowError",
    "SheetUnreadable",
    "TooLarge",
    "Unreadable",
    "check_measurements",
    "land_measurements",
    "landed_before",
    "load_indicators",
    "load_targets",
    "on_error_of",
    "read_batch",
    "record_landed",
    "record_measurements",
    "set_path",
]
