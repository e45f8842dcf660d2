"""A value on its way to the target: the path it must follow, what was claimed, what was verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from thuocdo.web.charts.drawing import WIDTH, Drawing, Key, colours, drawn
from thuocdo.web.design.figures import day, number


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one day: the path's value, the claimed and the verified one; each may be missing."""

    on: date
    path: float | None = None
    claimed: float | None = None
    verified: float | None = None


def target_path(
    readings: Sequence[Reading], *, title: str, unit: str = "", decimals: int = 1, from_zero: bool = True
) -> Drawing:
    """Path in gold with a tick at every stage, claimed hollow, verified solid; gaps stay gaps."""
    rows = [
        {"on": reading.on.isoformat(), "path": reading.path, "claimed": reading.claimed, "verified": reading.verified}
        for reading in sorted(readings, key=lambda reading: reading.on)
    ]
    svg, plain = drawn(title, ["path", rows, unit, from_zero], lambda: _chart(rows, unit, from_zero))
    return Drawing(
        title=title,
        svg=svg,
        plain=plain,
        headings=(gettext("Ngày"), gettext("Phải đạt"), gettext("Tự khai báo"), gettext("Đã xác minh")),
        rows=[
            (day(r.on), number(r.path, decimals), number(r.claimed, decimals), number(r.verified, decimals))
            for r in sorted(readings, key=lambda reading: reading.on)
        ],
        # What is not drawn needs no key.
        keys=tuple(
            key
            for key, is_drawn in (
                (Key("gold-line", gettext("phải đạt"), "line"), any(one.path is not None for one in readings)),
                (Key("ink", gettext("tự khai báo"), "ring"), any(one.claimed is not None for one in readings)),
                (Key("ink", gettext("đã xác minh"), "dot"), any(one.verified is not None for one in readings)),
            )
            if is_drawn
        ),
    )


def _chart(rows: list[dict[str, Any]], unit: str, from_zero: bool) -> Any:
    import altair as alt

    ink, edge, gold, paper = (colours()[name] for name in ("ink", "edge", "gold-line", "paper"))
    data = alt.Chart(alt.InlineData(values=rows))
    x = alt.X("on:T").axis(format="%m/%Y", grid=False, title=None, tickCount=6, labelOverlap="greedy")

    def y(name: str) -> Any:
        return alt.Y(f"{name}:Q").scale(zero=from_zero, nice=True).axis(
            title=unit or None, titleAngle=0, titleAlign="left", titleY=-10, titleX=0, domain=False, ticks=False,
            tickCount=5,
        )  # fmt: skip

    def kept(name: str) -> Any:
        return data.transform_filter(f"isValid(datum.{name})")

    layers = [
        kept("path").mark_line(color=gold, strokeWidth=3).encode(x=x, y=y("path")),
        kept("path").mark_tick(color=gold, thickness=3, size=12, opacity=1, orient="vertical").encode(x=x, y=y("path")),
        kept("claimed").mark_line(color=edge, strokeWidth=1, strokeDash=[3, 2]).encode(x=x, y=y("claimed")),
        kept("claimed")
        .mark_point(fill=paper, stroke=ink, strokeWidth=1.5, size=55, opacity=1)
        .encode(x=x, y=y("claimed")),
        kept("verified").mark_line(color=ink, strokeWidth=2.5).encode(x=x, y=y("verified")),
        kept("verified").mark_point(filled=True, color=ink, size=55, opacity=1).encode(x=x, y=y("verified")),
    ]
    return alt.layer(*layers).properties(width=WIDTH - 50, height=240)
