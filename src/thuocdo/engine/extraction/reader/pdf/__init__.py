"""PDF files with a text layer: words with their places, tables from their rules, columns, lines and paragraphs.

PDFium does the parsing; it is quick and knows damaged files, but not made for several threads at once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from thuocdo.engine.extraction.reader.media import PDF
from thuocdo.engine.extraction.reader.pdf.glyphs import Sheet, read_sheet
from thuocdo.engine.extraction.reader.pdf.paragraphs import paragraphs_of
from thuocdo.engine.extraction.reader.plain import paragraphs_in_unicode
from thuocdo.engine.extraction.reader.source import MOST_CHARACTERS, SourceText, UnreadableDocument, joined

__all__ = ["Sheet", "opened", "read_pdf", "text_of_sheets"]

_MOST_PAGES = 1_500
_TAIL = 2_048
_PASSWORD, _SECURITY = 4, 5
_one_at_a_time = threading.Lock()


def read_pdf(data: bytes) -> SourceText:
    """Return the text of a PDF with page numbers; scans, locked and damaged files are refused."""
    with opened(data) as document:
        sheets: list[Sheet] = []
        characters = 0
        for number in range(len(document)):
            sheet = read_sheet(document.raw, number)
            characters += sheet.characters
            if characters > MOST_CHARACTERS:
                raise UnreadableDocument("too_large", {"characters": characters, "limit": MOST_CHARACTERS})
            sheets.append(sheet)
    if not any(sheet.words for sheet in sheets):
        raise UnreadableDocument("pdf_without_text", {"pages": len(sheets)})
    blank = sum(not sheet.words for sheet in sheets)
    return text_of_sheets(sheets, ["pages_without_text"] if 3 * blank >= len(sheets) else [])


def text_of_sheets(sheets: list[Sheet], notes: list[str]) -> SourceText:
    """Return the text of pages whose words are known, from a text layer or from recognition."""
    found, margins = paragraphs_of(sheets)
    paragraphs, converted = paragraphs_in_unicode(found)
    return joined(paragraphs, PDF, ["lines_joined", *notes, *converted], margins)


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF for as long as the block lasts; raises ``UnreadableDocument`` for what is locked or broken."""
    if b"%%EOF" not in data[-_TAIL:] and b"startxref" not in data[-_TAIL:]:
        # PDFium would mend a file that was cut off, and the orders of the lost pages would be missed.
        raise UnreadableDocument("broken_pdf", {"reason": "truncated"})
    with _one_at_a_time:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            locked = pdfium_c.FPDF_GetLastError() in (_PASSWORD, _SECURITY) or "assword" in str(error)
            raise UnreadableDocument("encrypted_pdf" if locked else "broken_pdf") from error
        try:
            if not len(document):
                raise UnreadableDocument("broken_pdf")
            if len(document) > _MOST_PAGES:
                raise UnreadableDocument("too_large", {"pages": len(document), "limit": _MOST_PAGES})
            yield document
        finally:
            document.close()
