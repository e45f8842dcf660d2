"""One page of a PDF as words and rules with their places; separate diacritics are set on their letters."""

import ctypes
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from math import pi
from typing import Any

import pypdfium2.raw as pdfium_c

_PATH = 2
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 2_000
_MOST_ON_PAGE = 60_000
# A gap of this share of the line's height parts two words, also where the file holds no space.
_GAP, _INFERRED_GAP, _HAIRLINE = 0.17, 0.09, 0.1
_THIN, _SHORTEST = 2.5, 6.0
# Accents that some programs draw as letters of their own over the vowel.
_SPACING = {"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "˘": "\u0306", "¸": "\u0323"}
_SHAPES = "\u0302\u0306\u031b"
_DASHES = "\x02\xad\ufffe"


@dataclass(slots=True)
class Word:
    """A word and its box in points; `top` and `bottom` are measured downwards from the top of the page."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line of the drawing, level or upright, at `at` from `low` to `high`."""

    at: float
    low: float
    high: float


@dataclass(slots=True)
class Sheet:
    """What stands on one page, in the frame in which its text is upright."""

    width: float
    height: float
    words: list[Word]
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    characters: int = 0


@dataclass(slots=True)
class _Glyph:
    letter: str
    x0: float
    top: float
    x1: float
    bottom: float
    quarter: int
    after_space: bool


def read_sheet(document: Any, number: int) -> Sheet:
    """Read page `number` (from 0) of an open PDF; a page that cannot be read is an empty one."""
    page = pdfium_c.FPDF_LoadPage(document, number)
    if not page:
        return Sheet(0, 0, [])
    try:
        box = pdfium_c.FS_RECTF()
        pdfium_c.FPDF_GetPageBoundingBox(page, box)
        glyphs = _glyphs(page, box.left, box.top)
        quarters = Counter(glyph.quarter for glyph in glyphs)
        quarter = max(quarters, key=lambda turn: quarters[turn]) if quarters else 0
        frame = _Frame(box.left, box.bottom, box.right - box.left, box.top - box.bottom, quarter)
        # Upright characters stand in their frame already, which is the usual case and saves its time.
        upright = [frame.turned(glyph) if quarter else glyph for glyph in glyphs if glyph.quarter == quarter]
        if quarter:
            _give_line_height(upright)
        sheet = Sheet(frame.shown_width, frame.shown_height, _words(_with_marks(upright)), characters=len(glyphs))
        if sheet.words:
            sheet.level, sheet.upright = _rules(page, frame)
        return sheet
    finally:
        pdfium_c.FPDF_ClosePage(page)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How points of the page are seen when the page is turned so that its text is upright."""

    left: float
    low: float
    width: float
    height: float
    quarter: int

    @property
    def shown_width(self) -> float:
        return self.height if self.quarter % 2 else self.width

    @property
    def shown_height(self) -> float:
        return self.width if self.quarter % 2 else self.height

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.low
        if self.quarter == 0:
            return x, self.height - y
        if self.quarter == 1:
            return y, x
        if self.quarter == 2:
            return self.width - x, y
        return self.height - y, self.width - x

    def turned(self, glyph: _Glyph) -> _Glyph:
        (a, b), (c, d) = self.point(glyph.x0, glyph.top), self.point(glyph.x1, glyph.bottom)
        glyph.x0, glyph.x1 = min(a, c), max(a, c)
        glyph.top, glyph.bottom = min(b, d), max(b, d)
        return glyph


def _glyphs(page: Any, page_left: float, page_top: float) -> list[_Glyph]:
    """The visible characters in the order of the file; turned ones keep the coordinates of the page."""
    text = pdfium_c.FPDFText_LoadPage(page)
    if not text:
        return []
    glyphs: list[_Glyph] = []
    loose = pdfium_c.FS_RECTF()
    loose_there = ctypes.byref(loose)
    sides = [ctypes.c_double() for _ in range(4)]
    letter_of, box_of = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    try:
        space, inferred, quarter = True, False, 0
        for place in range(min(pdfium_c.FPDFText_CountChars(text), _MOST_ON_PAGE)):
            code = letter_of(text, place)
            letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
            if letter.isspace() or letter == "\u200b":
                # A space that PDFium only inferred counts when there is a gap for it.
                if letter in "\r\n" or not pdfium_c.FPDFText_IsGenerated(text, place):
                    space = True
                else:
                    inferred = True
                continue
            if letter in _DASHES:
                letter = "-"
            elif code < 32:
                continue
            if space or not glyphs:
                quarter = round(-pdfium_c.FPDFText_GetCharAngle(text, place) / (pi / 2)) % 4
            if quarter == 0 and box_of(text, place, loose_there) and loose.top - loose.bottom > 0.5:
                x0, x1 = loose.left - page_left, loose.right - page_left
                glyphs.append(_Glyph(letter, x0, page_top - loose.top, x1, page_top - loose.bottom, 0, space))
            else:
                pdfium_c.FPDFText_GetCharBox(text, place, *sides)
                left, right, low, high = (side.value for side in sides)
                if quarter == 0:
                    left, right, low, high = left - page_left, right - page_left, page_top - low, page_top - high
                glyphs.append(_Glyph(letter, left, high, right, low, quarter, space))
            if inferred and not space and len(glyphs) > 1:
                before, last = glyphs[-2], glyphs[-1]
                gap = last.x0 - before.x1
                last.after_space = quarter != 0 or not 0 <= gap <= _INFERRED_GAP * (before.bottom - before.top)
            space = inferred = False
    finally:
        pdfium_c.FPDFText_ClosePage(text)
    return glyphs


def _with_marks(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Set diacritics that are glyphs of their own on the letter under or over which they stand."""
    marks = [glyph for glyph in glyphs if unicodedata.combining(glyph.letter[0]) or glyph.letter in _SPACING]
    if not marks or len(marks) > len(glyphs) // 2:
        return glyphs
    letters = [glyph for glyph in glyphs if glyph.letter.isalpha()]
    by_row: dict[int, list[_Glyph]] = {}
    for glyph in letters:
        for row in {int(glyph.top // 8), int(glyph.bottom // 8)}:
            by_row.setdefault(row, []).append(glyph)
    gone: set[int] = set()
    pending: dict[int, list[str]] = {}
    owners: dict[int, _Glyph] = {}
    is_mark = set(map(id, marks))
    owner: _Glyph | None = None
    for glyph in glyphs:
        if id(glyph) not in is_mark:
            owner = glyph if glyph.letter.isalpha() else None
            continue
        centre = (glyph.x0 + glyph.x1) / 2
        if owner is None or glyph.after_space or not _over(owner, glyph, centre):
            # Some programs draw the letters of a line first and all its signs afterwards.
            rows = range(int(glyph.top // 8) - 1, int(glyph.bottom // 8) + 2)
            near = [letter for row in rows for letter in by_row.get(row, ()) if _over(letter, glyph, centre)]
            if not near:
                continue
            owner = min(near, key=lambda letter: abs((letter.x0 + letter.x1) / 2 - centre))
        pending.setdefault(id(owner), []).append(_SPACING.get(glyph.letter, glyph.letter))
        owners[id(owner)] = owner
        gone.add(id(glyph))
    for key, signs in pending.items():
        signs.sort(key=lambda sign: sign not in _SHAPES)
        owners[key].letter = unicodedata.normalize("NFC", owners[key].letter + "".join(signs))
    kept: list[_Glyph] = []
    space = False
    for glyph in glyphs:
        if id(glyph) in gone:
            continue
        if space:
            glyph.after_space = True
        kept.append(glyph)
        space = False
    return kept


def _over(letter: _Glyph, mark: _Glyph, centre: float) -> bool:
    """Say whether a sign stands on, over or under a letter."""
    height = letter.bottom - letter.top
    level = (mark.top + mark.bottom) / 2
    return (
        letter.x0 - 0.2 * height <= centre <= letter.x1 + 0.4 * height
        and letter.top - 0.4 * height <= level <= letter.bottom + 0.4 * height
    )


def _give_line_height(glyphs: list[_Glyph]) -> None:
    """Turned characters come in boxes of their own ink; give each the height of its line."""
    if not glyphs:
        return
    height = sorted(glyph.bottom - glyph.top for glyph in glyphs)[len(glyphs) * 9 // 10]
    for glyph in glyphs:
        middle = (glyph.top + glyph.bottom) / 2
        glyph.top, glyph.bottom = middle - height / 2, middle + height / 2


def _words(glyphs: list[_Glyph]) -> list[Word]:
    """Join characters that stand close to each other on one line."""
    words: list[Word] = []
    before: _Glyph | None = None
    letters: list[str] = []
    word = Word(0.0, 0.0, 0.0, 0.0, "")
    for glyph in glyphs:
        if before is not None:
            height = before.bottom - before.top or 1.0
            if (
                glyph.letter == before.letter
                and abs(glyph.x0 - before.x0) < _HAIRLINE * height / 2
                and abs(glyph.top - before.top) < _HAIRLINE * height
            ):
                # Bold type made by printing a letter twice.
                continue
            if (
                not glyph.after_space
                and -height <= glyph.x0 - before.x1 <= _GAP * height
                and abs(glyph.bottom - before.bottom) <= 0.6 * height
            ):
                letters.append(glyph.letter)
                if glyph.x1 > word.x1:
                    word.x1 = glyph.x1
                if glyph.top < word.top:
                    word.top = glyph.top
                if glyph.bottom > word.bottom:
                    word.bottom = glyph.bottom
                before = glyph
                continue
            word.text = "".join(letters)
        letters = [glyph.letter]
        word = Word(glyph.x0, glyph.top, glyph.x1, glyph.bottom, "")
        words.append(word)
        before = glyph
    if words:
        words[-1].text = "".join(letters)
    for word in words:
        if not word.text.isascii():
            word.text = unicodedata.normalize("NFC", word.text)
    return [word for word in words if word.text]


def _rules(page: Any, frame: _Frame) -> tuple[list[Rule], list[Rule]]:
    """The level and upright lines of the drawing, from strokes, thin filled boxes and framed boxes."""
    level: list[Rule] = []
    upright: list[Rule] = []
    sides = [ctypes.c_float() for _ in range(4)]
    for place in range(min(pdfium_c.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = pdfium_c.FPDFPage_GetObject(page, place)
        if pdfium_c.FPDFPageObj_GetType(item) != _PATH or not pdfium_c.FPDFPageObj_GetBounds(item, *sides):
            continue
        left, low, right, high = (side.value for side in sides)
        if min(right - left, high - low) < _THIN:
            _add(level, upright, frame.point(left, low), frame.point(right, high))
        elif _is_stroked(item):
            for start, end in _strokes(item):
                _add(level, upright, frame.point(*start), frame.point(*end))
    return level, upright


def _is_stroked(item: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(item, fill, stroke)
    return bool(stroke.value)


def _strokes(item: Any) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight pieces of a path, in points of the page."""
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(item, matrix)
    pieces = []
    x, y = ctypes.c_float(), ctypes.c_float()
    here = first = (0.0, 0.0)
    for place in range(min(pdfium_c.FPDFPath_CountSegments(item), _MOST_SEGMENTS)):
        segment = pdfium_c.FPDFPath_GetPathSegment(item, place)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        there = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            first = there
        elif kind == pdfium_c.FPDF_SEGMENT_LINETO:
            pieces.append((here, there))
        here = there
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            pieces.append((here, first))
    return pieces


def _add(level: list[Rule], upright: list[Rule], start: tuple[float, float], end: tuple[float, float]) -> None:
    wide, high = abs(end[0] - start[0]), abs(end[1] - start[1])
    if high < _THIN and wide >= _SHORTEST:
        level.append(Rule((start[1] + end[1]) / 2, min(start[0], end[0]), max(start[0], end[0])))
    elif wide < _THIN and high >= _SHORTEST:
        upright.append(Rule((start[0] + end[0]) / 2, min(start[1], end[1]), max(start[1], end[1])))
