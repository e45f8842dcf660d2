"""Meetings on paper: the pack that lies on the table, and the notice of conclusions."""

from .notice import NoticeLine, NoticePaper, notice_docx, notice_letter, notice_pdf
from .table import Head, PackPaper, pack_docx, pack_letter, pack_pdf

__all__ = [
    "Head",
    "NoticeLine",
    "NoticePaper",
    "PackPaper",
    "notice_docx",
    "notice_letter",
    "notice_pdf",
    "pack_docx",
    "pack_letter",
    "pack_pdf",
]
