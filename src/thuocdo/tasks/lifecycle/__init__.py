"""The states of a task, the steps between them with the permission each needs, and the status that people see.

No tables and no clock: what is shown follows from state and dates alone, and is never typed.
"""

from .clarity import SIX, unclear_points, vague_pattern, vague_phrases
from .clock import DISPUTE_TERM, decide_by, due_after_pause, missed_before, next_due, read_rhythm
from .states import (
    FINAL,
    NOT_STARTED,
    OPEN,
    OWED,
    WORKING,
    Effectiveness,
    Progress,
    Rhythm,
    Secrecy,
    State,
    Timing,
)
from .status import DUE_SOON_DAYS, Shown, progress_of, shown_status, timing
from .steps import ELSEWHERE, STEPS, Step, StepNotPossible, state_after, steps_from

__all__ = [
    "DISPUTE_TERM",
    "DUE_SOON_DAYS",
    "ELSEWHERE",
    "FINAL",
    "NOT_STARTED",
    "OPEN",
    "OWED",
    "SIX",
    "STEPS",
    "WORKING",
    "Effectiveness",
    "Progress",
    "Rhythm",
    "Secrecy",
    "Shown",
    "State",
    "Step",
    "StepNotPossible",
    "Timing",
    "decide_by",
    "due_after_pause",
    "missed_before",
    "next_due",
    "progress_of",
    "read_rhythm",
    "shown_status",
    "state_after",
    "steps_from",
    "timing",
    "unclear_points",
    "vague_pattern",
    "vague_phrases",
]
