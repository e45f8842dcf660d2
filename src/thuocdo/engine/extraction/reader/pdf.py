"""PDF files with a text layer: pages without their numbers, lines joined to paragraphs again."""

import io
import re

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from thuocdo.engine.extraction.reader.media import PDF
from thuocdo.engine.extraction.reader.source import SourceText, UnreadableDocument, joined

_MOST_PAGES = 1_500
_PAGE_NUMBER = re.compile(r"\s*(?:-\s*)?(?:trang\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*-)?\s*", re.IGNORECASE)
_MARKER = re.compile(
    r"\s*(?:[IVX]{1,5}[.)/-]|\d{1,2}(?:\.\d{1,2})*[.)/]|[a-zđ][.)]|\([a-zđ0-9]\)|[-–•+*▪])\s", re.IGNORECASE
)
_FULL = 0.8
_ENDS = (".", ";", ":", "!", "?", "./.")


def read_pdf(data: bytes) -> SourceText:
    """Return the text of a PDF with page numbers; scans, locked and damaged files are refused."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            _refuse_endless(len(document.pages))
            pages = []
            for page in document.pages:
                pages.append((page.extract_text() or "").split("\n"))
                page.close()
    except UnreadableDocument:
        raise
    except Exception as error:
        raise UnreadableDocument("encrypted_pdf" if _is_locked(error) else "broken_pdf") from error
    if not any(line.strip() for lines in pages for line in lines):
        raise UnreadableDocument("pdf_without_text", {"pages": len(pages)})
    return joined(_paragraphs(pages), PDF, ["lines_joined"])


def _refuse_endless(pages: int) -> None:
    if pages > _MOST_PAGES:
        raise UnreadableDocument("too_large", {"pages": pages, "limit": _MOST_PAGES})


def _is_locked(error: BaseException) -> bool:
    causes = [error, *error.args, error.__cause__, error.__context__]
    return any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes)


def _paragraphs(pages: list[list[str]]) -> list[tuple[str, int | None]]:
    """Join lines that a full line above leaves unfinished, also across pages."""
    width = max((len(line) for lines in pages for line in lines), default=0)
    paragraphs: list[tuple[str, int | None]] = []
    above = ""
    for number, lines in enumerate(pages, start=1):
        for line in _without_page_number(lines):
            text = line.strip()
            if not text:
                above = ""
                continue
            if above and _goes_on(above, text, width):
                joined_text, page = paragraphs[-1]
                paragraphs[-1] = (f"{joined_text} {text}", page)
            else:
                paragraphs.append((text, number))
            above = text
    return paragraphs


def _without_page_number(lines: list[str]) -> list[str]:
    kept = list(lines)
    for place in (0, -1):
        if kept and _PAGE_NUMBER.fullmatch(kept[place]):
            kept.pop(place)
    return kept


def _goes_on(above: str, line: str, width: int) -> bool:
    if _MARKER.match(line) or above.endswith(_ENDS) or above.isupper() != line.isupper():
        return False
    return line[0].islower() or line[0].isdigit() or len(above) >= _FULL * width
