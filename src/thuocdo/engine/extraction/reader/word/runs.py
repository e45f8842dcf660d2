"""The visible text of a Word paragraph: insertions kept, deletions and hidden text dropped, fields by their results."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from thuocdo.engine.extraction.reader.legacy import TCVN3, from_vni
from thuocdo.engine.extraction.reader.word.package import W
from thuocdo.engine.extraction.reader.word.styles import Styles, font_of, hidden_of, value_of

_THROUGH = frozenset(
    f"{W}{name}"
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "bdo")
)
_GONE = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
_DROPPED_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF")
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DEEPEST = 40


@dataclass(slots=True)
class Piece:
    """What one paragraph holds besides its text: text boxes anchored in it, notes to which it refers."""

    text: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    pages_before: int = 0
    pages: int = 0


@dataclass(slots=True)
class Runs:
    """Reads paragraphs one after the other; a field may reach over several."""

    styles: Styles
    fields: list[list[str]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def read(self, paragraph: Any) -> Piece:
        """Return what a paragraph shows."""
        piece = Piece()
        # A field that a damaged file never ends must not swallow the rest of the document.
        self.fields = [one for one in self.fields if one[1] == "result" and one[0] not in _DROPPED_FIELDS]
        properties = paragraph.find(f"{W}pPr")
        self._walk(paragraph, value_of(properties, "pStyle"), piece, 0)
        return piece

    def _walk(self, element: Any, style: str | None, piece: Piece, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, style, piece)
            elif tag in _GONE:
                self.seen.add("tracked_changes")
            elif tag == f"{W}sdt":
                if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    self._walk(child, style, piece, depth + 1)
            elif tag == f"{W}fldSimple" and _field_name(child.get(f"{W}instr") or "") in _DROPPED_FIELDS:
                continue
            elif tag in _THROUGH:
                if tag in (f"{W}ins", f"{W}moveTo"):
                    self.seen.add("tracked_changes")
                self._walk(child, style, piece, depth + 1)
            elif tag in (f"{_MATHS}oMath", f"{_MATHS}oMathPara"):
                piece.text += [text.text or "" for text in child.iter(f"{_MATHS}t")]

    def _run(self, run: Any, style: str | None, piece: Piece) -> None:
        properties = run.find(f"{W}rPr")
        run_style = value_of(properties, "rStyle")
        hidden = hidden_of(properties)
        if hidden is None:
            hidden = self.styles.is_hidden(run_style, style)
        text: list[str] = []
        for child in run:
            tag = child.tag
            if tag == f"{W}fldChar":
                self._field(child.get(f"{W}fldCharType"))
            elif tag == f"{W}instrText":
                if self.fields and self.fields[-1][0] == "":
                    self.fields[-1][0] = _field_name(child.text or "")
            elif tag == f"{W}lastRenderedPageBreak":
                if piece.text or text:
                    piece.pages += 1
                else:
                    piece.pages_before += 1
            elif hidden or any(name in _DROPPED_FIELDS or part == "code" for name, part in self.fields):
                continue
            elif tag == f"{W}t":
                text.append(child.text or "")
            elif tag in (f"{W}tab", f"{W}ptab"):
                text.append("\t")
            elif tag == f"{W}br":
                text.append("\n" if child.get(f"{W}type") in (None, "textWrapping") else "")
            elif tag == f"{W}cr":
                text.append("\n")
            elif tag == f"{W}noBreakHyphen":
                text.append("-")
            elif tag == f"{W}softHyphen":
                text.append("\u00ad")
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                piece.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(f"{W}id") or ""))
            elif tag == f"{_COMPATIBILITY}AlternateContent" or tag in (f"{W}drawing", f"{W}pict"):
                piece.boxes += _boxes(child)
        if text:
            font = font_of(properties) or self.styles.font(run_style, style)
            piece.text.append(self._in_unicode("".join(text), font or ""))

    def _field(self, part: str | None) -> None:
        """Follow where a field begins, where its result begins and where it ends."""
        if part == "begin":
            self.fields.append(["", "code"])
        elif part == "separate" and self.fields:
            self.fields[-1][1] = "result"
        elif part == "end" and self.fields:
            self.fields.pop()

    def _in_unicode(self, text: str, font: str) -> str:
        """Turn text set in an old Vietnamese font into Unicode; fonts whose names end in H draw capitals."""
        name = font.lower()
        if name.startswith((".vn", "vni-")) and all(ord(letter) < 0x2500 for letter in text) and not _is_modern(text):
            if name.startswith("vni-"):
                if not text.isascii():
                    self.seen.add("converted_from_vni")
                return unicodedata.normalize("NFC", from_vni(text))
            converted = text.translate(TCVN3)
            if converted != text or font.endswith("H"):
                self.seen.add("converted_from_tcvn3")
            return converted.upper() if font.endswith("H") else converted
        return text.replace("\u00ad", "")


def _is_modern(text: str) -> bool:
    """Say whether letters occur that no old encoding has: somebody wrote Unicode in an old font."""
    return any("\u1ea0" <= letter <= "\u1ef9" or letter in "ăơưđĂƠƯĐ" for letter in text)


def _field_name(code: str) -> str:
    words = code.split()
    return words[0].upper() if words else ""


def _boxes(element: Any) -> Iterator[Any]:
    """The text boxes of a drawing; of two variants of one drawing only the first is shown."""
    if element.tag == f"{_COMPATIBILITY}AlternateContent":
        shown = element.find(f"{_COMPATIBILITY}Choice")
        element = shown if shown is not None else element
    inner = 0
    for box in element.iter(f"{W}txbxContent"):
        if inner < _DEEPEST and not any(above.tag == f"{W}txbxContent" for above in _above(box, element)):
            inner += 1
            yield box


def _above(element: Any, top: Any) -> Iterator[Any]:
    parent = element.getparent()
    while parent is not None and parent is not top:
        yield parent
        parent = parent.getparent()
