"""Scanned pages to text with the system's tesseract, where it is installed with Vietnamese: an extra."""

import shutil
import subprocess
from collections.abc import Callable
from functools import cache

from thuocdo.engine.extraction.head import secrecy_mark
from thuocdo.engine.extraction.reader import SourceText, UnreadableDocument
from thuocdo.engine.extraction.reader.pdf import Sheet, text_of_sheets
from thuocdo.engine.extraction.reader.pdf.recognised import RESOLUTION, sheet_of_table

from .reading import page_image

# The note of a document whose pages are pictures, and of one whose text was recognised.
SCANNED, RECOGNISED = "scanned", "recognised"
MOST_PAGES = 300
_SECONDS = 120


@cache
def is_available() -> bool:
    """Whether tesseract is installed and knows Vietnamese."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        told = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "vie" in told.stdout.split() + told.stderr.split()


def recognise(data: bytes, pages: int, done: Callable[[int], None]) -> SourceText:
    """Return the text on the pictures of a PDF; `done` is told how many pages are finished.

    Raises ``UnreadableDocument``: secret, without letters, or with no tesseract any more.
    """
    sheets: list[Sheet] = []
    for number in range(min(pages, MOST_PAGES)):
        sheets.append(sheet_of_table(_table(page_image(data, number))))
        done(number + 1)
    if not any(sheet.words for sheet in sheets):
        raise UnreadableDocument("pdf_without_text", {"pages": pages})
    source = text_of_sheets(sheets, [RECOGNISED])
    mark = secrecy_mark(source.text) or secrecy_mark("\n".join(source.margins))
    if mark is not None:
        raise UnreadableDocument("secret", {"mark": mark})
    return source


def _table(image: bytes) -> str:
    """The words that tesseract sees in a picture, as its table of words and boxes."""
    program = shutil.which("tesseract")
    if program is None:
        raise UnreadableDocument("pdf_without_text")
    command = [program, "stdin", "stdout", "-l", "vie", "--dpi", str(RESOLUTION), "--psm", "3", "tsv"]
    try:
        told = subprocess.run(command, input=image, capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise UnreadableDocument("recognition_failed") from error
    return told.stdout.decode("utf-8", errors="replace")
