"""The structure of a run in words and figures: what is told twice, what weighs otherwise than it should."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.engine.scoring import Spec
from thuocdo.web.design.figures import number, percent
from thuocdo.web.rankings.marks import children_of, part_titles, pillars_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from thuocdo.engine.scoring.structure import Flag, Importance, Structure

# A matrix of more indicators cannot be read; lists of more lines are not.
MOST_IN_MATRIX, MOST_PAIRS, MOST_FLAGS = 40, 12, 12
# From here a correlation is called strong, middling, weak.
STRONG, MIDDLING, WEAK = 0.7, 0.3, 0.1
# Alpha from which parts are said to measure one thing.
CONSISTENT, PASSABLE = 0.7, 0.6
# So many points of a share apart, an indicator weighs otherwise than it should.
APART = 0.03


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


@dataclass(frozen=True, slots=True)
class Consistency:
    """Whether the children of a node measure one thing."""

    title: str
    children: int
    alpha: str
    word: str
    # The child without which alpha would be higher, and how high.
    without: str
    first_component: str
    kmo: str


@dataclass(frozen=True, slots=True)
class Weighing:
    """The nominal weight of an indicator beside what it tells of the index, drawn on one scale."""

    title: str
    weight: str
    effective: str
    word: str
    bar: SafeString


@dataclass(frozen=True, slots=True)
class Availability:
    """How many of the values that should be there are there, and what stands out about them."""

    title: str
    share: float
    bodies: int
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the page says."""

    sentence: SafeString
    flags: list[SafeString]
    more_flags: int
    headings: list[str]
    parts: list[Row]
    pairs: list[Pair]
    matrix: list[Row]
    consistencies: list[Consistency]
    weighings: list[Weighing]
    availabilities: list[Availability]


def reading_of(found: "Structure", spec: Spec) -> Reading:
    """The structure of a run in the words and figures of the page."""
    titles = part_titles(spec)
    # Two that are opposites are told once, as moving against each other.
    flags = [flag for flag in found.flags if flag.kind != "redundant" or flag.correlation > 0]
    flags.sort(key=lambda flag: (flag.kind != "redundant", -abs(flag.correlation), flag.first, flag.second))
    headings, parts = _parts(found, spec, titles)
    return Reading(
        sentence=_sentence(flags, found, titles),
        flags=[_in_words(flag, titles) for flag in flags[:MOST_FLAGS]],
        more_flags=max(len(flags) - MOST_FLAGS, 0),
        headings=headings,
        parts=parts,
        pairs=_pairs(found, spec, titles),
        matrix=_matrix(found, spec, titles),
        consistencies=_consistencies(found, titles),
        weighings=_weighings(found, titles),
        availabilities=_availabilities(found, titles),
    )


def _sentence(flags: "list[Flag]", found: "Structure", titles: dict[str, str]) -> SafeString:
    if not flags:
        apart = _apart(found)
        if apart is None:
            return SafeString(gettext("Không thấy hai phần cùng cấp nào trùng lặp hay ngược chiều nhau."))
        text = gettext(
            "Không thấy hai phần cùng cấp nào trùng lặp hay ngược chiều nhau;"
            " lệch trọng số nhiều nhất là {}: trọng số {}, ảnh hưởng {}."
        )
        return format_html(
            text, titles[apart.indicator], percent(apart.weight * 100, 1), percent(apart.effective * 100, 1)
        )
    first = _in_words(flags[0], titles)
    rest = len(flags) - 1
    if not rest:
        return first
    more = ngettext("Còn {} điều cần xem lại.", "Còn {} điều cần xem lại.", rest)
    return format_html("{} {}", first, format_html(more, number(rest)))


def _in_words(flag: "Flag", titles: dict[str, str]) -> SafeString:
    text = {
        "redundant": gettext("Hai phần gần như trùng nhau: {} và {} (r = {})."),
        "counter_sibling": gettext("Hai phần ngược chiều nhau: {} và {} (r = {})."),
        "counter_parent": gettext("{} ngược chiều với {} mà nó là một phần (r = {})."),
    }[flag.kind]
    return format_html(text, titles[flag.first], titles[flag.second], number(flag.correlation, 2))


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


def _parts(found: "Structure", spec: Spec, titles: dict[str, str]) -> tuple[list[str], list[Row]]:
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


def _pairs(found: "Structure", spec: Spec, titles: dict[str, str]) -> list[Pair]:
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


