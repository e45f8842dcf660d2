"""Paper for tests: PDF files written by hand, with an embedded Vietnamese font, so that every glyph has its place."""

import io
import zlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from fontTools.ttLib import TTFont

WIDTH, HEIGHT = 595.0, 842.0
SIZE, LEADING = 11.0, 15.0
LEFT, RIGHT, TOP, BOTTOM = 70.0, 535.0, 780.0, 60.0


@cache
def _font() -> tuple[bytes, dict[int, str], dict[str, int], dict[str, int], int]:
    data = (files("fontpkg_be_vietnam_pro") / "files" / "BeVietnamPro-Regular.ttf").read_bytes()
    font: Any = TTFont(io.BytesIO(data))
    order = {name: number for number, name in enumerate(font.getGlyphOrder())}
    widths = {name: advance for name, (advance, _side) in font["hmtx"].metrics.items()}
    return data, font.getBestCmap(), order, widths, font["head"].unitsPerEm


def width_of(text: str, size: float = SIZE) -> float:
    """How wide a text is in points."""
    _data, names, _order, widths, em = _font()
    return sum(widths[names[ord(letter)]] for letter in text) * size / em


class Paper:
    """A PDF that grows page by page; coordinates are points from the lower left corner."""

    def __init__(self) -> None:
        self.pages: list[tuple[list[str], int]] = []
        self._used: dict[int, str] = {}

    def page(self, rotate: int = 0) -> None:
        """Begin a page; `rotate` is how far a viewer turns it, clockwise."""
        self.pages.append(([], rotate))

    def text(self, x: float, y: float, text: str, size: float = SIZE, matrix: str = "1 0 0 1") -> None:
        """Put a line of text with its baseline at y."""
        _data, names, order, _widths, _em = _font()
        codes = []
        for letter in text:
            glyph = order[names[ord(letter)]]
            self._used[glyph] = letter
            codes.append(f"{glyph:04x}")
        self.pages[-1][0].append(f"BT /F {size} Tf {matrix} {x:.2f} {y:.2f} Tm <{''.join(codes)}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a thin rule."""
        self.pages[-1][0].append(f"0.5 w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S")

    def paragraph(self, y: float, text: str, left: float = LEFT, right: float = RIGHT, indent: float = 0.0) -> float:
        """Set a paragraph in lines; gives where the next line stands."""
        for number, line in enumerate(wrapped(text, right - left, indent)):
            self.text(left + (indent if number == 0 else 0), y, line)
            y -= LEADING
        return y

    def table(self, y: float, edges: list[float], rows: list[list[str]]) -> float:
        """Draw a table with rules; gives where the next line stands."""
        self.line(edges[0], y, edges[-1], y)
        for row in rows:
            cells = [
                list(wrapped(text, right - left - 8, 0.0))
                for text, left, right in zip(row, edges, edges[1:], strict=False)
            ]
            low = y - max(1, *map(len, cells)) * LEADING - 4
            for left, lines in zip(edges, cells, strict=False):
                for number, line in enumerate(lines):
                    self.text(left + 4, y - LEADING * (number + 1) + 2, line)
            for edge in edges:
                self.line(edge, y, edge, low)
            y = low
            self.line(edges[0], y, edges[-1], y)
        return y - LEADING

    def data(self) -> bytes:
        """The file."""
        font, _names, _order, widths, em = _font()
        glyphs = TTFont(io.BytesIO(font)).getGlyphOrder()
        packed = zlib.compress(font)
        shown = "\n".join(
            f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in sorted(self._used.items())
        )
        mapping = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            f"{len(self._used)} beginbfchar\n{shown}\nendbfchar\nendcmap end end"
        ).encode()
        advances = " ".join(f"{glyph} [{round(widths[glyphs[glyph]] * 1000 / em)}]" for glyph in sorted(self._used))
        bodies = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"",
            (
                b"<< /Type /Font /Subtype /Type0 /BaseFont /B /Encoding /Identity-H /DescendantFonts [4 0 R]"
                b" /ToUnicode 6 0 R >>"
            ),
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /B /CIDToGIDMap /Identity /DW 500"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R"
            b" /W [" + advances.encode() + b"] >>",
            (
                b"<< /Type /FontDescriptor /FontName /B /Flags 4 /FontBBox [0 -250 1000 1000] /ItalicAngle 0"
                b" /Ascent 1000 /Descent -265 /CapHeight 700 /StemV 80 /FontFile2 7 0 R >>"
            ),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(mapping), mapping),
            b"<< /Length %d /Length1 %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
            % (len(packed), len(font), packed),
        ]
        kids = []
        for marks, rotate in self.pages:
            content = zlib.compress("\n".join(marks).encode())
            bodies.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content))
            bodies.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d /Contents %d 0 R"
                b" /Resources << /Font << /F 3 0 R >> >> >>" % (rotate, len(bodies))
            )
            kids.append(b"%d 0 R" % len(bodies))
        bodies[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
        return assembled(bodies)


def assembled(bodies: list[bytes], trailer: bytes = b"") -> bytes:
    """Put numbered objects (the first is the catalogue) into a file with its table of places."""
    pieces, places, length = [b"%PDF-1.5\n"], [], 9
    for number, body in enumerate(bodies, start=1):
        piece = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places.append(length)
        pieces.append(piece)
        length += len(piece)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    pieces.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    pieces.append(table)
    pieces.append(
        b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, length)
    )
    return b"".join(pieces)


def wrapped(text: str, width: float, indent: float) -> Iterator[str]:
    """Break a text into lines that fit."""
    line, room = "", width - indent
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and width_of(longer) > room:
            yield line
            line, room = word, width
        else:
            line = longer
    yield line


def printed(paragraphs: list[str], *, header: str = "", numbered: bool = True) -> bytes:
    """Print paragraphs on as many pages as they need, with a running header and page numbers."""
    paper = Paper()
    y = 0.0
    for text in paragraphs:
        for number, line in enumerate(wrapped(text, RIGHT - LEFT, 28.0)):
            if y < BOTTOM + LEADING:
                paper.page()
                y = TOP
                if header:
                    paper.text(LEFT, 812, header, 9)
                if numbered:
                    paper.text(300, 30, str(len(paper.pages)), 9)
            paper.text(LEFT + (28.0 if number == 0 else 0.0), y, line)
            y -= LEADING
        y -= 4
    return paper.data()
