"""Tables of a page, from the rules between their cells; a cell merged over rows is said again in each of them."""

from bisect import bisect_right
from dataclasses import dataclass

from thuocdo.engine.extraction.reader.pdf.glyphs import Rule, Sheet, Word
from thuocdo.engine.extraction.reader.pdf.lines import lines_of
from thuocdo.engine.extraction.reader.syllables import mend

_NEAR = 2.5
_MOST_RULES = 3_000
_MOST_CELLS = 20_000


@dataclass(slots=True)
class Grid:
    """One table: its box on the page and its rows, each a list of cells."""

    left: float
    top: float
    right: float
    bottom: float
    rows: list[list[str]]


def grids_of(sheet: Sheet) -> tuple[list[Grid], list[Word]]:
    """Return the tables of a page from top to bottom, and the words that stand in none."""
    level, upright = _joined(sheet.level), _joined(sheet.upright)
    if len(level) < 2 or len(upright) < 3 or len(level) + len(upright) > _MOST_RULES:
        return [], sheet.words
    grids: list[Grid] = []
    rest = sheet.words
    for across, down in _connected(level, upright):
        ys, xs = _positions(across), _positions(down)
        if len(ys) < 2 or len(xs) < 3 or len(ys) * len(xs) > _MOST_CELLS:
            continue
        inside = [
            word for word in rest if xs[0] <= (word.x0 + word.x1) / 2 <= xs[-1] and ys[0] <= word.middle <= ys[-1]
        ]
        if not inside:
            continue
        rows = _rows(_Cells(xs, ys, across, down), inside)
        if not rows:
            continue
        taken = set(map(id, inside))
        rest = [word for word in rest if id(word) not in taken]
        grids.append(Grid(xs[0], ys[0], xs[-1], ys[-1], rows))
    return sorted(grids, key=lambda grid: grid.top), rest


def _joined(rules: list[Rule]) -> list[Rule]:
    """Join pieces of one line: each cell may have brought its own border."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _NEAR), rule.low)):
        last = joined[-1] if joined else None
        if last and abs(last.at - rule.at) <= _NEAR and last.low - _NEAR <= rule.low <= last.high + _NEAR:
            joined[-1] = Rule(last.at, last.low, max(last.high, rule.high))
        else:
            joined.append(rule)
    return joined


def _connected(level: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Group rules that touch each other."""
    owner = list(range(len(level) + len(upright)))

    def root(place: int) -> int:
        while owner[place] != place:
            owner[place] = owner[owner[place]]
            place = owner[place]
        return place

    for i, across in enumerate(level):
        for j, down in enumerate(upright):
            if (
                across.low - _NEAR <= down.at <= across.high + _NEAR
                and down.low - _NEAR <= across.at <= down.high + _NEAR
            ):
                owner[root(i)] = root(len(level) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for place, rule in enumerate([*level, *upright]):
        group = groups.setdefault(root(place), ([], []))
        group[place >= len(level)].append(rule)
    return list(groups.values())


def _positions(rules: list[Rule]) -> list[float]:
    """The different places of some rules, those nearly equal being one."""
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > 2 * _NEAR:
            places.append(at)
    return places


@dataclass(slots=True)
class _Cells:
    """The smallest boxes between rules, and which of them make one cell."""

    xs: list[float]
    ys: list[float]
    across: list[Rule]
    down: list[Rule]

    def regions(self) -> list[list[int]]:
        """Return the number of its cell for each box, row by row; boxes without a rule between them are one cell."""
        height, width = len(self.ys) - 1, len(self.xs) - 1
        owner = list(range(height * width))

        def root(place: int) -> int:
            while owner[place] != place:
                owner[place] = owner[owner[place]]
                place = owner[place]
            return place

        for i in range(height):
            middle = (self.ys[i] + self.ys[i + 1]) / 2
            for j in range(1, width):
                if not _crossed(self.down, self.xs[j], middle):
                    owner[root(i * width + j)] = root(i * width + j - 1)
        for j in range(width):
            middle = (self.xs[j] + self.xs[j + 1]) / 2
            for i in range(1, height):
                if not _crossed(self.across, self.ys[i], middle):
                    owner[root(i * width + j)] = root((i - 1) * width + j)
        return [[root(i * width + j) for j in range(width)] for i in range(height)]


def _crossed(rules: list[Rule], at: float, where: float) -> bool:
    return any(abs(rule.at - at) <= 2 * _NEAR and rule.low - _NEAR <= where <= rule.high + _NEAR for rule in rules)


def _rows(cells: _Cells, words: list[Word]) -> list[list[str]]:
    regions = cells.regions()
    if len({number for row in regions for number in row}) < 2:
        return []
    held: dict[int, list[Word]] = {}
    for word in words:
        i = min(max(bisect_right(cells.ys, word.middle) - 1, 0), len(regions) - 1)
        j = min(max(bisect_right(cells.xs, (word.x0 + word.x1) / 2) - 1, 0), len(regions[0]) - 1)
        held.setdefault(regions[i][j], []).append(word)
    texts = {number: _text(inside) for number, inside in held.items()}
    # A line that parts no two cells in any row bounds no column.
    columns = [0, *(j for j in range(1, len(regions[0])) if any(row[j] != row[j - 1] for row in regions))]
    rows = []
    begun: set[int] = set()
    for row in regions:
        if set(row) <= begun:
            continue
        begun.update(row)
        shown = [
            texts.get(row[j], "") if place == 0 or row[j] != row[columns[place - 1]] else ""
            for place, j in enumerate(columns)
        ]
        if any(shown):
            rows.append(shown)
    return rows


def _text(words: list[Word]) -> str:
    """The text of a cell on one line, with words mended that its width has broken."""
    text = ""
    for line in lines_of(words):
        text = (
            mend(text, " ".join(word.text for word in line.words))
            if text
            else " ".join(word.text for word in line.words)
        )
    return " ".join(text.split())
