"""Words to lines, and the order in which the lines of a page are read: down one column, then the next."""

from dataclasses import dataclass

from thuocdo.engine.extraction.reader.pdf.glyphs import Word

# Words further apart than this share of the height stand in different places of a line (issuer and motto).
_APART = 1.3
# A column has at least so many lines, most of which begin at its left edge.
_FEWEST_LINES, _ALIGNED = 8, 0.55
# Issuer and motto begin among the first lines of a page.
_HEAD_LINES = 4


@dataclass(slots=True)
class Line:
    """Words on one line from left to right, and the edges of the column in which it stands.

    A line aside stands in a block beside another, where every line is one of its own.
    """

    words: list[Word]
    left: float = 0.0
    right: float = 0.0
    is_aside: bool = False

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        heights = sorted(word.height for word in self.words)
        return heights[len(heights) // 2]

    @property
    def text(self) -> str:
        """The words, with wide gaps shown as such."""
        pieces = [self.words[0].text]
        for before, word in zip(self.words, self.words[1:], strict=False):
            pieces.append("    " if word.x0 - before.x1 > 2 * before.height else " ")
            pieces.append(word.text)
        return "".join(pieces)

    def pieces(self) -> list[tuple[float, float]]:
        """The stretches of the line between wide gaps."""
        found = [(self.words[0].x0, self.words[0].x1)]
        for before, word in zip(self.words, self.words[1:], strict=False):
            if word.x0 - before.x1 > _APART * before.height:
                found.append((word.x0, word.x1))
            else:
                found[-1] = (found[-1][0], max(found[-1][1], word.x1))
        return found


def lines_of(words: list[Word]) -> list[Line]:
    """Return words as lines from top to bottom."""
    lines: list[Line] = []
    middle = height = 0.0
    for word in sorted(words, key=lambda word: (word.middle, word.x0)):
        if lines and word.middle - middle < 0.4 * max(height, word.height):
            lines[-1].words.append(word)
        else:
            lines.append(Line([word]))
            middle, height = word.middle, word.height
    for line in lines:
        line.words.sort(key=lambda word: word.x0)
    return lines


def in_reading_order(words: list[Word]) -> list[Line]:
    """Return the lines of a page in the order of reading, each with the edges of its column."""
    lines = lines_of(words)
    if not lines:
        return []
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    gutter = _gutter(lines, left, right)
    if gutter is None:
        return _with_blocks(lines, left, right)
    ordered: list[Line] = []
    waiting: list[Line] = []
    for line in [*lines, None]:
        if line is not None and not _spans(line, gutter):
            waiting.append(line)
            continue
        ordered += _columns(waiting, gutter, left, right)
        waiting = []
        if line is not None:
            ordered.append(_within(line, left, right))
    return ordered


def _with_blocks(lines: list[Line], left: float, right: float) -> list[Line]:
    """Part the blocks that stand side by side: issuer and motto at the head, recipients and signature at the end."""
    ordered: list[Line] = []
    running: list[Line] = []
    place = 0
    while place < len(lines):
        text = lines[place].words[0].text.lower()
        count, gutter = 0, 0.0
        if place < _HEAD_LINES or text.startswith(("nơi", "noi")):
            count, gutter = max(
                (_run(lines, place, left + share * (right - left)), left + share * (right - left))
                for share in (0.36, 0.38, 0.4, 0.42, 0.44, 0.46, 0.48, 0.5, 0.52, 0.54, 0.56)
            )
        sides = [_side(lines[place : place + count], gutter, is_right=is_right) for is_right in (False, True)]
        if min(map(len, sides)) >= 2:
            for side in sides:
                low, high = min(line.x0 for line in side), max(line.x1 for line in side)
                ordered += [_within(line, low, high) for line in side]
                for line in side:
                    line.is_aside = True
            place += count
        else:
            ordered.append(lines[place])
            running.append(lines[place])
            place += 1
    # How wide the running text is, is not said by what stands beside it.
    left, right = min((line.x0 for line in running), default=left), max((line.x1 for line in running), default=right)
    for line in running:
        _within(line, left, right)
    return ordered


def _run(lines: list[Line], place: int, gutter: float) -> int:
    """How many lines from here on leave the gutter free and stand close to each other."""
    count = 0
    for before, line in zip([lines[place], *lines[place:]], lines[place : place + 2 * _HEAD_LINES], strict=False):
        if count and line.words[0].text.lower() == "kính":
            # To whom a letter is addressed stands below its head.
            break
        if any(a < gutter < b for a, b in line.pieces()) or line.top - before.bottom > 3 * before.height:
            break
        count += 1
    return count


def _side(lines: list[Line], gutter: float, *, is_right: bool) -> list[Line]:
    parts = ([word for word in line.words if (word.x0 >= gutter) == is_right] for line in lines)
    return [Line(words) for words in parts if words]


def _gutter(lines: list[Line], left: float, right: float) -> float | None:
    """Return where two columns of running text part, or None for one column."""
    if len(lines) < _FEWEST_LINES:
        return None
    low, high = left + 0.3 * (right - left), left + 0.7 * (right - left)
    places = [low + (high - low) * step / 60 for step in range(61)]
    pieces = [line.pieces() for line in lines]
    covered = [sum(any(a < x < b for a, b in line) for line in pieces) for x in places]
    fewest = min(covered)
    if fewest > 0.3 * len(lines):
        return None
    best = [x for x, count in zip(places, covered, strict=True) if count == fewest]
    gutter = best[len(best) // 2]
    on_left = [line[0][0] for line in pieces if line[0][1] <= gutter]
    on_right = [next(a for a, _b in line if a >= gutter) for line in pieces if any(a >= gutter for a, _b in line)]
    if min(len(on_left), len(on_right)) < _FEWEST_LINES or not (_aligned(on_left) and _aligned(on_right)):
        return None
    return gutter


def _aligned(edges: list[float]) -> bool:
    """Say whether most lines begin at one of the two usual places of a column: its edge, or an indent."""
    least = min(edges)
    return max(sum(abs(edge - other) < 3 for edge in edges) for other in [least, *edges[:20]]) >= _ALIGNED * len(edges)


def _spans(line: Line, gutter: float) -> bool:
    return any(a < gutter < b for a, b in line.pieces())


def _columns(lines: list[Line], gutter: float, left: float, right: float) -> list[Line]:
    """Part lines at the gutter; a few of them (the head of a document, its signature) stay lines across the page."""
    sides = [_side(lines, gutter, is_right=is_right) for is_right in (False, True)]
    if min(map(len, sides)) < _FEWEST_LINES // 2:
        return [_within(line, left, right) for line in lines]
    found = []
    for side in sides:
        low, high = min(line.x0 for line in side), max(line.x1 for line in side)
        found += [_within(line, low, high) for line in side]
    return found


def _within(line: Line, left: float, right: float) -> Line:
    line.left, line.right = left, right
    return line
