"""Heads' dossiers on paper and in sheets: the frozen content as a plain object, as docx, pdf and xlsx."""

from .content import FORMAT, Content, Difference, SignedRow, differences
from .paper import Paper, Words, dossier_docx, dossier_letter, dossier_pdf
from .sheets import dossier_workbook

__all__ = [
    "FORMAT",
    "Content",
    "Difference",
    "Paper",
    "SignedRow",
    "Words",
    "differences",
    "dossier_docx",
    "dossier_letter",
    "dossier_pdf",
    "dossier_workbook",
]
