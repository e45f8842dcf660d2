"""Small multiples: one little curve for each body, all on one scale, each with its name, its last value and its change
in words, so that nobody needs a legend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

# The drawing's own units; it is stretched to its place, lines keep their width.
WIDTH, HEIGHT, MARGIN = 120.0, 34.0, 3.0


@dataclass(frozen=True, slots=True)
class Panel:
    """One curve: whose it is, where it leads, its values from the oldest to the newest (None: a gap), its last value
    and its change in words."""

    name: str
    address: str
    values: Sequence[float | None]
    last: str
    change: SafeString
    is_chosen: bool = False


def multiples(
    panels: Sequence[Panel],
    *,
    title: str,
    first: str,
    last: str,
    words: Callable[[float], str],
    unit: str = "",
    level: float | None = None,
) -> SafeString:
    """The curves side by side; `first` and `last` name the ends of the axis, `level` is drawn across all of them,
    `words` says a value with its unit, `unit` is that of a change.

    Empty where fewer than two bodies have two values to compare.
    """
    drawn = [one for one in panels if sum(value is not None for value in one.values) > 1]
    if len(drawn) < 2:
        return SafeString("")
    values = [value for one in drawn for value in one.values if value is not None]
    low, high = min([*values, *_given(level)]), max([*values, *_given(level)])
    if low == high:
        low, high = low - 1, high + 1
    rows = format_html_join(
        "",
        '<li{}><a href="{}">{}</a><b>{}</b>{}<span class="change-line">{}</span></li>',
        (
            (
                SafeString(' aria-current="true"') if one.is_chosen else "",
                one.address,
                one.name,
                one.last,
                _curve(one, low, high, level),
                one.change,
            )
            for one in drawn
        ),
    )
    scale = gettext(
        "Mọi đường cùng một thang, từ %(low)s đến %(high)s; bên trái là %(first)s, bên phải là %(last)s. "
        "Dưới mỗi đường là thay đổi từ đầu đến cuối đường%(unit)s."
    ) % {
        "low": words(low), "high": words(high), "first": first, "last": last,
        "unit": f" ({unit})" if unit else "",
    }  # fmt: skip
    told = "" if level is None else gettext("Vạch vàng: mức phải đạt, %(level)s.") % {"level": words(level)}
    return format_html(
        '<figure class="chart multiples-chart"><figcaption>{}</figcaption><p class="key">{} {}</p>'
        '<ul class="multiples">{}</ul></figure>',
        title,
        scale,
        told,
        rows,
    )


def _given(level: float | None) -> list[float]:
    return [] if level is None else [level]


def _curve(panel: Panel, low: float, high: float, level: float | None) -> SafeString:
    def across(place: int) -> float:
        return round(MARGIN + (WIDTH - 2 * MARGIN) * place / (len(panel.values) - 1), 1)

    def up(value: float) -> float:
        return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / (high - low), 1)

    runs: list[list[str]] = [[]]
    for place, value in enumerate(panel.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{across(place):g} {up(value):g}")
    path = "".join("M" + "L".join(run if len(run) > 1 else [run[0], run[0]]) for run in runs if run)
    place, newest = next((place, value) for place, value in reversed([*enumerate(panel.values)]) if value is not None)
    line = "" if level is None else format_html('<path class="level" d="M0 {0}H{1}"/>', f"{up(level):g}", f"{WIDTH:g}")
    # The dot is a line of no length: it stays round however the drawing is stretched.
    dot = f"M{across(place):g} {up(newest):g}h0"
    return format_html(
        '<svg class="multiple" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '{}<path class="run" d="{}"/><path class="end" d="{}"/></svg>',
        f"{WIDTH:g}",
        f"{HEIGHT:g}",
        line,
        path,
        dot,
    )
