"""What each indicator weighs by the method beside what it really tells of the index."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .figures import share

if TYPE_CHECKING:
    from thuocdo.engine.scoring.structure import Importance, Structure

# So many points of a share apart, an indicator weighs otherwise than it should.
APART = 0.03


@dataclass(frozen=True, slots=True)
class Weighing:
    """The nominal weight of an indicator beside what it tells of the index, drawn on one scale."""

    title: str
    weight: str
    effective: str
    word: str
    bar: SafeString


def furthest_apart(found: "Structure") -> "Importance | None":
    """The indicator whose influence is furthest from its weight; None where none is far from it."""
    known = [one for one in found.importance if not math.isnan(one.effective)]
    furthest = max(known, key=lambda one: abs(one.effective - one.weight), default=None)
    return furthest if furthest is not None and abs(furthest.effective - furthest.weight) >= APART else None


def weighings_of(found: "Structure", titles: dict[str, str]) -> list[Weighing]:
    """Every indicator, those first whose influence differs most from their weight."""
    known = [one for one in found.importance if not math.isnan(one.effective)]
    widest = max((max(one.weight, one.effective) for one in known), default=0.0) or 1.0
    rows = []
    for one in sorted(known, key=lambda each: (-abs(each.effective - each.weight), each.indicator)):
        apart = one.effective - one.weight
        word = (
            gettext("gần với trọng số")
            if abs(apart) < APART
            else gettext("ảnh hưởng lớn hơn trọng số")
            if apart > 0
            else gettext("ảnh hưởng nhỏ hơn trọng số")
        )
        title, weight, effective = titles[one.indicator], share(one.weight), share(one.effective)
        rows.append(Weighing(title, weight, effective, word, _bar(one, widest, title, weight, effective)))
    return rows


def _bar(one: "Importance", widest: float, title: str, weight: str, effective: str) -> SafeString:
    """Influence as a bar, the weight as a dashed line, both on a scale that ends at the widest of all."""
    spoken = gettext("%(title)s: ảnh hưởng %(effective)s, trọng số %(weight)s") % {
        "title": title,
        "effective": effective,
        "weight": weight,
    }
    return format_html(
        '<svg class="share-bar" role="img" aria-label="{}"><rect class="of" width="100%" y="4" height="8"/>'
        '<rect class="v" width="{}" y="4" height="8"/><line class="due" x1="{}" x2="{}" y1="1" y2="15"/></svg>',
        spoken,
        _at(one.effective / widest),
        _at(one.weight / widest),
        _at(one.weight / widest),
    )


def _at(share: float) -> str:
    return f"{round(min(max(share, 0.0), 1.0) * 100, 2):g}%"
