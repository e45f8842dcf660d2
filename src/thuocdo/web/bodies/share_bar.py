"""A bar of contributed points: full length = possible, filled = earned, dashed line = the median of the peers."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.web.design.figures import points
from thuocdo.web.rankings.marks import Part


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
