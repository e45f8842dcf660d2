"""Writes of the room: the dictionary with its targets, and batches of measurements."""

from thuocdo.indicators.files import SheetUnreadable

from .dictionary import DictionaryRefused, load_indicators, load_targets, set_path
from .recording import (
    MOST_ROWS,
    KeyUsedBefore,
    RecordingResult,
    check_measurements,
    record_measurements,
)
from .rows import RowError

__all__ = [
    "MOST_ROWS",
    "DictionaryRefused",
    "KeyUsedBefore",
    "RecordingResult",
    "RowError",
    "SheetUnreadable",
    "check_measurements",
    "load_indicators",
    "load_targets",
    "record_measurements",
    "set_path",
]
