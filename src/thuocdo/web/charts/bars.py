"""Bars on a common scale: how much came from what, how many are owed by whom."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext

from thuocdo.web.charts.drawing import Drawing, colours, drawn, link
from thuocdo.web.design.figures import number, signed

ROW = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; negative values point to the left."""

    name: str
    value: float
    address: str = ""


def bars(rows: Sequence[Bar], *, title: str, unit: str = "", decimals: int = 0, is_difference: bool = False) -> Drawing:
    """Bars in the order given; with `is_difference`, gains and losses with their signs."""

    def written(value: float) -> str:
        return signed(value, decimals) if is_difference else number(value, decimals)

    values = [
        {
            **asdict(row),
            "place": place,
            "address": link(row.address),
            "written": written(row.value),
            "end": max(row.value, 0),
            "words": f"{row.name}: {written(row.value)} {unit}".strip(),
            "colour": colours()[("done" if row.value >= 0 else "overdue") if is_difference else "bar"],
        }
        for place, row in enumerate(rows)
    ]
    svg, plain = drawn(title, ["bars", values, unit], lambda: _chart(values))
    return Drawing(
        title=title,
        svg=svg,
        plain=plain,
        headings=(gettext("Mục"), unit or gettext("Giá trị")),
        rows=[(row.name, written(row.value)) for row in rows],
    )


def _chart(values: list[dict[str, Any]]) -> Any:
    import altair as alt

    ink, blue = colours()["ink"], colours()["link"]
    data = alt.Chart(alt.InlineData(values=values))
    y = alt.Y("place:O").axis(None).scale(paddingInner=0.35, paddingOuter=0.2)
    x = alt.X("value:Q").axis(None).scale(nice=False)
    layers = [
        data.mark_bar().encode(x=x, y=y, fill=alt.Fill("colour:N").scale(None)),
        data.mark_rule(color=ink).encode(x=alt.datum(0)),
        data.mark_text(align="right", dx=-10, color=blue).encode(
            y=y, x=alt.value(0), text="name:N", href="address:N", description="words:N"
        ),
        data.mark_text(align="left", dx=6).encode(x=alt.X("end:Q"), y=y, text="written:N"),
    ]
    return alt.layer(*layers).properties(width=260, height=alt.Step(ROW))
