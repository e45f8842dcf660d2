"""Files of tasks, in and out: evidence that people attach, and lists of tasks in the two official column layouts.

Bytes to plain objects and back; decides nothing about tasks.
"""

from .contents import ALLOWED, FileRefused
from .evidence import CheckedFile, Upload, check_upload, open_file
from .layouts import LAYOUTS, MOST_ROWS, MOST_WORD_ROWS, Cover, Layout, Line
from .sheets import HeadingsUnknown, Sheet, SheetRefused, SheetRow, Table, read_sheet
from .word import word_document
from .workbook import workbook

__all__ = [
    "ALLOWED",
    "LAYOUTS",
    "MOST_ROWS",
    "MOST_WORD_ROWS",
    "CheckedFile",
    "Cover",
    "FileRefused",
    "HeadingsUnknown",
    "Layout",
    "Line",
    "Sheet",
    "SheetRefused",
    "SheetRow",
    "Table",
    "Upload",
    "check_upload",
    "open_file",
    "read_sheet",
    "word_document",
    "workbook",
]
