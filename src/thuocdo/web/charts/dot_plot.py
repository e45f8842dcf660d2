"""Scores as dots on one scale, with the interval in which each lies as a thin line behind the dot."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from thuocdo.web.charts.drawing import Drawing, Key, colours, drawn, link
from thuocdo.web.design.figures import number

ROW = 22


@dataclass(frozen=True, slots=True)
class Dot:
    """One row: a name, its value, optionally an interval on the same scale, an address, a note at the right.

    `between` says the interval in words, for the table of the figures; `group` numbers rows that cannot be told
    apart: neighbours of one group are bracketed together.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    address: str = ""
    note: str = ""
    group: int | None = None
    between: str = ""


def dot_plot(
    dots: Sequence[Dot],
    *,
    title: str,
    unit: str = "",
    scale: tuple[float, float] = (0, 100),
    decimals: int = 2,
    reference: tuple[float, str] | None = None,
    interval: str = "",
) -> Drawing:
    """Rows in the order given; `reference` draws a line with its words, such as the median of the peers.

    `interval` says what the intervals are, when they are not those of the value itself.
    """
    interval = interval or gettext("khoảng tin cậy 90%")
    rows = [
        {
            **asdict(dot),
            "place": place,
            "address": link(dot.address),
            "written": number(dot.value, decimals),
            "words": f"{dot.name}: {number(dot.value, decimals)} {unit}".strip()
            + (f", {dot.note}" if dot.note else ""),
        }
        for place, dot in enumerate(dots)
    ]
    has_intervals = any(dot.low is not None for dot in dots)
    svg, plain = drawn(title, ["dots", rows, scale, unit, reference], lambda: _chart(rows, scale, unit, reference))
    keys = [Key("ink", unit or gettext("giá trị"), "dot")]
    if has_intervals:
        keys.append(Key("edge", interval, "line"))
    if reference:
        keys.append(Key("gold-line", f"{reference[1]} {number(reference[0], decimals)}", "line"))
    headings = [pgettext("one", "Cơ quan"), unit or gettext("Giá trị")]
    table = [[dot.name, number(dot.value, decimals)] for dot in dots]
    if has_intervals:
        headings.append(capfirst(interval))
        for cells, dot in zip(table, dots, strict=True):
            cells.append(dot.between or f"{number(dot.low, decimals)}–{number(dot.high, decimals)}")
    return Drawing(title=title, svg=svg, plain=plain, headings=headings, rows=table, keys=keys)


def _brackets(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """First and last row of every run of neighbours in one group."""
    runs: list[dict[str, Any]] = []
    for row in rows:
        if row["group"] is None:
            continue
        if runs and runs[-1]["group"] == row["group"] and runs[-1]["last"] == row["place"] - 1:
            runs[-1]["last"] = row["place"]
        else:
            runs.append({"group": row["group"], "first": row["place"], "last": row["place"]})
    return [run for run in runs if run["last"] > run["first"]]


def _chart(
    rows: list[dict[str, Any]],
    scale: tuple[float, float],
    unit: str,
    reference: tuple[float, str] | None,
) -> Any:
    import altair as alt

    ink, edge, hair, gold, blue = (colours()[name] for name in ("ink", "edge", "hair", "gold-line", "link"))
    order = alt.Scale(domain=[row["place"] for row in rows], paddingInner=0, paddingOuter=0)
    y = alt.Y("place:O").scale(order).axis(None)
    # Said of every mark: one that does not know the scale would draw it down to 0.
    span = alt.Scale(domain=list(scale), nice=False, zero=False)
    x = alt.X("value:Q").scale(span).axis(orient="top", grid=True, title=unit or None, tickCount=6)
    data = alt.Chart(alt.InlineData(values=rows))
    layers = [
        data.mark_rule(color=hair, strokeWidth=0.5).encode(y=y, x=alt.value(0), x2=alt.value("width")),
        data.mark_rule(color=edge, strokeWidth=2.5)
        .encode(y=y, x=alt.X("low:Q").scale(span), x2="high:Q")
        .transform_filter("isValid(datum.low)"),
        data.mark_point(filled=True, opacity=1, color=ink, size=75).encode(y=y, x=x),
        data.mark_text(align="right", dx=-16, color=blue, fontSize=12.5).encode(
            y=y, x=alt.value(0), text="name:N", href="address:N", description="words:N"
        ),
        data.mark_text(align="right", dx=48, fontSize=12.5).encode(y=y, x=alt.value("width"), text="written:N"),
        data.mark_text(align="left", dx=58, color=colours()["ink-2"]).encode(y=y, x=alt.value("width"), text="note:N"),
    ]
    if reference:
        line = alt.Chart(alt.InlineData(values=[{"at": reference[0]}]))
        layers.insert(1, line.mark_rule(color=gold, strokeWidth=2).encode(x=alt.X("at:Q").scale(span)))
    if runs := _brackets(rows):
        data = alt.Chart(alt.InlineData(values=runs))
        top, bottom = alt.Y("first:O").scale(order).axis(None), alt.Y("last:O").scale(order).axis(None)
        spine = data.mark_rule(color=edge).encode(y=top, y2="last:O", x=alt.value(-9))
        ends = (data.mark_rule(color=edge).encode(y=end, x=alt.value(-9), x2=alt.value(-5)) for end in (top, bottom))
        layers += [spine, *ends]
    return alt.layer(*layers).properties(width=300, height=alt.Step(ROW))
