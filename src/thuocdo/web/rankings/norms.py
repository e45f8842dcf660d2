"""How a value becomes a score from 0 to 100, in words: the normalisations of a method."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from thuocdo.web.design.figures import number

if TYPE_CHECKING:
    from thuocdo.engine.scoring.spec.model import Indicator


def posts_of(one: "Indicator") -> tuple[float, float] | None:
    """The values that give 0 and 100 points, in this order; None for a method without fixed goalposts."""
    posts = one.normalisation.parameters.get("goalposts")
    if one.normalisation.method != "goalposts" or not isinstance(posts, tuple) or len(posts) != 2:
        return None
    low, high = posts
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    return (float(low), float(high)) if one.direction > 0 else (float(high), float(low))


def norm_in_words(one: "Indicator") -> str:
    """What is done to the value, as a sentence without its full stop."""
    if posts := posts_of(one):
        return gettext("%(low)s được 0 điểm, %(high)s được 100 điểm, ở giữa tính theo tỷ lệ") % {
            "low": number(posts[0]),
            "high": number(posts[1]),
        }
    return _others().get(one.normalisation.method, one.normalisation.method)


def _others() -> Mapping[str, str]:
    return {
        "min_max": gettext("so với giá trị thấp nhất và cao nhất trong nhóm"),
        "z_score": gettext("so với trung bình và độ lệch chuẩn của nhóm"),
        "scaled": gettext("quy về thang điểm chung"),
        "distance_to_target": gettext("theo khoảng cách tới đích"),
        "distance_to_reference": gettext("theo khoảng cách tới đơn vị tham chiếu"),
        "distance_to_maximum": gettext("theo tỷ lệ so với giá trị cao nhất"),
        "rank": gettext("theo thứ hạng"),
        "borda": gettext("theo số đơn vị xếp sau"),
        "percentile_rank": gettext("theo phân vị"),
        "fraction_of_maximum": gettext("theo tỷ lệ so với giá trị cao nhất"),
        "none": gettext("giữ nguyên giá trị"),
        "target_path": gettext("theo phần đường đã đi so với lộ trình tới đích"),
        "bands": gettext("theo các bậc đã định"),
        "ratio": gettext("theo tỷ lệ so với đích, tối đa 100 điểm"),
        "inverse_ratio": gettext("đích chia cho giá trị, tối đa 100 điểm"),
        "range": gettext("trong khoảng cho phép được 100 điểm"),
        "yes_no": gettext("có được 100 điểm, không được 0 điểm"),
    }
