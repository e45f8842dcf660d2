"""A definition in words: its formula over the names of other indicators, its fields, the shapes of paths."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from thuocdo.indicators.queries import Held
from thuocdo.web.design.figures import day
from thuocdo.web.indicators.words import FREQUENCIES, OPENNESS, PROVENANCES, direction_in_words, title_of

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from thuocdo.indicators.queries import Indicator

FIELDS: Mapping[str, "str | Promise"] = {
    "title": _("Tên"),
    "title_en": _("Tên tiếng Anh"),
    "definition": _("Cách tính"),
    "definition_en": _("Cách tính, tiếng Anh"),
    "unit": _("Đơn vị tính"),
    "unit_en": _("Đơn vị tính, tiếng Anh"),
    "direction": _("Chiều đánh giá"),
    "comparator": _("Phép so sánh"),
    "frequency": _("Kỳ số liệu"),
    "provenance_expected": _("Nguồn số liệu mong đợi"),
    "openness": _("Phạm vi xem"),
    "applies_to": _("Áp dụng cho"),
    "derived_from": _("Tính từ"),
    "formula": _("Công thức"),
    "numerator": _("Tử số"),
    "denominator": _("Mẫu số"),
    "breakdowns": _("Các phần cộng lại"),
    "adds_up_the_tree": _("Cộng từ cấp dưới"),
    "is_sampled": _("Đo bằng mẫu"),
    "scale": _("Các bậc"),
    "due_days": _("Hạn nộp sau khi hết kỳ (ngày)"),
    "lower": _("Giá trị nhỏ nhất"),
    "upper": _("Giá trị lớn nhất"),
    "target": _("Mức đích"),
    "tolerance": _("Ngưỡng chênh lệch"),
    "owner": _("Cơ quan trả lời"),
}
SHAPES: Mapping[str, "str | Promise"] = {
    "linear": _("tăng, giảm đều giữa các mốc"),
    "step": _("giữ mức của mốc trước cho đến mốc sau"),
    "given": _("mức riêng cho từng kỳ"),
}
# Functions of formulas as people call them.
FUNCTIONS: Mapping[str, "str | Promise"] = {
    "sum": _("tổng"),
    "mean": _("trung bình"),
    "min": _("nhỏ nhất"),
    "max": _("lớn nhất"),
    "abs": _("giá trị tuyệt đối"),
    "previous": _("kỳ trước của"),
    "year_ago": _("cùng kỳ năm trước của"),
    "year_to_date": _("lũy kế từ đầu năm của"),
    "if": _("nếu"),
    "else": _("ngược lại"),
}
_SIGNS = {"*": "×", "/": "÷", "-": "−", ">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
_WORD = re.compile(r"[A-Za-z_]\w*|>=|<=|==|!=|[-*/]|\s+|.", re.DOTALL)


def formula_in_names(text: str, known: "Mapping[str, Indicator]") -> SafeString:
    """A formula with the names of the indicators, each leading to its definition."""
    parts = []
    for word in _WORD.findall(text):
        if word in known:
            address = reverse("indicator_definition", args=[word])
            parts.append(format_html('<a href="{}">{}</a>', address, title_of(known[word])))
        elif word in FUNCTIONS:
            parts.append(format_html("<em>{}</em>", FUNCTIONS[word]))
        else:
            parts.append(format_html("{}", _SIGNS.get(word, word)))
    return format_html_join("", "{}", ((one,) for one in parts)) if parts else mark_safe("")


def change_in_words(field: str, value: Any) -> str:
    """What a version says in a field."""
    if value in (None, "", []):
        return gettext("không ghi")
    match field:
        case "direction":
            return direction_in_words(int(value))
        case "frequency":
            return str(FREQUENCIES.get(value, value))
        case "provenance_expected":
            return str(PROVENANCES.get(value, value))
        case "openness":
            return str(OPENNESS.get(value, value))
        case "adds_up_the_tree" | "is_sampled":
            return gettext("có") if value else gettext("không")
        case "breakdowns":
            return "; ".join(f"{one['title']}: {', '.join(one['parts'])}" for one in value)
        case "scale":
            return "; ".join(f"{one['value']}: {one['vi']}" for one in value)
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def validity(held: Held) -> str:
    """From when to when a version held."""
    if held.is_void:
        return gettext("đã thay trước khi áp dụng")
    if held.valid_from is None and held.valid_to is None:
        return gettext("từ đầu đến nay")
    if held.valid_to is None:
        return gettext("từ %(day)s đến nay") % {"day": day(held.valid_from)}
    if held.valid_from is None:
        return gettext("đến trước %(day)s") % {"day": day(held.valid_to)}
    return gettext("từ %(first)s đến trước %(last)s") % {"first": day(held.valid_from), "last": day(held.valid_to)}


def sentence(found: "Indicator", inputs: int, tasks: int) -> str:
    """The opening sentence of a definition."""
    if found.formula:
        how = ngettext(
            "Hệ thống tự tính chỉ số này từ %(number)d chỉ số khác",
            "Hệ thống tự tính chỉ số này từ %(number)d chỉ số khác",
            inputs,
        ) % {"number": inputs}
    elif found.derived_from:
        how = gettext("Hệ thống tự tính chỉ số này từ hồ sơ đang quản lý")
    else:
        how = gettext("Số liệu của chỉ số này do nguồn gửi đến, không tính lại")
    if not tasks:
        return gettext("%(how)s; chưa có nhiệm vụ nào gắn với chỉ số.") % {"how": how}
    return gettext("%(how)s; %(number)d nhiệm vụ gắn với chỉ số.") % {"how": how, "number": tasks}
