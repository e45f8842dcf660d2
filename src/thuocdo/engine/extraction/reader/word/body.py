"""The lines of a Word document in their order, read piece by piece so that long documents need little memory."""

import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from thuocdo.engine.extraction.reader.source import MOST_CHARACTERS, UnreadableDocument
from thuocdo.engine.extraction.reader.word.numbering import Numbering
from thuocdo.engine.extraction.reader.word.package import Package, W
from thuocdo.engine.extraction.reader.word.runs import Piece, Runs
from thuocdo.engine.extraction.reader.word.styles import Styles, is_on, value_of, whole

MOST_PARAGRAPHS = 200_000
_MOST_COLUMNS = 60
_MOST_MARGINS = 200
_DEEPEST = 12
# What stands side by side without being a table: issuer and motto, recipients and signature.
_SIDE_BY_SIDE = re.compile(
    r"c[ộô]ng\s+h(?:òa|oà)\s+xã\s+hội|đảng\s+cộng\s+sản\s+việt\s+nam|độc\s+lập\s*-\s*tự\s+do|nơi\s+nhận\s*:"
    r"|ngày\s*[\d.…]*\s*tháng\s*[\d.…]*\s*năm",
    re.IGNORECASE,
)


class Body:
    """Walks through a document; `notes` says afterwards what had to be decided."""

    def __init__(self, package: Package) -> None:
        """Read the styles and the lists; the text itself is read by `paragraphs`."""
        self._part = package.main_part()
        self._package = package
        self._styles = Styles(package.related(self._part, "styles"))
        self._numbering = Numbering(package.related(self._part, "numbering"), self._styles)
        self._runs = Runs(self._styles)
        self._note_ids: list[tuple[str, str]] = []
        self._merged: dict[int, str] = {}
        self._held = ""
        self._page = self._page_of_line = 1
        self._counted = 0

    @property
    def notes(self) -> list[str]:
        """Codes of what was done to the text."""
        return sorted(self._runs.seen | ({"macros_ignored"} if self._package.has_macros else set()))

    def paragraphs(self) -> list[tuple[str, int | None]]:
        """Return the lines with the pages on which Word last showed them; None where it left no trace of pages."""
        found: list[tuple[str, int]] = []
        characters = 0
        for line, page in self._lines():
            characters += len(line) + 1
            if characters > MOST_CHARACTERS:
                raise UnreadableDocument("too_large", {"characters": characters, "limit": MOST_CHARACTERS})
            found.append((line, page))
        notes = [(line, self._page) for line in self._footnotes()]
        paged = self._page > 1
        return [(line, page if paged else None) for line, page in [*found, *notes]]

    def margins(self) -> list[str]:
        """The lines of headers and footers, which are no part of the text but may bear a mark."""
        roots = [root for kind in ("header", "footer") for root in self._package.all_related(self._part, kind)]
        lines = (
            "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
            for root in roots
            for paragraph in root.iter(f"{W}p")
        )
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))[:_MOST_MARGINS]

    def _lines(self) -> Iterator[tuple[str, int]]:
        """Yield lines as the parts of the text end, and forget each part at once."""
        rows = paragraphs = 0
        events = etree.iterparse(
            io.BytesIO(self._package.content(self._part)),
            events=("start", "end"),
            tag=(f"{W}p", f"{W}tr", f"{W}tbl"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for event, element in events:
            step = 1 if event == "start" else -1
            if element.tag == f"{W}tbl":
                if event == "start" and not rows and not paragraphs:
                    self._merged = {}
                continue
            if element.tag == f"{W}p":
                paragraphs += step
            else:
                rows += step
            if rows or paragraphs or event == "start":
                continue
            self._count()
            self._page_of_line = self._page
            lines = self._paragraph(element) if element.tag == f"{W}p" else self._row(element, 0)
            for line in lines:
                yield line, self._page_of_line
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        if self._held:
            yield self._held, self._page

    def _count(self) -> None:
        self._counted += 1
        if self._counted > MOST_PARAGRAPHS:
            raise UnreadableDocument("too_large", {"paragraphs": self._counted, "limit": MOST_PARAGRAPHS})

    def _paragraph(self, element: Any, depth: int = 0) -> list[str]:
        """The lines of one paragraph: its own, and those of the text boxes anchored in it."""
        properties = element.find(f"{W}pPr")
        style = value_of(properties, "pStyle")
        piece = self._runs.read(element)
        self._page += piece.pages_before
        if depth == 0:
            self._page_of_line = self._page
        lines = [] if self._styles.is_contents(style) else [self._own_line(properties, style, piece)]
        self._note_ids += piece.notes
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None and depth == 0:
            # The end of this paragraph was deleted: it goes on with the next.
            self._held, lines = lines[0] if lines else "", []
        for box in piece.boxes if depth < _DEEPEST else ():
            lines += self._blocks(box, depth + 1)
        self._page += piece.pages
        return lines

    def _own_line(self, properties: Any | None, style: str | None, piece: Piece) -> str:
        text = re.sub(r"[ \t]*\t[ \t]*", "\t", "".join(piece.text)).strip("\t")
        text = re.sub(r"\n\s*\n+", "\n", text).strip("\n")
        listed = None if properties is None else properties.find(f"{W}numPr")
        inherited = self._styles.list_of(style)
        list_id = value_of(listed, "numId") or (inherited[0] if inherited else None)
        level = whole(value_of(listed, "ilvl"))
        if level is None:
            level = inherited[1] if inherited and (listed is None or value_of(listed, "numId") is None) else 0
        if list_id not in (None, "0") and text:
            text = self._numbering.label(list_id or "", level) + text
        held, self._held = self._held, ""
        return held + text

    def _row(self, row: Any, depth: int) -> list[str]:
        """One line for a row; a row of one cell, or with things merely standing side by side, is no table."""
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            self._runs.seen.add("tracked_changes")
            return []
        cells = list(_cells(row))
        if len(cells) == 1 and depth < _DEEPEST and not self._spanned(cells[0]):
            return self._blocks(cells[0], depth + 1)
        column = whole(value_of(properties, "gridBefore")) or 0
        texts: list[str] = [""] * min(column, _MOST_COLUMNS)
        sides: list[list[str]] = []
        for cell in cells:
            details = cell.find(f"{W}tcPr")
            wide = min(max(whole(value_of(details, "gridSpan")) or 1, 1), _MOST_COLUMNS)
            merge = None if details is None else details.find(f"{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart":
                # A cell merged over rows holds for each of them.
                text = self._merged.get(column, "")
            else:
                lines = [line for line in self._blocks(cell, depth + 1) if line.strip()]
                sides.append(lines)
                text = " ".join(" ".join(lines).split())
                self._merged[column] = text
            texts += [text, *[""] * (wide - 1)]
            column += wide
            if column > 10 * _MOST_COLUMNS:
                break
        shown = [lines for lines in sides if lines]
        if len(shown) == 2 and len(cells) <= 3 and any(_SIDE_BY_SIDE.search(text) for text in texts):
            return [line for lines in shown for line in lines]
        return ["\t".join(texts)]

    def _spanned(self, cell: Any) -> bool:
        """Whether a lone cell stands for several columns of a table: a section row, kept as a row."""
        return (whole(value_of(cell.find(f"{W}tcPr"), "gridSpan")) or 1) > 2

    def _blocks(self, container: Any, depth: int) -> list[str]:
        """The lines of what stands in a cell or a text box."""
        lines: list[str] = []
        for block in _blocks_in(container):
            self._count()
            if block.tag == f"{W}p":
                lines += self._paragraph(block, depth)
            elif depth < _DEEPEST:
                outer, self._merged = self._merged, {}
                for row in block.iter(f"{W}tr"):
                    if next(row.iterancestors(f"{W}tbl")) is block:
                        lines += self._row(row, depth + 1)
                self._merged = outer
        return lines

    def _footnotes(self) -> Iterator[str]:
        """The footnotes and endnotes to which the text refers, in its order."""
        roots = {kind: self._package.related(self._part, f"{kind}s") for kind in ("footnote", "endnote")}
        number = 0
        for kind, note_id in list(dict.fromkeys(self._note_ids)):
            root = roots[kind]
            if root is None:
                continue
            note = next((item for item in root.findall(f"{W}{kind}") if item.get(f"{W}id") == note_id), None)
            lines = [] if note is None else [line for line in self._blocks(note, 1) if line.strip()]
            if lines:
                number += 1
                yield f"[{number}] " + " ".join(" ".join(lines).split())


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}customXml"):
            yield from (cell for cell in child.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row)


def _blocks_in(container: Any) -> Iterator[Any]:
    """Paragraphs and tables directly in a container or in content controls in it."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag == f"{W}sdt":
            if is_on(child.find(f"{W}sdtPr/{W}showingPlcHdr")) is None:
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    yield from _blocks_in(content)
        elif child.tag in (f"{W}customXml", f"{W}ins", f"{W}moveTo"):
            yield from _blocks_in(child)
