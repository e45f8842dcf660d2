"""Filters that write figures, dates, periods and names as the reader's language does."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.template import Library
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from thuocdo.engine.calendars import Period, parse_period

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

register = Library()
Figure = int | float | Decimal

# What stands where there is no figure: missing is not zero.
NOTHING = "–"
MINUS = "−"
BILLION = 1_000_000_000
# The sources that the application itself names, as they are stored.
OWN_SOURCES = {
    "Biểu nhập số liệu": _("Biểu nhập số liệu"),
    "Đánh giá độc lập": _("Đánh giá độc lập"),
}


def speaks_english() -> bool:
    """Whether the page is being written in English."""
    return (get_language() or "vi").startswith("en")


@register.filter
def number(value: Figure | None, decimals: int | None = None) -> str:
    """A figure with the language's separators: 1234.5 → 1.234,5; None → –."""
    if value is None:
        return NOTHING
    if decimals is None and isinstance(value, float):
        # As short as it can be said; the separators are the language's.
        decimals = max(0, -int(Decimal(repr(value)).normalize().as_tuple().exponent))
    if decimals is not None:
        # Rounded half up as scores are; left to itself, the formatting would cut off.
        value = Decimal(repr(value) if isinstance(value, float) else value).quantize(
            Decimal(1).scaleb(-decimals), ROUND_HALF_UP
        )
    text = formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return text.replace("-", MINUS)


@register.filter
def measured(value: Decimal | None) -> str:
    """A measured value without the zeros that a database keeps: 12.50000000 → 12,5."""
    return number(value, None if value is None else max(0, -int(value.normalize().as_tuple().exponent)))


@register.filter
def points(value: Figure | None) -> str:
    """Points of a score, two decimals: 62.4 → 62,40."""
    return number(value, 2)


@register.filter
def percent(value: Figure | None, decimals: int = 1) -> str:
    """A percentage kept as 0–100: 62.4 → 62,4%."""
    return NOTHING if value is None else f"{number(value, decimals)}%"


@register.filter
def share(value: Figure | None, decimals: int = 1) -> str:
    """A share kept as 0–1: 0.624 → 62,4%."""
    return NOTHING if value is None else percent(float(value) * 100, decimals)


@register.filter
def signed(value: Figure | None, decimals: int = 2) -> str:
    """A difference with its sign: 1.25 → +1,25; -0.3 → −0,30."""
    if value is None:
        return NOTHING
    text = number(value, decimals)
    return f"+{text}" if value > 0 else text


@register.filter
def billions(dong: Figure | None, decimals: int = 1) -> str:
    """An amount in đồng as tỷ đồng: 1234500000000 → 1.234,5 tỷ đồng."""
    if dong is None:
        return NOTHING
    amount = number(Decimal(str(dong)) / BILLION, decimals)
    return gettext("%(amount)s tỷ đồng") % {"amount": amount}


@register.filter
def in_full(dong: Figure | None) -> str:
    """An amount in đồng to the last đồng: 1.234.500.000.000 đồng."""
    return NOTHING if dong is None else gettext("%(amount)s đồng") % {"amount": number(dong, 0)}


@register.filter
def rank_of(rank: int | None, among: int) -> str:
    """A rank among its peers: 3 → 3/34."""
    return NOTHING if rank is None else f"{rank}/{among}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as dd/mm/yyyy, in the time of Việt Nam."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value:%d/%m/%Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """A time to the minute: 09:30 14/09/2026."""
    return NOTHING if value is None else f"{timezone.localtime(value):%H:%M %d/%m/%Y}"


@register.filter
def ledger_time(value: datetime | None) -> str:
    """A time as the ledger keeps it, to the second, with its zone: 14/09/2026 09:30:15 (UTC+7)."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    hours = int((local.utcoffset() or timedelta()).total_seconds() // 3600)
    return f"{local:%d/%m/%Y %H:%M:%S} (UTC{hours:+d})"


@register.filter
def period(value: Period | str | None) -> str:
    """A reporting period: 2026-Q3 → Quý III/2026."""
    if not value:
        return NOTHING
    return (parse_period(value) if isinstance(value, str) else value).display(get_language() or "vi")


@register.filter
def days_left(days: int | None) -> str:
    """Working days until a deadline in words: 3 → còn 3 ngày làm việc; negative ones are overdue."""
    if days is None:
        return gettext("chưa có thời hạn")
    if days == 0:
        return gettext("hôm nay là hạn cuối")
    if days > 0:
        return ngettext("còn %(days)s ngày làm việc", "còn %(days)s ngày làm việc", days) % {"days": number(days)}
    return ngettext("quá hạn %(days)s ngày làm việc", "quá hạn %(days)s ngày làm việc", -days) % {"days": number(-days)}


@register.filter
def named(body: "Body | None") -> str:
    """A body's full name in the reader's language."""
    if body is None:
        return NOTHING
    return (speaks_english() and body.name_en) or body.name


@register.filter
def short_named(body: "Body | None") -> str:
    """A body's short name; English has only the full one."""
    if body is None:
        return NOTHING
    return (speaks_english() and body.name_en) or body.short_name or body.name


@register.filter
def source_named(source: str) -> str:
    """A source as the reader's language calls it; those that systems and people name stand as they were written.

    What is stored stays the same in every language, for rows of one source replace each other.
    """
    label, opening, rest = source.partition(" (")
    return f"{OWN_SOURCES[label]}{opening}{rest}" if label in OWN_SOURCES else source


@register.filter
def titled(text: dict[str, str] | None) -> str:
    """A text kept in both languages, {"vi": …, "en": …}, in the reader's."""
    if not text:
        return NOTHING
    return (speaks_english() and text.get("en")) or text.get("vi", NOTHING)
