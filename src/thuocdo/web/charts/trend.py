"""A few series over time, each named at its end and told apart by line and shape as well as by colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from thuocdo.web.charts.drawing import WIDTH, Drawing, colours, drawn
from thuocdo.web.design.figures import day, number

HEIGHT = 220
LINE_OF_TEXT = 15
LOOKS = (("ink", [1, 0]), ("on-time", [6, 3]), ("overdue", [2, 2]), ("done", [8, 3, 2, 3]))


@dataclass(frozen=True, slots=True)
class Series:
    """A named series of (day, value); a missing value is a gap."""

    name: str
    values: Sequence[tuple[date, float | None]]


def trend(
    series: Sequence[Series], *, title: str, unit: str = "", decimals: int = 1, from_zero: bool = False
) -> Drawing:
    """At most four series; more cannot be told apart and raise ValueError."""
    if len(series) > len(LOOKS):
        raise ValueError("At most four series can be told apart in one drawing.")
    rows = [
        {"name": line.name, "place": place, "on": on.isoformat(), "value": value}
        for place, line in enumerate(series)
        for on, value in line.values
    ]
    svg, plain = drawn(title, ["trend", rows, unit, from_zero], lambda: _chart(series, rows, unit, from_zero))
    known = {(line.name, on): value for line in series for on, value in line.values}
    days = sorted({on for line in series for on, _ in line.values})
    return Drawing(
        title=title,
        svg=svg,
        plain=plain,
        headings=(gettext("Ngày"), *(line.name for line in series)),
        rows=[(day(on), *(number(known.get((line.name, on)), decimals) for line in series)) for on in days],
    )


def _apart(lines: Sequence[Sequence[tuple[date, float | None]]]) -> list[float]:
    """Heights for the names at the ends of the lines, moved apart where they would lie on each other."""
    values = [[value for _, value in line if value is not None] for line in lines]
    everything = [value for line in values for value in line] or [0.0]
    gap = (max(everything) - min(everything)) * LINE_OF_TEXT / HEIGHT
    heights = [line[-1] if line else 0.0 for line in values]
    lowest = float("-inf")
    for place in sorted(range(len(heights)), key=lambda place: heights[place]):
        heights[place] = lowest = max(heights[place], lowest + gap)
    return heights


def _chart(series: Sequence[Series], rows: list[dict[str, Any]], unit: str, from_zero: bool) -> Any:
    import altair as alt

    x = alt.X("on:T").axis(format="%m/%Y", grid=False, title=None, tickCount=6, labelOverlap="greedy")
    y = alt.Y("value:Q").scale(zero=from_zero, nice=True).axis(
        title=unit or None, titleAngle=0, titleAlign="left", titleY=-10, titleX=0, domain=False, ticks=False,
        tickCount=5,
    )  # fmt: skip
    layers = []
    heights = _apart([line.values for line in series])
    for place in range(len(series)):
        colour, dash = colours()[LOOKS[place][0]], LOOKS[place][1]
        mine = [row for row in rows if row["place"] == place]
        there = [row for row in mine if row["value"] is not None]
        data = alt.Chart(alt.InlineData(values=mine))
        layers.append(
            data.mark_line(color=colour, strokeWidth=2.2, strokeDash=dash, invalid="break-paths-show-domains").encode(
                x=x, y=y
            )
        )
        if there:
            end = alt.Chart(alt.InlineData(values=there[-1:]))
            layers.append(end.mark_point(filled=True, color=colour, size=45, opacity=1).encode(x=x, y=y))
            layers.append(
                alt.Chart(alt.InlineData(values=[{**there[-1], "value": heights[place]}]))
                .mark_text(align="left", dx=8, color=colour, fontWeight=600)
                .encode(x=x, y=y, text="name:N")
            )
    return alt.layer(*layers).properties(width=WIDTH - 150, height=HEIGHT)
