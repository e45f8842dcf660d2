"""Pieces of HTML: numbers in the reader's language, folded lists, tables, and the ruler every figure is drawn on."""

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from html import escape

import numpy as np
from numpy.typing import NDArray

from thuocdo.cli.score.report.phrases import PHRASES, Pair
from thuocdo.engine.scoring.spec import Spec

# Longer lists are cut; the tables of the run hold them whole.
MOST_LISTED = 300


class Pen:
    """Writes in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.place = 0 if language == "vi" else 1

    def say(self, key: str, **details: str | int) -> str:
        """A phrase of the report as HTML; its details are escaped."""
        return escape(PHRASES[key][self.place], quote=False).format(
            **{name: value if isinstance(value, int) else escape(value, quote=False) for name, value in details.items()}
        )

    def pick(self, pair: Pair) -> str:
        """One of a Vietnamese and an English text."""
        return pair[self.place]

    def number(self, value: float | None, decimals: int = 2) -> str:
        """A number with as many decimals: 1.234,50 in Vietnamese, 1,234.50 in English; – for none."""
        if value is None or math.isnan(value):
            return "–"
        # As scores are rounded: to 12 significant digits, then half up.
        rounded = _TWELVE.create_decimal_from_float(value).quantize(Decimal(1).scaleb(-decimals), context=_HALF_UP)
        written = f"{rounded:,f}".replace("-", "−") if rounded else f"{abs(rounded):,f}"
        return written.translate(_VIETNAMESE) if self.language == "vi" else written

    def figure(self, value: float | None, digits: int = 6) -> str:
        """A value of the data with as many significant digits as it needs, at most six."""
        if value is None or math.isnan(value):
            return "–"
        written = f"{value:.{digits}g}"
        if "e" in written:
            return written.replace("-", "−").replace(".", "," if self.language == "vi" else ".")
        decimals = len(written.partition(".")[2])
        return self.number(float(written), decimals)

    def rank(self, value: float) -> str:
        """A rank: whole, or a half where ties are averaged."""
        return self.number(value, 0 if math.isnan(value) or value == int(value) else 1)

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share as per cent."""
        return "–" if math.isnan(share) else f"{self.number(100 * share, decimals)}%"

    def total(self, number: int) -> str:
        """A whole number."""
        return self.number(number, 0)

    def folded(self, summary: str, content: str) -> str:
        """A part that opens when asked to; summary and content are HTML."""
        return f"<details><summary>{summary}</summary>{content}</details>"

    def listed(self, heading: Sequence[str], rows: Sequence[Sequence[str]], file: str, figures: Iterable[int]) -> str:
        """A table of HTML cells, cut after the first ones with a word on where the rest is."""
        shown = rows[:MOST_LISTED]
        rest = ""
        if len(rows) > len(shown):
            rest = f"<p class=quiet>{self.say('rest', count=self.total(len(rows) - len(shown)), file=file)}</p>"
        return plain_table(heading, shown, figures) + rest


_TWELVE = Context(prec=12)
# Wide enough for any float written out in full.
_HALF_UP = Context(prec=400, rounding=ROUND_HALF_UP)
_VIETNAMESE = str.maketrans({",": ".", ".": ","})


def titles_of(spec: Spec) -> dict[str, Pair]:
    """The titles of all indicators and nodes by code."""
    titles = {node.code: (node.title.vi, node.title.en) for node in spec.nodes}
    titles.update((one.code, (one.title.vi, one.title.en)) for one in spec.indicators)
    return titles


def below(spec: Spec) -> list[tuple[int, NDArray[np.intp]]]:
    """The parts right below the index as columns of a run, each with the columns of the indicators under it."""
    leaves: list[list[int]] = [[leaf] for leaf in range(spec.tree.leaf_count)]
    for children in spec.tree.children:
        leaves.append([leaf for child in children for leaf in leaves[child]])
    return [(child, np.array(leaves[child], dtype=np.intp)) for child in spec.tree.children[-1]]


def plain_table(
    heading: Sequence[str], rows: Iterable[Sequence[str]], figures: Iterable[int] = (), kind: str = ""
) -> str:
    """A table whose first column names the row; `figures` are the columns set to the right."""
    right = set(figures)
    head = "".join(f"<th{_class(place in right)} scope=col>{cell}" for place, cell in enumerate(heading))
    body = "".join(
        "<tr>"
        + "".join(
            f"<th scope=row>{cell}" if place == 0 else f"<td{_class(place in right)}>{cell}"
            for place, cell in enumerate(row)
        )
        for row in rows
    )
    name = f" class={kind}" if kind else ""
    return f"<div class=wide tabindex=0><table{name}><thead><tr>{head}<tbody>{body}</table></div>"


def _class(is_figure: bool) -> str:
    return " class=n" if is_figure else ""


def interval(low: float, at: float, high: float) -> str:
    """A dot on a ruler with a thin line from low to high behind it; all are shares of its width."""
    return f"<svg class=r><rect x={_share(low)} width={_share(max(high - low, 0.0))} /><circle cx={_share(at)} /></svg>"


def dot(at: float) -> str:
    """A dot on a ruler."""
    return f"<svg class=r><circle cx={_share(at)} /></svg>"


def stacked(parts: Sequence[tuple[int, float]], low: float, high: float) -> str:
    """Points one beside the other, those below zero to the left of it: colour number and points of each."""
    span = high - low or 1.0
    right = left = -low / span
    drawn = []
    for colour, points in parts:
        width = abs(points) / span
        if math.isnan(width) or width < 5e-4:
            continue
        if points < 0:
            left -= width
        drawn.append(f"<rect class=c{colour} x={_share(left if points < 0 else right)} width={_share(width)} />")
        if points > 0:
            right += width
    zero = f"<line x1={_share(-low / span)} x2={_share(-low / span)} y1=0 y2=12 />" if low < 0 else ""
    return f"<svg class=s>{''.join(drawn)}{zero}</svg>"


def _share(part: float) -> str:
    return f"{100 * min(max(part, 0.0), 1.0):.1f}".removesuffix(".0") + "%"
