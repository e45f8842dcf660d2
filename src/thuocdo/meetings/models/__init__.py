"""Meetings in their series, what lay on the table, and what was concluded."""

from .conclusions import Conclusion, Notice, Settlement, Version
from .meetings import Commitment, Meeting, Pack, Participant, Series

__all__ = [
    "Commitment",
    "Conclusion",
    "Meeting",
    "Notice",
    "Pack",
    "Participant",
    "Series",
    "Settlement",
    "Version",
]
