"""Words and marks for one figure wherever it stands: its value, its title, until when it holds, whether it is stale."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.template import Library
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.feeds.queries import feeds
from thuocdo.indicators.queries import days_overdue, is_counted_by_machine
from thuocdo.web.design.figures import day, number, source_named
from thuocdo.web.design.marks import as_of, icon
from thuocdo.web.feeds.wording import in_language
from thuocdo.web.indicators.words import title_of, told, unit_of, with_unit
from thuocdo.web.kept import kept

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator, Measurement, Stale

register = Library()
# Figures that machines compute carry more digits than anybody compares.
DECIMALS = 2


@register.filter
def figure_told(row: "Measurement") -> str:
    """The value with its unit, or the state in words."""
    return told(row, unit_of(row.indicator))


@register.filter
def figure_brief(row: "Measurement", unit: str | None = None) -> str:
    """The same with at most two decimals, for tables; a part of a hundredth keeps its digits."""
    value = row.value
    shown_unit = unit_of(row.indicator) if unit is None else unit
    if value is None or value == round(value, DECIMALS) or abs(value) < 1:
        return told(row, shown_unit)
    return with_unit(round(value, DECIMALS), shown_unit)


@register.filter
def told_by(source: str) -> str:
    """A source as people call it: a feed by its name, what systems and people name as they wrote it."""
    kind, _colon, code = source.partition(":")
    if kind != "feed" or not code:
        return source_named(source)
    names = kept("feed-names", build=lambda: {one.code: in_language(one) for one in feeds()}, seconds=300)
    return names.get(code, code)


@register.filter
def figure_title(indicator: "Indicator") -> str:
    """The indicator's title in the reader's language."""
    return title_of(indicator)


@register.simple_tag
def fresh(row: "Measurement", source: bool = True) -> SafeString:
    """Until when the newest figure of its kind holds and who says so; with a mark when its successor is overdue."""
    told_at = as_of(row.recorded_at, told_by(row.source) if source else "")
    return format_html("{} {}", told_at, stale(row))


@register.simple_tag
def stale(row: "Measurement | None") -> SafeString:
    """The mark of a figure whose successor is overdue by the update rule; nothing while it stands, or without a figure.

    Figures that the system counts from its own records are as new as the records; no successor of theirs is owed.
    """
    if row is None or is_counted_by_machine(row.provenance, row.indicator):
        return SafeString("")
    return _overdue(days_overdue(row.indicator, row.period_end, timezone.localdate()), row.period_end)


@register.simple_tag
def stale_figure(found: "Stale | None") -> SafeString:
    """The same for a figure that was found to be stale; nothing for None."""
    return SafeString("") if found is None else _overdue(found.days, found.period_end)


def _overdue(days: int, period_end: date) -> SafeString:
    """Shape and words: for how long the next figure has been missing, and until which day this one tells."""
    if not days:
        return SafeString("")
    words = ngettext("quá hạn cập nhật %(days)s ngày", "quá hạn cập nhật %(days)s ngày", days) % {"days": days}
    told_until = gettext("số đến %(day)s") % {"day": day(period_end - timedelta(days=1))}
    return format_html(
        '<span class="status overdue stale">{}{} <small>{}</small></span>', icon("m-overdue"), words, told_until
    )


@register.simple_tag
def stale_among(found: "Sequence[Stale]", address: str = "", brief: bool = False) -> SafeString:
    """How many of the figures behind a score are stale and until when the oldest tells, as a door to them.

    `brief` is for narrow cells: the number and the word alone, the rest for whoever listens or points.
    """
    if not found:
        return SafeString("")
    oldest = min(one.period_end for one in found) - timedelta(days=1)
    words = {"count": number(len(found)), "day": day(oldest)}
    whole = (
        ngettext(
            "%(count)s số liệu quá hạn cập nhật, cũ nhất đến %(day)s",
            "%(count)s số liệu quá hạn cập nhật, cũ nhất đến %(day)s",
            len(found),
        )
        % words
    )
    said: SafeString | str = whole
    if brief:
        short = ngettext("%(count)s quá hạn", "%(count)s quá hạn", len(found)) % words
        said = format_html('<span aria-hidden="true">{}</span><span class="hidden">{}</span>', short, whole)
    opening = format_html('<a href="{}"', address) if address else SafeString("<span")
    return format_html(
        '{} class="status overdue stale"{}>{}{}</{}>',
        opening,
        format_html(' title="{}"', whole) if brief else "",
        icon("m-overdue"),
        said,
        SafeString("a" if address else "span"),
    )


@register.simple_tag
def origin(row: "Measurement | None", unit: str | None = None) -> SafeString:
    """The value as a door to where it comes from, in its own unit if no other is given; a dash without a figure."""
    if row is None:
        return SafeString("–")
    return format_html(
        '<a href="{}" title="{}">{}</a>',
        reverse("figure", args=[row.pk]),
        gettext("Số này từ đâu ra"),
        figure_brief(row, unit),
    )
