"""The ruler of a score from 0 to 100 among its peers: bar = now, circle = last period, dashed line = their median."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from thuocdo.web.design.figures import points
from thuocdo.web.design.ruler import Size

# Top and height of the bar, and the edge of the scale, as in the ruler of the design.
_SIZES: dict[Size, tuple[int, int, int]] = {"cell": (3, 5, 10), "row": (4, 7, 13), "headline": (6, 11, 20)}


def peer_ruler(
    score: float | None,
    median: float | None,
    previous: float | None = None,
    *,
    size: Size,
    label: str,
    is_told_beside: bool = False,
) -> SafeString:
    """The drawing; `is_told_beside` says that the figures stand next to it, so that nobody hears them twice."""
    readings = [("now", gettext("hiện nay"), points(score) if score is not None else gettext("chưa có số liệu"))]
    if previous is not None:
        readings.append(("was", gettext("kỳ trước"), points(previous)))
    if median is not None:
        readings.append(("due", gettext("trung vị của nhóm"), points(median)))
    spoken = "; ".join(f"{word} {text}" for _, word, text in readings)
    told: SafeString = mark_safe('aria-hidden="true"')
    if not is_told_beside:
        told = format_html('role="img" aria-label="{}: {}"', label, spoken)
    drawing = format_html('<svg class="ruler {}" {}>{}</svg>', size, told, _marks(score, median, previous, size))
    if size != "headline":
        return drawing
    rows = format_html_join("", '<div class="{}"><dt>{}</dt><dd>{}</dd></div>', readings)
    return format_html(
        '<div class="ruler-headline">{}<div class="ends" aria-hidden="true"><span>0</span><span>100</span></div>'
        "<dl>{}</dl></div>",
        drawing,
        rows,
    )


def _marks(score: float | None, median: float | None, previous: float | None, size: Size) -> SafeString:
    top, height, edge = _SIZES[size]
    parts = [format_html('<use href="#r-{}"/>', size)]
    if score is not None:
        parts.append(format_html('<rect class="v" width="{}" y="{}" height="{}"/>', _at(score), top, height))
    if previous is not None:
        radius = height / 2 - 0.5
        parts.append(
            format_html('<circle class="was" cx="{}" cy="{}" r="{}"/>', _at(previous), top + height / 2, radius)
        )
    if median is not None:
        line = '<line class="{0}" x1="{1}" x2="{1}" y2="{2}"/>'
        if size != "cell":
            parts.append(format_html(line, "halo", _at(median), edge - 1))
        parts.append(format_html(line, "due", _at(median), edge - 1))
    return format_html_join("", "{}", ((part,) for part in parts))


def _at(score: float) -> str:
    return f"{round(min(max(score, 0.0), 100.0), 1):g}%"
