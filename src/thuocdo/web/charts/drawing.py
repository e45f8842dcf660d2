"""From a specification to a drawing: the page's font, the design's colours, links, and the table beside it."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

FONTS = Path(__file__).parent / "fonts"
TOKENS = Path(__file__).parent.parent / "static" / "css" / "tokens.css"
SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
# Vega makes relative links absolute; under this name they are found again and made relative.
SELF = "https://self.invalid"
DAY = 24 * 60 * 60
WIDTH = 480
VIETNAMESE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
ENGLISH = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", " ₫"]}
# What a browser does not need: Vega's own roles, and attributes that say the default.
_NOISE = ("class", "aria-roledescription", "role", "aria-hidden", "pointer-events", "stroke-miterlimit")
_DEFAULTS = {"opacity": "1", "stroke-width": "1", "fill-opacity": "1", "stroke-opacity": "1"}
# Outlines longer than this are written on a grid of 1/GRID pixel.
LONG_PATH = 300
GRID = 2
_RINGS = re.compile(r"M[^M]+")
_POINTS = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
_DECIMALS = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a colour of the design and what it means; `shape` is swatch, line, dot or ring."""

    colour: str
    words: str
    shape: str = "swatch"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing for a page (`svg`, colours as variables), for paper (`plain`), and its figures as a table."""

    title: str
    svg: SafeString
    plain: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    keys: Sequence[Key] = ()


@cache
def colours() -> dict[str, str]:
    """The colours of the light theme by name, read from the style sheet that defines them."""
    light = TOKENS.read_text(encoding="utf-8").partition("@media")[0]
    return {name: value.lower() for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light)}


def drawn(title: str, inputs: Any, build: Callable[[], Any]) -> tuple[SafeString, str]:
    """The drawing as (svg for pages, svg for paper); kept by the digest of what it was made from.

    `inputs` is everything the specification depends on; `build` makes the altair chart when it is not kept.
    """
    language = get_language() or "vi"
    told = json.dumps([title, language, inputs], ensure_ascii=False, sort_keys=True, default=str)
    name = f"chart:{hashlib.sha256(told.encode()).hexdigest()}"
    kept: tuple[str, str] | None = caches["default"].get(name)
    if kept is None:
        _await_pandas()
        made = _made(build(), language)
        kept = _for_pages(made, title), _for_paper(made)
        caches["default"].set(name, kept, DAY)
    return mark_safe(kept[0]), kept[1]  # noqa: S308 (made here; texts were escaped by the chart maker)


def themed(chart: Any) -> Any:
    """The chart with our type and lines: no frame, hairlines, ticks like those of a ruler."""
    ink, quiet, hair, edge = (colours()[name] for name in ("ink", "ink-2", "hair", "edge"))
    return (
        chart.configure(font="Be Vietnam Pro", background="transparent", padding=6)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=quiet,
            labelFontSize=12,
            titleColor=quiet,
            titleFontSize=12,
            titleFontWeight=400,
            gridColor=hair,
            domainColor=ink,
            tickColor=edge,
            tickSize=6,
            labelLimit=260,
        )
        .configure_text(color=ink, fontSize=12, font="Be Vietnam Pro")
    )


@cache
def _await_pandas() -> None:
    """Have pandas whole before a chart is made, where it is installed: altair looks whether it is there.

    For feeds, pyarrow fetches it with the first batch; a chart that another thread draws at that moment would meet it
    half imported. Importing it here waits for the other thread.
    """
    with suppress(ModuleNotFoundError):
        import_module("pandas")


@cache
def _with_fonts() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def _made(chart: Any, language: str) -> str:
    locale = ENGLISH if language.startswith("en") else VIETNAMESE
    specification = themed(chart).to_dict()
    return str(_with_fonts().vegalite_to_svg(specification, format_locale=locale))


def _for_pages(svg: str, title: str) -> str:
    """The same drawing, lighter: colours as variables of the theme, links with names, nothing superfluous."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314 (written by the chart maker, not by visitors)
    links: set[str] = set()
    for element in root.iter():
        address = element.attrib.pop(XLINK, None)
        if address is not None and not address.startswith(SELF):
            # A mark without an address: Vega makes a link of the word "null".
            element.tag = f"{{{SVG}}}g"
        elif address is not None:
            element.set("href", address.replace(SELF, ""))
            _name_link(element)
            if address in links:
                # The second door to the same place (an archipelago of a province) is one for the pointer only.
                element.set("tabindex", "-1")
                element.set("aria-hidden", "true")
                element.attrib.pop("aria-label", None)
            links.add(address)
        for noise in _NOISE:
            if element.tag != f"{{{SVG}}}a":
                element.attrib.pop(noise, None)
        for name, default in _DEFAULTS.items():
            if element.get(name) == default:
                del element.attrib[name]
        if element.tag != f"{{{SVG}}}a":
            element.attrib.pop("aria-label", None)
        if len(element.get("d", "")) > LONG_PATH:
            element.set("d", _compact(element.attrib["d"]))
        for name in ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height"):
            if name in element.attrib:
                element.set(name, _DECIMALS.sub(_one_decimal, element.attrib[name]))
    _prune(root)
    root.set("class", "drawing")
    root.set("role", "group" if links else "img")
    root.set("aria-label", title)
    text = ElementTree.tostring(root, encoding="unicode")
    for name, value in colours().items():
        text = text.replace(f'"{value}"', f'"var(--{name})"')
    return text.replace(' font-family="Be Vietnam Pro"', "").replace(' font-family="&quot;Be Vietnam Pro&quot;"', "")