def _matrix(found: "Structure", spec: Spec, titles: dict[str, str]) -> list[Row]:
    """The lower half of all correlations between indicators, numbered; empty where they are too many to read."""
    size = spec.tree.leaf_count
    if not 2 < size <= MOST_IN_MATRIX:
        return []
    r = found.pearson.coefficients
    return [
        Row(titles[found.columns[row]], [_cell(float(r[row, column])) for column in range(row)], row + 1)
        for row in range(size)
    ]


def _consistencies(found: "Structure", titles: dict[str, str]) -> list[Consistency]:
    rows = []
    for family in found.families:
        if len(family.children) < 2:
            continue
        rows.append(
            Consistency(
                title=titles[family.node],
                children=len(family.children),
                alpha=_figure(family.alpha),
                word=_consistency(family.alpha),
                without=_better_without(family.children, family.alpha, family.alpha_without, titles),
                first_component=_share(float(family.explained[0])),
                kmo=_figure(family.kmo),
            )
        )
    return rows


def _consistency(alpha: float) -> str:
    if math.isnan(alpha):
        return gettext("không tính được")
    if alpha >= CONSISTENT:
        return gettext("nhất quán")
    return gettext("tạm được") if alpha >= PASSABLE else gettext("chưa nhất quán")


def _better_without(
    children: tuple[str, ...], alpha: float, without: "NDArray[np.float64]", titles: dict[str, str]
) -> str:
    """The child that lowers alpha most, by a hundredth at least; empty where none does."""
    if math.isnan(alpha) or np.isnan(without).all():
        return ""
    place = int(np.nanargmax(without))
    if without[place] < alpha + 0.01:
        return ""
    return gettext("%(title)s (còn lại: %(alpha)s)") % {
        "title": titles[children[place]],
        "alpha": number(float(without[place]), 2),
    }


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else number(value, 2)


def _share(value: float) -> str:
    return "–" if math.isnan(value) else percent(value * 100, 1)


def _apart(found: "Structure") -> "Importance | None":
    """The indicator whose influence is furthest from its weight; None where none is far from it."""
    known = [one for one in found.importance if not math.isnan(one.effective)]
    furthest = max(known, key=lambda one: abs(one.effective - one.weight), default=None)
    return furthest if furthest is not None and abs(furthest.effective - furthest.weight) >= APART else None


def _weighings(found: "Structure", titles: dict[str, str]) -> list[Weighing]:
    """Every indicator, those first whose influence differs most from their weight."""
    known = [one for one in found.importance if not math.isnan(one.effective)]
    widest = max((max(one.weight, one.effective) for one in known), default=0.0) or 1.0
    rows = []
    for one in sorted(known, key=lambda each: (-abs(each.effective - each.weight), each.indicator)):
        apart = one.effective - one.weight
        word = (
            gettext("gần với trọng số")
            if abs(apart) < APART
            else gettext("ảnh hưởng lớn hơn trọng số")
            if apart > 0
            else gettext("ảnh hưởng nhỏ hơn trọng số")
        )
        title, weight, effective = titles[one.indicator], _share(one.weight), _share(one.effective)
        rows.append(Weighing(title, weight, effective, word, _bar(one, widest, title, weight, effective)))
    return rows


def _bar(one: "Importance", widest: float, title: str, weight: str, effective: str) -> SafeString:
    """Influence as a bar, the weight as a dashed line, both on a scale that ends at the widest of all."""
    spoken = gettext("%(title)s: ảnh hưởng %(effective)s, trọng số %(weight)s") % {
        "title": title,
        "effective": effective,
        "weight": weight,
    }
    return format_html(
        '<svg class="share-bar" role="img" aria-label="{}"><rect class="of" width="100%" y="4" height="8"/>'
        '<rect class="v" width="{}" y="4" height="8"/><line class="due" x1="{}" x2="{}" y1="1" y2="15"/></svg>',
        spoken,
        _at(one.effective / widest),
        _at(one.weight / widest),
        _at(one.weight / widest),
    )


def _at(share: float) -> str:
    return f"{round(min(max(share, 0.0), 1.0) * 100, 2):g}%"


def _availabilities(found: "Structure", titles: dict[str, str]) -> list[Availability]:
    remarks = {
        "outliers": gettext("có giá trị ngoại lai"),
        "missing": gettext("thiếu nhiều số liệu"),
        "zeros": gettext("quá nửa bằng 0"),
        "repeated": gettext("nhiều giá trị lặp lại"),
        "constant": gettext("mọi cơ quan như nhau"),
    }
    rows = [
        Availability(
            title=titles[one.code],
            share=0.0 if math.isnan(one.available) else one.available * 100,
            bodies=one.units,
            remarks=[remarks[flag] for flag in one.flags],
        )
        for one in found.summaries
    ]
    return sorted(rows, key=lambda row: (row.share, row.title))
