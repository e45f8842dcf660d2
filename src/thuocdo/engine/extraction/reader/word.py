"""Word documents (docx): paragraphs with their numbers, tables with one row a line and tabs between cells."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from thuocdo.engine.extraction.reader.media import DOCX
from thuocdo.engine.extraction.reader.source import SourceText, UnreadableDocument, joined

_MOST_UNPACKED = 120_000_000
_MOST_ENTRIES = 5_000
_MOST_RATIO = 250
_SMALL = 2_000_000


def read_word(data: bytes) -> SourceText:
    """Return the text of a Word document; archives that unpack too large or define XML entities are refused."""
    _inspect(data)
    try:
        document = docx.Document(io.BytesIO(data))
        numbering = _Numbering(document)
        paragraphs: list[tuple[str, int | None]] = [(text, None) for text in _lines(document, numbering)]
    except UnreadableDocument:
        raise
    except Exception as error:
        raise UnreadableDocument("broken_docx") from error
    return joined(paragraphs, DOCX, [])


def _inspect(data: bytes) -> None:
    """Refuse archives whose unpacked size, entry count or XML declarations are those of an attack."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED:
                raise UnreadableDocument("too_large", {"bytes": unpacked, "limit": _MOST_UNPACKED})
            for entry in entries:
                if entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
                    raise UnreadableDocument("too_large", {"bytes": entry.file_size, "limit": _SMALL})
                if entry.filename.endswith((".xml", ".rels")):
                    _refuse_entities(archive, entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        if isinstance(error, UnreadableDocument):
            raise
        raise UnreadableDocument("broken_docx") from error


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read at most the announced size, and refuse a document type declaration, which Word never writes."""
    with archive.open(entry) as part:
        start = part.read(min(entry.file_size, 65_536) + 1)
    plain = start.replace(b"\x00", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableDocument("broken_docx", {"part": entry.filename})


def _lines(document: Document, numbering: "_Numbering") -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield numbering.label(block) + block.text
        else:
            yield from _rows(block)


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = []
        previous = None
        for cell in row.cells:
            # A cell merged across columns is given once for each column; it is one cell, so the others stay empty.
            cells.append("" if cell._tc is previous else " ".join(cell.text.split()))  # noqa: SLF001
            previous = cell._tc  # noqa: SLF001
        yield "\t".join(cells)


class _Numbering:
    """Counts numbered paragraphs as Word would show them, for the usual kinds of lists."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        if part is None:
            return
        root = part.element
        abstract = {
            item.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl"))): (_value(level, "w:numFmt"), _value(level, "w:lvlText"))
                for level in item.findall(qn("w:lvl"))
            }
            for item in root.findall(qn("w:abstractNum"))
        }
        for number in root.findall(qn("w:num")):
            for level, form in abstract.get(_value(number, "w:abstractNumId"), {}).items():
                self._levels[(number.get(qn("w:numId")), level)] = form

    def label(self, paragraph: Paragraph) -> str:
        """Return the number or bullet of a paragraph with a space after it, or nothing."""
        properties: Any = paragraph._p.pPr  # noqa: SLF001
        numbered = None if properties is None else properties.numPr
        if numbered is None and paragraph.style is not None:
            style: Any = paragraph.style.element.pPr
            numbered = None if style is None else style.numPr
        if numbered is None or numbered.numId is None:
            return ""
        list_id, level = str(numbered.numId.val), int(numbered.ilvl.val) if numbered.ilvl is not None else 0
        form = self._levels.get((list_id, level))
        if form is None:
            return ""
        kind, text = form
        if kind == "bullet":
            return "- "
        self._counts[(list_id, level)] = self._counts.get((list_id, level), 0) + 1
        for deeper in range(level + 1, 9):
            self._counts.pop((list_id, deeper), None)
        for number in range(level + 1):
            shape = self._levels.get((list_id, number), ("decimal", ""))[0]
            text = text.replace(f"%{number + 1}", _shown(self._counts.get((list_id, number), 1), shape))
        return f"{text} " if text else ""


def _value(element: object, name: str) -> str:
    child = element.find(qn(name))  # type: ignore[attr-defined]
    return "" if child is None else str(child.get(qn("w:val")) or "")


def _shown(count: int, shape: str) -> str:
    """Return a count as a list shows it: 3, c, C, iii or III."""
    if shape.endswith("Letter"):
        letter = chr(ord("a") + (count - 1) % 26)
        return letter.upper() if shape.startswith("upper") else letter
    if shape.endswith("Roman"):
        roman = ""
        for value, sign in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
            while count >= value:
                roman, count = roman + sign, count - value
        return roman if shape.startswith("upper") else roman.lower()
    return str(count)
