"""What a change of score and rank came from: indicators, weights, method, the other bodies."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from thuocdo.scorecards.queries import ExplainedChange, RankShift, Standing, spec_of
from thuocdo.web.charts.bars import Bar, bars
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.design.figures import number, signed
from thuocdo.web.rankings.marks import part_address

from .rounding import rounded

MOST_BARS = 8


@dataclass(frozen=True, slots=True)
class Cause:
    """The part of one indicator in a change, or of what no indicator of the body caused, which has no page."""

    title: str
    address: str
    by_score: float
    by_weight: float
    total: float


def causes_of(standing: Standing, change: ExplainedChange | None, titles: Mapping[str, str]) -> list[Cause]:
    """What a change came from, largest first: indicators, and what lies outside the body's own figures."""
    if change is None:
        return []
    known = {one.code for one in spec_of(standing.run.scorecard).indicators}
    causes = [
        Cause(
            titles.get(one.code, one.code),
            part_address(standing, one.code) if one.code in known else "",
            one.by_score,
            one.by_weight,
            one.total,
        )
        for one in change.parts
    ]
    outside = (
        (gettext("trọng số thay đổi"), change.by_weights),
        (gettext("phương pháp thay đổi"), change.by_method),
        (gettext("số liệu của các cơ quan khác"), change.by_peers),
    )
    causes += [Cause(title, "", points, 0.0, points) for title, points in outside if points]
    return sorted(causes, key=lambda cause: -abs(cause.total))


def rule_in_words(change: ExplainedChange | None) -> str:
    """How the parts were found, where they are estimates."""
    if change is None or not change.is_sampled:
        return ""
    text = gettext("Ước tính bằng lấy mẫu: mỗi phần có sai số chuẩn không quá %(error)s điểm.")
    return text % {"error": number(rounded(change.error, 3, up=True), 3)}


def shift_in_words(shift: RankShift | None) -> str:
    """How many places the body won by itself, and how many through others; empty without a place before."""
    if shift is None:
        return ""
    if shift.before == shift.now and not shift.own:
        return gettext("Thứ hạng giữ nguyên.")
    text = gettext(
        "Từ hạng %(before)s đến hạng %(now)s: %(own)s bậc do điểm của chính cơ quan,"
        " %(others)s bậc do các cơ quan khác thay đổi."
    )
    words = text % {
        "before": shift.before,
        "now": shift.now,
        "own": _places(shift.own),
        "others": _places(shift.others),
    }
    if not shift.method:
        return words
    return f"{words} {gettext('Do phương pháp thay đổi: %(places)s bậc.') % {'places': _places(shift.method)}}"


def _places(won: float) -> str:
    return signed(won, 0 if won == round(won) else 1)


def causes_drawn(causes: list[Cause]) -> Drawing | None:
    """The largest causes as bars, the others as one; None without any."""
    if not causes:
        return None
    rest = round(sum(cause.total for cause in causes[MOST_BARS:]), 2)
    rows = [Bar(cause.title, cause.total, cause.address) for cause in causes[:MOST_BARS]]
    if rest:
        rows.append(Bar(gettext("các chỉ số khác"), rest))
    return bars(rows, title=gettext("Điểm thay đổi do đâu"), unit=gettext("điểm"), decimals=2, is_difference=True)
