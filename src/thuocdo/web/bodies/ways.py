"""Ways up: the smallest steps by which a body wins places, with values only where the viewer may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.indicators.queries import Indicator as Definition
from thuocdo.indicators.queries import Openness
from thuocdo.scorecards.queries import Standing
from thuocdo.web.design.figures import named, number, points
from thuocdo.web.rankings.marks import part_address

from .card import value_in_words
from .rounding import rounded

if TYPE_CHECKING:
    from thuocdo.engine.scoring.explain import Improvements, Verification

MOST_SINGLES = 6


@dataclass(frozen=True, slots=True)
class Rise:
    """One indicator from its value to the one that is needed; without values where the viewer may not see them."""

    title: str
    address: str
    now: str
    needed: str
    points: str
    # How a phone heads the cell.
    label: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How to win some places: each of `singles` alone is enough, or all of `together` at once."""

    places: int
    target: int
    gap: str
    singles: dict[str, Rise]
    together: list[Rise]


@dataclass(frozen=True, slots=True)
class Ladder:
    """One indicator on its own: its value now, and the one needed for each of the ways, in their order."""

    rise: Rise
    needed: list[Rise | None]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a value brings when somebody else confirms it."""

    title: str
    address: str
    factor: str
    gain: str
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Puts what the engine found into words, with values only where they may be seen."""

    standing: Standing
    titles: Mapping[str, str]
    definitions: Mapping[str, Definition]
    sees_all: bool

    def way(self, found: "Improvements") -> Way:
        """How to win some places."""
        count = round(found.rank - found.target)
        label = ngettext("lên %(count)s bậc", "lên %(count)s bậc", count) % {"count": count}
        enough = [one for one in found.singles if one.needed is not None]
        singles = {one.indicator: self._rise(one.indicator, one.now, one.needed, one.points, label) for one in enough}
        steps = found.combination.steps if found.combination is not None and not singles else ()
        return Way(
            places=count,
            target=round(found.target),
            # Upwards: with what stands here the place is won.
            gap=number(rounded(found.gap, 2, up=True), 2),
            singles=singles,
            together=[self._rise(one.indicator, one.now, one.needed, one.points) for one in steps],
        )

    def confirmation(self, found: "Verification") -> Confirmation:
        """What it brings when a value is confirmed."""
        return Confirmation(
            title=self.titles.get(found.indicator, found.indicator),
            address=part_address(self.standing, found.indicator),
            factor=number(found.confidence),
            gain=points(found.gain),
            is_enough=found.is_enough,
        )

    def _rise(self, code: str, now: float | None, needed: float | None, gained: float | None, label: str = "") -> Rise:
        definition = self.definitions.get(code)
        is_shown = definition is not None and (self.sees_all or definition.openness == Openness.PUBLIC)
        shown = target = ""
        if definition is not None and is_shown and needed is not None:
            shown = gettext("chưa có số liệu") if now is None else value_in_words(definition, now)
            # Two decimals as people read them; four for shares, which are read as percentages of one decimal.
            digits = 3 if definition.lower == 0 and definition.upper == 1 else 2
            target = value_in_words(definition, rounded(needed, digits, up=now is None or needed > now))
        return Rise(
            title=self.titles.get(code, code),
            address=part_address(self.standing, code),
            now=shown,
            needed=target,
            points="" if gained is None else number(rounded(gained, 1, up=True), 1),
            label=label,
        )


def ladders_of(ways: list[Way]) -> list[Ladder]:
    """The indicators that are enough alone for the first of the ways, by the smallest step."""
    if not ways:
        return []
    return [
        Ladder(rise, [way.singles.get(code) for way in ways])
        for code, rise in list(ways[0].singles.items())[:MOST_SINGLES]
    ]


def sentence_of(standing: Standing, ways: list[Way]) -> SafeString:
    """Where the body stands and the smallest step from there."""
    name = named(standing.body)
    if standing.rank is None:
        return SafeString(gettext("Chưa đủ số liệu để xếp hạng."))
    if standing.rank == 1:
        return format_html(gettext("{} đang đứng đầu nhóm."), name)
    if not ways:
        return format_html(gettext("{} đứng thứ {}."), name, standing.rank)
    way = ways[0]
    text = format_html(
        ngettext("Muốn lên {} bậc, {} cần thêm {} điểm", "Muốn lên {} bậc, {} cần thêm {} điểm", way.places),
        way.places,
        name,
        way.gap,
    )
    if not way.singles:
        return format_html("{}.", text)
    rise = next(iter(way.singles.values()))
    link = format_html('<a class="door" href="{}">{}</a>', rise.address, rise.title)
    if not rise.needed:
        return format_html(gettext("{}; bước nhỏ nhất là ở {}."), text, link)
    return format_html(gettext("{}; bước nhỏ nhất: đưa {} từ {} đến {}."), text, link, rise.now, rise.needed)
