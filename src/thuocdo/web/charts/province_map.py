"""The map of the 34 provinces and cities, with Hoàng Sa and Trường Sa in their place."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import thuocdo
from thuocdo.web.charts.drawing import Drawing, Key, colours, drawn, link
from thuocdo.web.design.figures import Figure, number

BOUNDARIES = Path(thuocdo.__file__).parent / "packs" / "nq57" / "vn-provinces.geojson"
# Where the names of the archipelagos stand: longitude, latitude, of the middle of the text.
ARCHIPELAGOS = ((_("Quần đảo Hoàng Sa"), 112.0, 17.6), (_("Quần đảo Trường Sa"), 114.3, 12.35))
STEPS = ("step-1", "step-2", "step-3", "step-4", "step-5")
# East of this longitude lie only the archipelagos.
OPEN_SEA = 110.0
# Degrees: an island within this is a dot, which needs a line to be seen.
SMALL = 0.2
HEIGHT = 545


@cache
def _features() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]
    return features


def province_map(
    values: Mapping[str, Figure | None],
    *,
    title: str,
    bands: Sequence[Figure],
    unit: str = "",
    decimals: int = 1,
    addresses: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> Drawing:
    """Provinces coloured by value; four ascending `bands` part the five colours, the darkest is the highest.

    `values`, `addresses` and `names` are by the two-digit code; a province without a value is drawn as
    such and never as the lowest. Raises ValueError unless there are four bands.
    """
    if len(bands) != len(STEPS) - 1:
        raise ValueError("The map has five colours: give the four bounds between them.")
    addresses, names = addresses or {}, names or {}
    provinces = []
    for feature in _features():
        code = feature["properties"]["code"]
        value = values.get(code)
        name = names.get(code) or feature["properties"]["name"]
        said = _said(value, unit, decimals)
        provinces.append(
            {
                "code": code,
                "name": name,
                "said": said,
                "words": f"{name}: {said}",
                "value": value,
                # On paper-white the palest field and a missing one need an outline of their own.
                "line": colours()["edge" if value is None else "paper"],
                "colour": colours()["missing" if value is None else STEPS[bisect_right(list(bands), value)]],
                "address": link(addresses.get(code)),
            }
        )
    svg, plain = drawn(
        title, ["map", provinces, [str(name) for name, _x, _y in ARCHIPELAGOS]], lambda: _chart(provinces)
    )
    ordered = sorted(provinces, key=lambda row: (row["value"] is None, -float(row["value"] or 0), row["name"]))
    return Drawing(
        title=title,
        svg=svg,
        plain=plain,
        headings=(gettext("Tỉnh, thành phố"), unit or gettext("Giá trị")),
        rows=[(row["name"], number(row["value"], decimals)) for row in ordered],
        keys=_keys(bands, unit, decimals, is_complete=all(row["value"] is not None for row in provinces)),
    )


def _parts(geometry: dict[str, Any]) -> list[tuple[bool, dict[str, Any]]]:
    """A province's land, and what it has of islands: those out at sea and those too small to be seen."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    parts = []
    for is_sea in (False, True):
        own = [shape for shape in polygons if _is_island(shape[0]) == is_sea]
        if own:
            parts.append((is_sea, {"type": "MultiPolygon", "coordinates": own}))
    return parts


def _is_island(ring: list[list[float]]) -> bool:
    longitudes, latitudes = [x for x, _ in ring], [y for _, y in ring]
    width, height = max(longitudes) - min(longitudes), max(latitudes) - min(latitudes)
    return min(longitudes) > OPEN_SEA or max(width, height) < SMALL


def _said(value: Figure | None, unit: str, decimals: int) -> str:
    if value is None:
        return gettext("chưa có số liệu")
    return f"{number(value, decimals)}{unit if unit == '%' else f' {unit}' if unit else ''}"


def _keys(bands: Sequence[Figure], unit: str, decimals: int, *, is_complete: bool) -> list[Key]:
    words = _in_counts(bands) if decimals == 0 else _in_bounds(bands)
    keys = [Key(step, text) for step, text in zip(STEPS, words, strict=True)]
    if unit:
        keys[-1] = Key(STEPS[-1], f"{words[-1]} {unit}")
    return keys if is_complete else [*keys, Key("missing", gettext("chưa có số liệu"))]


def _in_bounds(bands: Sequence[Figure]) -> list[str]:
    ends = [number(bound) for bound in bands]
    return [
        gettext("dưới %(bound)s") % {"bound": ends[0]},
        *(f"{low}–{high}" for low, high in pairwise(ends)),
        gettext("từ %(bound)s") % {"bound": ends[-1]},
    ]


def _in_counts(bands: Sequence[Figure]) -> list[str]:
    """The bands of whole numbers by their first and last number: 0, 1, 2–3, 4–7, from 8."""
    starts = [0, *(int(bound) for bound in bands)]
    steps = [(low, high - 1) for low, high in pairwise(starts)]
    words = [number(low) if low == high else f"{number(low)}–{number(high)}" for low, high in steps]
    return [*words, gettext("từ %(bound)s") % {"bound": number(starts[-1])}]


def _chart(provinces: list[dict[str, Any]]) -> Any:
    import altair as alt

    rows = {row["code"]: row for row in provinces}
    shapes = [
        {"type": "Feature", "geometry": geometry, "is_sea": is_sea, **rows[feature["properties"]["code"]]}
        for feature in _features()
        for is_sea, geometry in _parts(feature["geometry"])
    ]
    # The projection of Việt Nam's own national maps: conic, true along 11° and 21° north, upright at 108° east.
    land = (
        alt.Chart(alt.InlineData(values=[shape for shape in shapes if not shape["is_sea"]]))
        .mark_geoshape(strokeWidth=0.7)
        .encode(
            fill=alt.Fill("colour:N").scale(None),
            stroke=alt.Stroke("line:N").scale(None),
            href="address:N",
            description="words:N",
        )
    )
    # A round line in ink keeps the smallest islands visible whatever the colour of their province.
    islands = (
        alt.Chart(alt.InlineData(values=[shape for shape in shapes if shape["is_sea"]]))
        .mark_geoshape(stroke=colours()["ink-2"], strokeWidth=0.9, strokeCap="round", strokeJoin="round")
        .encode(fill=alt.Fill("colour:N").scale(None), href="address:N", description="words:N")
    )
    seas = (
        alt.Chart(alt.InlineData(values=[{"name": str(name), "x": x, "y": y} for name, x, y in ARCHIPELAGOS]))
        .mark_text(fontSize=12, color=colours()["ink-2"])
        .encode(longitude="x:Q", latitude="y:Q", text="name:N")
    )
    return (
        alt.layer(land, islands, seas)
        .project(type="conicConformal", parallels=[11, 21], rotate=[-108, 0, 0])
        .properties(width=470, height=HEIGHT)
    )