def _for_paper(svg: str) -> str:
    """The same drawing without its links, which paper cannot follow."""
    return re.sub(r"<a [^>]*>", "<g>", svg).replace("</a>", "</g>")


def _name_link(link: ElementTree.Element) -> None:
    """Move what the mark says of itself to the link, and show it on hover."""
    for child in list(link):
        words = child.attrib.pop("aria-label", "")
        if words:
            link.set("aria-label", words)
            ElementTree.SubElement(link, f"{{{SVG}}}title").text = words


def _one_decimal(found: re.Match[str]) -> str:
    return f"{round(float(found.group()), 1):g}"


def _compact(path: str) -> str:
    """A long outline on a grid of half a pixel, in steps from point to point: a fifth of its length.

    Points that neighbours share fall on the same place of the grid, so no gaps open between them; an
    island smaller than the grid remains as one point, which its round line still shows.
    """
    written = []
    x = y = 0
    for ring in _RINGS.findall(path):
        points = [(round(GRID * float(a)), round(GRID * float(b))) for a, b in _POINTS.findall(ring)]
        steps: list[tuple[int, int]] = []
        for following in points:
            step = (following[0] - x, following[1] - y)
            if not steps or step != (0, 0):
                steps.append(step)
                x, y = following
        if len(steps) > 1:
            written.append("m" + "".join(_step(a) + _step(b) for a, b in steps).lstrip() + "z")
            x, y = points[0]
        else:
            written.append("m" + "".join(_step(a) + _step(b) for a, b in steps).lstrip() + "h0")
    return "".join(written)


def _step(units: int) -> str:
    text = f"{units / GRID:g}".replace("0.", ".", 1) if abs(units) < GRID else f"{units / GRID:g}"
    return text if text.startswith("-") else f" {text}"


def _prune(element: ElementTree.Element) -> None:
    """Drop shapes that draw nothing and groups that hold nothing."""
    for child in list(element):
        _prune(child)
        tag = child.tag.removeprefix(f"{{{SVG}}}")
        if (tag == "path" and (not child.get("d") or child.get("display") == "none" or _is_nothing(child))) or (
            tag == "g" and len(child) == 0
        ):
            element.remove(child)


def _is_nothing(path: ElementTree.Element) -> bool:
    return path.get("d") == "M0,0h0v0h0Z" or (path.get("fill") is None and path.get("stroke") is None)


def link(address: str | None) -> str | None:
    """An address as the chart maker must be given it."""
    return f"{SELF}{address}" if address else None


def figures(values: Sequence[float | None]) -> Iterator[float]:
    """The values that are there."""
    return (value for value in values if value is not None)
