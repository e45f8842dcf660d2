"""An indicator in words: its title, unit, direction, what is demanded, how often it is owed, who it is for."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.engine.calendars import Period
from thuocdo.indicators.queries import DUE_DAYS, Frequency, Kind, Openness, Provenance, State, written
from thuocdo.scorecards.queries import spec_of
from thuocdo.web.design.figures import number, period, signed, speaks_english
from thuocdo.web.design.marks import icon
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.rankings.marks import title_of as title_in_method

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from thuocdo.indicators.queries import Indicator, Measurement, Target

Number = Decimal | float | int

# How units begin that say nothing beside a figure.
RATIO = ("tỷ lệ", "ratio")
# Longest text that fits a cell beside a ruler.
SHORT = 12

FREQUENCIES: Mapping[str, "str | Promise"] = {
    Frequency.YEAR: _("hằng năm"),
    Frequency.QUARTER: _("hằng quý"),
    Frequency.MONTH: _("hằng tháng"),
    Frequency.DAY: _("hằng ngày"),
}
PROVENANCES: Mapping[str, "str | Promise"] = {
    Provenance.SYSTEM: _("hệ thống nguồn gửi thẳng"),
    Provenance.INDEPENDENT: _("đánh giá, khảo sát độc lập"),
    Provenance.CROSS_CHECKED: _("đối chiếu với nguồn thứ hai"),
    Provenance.DECLARED: _("cơ quan tự khai báo"),
    Provenance.DERIVED: _("hệ thống tự tính từ dữ liệu khác"),
}
KINDS: Mapping[str, "str | Promise"] = {Kind.FINAL: _("chính thức"), Kind.PROVISIONAL: _("sơ bộ")}
STATES: Mapping[str, "str | Promise"] = {
    State.NULL: _("đã rút"),
    State.NOT_APPLICABLE: _("không áp dụng"),
}
OPENNESS: Mapping[str, "str | Promise"] = {
    Openness.PUBLIC: _("công khai"),
    Openness.INTERNAL: _("nội bộ"),
    Openness.RESTRICTED: _("hạn chế"),
}
# From which records the system computes a figure.
ROOMS: Mapping[str, "str | Promise"] = {
    "tasks": _("hồ sơ nhiệm vụ"),
    "indicators": _("chính các số liệu đã ghi"),
    "portfolios": _("danh mục văn bản, công nghệ, cơ sở dữ liệu"),
    "recommendations": _("kiến nghị và trả lời kiến nghị"),
    "resources": _("kinh phí"),
    "feedback": _("phản ánh của người dân"),
}


def title_of(one: "Indicator | Target") -> str:
    """The title in the reader's language."""
    return (speaks_english() and one.title_en) or one.title


def definition_of(one: "Indicator") -> str:
    """What is divided by what, in words."""
    return (speaks_english() and one.definition_en) or one.definition


def unit_of(one: "Indicator | Target") -> str:
    """The unit in the reader's language."""
    return (speaks_english() and one.unit_en) or one.unit


def figure(value: Number | None) -> str:
    """A value as people write it, without the zeros that a database keeps."""
    if value is None:
        return number(None)
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return number(Decimal(written(exact)))


def with_unit(value: Number | None, unit: str) -> str:
    """A value with its unit: 79,5%, 21% GDP, 12 doanh nghiệp, hạng 67 thế giới; a ratio stands alone."""
    if value is None:
        return number(None)
    shown = figure(value)
    if unit.startswith("%"):
        return f"{shown}{unit}"
    if unit.startswith(RATIO):
        return shown
    if unit.startswith("hạng"):
        return f"hạng {shown} {unit.removeprefix('hạng')}".replace("  ", " ").strip()
    if unit.endswith("rank"):
        return f"{unit} {shown}"
    return f"{shown} {unit}".strip()


def briefly(value: Number | None, unit: str) -> str:
    """The same for a narrow cell: a long unit is left to the words beside it."""
    text = with_unit(value, unit)
    return text if len(text) <= SHORT or value is None else figure(value)


def difference(value: Number, unit: str, *, sign: bool = False) -> str:
    """A distance between two values: percentages lie apart by percentage points."""
    exact = Decimal(written(round(Decimal(str(value)), 2)))
    decimals = max(0, -int(exact.as_tuple().exponent))
    shown = signed(exact, decimals) if sign else figure(abs(exact))
    return f"{shown} {unit_of_difference(unit)}".strip()


