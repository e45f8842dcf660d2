"""What is said of a finding: one text for the server's pages, the spreadsheets and the form that works offline."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext

from thuocdo.engine.entering import Finding


def words_of_findings() -> dict[str, str]:
    """The sentences by code, with names of values in %(…)s, in the reader's language."""
    return {
        "below_range": gettext("%(value)s nhỏ hơn mức thấp nhất %(limit)s; kiểm tra lại số và đơn vị tính."),
        "above_range": gettext("%(value)s lớn hơn mức cao nhất %(limit)s; kiểm tra lại số và đơn vị tính."),
        "looks_like_fraction": gettext(
            "Chỉ số tính bằng %%: %(value)s được hiểu là %(value)s %%. Nếu là tỷ lệ 0–1 thì ghi %(better)s."
        ),
        "far_from_own": gettext(
            "%(value)s khác xa %(count)s kỳ trước của cơ quan (trung vị %(middle)s); sửa số, hoặc giải trình."
        ),
        "far_from_peers": gettext(
            "%(value)s khác xa %(count)s cơ quan cùng nhóm ở kỳ trước (trung vị %(middle)s); sửa số, hoặc giải trình."
        ),
        "exceeds_whole": gettext(
            "%(parts)s cộng lại là %(sum)s, lớn hơn %(whole)s (%(most)s); sửa một trong các số đó."
        ),
        "does_not_add_up": gettext("%(parts)s cộng lại là %(sum)s, khác %(asked)s; sửa một trong các số đó."),
        "fell": gettext(
            "%(value)s thấp hơn %(before)s của kỳ trước, trong khi số này cộng dồn từ đầu năm; kiểm tra lại."
        ),
    }


def in_words(finding: Finding, titles: Mapping[str, str]) -> str:
    """The sentence of a finding; `titles` name the cells by code."""
    return words_of_findings()[finding.code] % {name: _said(value, titles) for name, value in finding.values.items()}


def _said(value: Any, titles: Mapping[str, str]) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(f"“{titles.get(one, one)}”" for one in value)
    if isinstance(value, str):
        return f"“{titles.get(value, value)}”"
    return plain(value)


def plain(value: float) -> str:
    """A figure with at most eight decimals and a decimal comma, without separators that could be misread."""
    text = format(Decimal(repr(float(value))), "f")
    if len(text.partition(".")[2]) > 8:
        # Rounded from what the machine holds, as the form that works without a network rounds.
        text = format(Decimal(float(value)).quantize(Decimal("1e-8"), ROUND_HALF_UP), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace(".", ",")
