"""Writes of the room: the dictionary with its targets, and batches of measurements."""

from thuocdo.indicators.files import SheetUnreadable

from .describing import DictionaryRefused
from .dictionary import load_indicators, load_targets
from .evaluating import JOB as FORMULAS
from .evaluating import evaluate, evaluate_formulas
from .landing import Landed, land_measurements, landed_before, record_landed
from .own import MOST_OWN, change_indicator, keep_indicator, own_code, restore_indicator, retire_indicator, short_code
from .paths import may_set_path, set_path
from .reading import JSON, MEDIA_TYPES, Given, OnError, TooLarge, Unreadable, on_error_of, read_batch
from .recording import (
    MOST_ROWS,
    MOST_ROWS_OF_KEY,
    KeyUsedBefore,
    check_measurements,
    record_measurements,
)
from .telling import MOST_TOLD, RecordingResult, RowError

__all__ = [
    "FORMULAS",
    "JSON",
    "MEDIA_TYPES",
    "MOST_OWN",
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
    "change_indicator",
    "check_measurements",
    "evaluate",
    "evaluate_formulas",
    "keep_indicator",
    "land_measurements",
    "landed_before",
    "load_indicators",
    "load_targets",
    "may_set_path",
    "on_error_of",
    "own_code",
    "read_batch",
    "record_landed",
    "record_measurements",
    "restore_indicator",
    "retire_indicator",
    "set_path",
    "short_code",
]
