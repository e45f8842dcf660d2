"""Which letters the faces on board can draw, and how wide a line of them is; read from their tables once."""

import struct
from functools import lru_cache
from importlib.resources import files

# Signs that Tinos lacks and that the serif face inside typst draws; a test holds this list against it.
BORROWED = frozenset("≤≥≠≈→←↑↓□■○●✓★")
FACES = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}


def font_folder() -> str:
    """Where the faces lie, for the typesetter."""
    return str(files("thuocdo.engine.typesetting").joinpath("fonts"))


@lru_cache(maxsize=4)
def _face(name: str) -> tuple[dict[int, int], tuple[int, ...], int]:
    """Code point to glyph, advance of each glyph, units of an em: from `cmap` (format 4), `hmtx`, `head`, `hhea`."""
    content = files("thuocdo.engine.typesetting").joinpath("fonts", f"Tinos-{name}.ttf").read_bytes()
    (count,) = struct.unpack_from(">H", content, 4)
    tables = {}
    for at in range(12, 12 + 16 * count, 16):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", content, at)
        tables[tag] = offset
    (em,) = struct.unpack_from(">H", content, tables[b"head"] + 18)
    (full,) = struct.unpack_from(">H", content, tables[b"hhea"] + 34)
    advances = struct.unpack_from(">" + "Hh" * full, content, tables[b"hmtx"])[::2]
    return _characters(content, tables[b"cmap"]), advances, em


def _characters(content: bytes, start: int) -> dict[int, int]:
    (count,) = struct.unpack_from(">H", content, start + 2)
    for number in range(count):
        (offset,) = struct.unpack_from(">L", content, start + 8 + 8 * number)
        at = start + offset
        kind, _, _, doubled = struct.unpack_from(">HHHH", content, at)
        if kind == 4:
            break
    else:
        raise ValueError("The face has no table of characters in format 4.")
    size = doubled // 2
    ends = struct.unpack_from(f">{size}H", content, at + 14)
    starts = struct.unpack_from(f">{size}H", content, at + 16 + doubled)
    deltas = struct.unpack_from(f">{size}H", content, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{size}H", content, ranges_at)
    glyphs = {}
    for number, (first, last, delta, moved) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if moved:
                (glyph,) = struct.unpack_from(">H", content, ranges_at + 2 * number + moved + 2 * (code - first))
                glyph = (glyph + delta) % 65536 if glyph else 0
            else:
                glyph = (code + delta) % 65536
            if glyph:
                glyphs[code] = glyph
    return glyphs


@lru_cache(maxsize=4096)
def covered(letter: str) -> bool:
    """Whether the pdf can show the letter."""
    return ord(letter) in _face("Regular")[0] or letter in BORROWED


def width(words: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """How long the words are on one line, in points; a letter that the face lacks counts as an em."""
    glyphs, advances, em = _face(FACES[bold, italic])
    whole = 0
    for letter in words:
        glyph = glyphs.get(ord(letter))
        whole += em if glyph is None else advances[min(glyph, len(advances) - 1)]
    return whole * size / em
