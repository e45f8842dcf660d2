"""What moves together: parts with each other and with the index, pairs of indicators, the whole matrix."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext

from thuocdo.engine.scoring import Spec
from thuocdo.web.design.figures import number
from thuocdo.web.rankings.marks import children_of, pillars_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from thuocdo.engine.scoring.structure import Structure

# A matrix of more indicators cannot be read; lists of more lines are not.
MOST_IN_MATRIX = 40
MOST_PAIRS = 12
# From here a correlation is called strong, middling, weak.
STRONG = 0.7
MIDDLING = 0.3
WEAK = 0.1


@dataclass(frozen=True, slots=True)
class Cell:
    """A correlation: its figure, the word for its size, and the ground that it stands on."""

    figure: str
    word: str
    ground: str
    # Against which part it stands, for tables that phones show as lines.
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of correlations."""

    title: str
    cells: list[Cell]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two indicators that move together or against each other."""

    first: str
    second: str
    cell: Cell
    is_within: bool
    units: int


def _cell(r: float, label: str = "") -> Cell:
    """A correlation in figures and words; the ground only repeats the word."""
    if math.isnan(r):
        return Cell("–", gettext("không tính được"), "none", label)
    size = abs(r)
    if size < WEAK:
        return Cell(number(r, 2), gettext("hầu như không"), "none", label)
    strength = "strong" if size >= STRONG else "middling" if size >= MIDDLING else "weak"
    word = {
        ("strong", True): gettext("mạnh, cùng chiều"),
        ("middling", True): gettext("vừa, cùng chiều"),
        ("weak", True): gettext("yếu, cùng chiều"),
        ("strong", False): gettext("mạnh, ngược chiều"),
        ("middling", False): gettext("vừa, ngược chiều"),
        ("weak", False): gettext("yếu, ngược chiều"),
    }[strength, r > 0]
    return Cell(number(r, 2), word, f"{'with' if r > 0 else 'against'}-{strength}", label)


def _leaves_below(spec: Spec, code: str) -> list[int]:
    """The places of the indicators below a part, itself where it is one."""
    tree = spec.tree
    place = tree.columns.index(code)
    if place < tree.leaf_count:
        return [place]
    return [leaf for child in children_of(spec, code) for leaf in _leaves_below(spec, child.code)]


def parts_of(found: "Structure", spec: Spec, titles: dict[str, str]) -> tuple[list[str], list[Row]]:
    """Correlations of the pillars with each other and with the index, and of indicators within and across them."""
    pillars = [one.code for one in pillars_of(spec)]
    if len(pillars) < 2:
        return [], []
    r, columns = found.pearson.coefficients, found.columns
    places = {code: columns.index(code) for code in (*pillars, spec.top)}
    within, across = gettext("Trong phần"), gettext("Với phần khác")
    rows = []
    for code in pillars:
        leaves = np.array(_leaves_below(spec, code), dtype=np.intp)
        others = np.setdiff1d(np.arange(spec.tree.leaf_count), leaves)
        inside = r[np.ix_(leaves, leaves)][np.triu_indices(len(leaves), 1)]
        cells = [
            Cell("–", "", "none", titles[other])
            if other == code
            else _cell(float(r[places[code], place]), titles[other])
            for other, place in places.items()
        ]
        cells += [_cell(_mean(inside), within), _cell(_mean(r[np.ix_(leaves, others)]), across)]
        rows.append(Row(titles[code], cells))
    return [*(titles[code] for code in places), within, across], rows


def _mean(values: "NDArray[np.float64]") -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if there.size else math.nan


def pairs_of(found: "Structure", spec: Spec, titles: dict[str, str]) -> list[Pair]:
    """The pairs of indicators that move together or against each other most, of one pillar or of two."""
    number_of = spec.tree.leaf_count
    pillar_of = {leaf: one.code for one in pillars_of(spec) for leaf in _leaves_below(spec, one.code)}
    r = found.pearson.coefficients[:number_of, :number_of]
    first, second = np.triu_indices(number_of, 1)
    sizes = np.nan_to_num(np.abs(r[first, second]))
    order = [place for place in np.argsort(-sizes, kind="stable")[:MOST_PAIRS] if sizes[place] >= MIDDLING]
    codes = found.columns
    return [
        Pair(
            first=titles[codes[first[place]]],
            second=titles[codes[second[place]]],
            cell=_cell(float(r[first[place], second[place]])),
            is_within=pillar_of.get(int(first[place])) == pillar_of.get(int(second[place])),
            units=int(found.pearson.counts[first[place], second[place]]),
        )
        for place in order
    ]


def matrix_of(found: "Structure", spec: Spec, titles: dict[str, str]) -> list[Row]:
    """The lower half of all correlations between indicators, numbered; empty where they are too many to read."""
    size = spec.tree.leaf_count
    if not 2 < size <= MOST_IN_MATRIX:
        return []
    r = found.pearson.coefficients
    return [
        Row(titles[found.columns[row]], [_cell(float(r[row, column])) for column in range(row)], row + 1)
        for row in range(size)
    ]
