"""The dictionary of indicators, the targets with their paths, and the append-only measurements."""

from .choices import (
    BY_STRENGTH,
    DECIMAL_PLACES,
    EXACT_DIGITS,
    STRENGTH,
    Frequency,
    Kind,
    Openness,
    Provenance,
    State,
)
from .dictionary import Indicator, IndicatorVersion, Target, TargetPoint
from .entering import Draft, EntryException, EntryRules, ReturnedFigure, Submission, SubmissionStep
from .measuring import Batch, Followed, Input, Landing, Measurement, Reading

__all__ = [
    "BY_STRENGTH",
    "DECIMAL_PLACES",
    "EXACT_DIGITS",
    "STRENGTH",
    "Batch",
    "Draft",
    "EntryException",
    "EntryRules",
    "Followed",
    "Frequency",
    "Indicator",
    "IndicatorVersion",
    "Input",
    "Kind",
    "Landing",
    "Measurement",
    "Openness",
    "Provenance",
    "Reading",
    "ReturnedFigure",
    "State",
    "Submission",
    "SubmissionStep",
    "Target",
    "TargetPoint",
]
