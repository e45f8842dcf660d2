"""Where the points come from, as bars: full length = possible, filled = earned, dashed line = the peers' median."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.scoring import Spec
from thuocdo.scorecards.queries import Standing
from thuocdo.web.design.figures import points
from thuocdo.web.rankings.marks import Part, part_of, parts_of, pillars_of


@dataclass(frozen=True, slots=True)
class Share:
    """A pillar's points drawn as a bar, with those of its indicators."""

    part: Part
    bar: SafeString
    leaves: list[tuple[Part, SafeString]]


def shares_of(spec: Spec, standing: Standing) -> list[Share]:
    """What every part contributes to the index, pillar by pillar; empty where the index is no sum of points."""
    pillars = [part_of(standing, one) for one in pillars_of(spec)]
    leaves = [part for one in spec.indicators if (part := part_of(standing, one)).of]
    heaviest = max((part.of or 0.0 for part in pillars), default=0.0)
    widest = max((part.of or 0.0 for part in leaves), default=0.0)
    above = _pillars_of_leaves(spec)
    return [
        Share(
            pillar,
            share_bar(pillar, heaviest),
            [(part, share_bar(part, widest)) for part in leaves if above[part.code] == pillar.code],
        )
        for pillar in pillars
        if pillar.points is not None
    ]


def _pillars_of_leaves(spec: Spec) -> dict[str, str]:
    """The pillar under which each indicator stands."""
    parents = {one.code: one.parent for one in parts_of(spec)}
    pillars = {one.code for one in pillars_of(spec)}
    found = {}
    for one in spec.indicators:
        here: str | None = one.code
        while here is not None and here not in pillars:
            here = parents.get(here)
        found[one.code] = here or ""
    return found


def median_points(part: Part) -> float | None:
    """What a peer with the median score would earn at this body's weight."""
    if part.median is None or part.of is None:
        return None
    return part.median * part.of / 100.0


def share_bar(part: Part, widest: float) -> SafeString:
    """The bar of a part on a scale that ends at `widest` points; the figures stand beside it."""
    if part.of is None or part.points is None or widest <= 0:
        return SafeString("")
    median = median_points(part)
    line = ""
    if median is not None:
        line = format_html('<line class="due" x1="{0}" x2="{0}" y1="1" y2="15"/>', _at(median, widest))
    spoken = gettext("%(earned)s trong %(of)s điểm") % {"earned": points(part.points), "of": points(part.of)}
    if median is not None:
        spoken += "; " + gettext("trung vị của nhóm %(median)s") % {"median": points(median)}
    return format_html(
        '<svg class="share-bar" role="img" aria-label="{}: {}"><rect class="of" width="{}" y="4" height="8"/>'
        '<rect class="v" width="{}" y="4" height="8"/>{}</svg>',
        part.title,
        spoken,
        _at(part.of, widest),
        _at(part.points, widest),
        line,
    )


def _at(value: float, widest: float) -> str:
    return f"{round(min(max(value / widest, 0.0), 1.0) * 100, 2):g}%"
