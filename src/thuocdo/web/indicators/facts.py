"""What the dictionary says of an indicator, as pairs of words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from thuocdo.web.design.figures import day, named

from .words import (
    OPENNESS,
    PROVENANCES,
    ROOMS,
    compared,
    definition_of,
    demand,
    difference,
    direction_in_words,
    unit_of,
    until,
    update_rule,
    with_unit,
)

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator, Target


def facts_of(found: "Indicator", target: "Target | None", titles: Mapping[str, str]) -> list[tuple[str, Any]]:
    """What the dictionary says of the indicator."""
    unit = unit_of(found)
    wanted = ""
    if target is not None:
        wanted = f"{demand(target)}, {until(target)}"
    elif found.comparator and found.target is not None:
        wanted = compared(found.comparator, found.target, unit)
    applies = ", ".join(titles.get(code, code) for code in found.applies_to)
    pairs: list[tuple[str, Any]] = [
        (gettext("Mã"), found.code),
        (gettext("Cách tính"), definition_of(found)),
        (gettext("Đơn vị tính"), unit),
        (gettext("Chiều đánh giá"), direction_in_words(found.direction)),
        (gettext("Mức phải đạt"), wanted),
        (gettext("Giá trị hợp lệ"), _range(found, unit)),
        (gettext("Ngưỡng chênh lệch"), _tolerance(found, unit)),
        (gettext("Cập nhật"), update_rule(found.frequency, found.due_days)),
        (gettext("Nguồn số liệu mong đợi"), str(PROVENANCES[found.provenance_expected])),
        (gettext("Đo bằng mẫu"), gettext("có: cỡ mẫu cho biết sai số") if found.is_sampled else ""),
        (gettext("Tính từ"), str(ROOMS.get(found.derived_from, found.derived_from))),
        (gettext("Cơ quan trả lời về chỉ số"), named(found.owner) if found.owner else ""),
        (gettext("Chỉ số riêng của"), named(found.kept_by) if found.kept_by else ""),
        (gettext("Ngừng dùng từ"), day(found.retired_on) if found.retired_on else ""),
        (gettext("Áp dụng cho"), applies or _measured_at(found)),
        (gettext("Phạm vi xem"), str(OPENNESS[found.openness])),
        (
            gettext("Phiên bản định nghĩa"),
            gettext("%(version)s, áp dụng từ %(day)s") % {"version": found.version, "day": day(found.valid_from)}
            if found.valid_from
            else str(found.version),
        ),
    ]
    return [(name, value) for name, value in pairs if value]


def _measured_at(found: "Indicator") -> str:
    """Where an indicator is measured that names no peer groups."""
    if found.kept_by is not None:
        return gettext("cơ quan giữ chỉ số và cấp dưới")
    return gettext("cơ quan trả lời về chỉ số") if found.owner else gettext("mọi cơ quan có số liệu")


def _range(found: "Indicator", unit: str) -> str:
    if found.lower is None and found.upper is None:
        return ""
    if found.upper is None:
        return gettext("từ %(low)s") % {"low": with_unit(found.lower, unit)}
    if found.lower is None:
        return gettext("đến %(high)s") % {"high": with_unit(found.upper, unit)}
    return gettext("từ %(low)s đến %(high)s") % {
        "low": with_unit(found.lower, unit),
        "high": with_unit(found.upper, unit),
    }


def _tolerance(found: "Indicator", unit: str) -> str:
    if not found.tolerance:
        return gettext("không cho phép chênh giữa số tự khai báo và số đã xác minh")
    return gettext("%(size)s giữa số tự khai báo và số đã xác minh") % {"size": difference(found.tolerance, unit)}
