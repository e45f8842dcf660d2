"""Documents that leave the alerts room: the urging note as docx and pdf, deadlines as a calendar."""

from .calendar import Deadline, calendar_ics
from .urging_note import (
    UrgedLine,
    UrgingNote,
    layout_of,
    office_copy,
    symbol_of,
    urging_letter,
    urging_note_docx,
    urging_note_pdf,
)

__all__ = [
    "Deadline",
    "UrgedLine",
    "UrgingNote",
    "calendar_ics",
    "layout_of",
    "office_copy",
    "symbol_of",
    "urging_letter",
    "urging_note_docx",
    "urging_note_pdf",
]
