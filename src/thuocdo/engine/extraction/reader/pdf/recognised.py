"""Scanned pages: as pictures for a program that recognises letters, and its table of words as a page again."""

import io

import pypdfium2 as pdfium

from thuocdo.engine.extraction.reader.pdf.glyphs import Sheet, Word
from thuocdo.engine.extraction.reader.source import UnreadableDocument

RESOLUTION = 300
_MOST_PIXELS = 40_000_000
_LEAST_SURE = 20.0
_COLUMNS = ("level", "left", "top", "width", "height", "conf", "text")


def picture_of(document: pdfium.PdfDocument, number: int) -> bytes:
    """Return page `number` (from 0) in shades of grey as a PNG file."""
    page = document[number]
    width, height = page.get_size()
    scale = RESOLUTION / 72
    if width * height * scale * scale > _MOST_PIXELS:
        scale = (_MOST_PIXELS / (width * height)) ** 0.5
    try:
        image = page.render(scale=scale, grayscale=True).to_pil()
    except (pdfium.PdfiumError, MemoryError, ValueError) as error:
        raise UnreadableDocument("broken_pdf") from error
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def sheet_of_table(table: str) -> Sheet:
    """Return the words of a page from the tab-separated table that tesseract writes."""
    lines = table.splitlines()
    names = lines[0].split("\t") if lines else []
    if any(name not in names for name in _COLUMNS):
        return Sheet(0, 0, [])
    sheet = Sheet(0, 0, [])
    for line in lines[1:]:
        row = dict(zip(names, line.split("\t"), strict=False))
        try:
            left, top, width, height = (
                float(row[name]) * 72 / RESOLUTION for name in ("left", "top", "width", "height")
            )
            sure = float(row["conf"])
        except (KeyError, ValueError):
            continue
        if row["level"] == "1":
            sheet.width, sheet.height = width, height
        text = row.get("text", "").strip()
        if row["level"] == "5" and text and sure >= _LEAST_SURE:
            sheet.words.append(Word(left, top, left + width, top + height, text))
    _level(sheet.words)
    return sheet


def _level(words: list[Word]) -> None:
    """Give the words one height, for the boxes around ink differ with every letter."""
    if not words:
        return
    usual = sorted(word.height for word in words)[len(words) * 3 // 4]
    for word in words:
        if word.height < usual:
            middle = word.middle
            word.top, word.bottom = middle - usual / 2, middle + usual / 2