def unit_of_difference(unit: str) -> str:
    """The unit in which two values lie apart."""
    if unit.startswith("%"):
        return gettext("điểm phần trăm")
    return (
        "" if unit.startswith(RATIO) else gettext("bậc") if unit.startswith("hạng") or unit.endswith("rank") else unit
    )


def direction_in_words(direction: int) -> str:
    """Which way is better."""
    match direction:
        case 1:
            return gettext("càng cao càng tốt")
        case -1:
            return gettext("càng thấp càng tốt")
    return gettext("không xếp cao thấp")


def demand(target: "Target") -> str:
    """What a target demands: "trên 55%", "từ 40% đến 50%", "hạng 50 hoặc tốt hơn"."""
    if target.text:
        return target.text
    unit = unit_of(target)
    if target.comparator == "between":
        words = {"low": figure(target.low), "high": with_unit(target.high, unit)}
        return gettext("từ %(low)s đến %(high)s") % words
    return compared(target.comparator, target.value, unit)


def compared(comparator: str, value: Number | None, unit: str) -> str:
    """A comparator with its value, in words."""
    shown = with_unit(value, unit)
    match comparator:
        case ">=":
            return gettext("từ %(value)s trở lên") % {"value": shown}
        case ">":
            return gettext("trên %(value)s") % {"value": shown}
        case "<=":
            return gettext("không quá %(value)s") % {"value": shown}
        case "<":
            return gettext("dưới %(value)s") % {"value": shown}
        case "rank":
            return gettext("%(value)s hoặc tốt hơn") % {"value": shown}
    return gettext("đạt %(value)s") % {"value": shown}


def until(target: "Target") -> str:
    """By when: a year, or every year from one on."""
    words = gettext("hằng năm, từ %(year)s") if target.every_year else gettext("đến năm %(year)s")
    return words % {"year": target.year}


def due_day(place: Period, frequency: str, days: int | None = None) -> date:
    """The last day on which the value of a period is still in time; `days` is the definition's own term."""
    return place.last_day + timedelta(days=DUE_DAYS[frequency] if days is None else days)


def update_rule(frequency: str, days: int | None = None) -> str:
    """How often a value is owed and how soon after the end of its period."""
    return gettext("%(often)s, chậm nhất %(days)s ngày sau khi hết kỳ") % {
        "often": FREQUENCIES[frequency],
        "days": DUE_DAYS[frequency] if days is None else days,
    }


def group_titles(on: date) -> dict[str, str]:
    """Peer groups by code, as the method in force calls them, in its order."""
    scorecard = scorecard_in_force(on)
    if scorecard is None:
        return {}
    return {one.code: title_in_method(one.title) for one in spec_of(scorecard).peer_groups}


def achieved(value: Number | None, due: Number | None, direction: int) -> bool | None:
    """Whether the level due is reached; None when there is no value, no level, or no better and worse."""
    if value is None or due is None or direction == 0:
        return None
    return float(value) >= float(due) if direction > 0 else float(value) <= float(due)


def verdict(value: Number | None, due: Number | None, direction: int) -> SafeString:
    """Whether the level due is reached, as shape, word and colour."""
    reached = achieved(value, due, direction)
    if reached is None:
        text = gettext("chưa có số liệu") if value is None else gettext("chưa đến lúc phải đạt")
        return format_html('<span class="status quiet">{}{}</span>', icon("m-not-started"), text)
    if reached:
        return format_html('<span class="status done">{}{}</span>', icon("m-done"), gettext("đạt mức phải đạt"))
    return format_html('<span class="status overdue">{}{}</span>', icon("m-overdue"), gettext("chưa đạt mức"))


def told(row: "Measurement", unit: str) -> str:
    """What a measurement says: its value, that it was withdrawn, or that it does not apply."""
    return with_unit(row.value, unit) if row.state == State.VALUE else str(STATES[row.state])


def told_briefly(row: "Measurement", unit: str) -> str:
    """The same with at most two decimals, for sentences and tables; a part of a hundredth keeps its digits."""
    value = row.value
    if row.state != State.VALUE or value is None or abs(value) < 1:
        return told(row, unit)
    return with_unit(round(value, 2), unit)


def period_in_words(place: Period | str) -> str:
    """A period inside a sentence: "tháng 8/2026", but "01/08/2026"."""
    text = period(place)
    return text if speaks_english() else text[:1].lower() + text[1:]
