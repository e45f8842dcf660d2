"""Marks that stand in a line of text or a cell: status, provenance, class, rank, change, time, figures as doors."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.template import Library
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .figures import NOTHING, Figure, billions, days_left, in_full, moment, number

register = Library()


def icon(name: str) -> SafeString:
    """One shape of the sprite that the frame carries (design/_sprite.html); hidden from screen readers."""
    return format_html('<svg class="mark" aria-hidden="true"><use href="#{}"/></svg>', name)


@dataclass(frozen=True, slots=True)
class Look:
    """A shape of the sprite, a colour class and the word that goes with them."""

    shape: str
    tone: str
    word: str | Promise


STATUSES = {
    "done": Look("m-done", "done", _("Hoàn thành")),
    "done_late": Look("m-done-late", "done", _("Hoàn thành muộn")),
    "on_time": Look("m-on-time", "on-time", _("Trong hạn")),
    "due_soon": Look("m-due-soon", "due-soon", _("Sắp đến hạn")),
    "overdue": Look("m-overdue", "overdue", _("Quá hạn")),
    "not_started": Look("m-not-started", "quiet", _("Chưa thực hiện")),
    "suspended": Look("m-suspended", "quiet", _("Tạm dừng")),
    "cancelled": Look("m-cancelled", "quiet", _("Đã hủy")),
    "disputed": Look("m-disputed", "due-soon", _("Đang kiến nghị")),
    "returned": Look("m-returned", "overdue", _("Bị trả lại")),
    "submitted": Look("m-submitted", "on-time", _("Chờ duyệt")),
    "effective": Look("m-done", "done", _("Có hiệu quả")),
    "not_effective": Look("m-hollow-alert", "overdue", _("Chưa hiệu quả")),
    "not_judged": Look("m-not-started", "quiet", _("Chưa đánh giá hiệu quả")),
}

PROVENANCES = {
    "system": Look("p-system", "quiet", _("hệ thống ghi nhận")),
    "independent": Look("p-independent", "quiet", _("nguồn độc lập")),
    "cross_checked": Look("p-cross-checked", "quiet", _("đã đối chiếu")),
    "declared": Look("p-declared", "quiet", _("tự khai báo")),
    "derived": Look("p-derived", "quiet", _("tính từ dữ liệu khác")),
}

# Code of a class, and how many of its five rungs are filled.
CLASSES = {
    "excellent": (5, _("Xuất sắc")),
    "good": (4, _("Tốt")),
    "fair": (3, _("Khá")),
    "average": (2, _("Trung bình")),
    "weak": (1, _("Yếu")),
}


@register.simple_tag
def status(code: str, days: int | None = None) -> SafeString:
    """A status by shape, word and colour; `days` are working days left (negative: overdue), as `days_left`."""
    look = STATUSES[code]
    if days is None:
        return format_html('<span class="status {}">{}{}</span>', look.tone, icon(look.shape), look.word)
    words = days_left(days)
    if code in ("overdue", "due_soon", "on_time"):
        words = words[:1].upper() + words[1:]
        return format_html('<span class="status {}">{}{}</span>', look.tone, icon(look.shape), words)
    return format_html(
        '<span class="status {}">{}{} <small>{}</small></span>', look.tone, icon(look.shape), look.word, words
    )


@register.simple_tag
def provenance(code: str, words: bool = False) -> SafeString:
    """Where a figure comes from: a small shape with a hidden word, or with `words=True` the word as well."""
    look = PROVENANCES[code]
    if words:
        return format_html('<span class="provenance">{}{}</span>', icon(look.shape), look.word)
    return format_html(
        '<span class="provenance" title="{}">{}<span class="hidden">({})</span></span>',
        look.word,
        icon(look.shape),
        look.word,
    )


@register.simple_tag
def provenance_key() -> SafeString:
    """The explanation of the provenance shapes, for the foot of a table."""
    marks = mark_safe(" ".join(provenance(code, words=True) for code in PROVENANCES))  # noqa: S308 (made here)
    return format_html('<p class="key">{}: {}</p>', gettext("Nguồn số liệu"), marks)


@register.simple_tag
def as_of(at: datetime | None, source: str = "") -> SafeString:
    """The time for which a figure holds, and optionally who says so."""
    if at is None:
        return format_html('<span class="as-of">{}</span>', gettext("chưa có số liệu"))
    words = gettext("tính đến %(time)s") % {"time": moment(at)}
    return format_html(
        '<span class="as-of"><time datetime="{}">{}</time>{}</span>',
        at.isoformat(timespec="seconds"),
        words,
        f" · {source}" if source else "",
    )


@register.simple_tag
def class_badge(code: str | None) -> SafeString:
    """A class (excellent, good, fair, average, weak) as a ladder of five rungs and its word."""
    if not code:
        return format_html('<span class="class">{}</span>', gettext("chưa xếp loại"))
    rungs, word = CLASSES[code]
    return format_html(
        '<span class="class class-{}"><svg class="rungs" aria-hidden="true"><use href="#c-{}"/></svg>{}</span>',
        code,
        rungs,
        word,
    )


@register.simple_tag
def rank(place: int | None, among: int, low: int | None = None, high: int | None = None) -> SafeString:
    """A rank with the interval in which it lies drawn as a thin line behind the dot (left is best)."""
    if place is None:
        return format_html('<span class="rank">{}</span>', NOTHING)
    low, high = low or place, high or place
    span = max(among - 1, 1)

    def at(position: int) -> str:
        return f"{2 + 96 * (position - 1) / span:.1f}%"

    words = (
        gettext("hạng %(place)s trong %(among)s, khoảng tin cậy 90%% từ %(low)s đến %(high)s")
        if (low, high) != (place, place)
        else gettext("hạng %(place)s trong %(among)s")
    ) % {"place": place, "among": among, "low": low, "high": high}
    return format_html(
        '<span class="rank"><b>{}</b><small>/{}</small>'
        '<svg class="interval" role="img" aria-label="{}"><use href="#r-axis"/>'
        '<line x1="{}" x2="{}" y1="7" y2="7"/><circle cx="{}" cy="7" r="3.5"/></svg></span>',
        place,
        among,
        words,
        at(low),
        at(high),
        at(place),
    )


@register.simple_tag
def change(
    difference: Figure | None, unit: str = "", decimals: int = 2, higher_is_better: bool | None = True
) -> SafeString:
    """A change since the last period as arrow, word and figure: ↑ tăng 1,25 điểm; None where neither is better."""
    if difference is None:
        return format_html('<span class="change">{}</span>', gettext("chưa có kỳ trước"))
    if difference == 0:
        return format_html('<span class="change">{}{}</span>', icon("a-same"), gettext("không đổi"))
    rises = difference > 0
    tone = "" if higher_is_better is None else "better" if rises == higher_is_better else "worse"
    word = gettext("tăng") if rises else gettext("giảm")
    return format_html(
        '<span class="change {}">{}{} {}{}</span>',
        tone,
        icon("a-up" if rises else "a-down"),
        word,
        number(difference if rises else -difference, decimals),
        f" {unit}" if unit else "",
    )


@register.simple_tag
def rank_change(places: int | None) -> SafeString:
    """Places won (positive) or lost (negative): ↑ lên 2 bậc."""
    if places is None:
        return format_html('<span class="change">{}</span>', gettext("mới xếp hạng"))
    if places == 0:
        return format_html('<span class="change">{}{}</span>', icon("a-same"), gettext("giữ hạng"))
    if places > 0:
        words = ngettext("lên %(places)s bậc", "lên %(places)s bậc", places) % {"places": places}
        return format_html('<span class="change better">{}{}</span>', icon("a-up"), words)
    words = ngettext("xuống %(places)s bậc", "xuống %(places)s bậc", -places) % {"places": -places}
    return format_html('<span class="change worse">{}{}</span>', icon("a-down"), words)


@register.simple_tag
def door(address: str, text: str | Figure, about: str = "") -> SafeString:
    """A figure as the door to what it is made of; `about` tells screen readers what the figure counts."""
    shown = number(text) if isinstance(text, int | float | Decimal) else text
    return format_html(
        '<a class="door" href="{}">{}{}</a>',
        address,
        shown,
        format_html('<span class="hidden"> {}</span>', about) if about else "",
    )


@register.simple_tag
def money(dong: Figure | None, decimals: int = 1) -> SafeString:
    """An amount in tỷ đồng that shows its full value on focus, on hover and to screen readers."""
    if dong is None:
        return format_html("<span>{}</span>", NOTHING)
    return format_html(
        '<data class="money" value="{}" title="{}" tabindex="0">{}<span class="full">{}</span></data>',
        dong,
        in_full(dong),
        billions(dong, decimals),
        in_full(dong),
    )
