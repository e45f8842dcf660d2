"""Documents that leave the alerts room: the urging note as docx and pdf."""

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
    "UrgedLine",
    "UrgingNote",
    "layout_of",
    "office_copy",
    "symbol_of",
    "urging_letter",
    "urging_note_docx",
    "urging_note_pdf",
]
