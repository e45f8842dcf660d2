"""Words and marks for one figure wherever it stands: its value, its title, until when it holds, whether it is stale."""

from datetime import date
from typing import TYPE_CHECKING

from django.template import Library
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.queries import Provenance, is_owed, term
from thuocdo.web.design.figures import source_named
from thuocdo.web.design.marks import as_of, icon
from thuocdo.web.indicators.words import title_of, told, unit_of, with_unit

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator, Measurement

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
def figure_title(indicator: "Indicator") -> str:
    """The indicator's title in the reader's language."""
    return title_of(indicator)


def days_stale(row: "Measurement", today: date) -> int:
    """Days since the figure of the next period should have been there by the update rule; 0 as long as it need not."""
    following = parse_period(row.period).next()
    if not is_owed(row.indicator, following.last_day):
        return 0
    return max(0, (today - (following.last_day + term(row.indicator))).days)


@register.simple_tag
def fresh(row: "Measurement", source: bool = True) -> SafeString:
    """Until when the newest figure of its kind holds and who says so; with a mark when its successor is overdue."""
    told_at = as_of(row.recorded_at, source_named(row.source) if source else "")
    return format_html("{} {}", told_at, stale(row))


@register.simple_tag
def stale(row: "Measurement | None") -> SafeString:
    """The mark of a figure whose successor is overdue by the update rule; nothing while it stands, or without a figure.

    Figures that the system counts from its own records are as new as the records; no successor of theirs is owed.
    """
    days = 0 if row is None or row.provenance == Provenance.DERIVED else days_stale(row, timezone.localdate())
    if not days:
        return SafeString("")
    words = ngettext("quá hạn cập nhật %(days)s ngày", "quá hạn cập nhật %(days)s ngày", days) % {"days": days}
    return format_html('<span class="status overdue stale">{}{}</span>', icon("m-overdue"), words)


@register.simple_tag
def origin(row: "Measurement | None") -> SafeString:
    """The value as a door to where it comes from; a dash without one."""
    if row is None:
        return SafeString("–")
    return format_html(
        '<a href="{}" title="{}">{}</a>',
        reverse("figure", args=[row.pk]),
        gettext("Số này từ đâu ra"),
        figure_brief(row),
    )
