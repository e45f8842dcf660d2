"""The colours of both themes: text at 4.5:1, marks and controls at 3:1, statuses apart for colour-blind people."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

import thuocdo

STYLES = Path(thuocdo.__file__).parent / "web" / "static" / "css" / "tokens.css"
TEXT = ("ink", "ink-2", "link", "gold", "done", "on-time", "due-soon", "overdue")
CONTROLS = ("edge", "red", "bar", "focus")


def _themes() -> dict[str, dict[str, str]]:
    light, _, dark = STYLES.read_text(encoding="utf-8").partition("@media")
    day, night = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text)) for text in (light, dark))
    return {"light": day, "dark": day | night}


def _channels(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _contrast(first: str, second: str) -> float:
    """WCAG 2's ratio of relative luminances."""
    light, dark = sorted(
        (0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(_channels, (first, second))),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def _as_seen(colour: str, kind: str) -> tuple[float, float, float]:
    """Linear colour as seen with full protanopia or deuteranopia (Viénot, Brettel and Mollon 1999)."""
    red, green, blue = _channels(colour)
    if kind == "protanopia":
        mixed = 0.11238 * red + 0.88762 * green
        return mixed, mixed, 0.00401 * red - 0.00401 * green + blue
    mixed = 0.29275 * red + 0.70725 * green
    return mixed, mixed, -0.02234 * red + 0.02234 * green + blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sunken"])
@pytest.mark.parametrize("name", TEXT)
def test_text_can_be_read(theme: str, ground: str, name: str) -> None:
    colours = _themes()[theme]
    assert _contrast(colours[name], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", CONTROLS)
def test_controls_can_be_seen(theme: str, name: str) -> None:
    colours = _themes()[theme]
    assert _contrast(colours[name], colours["paper"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_on_coloured_grounds_can_be_read(theme: str) -> None:
    colours = _themes()[theme]
    for ground in ("done-wash", "due-soon-wash", "overdue-wash", "flash"):
        assert _contrast(colours["ink"], colours[ground]) >= 4.5
    assert _contrast(colours["gold"], colours["due-soon-wash"]) >= 4.5
    assert _contrast(colours["on-red"], colours["red"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_steps_of_the_map_rise_in_lightness_so_that_grey_paper_keeps_their_order(theme: str) -> None:
    colours = _themes()[theme]
    against = [_contrast(colours[f"step-{step}"], colours["paper"]) for step in range(1, 6)]
    assert against == sorted(against)
    assert all(later / earlier > 1.15 for earlier, later in pairwise(against))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["protanopia", "deuteranopia"])
def test_colours_of_status_stay_apart_for_colour_blind_people(theme: str, kind: str) -> None:
    colours = _themes()[theme]
    seen = {name: _as_seen(colours[name], kind) for name in ("done", "on-time", "overdue")}
    for first, second in combinations(seen.values(), 2):
        assert sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5 > 0.03
