"""The ruler, our sign: where we were, where we are, where we must be by when; one mark in three sizes."""

from datetime import date
from typing import Literal

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .figures import Figure, day, number

register = Library()
Size = Literal["cell", "row", "headline"]

# More month ticks than this cannot be told apart; then every third month, then every year.
MOST_TICKS = 24


@register.simple_tag
def ruler(
    value: Figure | None,
    target: Figure | None = None,
    previous: Figure | None = None,
    expected: Figure | None = None,
    low: Figure = 0,
    high: Figure = 100,
    size: Size = "row",
    label: str = "",
    unit: str = "",
    by: date | str | None = None,
    decimals: int | None = None,
    tone: str = "",
) -> SafeString:
    """A value on its scale from `low` to `high`.

    `previous` is where it was, `expected` where it must be today, `target` where it must be, `by` until when.
    `tone` (done, on-time, due-soon, overdue) colours the bar; `size` is cell, row or headline; the headline
    also writes the figures under the scale. A value of None leaves the scale empty and says so.
    """
    span = float(high) - float(low) or 1.0

    def at(position: Figure) -> str:
        return _place((float(position) - float(low)) / span)

    def say(figure: Figure) -> str:
        return f"{number(figure, decimals)}{unit if unit == '%' else f' {unit}' if unit else ''}"

    until = by if isinstance(by, str) else day(by) if by else ""
    readings: list[tuple[str, str, str]] = []
    if value is not None:
        readings.append(("now", gettext("hiện nay"), say(value)))
    if previous is not None:
        readings.append(("was", gettext("kỳ trước"), say(previous)))
    if expected is not None:
        readings.append(("due", gettext("lẽ ra đã phải đạt"), say(expected)))
    if target is not None:
        words = gettext("phải đạt chậm nhất %(day)s") % {"day": until} if until else gettext("phải đạt")
        readings.append(("goal", words, say(target)))
    drawing = _draw(
        words=_in_words(label, readings if value is not None else [("", gettext("chưa có số liệu"), ""), *readings]),
        size=size,
        ticks=format_html('<use href="#r-{}"/>', size),
        bar=None if value is None else ("0", at(value)),
        tone=tone,
        previous=None if previous is None else at(previous),
        expected=None if expected is None else at(expected),
        target=None if target is None else at(target),
    )
    if size != "headline":
        return drawing
    ends = format_html("<span>{}</span><span>{}</span>", number(low), number(high))
    return _headline(drawing, ends, readings)


@register.simple_tag
def time_ruler(
    start: date,
    now: date,
    due: date,
    original_due: date | None = None,
    done: date | None = None,
    size: Size = "row",
    label: str = "",
    tone: str = "",
) -> SafeString:
    """Time on a scale with a tick for every month: assigned, today or finished, and until when.

    `original_due` is drawn hollow where an extension moved the deadline; what lies after the deadline is
    drawn in the colour of overdue matters.
    """
    ends = [now if done is None else done, due] + ([original_due] if original_due else [])
    last = max(ends)
    span = max((last - start).days, 1)

    def at(when: date) -> str:
        return _place((when - start).days / span)

    reached = done or now
    readings = [("start", gettext("giao"), day(start))]
    readings.append(("now", gettext("hoàn thành"), day(done)) if done else ("now", gettext("hôm nay"), day(now)))
    if original_due and original_due != due:
        readings.append(("was", gettext("hạn ban đầu"), day(original_due)))
    readings.append(("goal", gettext("hạn"), day(due)))
    drawing = _draw(
        words=_in_words(label, readings),
        size=size,
        ticks=format_html_join(
            "", '<line class="r-{3}" x1="{0}" x2="{4}" y1="{1}" y2="{2}"/>', _months(start, last, size)
        ),
        bar=("0", at(min(reached, due))),
        tone=tone,
        late=(at(due), at(reached)) if reached > due else None,
        previous=at(original_due) if original_due and original_due != due else None,
        target=at(due),
    )
    if size != "headline":
        return drawing
    return _headline(drawing, format_html("<span>{}</span><span>{}</span>", day(start), day(last)), readings)


def _place(part: float) -> str:
    return f"{round(100 * min(max(part, 0.0), 1.0), 1):g}%"


def _in_words(label: str, readings: list[tuple[str, str, str]]) -> str:
    said = "; ".join(f"{word} {text}".strip() for _, word, text in readings)
    return f"{label}: {said}" if label else said


def _months(start: date, last: date, size: Size) -> list[tuple[str, int, int, str, str]]:
    """The edge and a tick for the first day of every month, as (x1, y1, y2, kind of line, x2)."""
    top, middle, bottom = {"cell": (10, 12, 14), "row": (13, 17, 20), "headline": (20, 26, 32)}[size]
    months = (last.year - start.year) * 12 + last.month - start.month
    step = 1 if months <= MOST_TICKS else 3 if months <= 3 * MOST_TICKS else 12
    span = max((last - start).days, 1)
    ticks = [("0", top, top, "e", "100%"), ("0", top, bottom, "t", "0"), ("100%", top, bottom, "t", "100%")]
    for offset in range(1, months + 1):
        years, month = divmod(start.month - 1 + offset, 12)
        if month % step == 0:
            first = date(start.year + years, month + 1, 1)
            place = _place((first - start).days / span)
            ticks.append((place, top, bottom if month % 3 == 0 else middle, "t", place))
    return ticks


def _draw(
    *,
    words: str,
    size: Size,
    ticks: SafeString,
    bar: tuple[str, str] | None,
    tone: str,
    late: tuple[str, str] | None = None,
    previous: str | None = None,
    expected: str | None = None,
    target: str | None = None,
) -> SafeString:
    """The drawing itself: positions are shares of the width, so it fits any column without distortion."""
    top, height, edge = {"cell": (3, 5, 10), "row": (4, 7, 13), "headline": (6, 11, 20)}[size]
    middle = top + height / 2
    parts = [ticks]
    if bar is not None:
        parts.append(format_html('<rect class="v" width="{}" y="{}" height="{}"/>', bar[1], top, height))
    if late is not None:
        parts.append(
            format_html(
                '<svg x="{}" y="{}" overflow="visible"><rect class="late" width="{}" height="{}"/></svg>',
                late[0],
                top,
                f"{float(late[1][:-1]) - float(late[0][:-1]):g}%",
                height,
            )
        )
    if previous is not None:
        parts.append(format_html('<circle class="was" cx="{}" cy="{}" r="{}"/>', previous, middle, height / 2 - 0.5))
    if expected is not None:
        parts.append(
            format_html(
                '<line class="halo" x1="{0}" x2="{0}" y1="0" y2="{1}"/>'
                '<line class="due" x1="{0}" x2="{0}" y1="0" y2="{1}"/>',
                expected,
                edge - 1,
            )
        )
    if target is not None:
        parts.append(format_html('<svg x="{}" overflow="visible"><use href="#r-goal-{}"/></svg>', target, size))
    return format_html(
        '<svg class="ruler {}{}" role="img" aria-label="{}">{}</svg>',
        size,
        f" {tone}" if tone else "",
        words,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _headline(drawing: SafeString, ends: SafeString, readings: list[tuple[str, str, str]]) -> SafeString:
    """The large size: the ruler, the ends of its scale, and its readings as a list with their own marks."""
    rows = format_html_join("", '<div class="{}"><dt>{}</dt><dd>{}</dd></div>', readings)
    return format_html(
        '<div class="ruler-headline">{}<div class="ends" aria-hidden="true">{}</div><dl>{}</dl></div>',
        drawing,
        ends,
        rows,
    )
