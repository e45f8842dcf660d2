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
from .sheets import CellProblem, SheetResult, record_sheet

__all__ = [
    "MOST_ROWS",
    "CellProblem",
    "DictionaryRefused",
    "KeyUsedBefore",
    "RecordingResult",
    "RowError",
    "SheetResult",
    "SheetUnreadable",
    "check_measurements",
    "load_indicators",
    "load_targets",
    "record_measurements",
    "record_sheet",
    "set_path",
]
