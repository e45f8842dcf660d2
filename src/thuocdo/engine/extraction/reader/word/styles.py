"""Styles of a Word document: the font, the hiding and the list that a paragraph or a run takes from its style."""

from dataclasses import dataclass
from typing import Any

from thuocdo.engine.extraction.reader.word.package import W

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What one style says itself; None where it leaves the matter to the style on which it is based."""

    based_on: str | None
    font: str | None
    hidden: bool | None
    list_id: str | None
    level: int | None
    name: str


class Styles:
    """The styles of a document by their identifiers."""

    def __init__(self, root: Any | None) -> None:
        """Read the part with the styles, if there is one."""
        self._styles: dict[str, Style] = {}
        self.default_font: str | None = None
        self.default_paragraph: str | None = None
        if root is None:
            return
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self.default_font = font_of(defaults)
        for item in root.iter(f"{W}style"):
            number = item.get(f"{W}styleId") or ""
            listed = item.find(f"{W}pPr/{W}numPr")
            self._styles[number] = Style(
                value_of(item, "basedOn"),
                font_of(item.find(f"{W}rPr")),
                hidden_of(item.find(f"{W}rPr")),
                value_of(listed, "numId"),
                whole(value_of(listed, "ilvl")),
                (value_of(item, "name") or "").lower(),
            )
            if item.get(f"{W}type") == "paragraph" and item.get(f"{W}default") in ("1", "true", "on"):
                self.default_paragraph = number

    def font(self, *styles: str | None) -> str | None:
        """The font that the first of some styles gives."""
        found = (style.font for name in styles for style in self._chain(name))
        return next((font for font in found if font is not None), self.default_font)

    def is_hidden(self, *styles: str | None) -> bool:
        """Whether a style hides its text."""
        found = (style.hidden for name in styles for style in self._chain(name))
        return next((hidden for hidden in found if hidden is not None), False)

    def list_of(self, style: str | None) -> tuple[str, int] | None:
        """The list and the level in which paragraphs of a style stand."""
        chain = self._chain(style or self.default_paragraph)
        list_id = next((one.list_id for one in chain if one.list_id is not None), None)
        if list_id is None:
            return None
        return list_id, next((one.level for one in chain if one.level is not None), 0)

    def is_contents(self, style: str | None) -> bool:
        """Whether a paragraph of this style is a line of a table of contents."""
        found = self._styles.get(style or "")
        return found is not None and found.name.startswith(("toc ", "table of figures"))

    def _chain(self, name: str | None) -> list[Style]:
        chain: list[Style] = []
        while name in self._styles and len(chain) < _DEEPEST:
            chain.append(self._styles[name])
            name = chain[-1].based_on
        return chain


def value_of(element: Any | None, name: str) -> str | None:
    """The value of a property, or None."""
    child = None if element is None else element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def whole(text: str | None) -> int | None:
    """A whole number that an attribute holds, or None for anything else."""
    return int(text) if text is not None and text.lstrip("-").isdecimal() and text.isascii() else None


def is_on(element: Any | None) -> bool | None:
    """Whether a switch is on; None when it is not there."""
    return None if element is None else element.get(f"{W}val") not in ("0", "false", "off", "none")


def hidden_of(properties: Any | None) -> bool | None:
    """Whether properties of a run hide it."""
    return None if properties is None else is_on(properties.find(f"{W}vanish"))


def font_of(properties: Any | None) -> str | None:
    """The font that properties of a run name."""
    fonts = None if properties is None else properties.find(f"{W}rFonts")
    return None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")
