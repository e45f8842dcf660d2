"""A finding in words: its title, what does not fit, what is asked, what was done."""

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from thuocdo.evaluations.queries import Kind
from thuocdo.web.bodies.card import definition_title, unit_of
from thuocdo.web.design.figures import measured, number, share, titled
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.rankings.marks import called

if TYPE_CHECKING:
    from thuocdo.evaluations.models import Finding
    from thuocdo.evaluations.rules import Rules

ACTS: dict[str, "str | Promise"] = {
    "assign": pgettext_lazy("done", "Giao xác minh"),
    "answer": pgettext_lazy("done", "Cơ quan trả lời"),
    "ask": pgettext_lazy("done", "Yêu cầu giải trình thêm"),
    "confirm": pgettext_lazy("done", "Xác nhận có sai lệch"),
    "refute": pgettext_lazy("done", "Kết luận không có sai lệch"),
    "resume": pgettext_lazy("done", "Rút kết luận, xác minh lại"),
    "correct": pgettext_lazy("done", "Số liệu đã được sửa, không còn lệch"),
    "reopen": pgettext_lazy("done", "Số liệu thay đổi, mở lại"),
}
# What each kind can honestly come from; it stands beside every finding.
HONEST: dict[str, "str | Promise"] = {
    Kind.GAP: _("Hai nguồn có thể khác phạm vi, khác thời điểm chốt, hoặc nguồn kiểm chứng còn thiếu."),
    Kind.CHECKED: _("Người kiểm tra có thể đã dùng bảng gốc khác thời điểm chốt."),
    Kind.OPPOSED: _("Người dùng mới có thể khó tính hơn; mức hài lòng có thể giảm vì lý do khác."),
    Kind.LIMIT: _("Tài khoản có thể của đơn vị dịch vụ nộp thay hợp pháp cho nhiều người."),
    Kind.BURST: _("Có thể do mùa vụ, ví dụ kỳ tuyển sinh, kỳ cấp đổi giấy tờ."),
    Kind.UNSIGNED: _("Báo cáo có thể viết trước khi sản phẩm được ký; minh chứng có thể đã là bản ký."),
    Kind.ROUND: _("Có đơn vị làm tròn khi báo cáo theo mẫu cũ."),
    Kind.HURRY: _("Nhiều thời hạn được giao vào cuối quý."),
}


def amount(value: Decimal | None, unit: str) -> str:
    """A value with its unit, no longer than a person reads it: 57,89473684 → 57,89%."""
    if value is not None:
        finest = Decimal("0.01") if abs(value) >= 1 else Decimal("0.0001")
        value = value.quantize(finest, ROUND_HALF_UP)
    text = measured(value)
    return f"{text}%" if unit == "%" else f"{text} {unit}".strip()


def distance(value: Decimal | None, unit: str) -> str:
    """How far two values lie apart: shares by percentage points."""
    text = amount(value, unit)
    return gettext("%(number)s điểm phần trăm") % {"number": text.removesuffix("%")} if unit == "%" else text


def title(finding: "Finding") -> str:
    """What the finding is about, in a line."""
    words = {"body": called(finding.body), "kind": finding.get_kind_display()}
    if finding.task is not None:
        return f"{words['body']}: {finding.task.code}"
    if finding.indicator is not None:
        return f"{words['body']}: {definition_title(finding.indicator)}"
    return f"{words['body']}: {words['kind']}"


def sentence(finding: "Finding", rules: "Rules | None" = None) -> str:
    """What does not fit, with its figures."""
    facts: dict[str, Any] = finding.facts
    indicator = finding.indicator
    unit = unit_of(indicator) if indicator is not None else ""
    words: dict[str, Any] = {
        "size": distance(finding.size, unit),
        "period": period_words(finding.period) if finding.period else "",
        "claimed": amount(finding.claimed_value, unit),
        "stronger": amount(finding.stronger_value, unit),
    }
    match finding.kind:
        case Kind.GAP | Kind.CHECKED:
            text = {
                (Kind.GAP, 1): gettext(
                    "%(period)s khai %(claimed)s, số kiểm chứng %(stronger)s: khai cao hơn %(size)s%(times)s."
                ),
                (Kind.GAP, -1): gettext(
                    "%(period)s khai %(claimed)s, số kiểm chứng %(stronger)s: khai thấp hơn %(size)s%(times)s."
                ),
                (Kind.CHECKED, 1): gettext(
                    "%(period)s khai %(claimed)s, kiểm tra mẫu thấy %(stronger)s: khai cao hơn %(size)s%(times)s."
                ),
                (Kind.CHECKED, -1): gettext(
                    "%(period)s khai %(claimed)s, kiểm tra mẫu thấy %(stronger)s: khai thấp hơn %(size)s%(times)s."
                ),
            }[Kind(finding.kind), 1 if finding.sign >= 0 else -1]
            words["times"] = (
                gettext(", gấp %(number)s lần mức cho phép") % {"number": number(finding.in_tolerances, 1)}
                if finding.in_tolerances is not None
                else ""
            )
            return text % words
        case Kind.OPPOSED:
            volumes = [one for one in facts["volumes"] if one is not None]
            outcomes = [one for one in facts["outcomes"] if one is not None]
            return gettext(
                "%(rule)s: khối lượng từ %(a)s đến %(b)s, kết quả từ %(c)s đến %(d)s, tính đến %(period)s."
            ) % {
                **words,
                "rule": rule_title(facts["rule"], rules),
                "a": number(float(volumes[0])),
                "b": number(float(volumes[-1])),
                "c": number(float(outcomes[0])),
                "d": number(float(outcomes[-1])),
            }
        case Kind.LIMIT:
            return gettext("%(rule)s: %(value)s, ngưỡng cần xem %(above)s, %(period)s.") % {
                **words,
                "rule": rule_title(facts["rule"], rules),
                "value": amount(Decimal(repr(facts["value"])), unit),
                "above": amount(Decimal(repr(facts["above"])), unit),
            }
        case Kind.BURST:
            return gettext("%(rule)s: tháng cuối %(period)s gấp %(times)s lần bình quân hai tháng trước.") % {
                **words,
                "rule": rule_title(facts["rule"], rules),
                "times": number(finding.size, 1),
            }
        case Kind.UNSIGNED:
            return gettext("Nhiệm vụ đã hoàn thành, nhưng báo cáo trình kết quả ghi “%(phrase)s”.") % {
                "phrase": facts["phrases"][0]
            }
        case Kind.ROUND:
            return gettext(
                "%(hits)s trên %(number)s giá trị tự khai là bội số của %(step)s, ngẫu nhiên khoảng %(chance)s."
            ) % {
                **_tally(facts),
                "step": facts["step"],
            }
    return gettext(
        "%(hits)s trên %(number)s kết quả nộp vào ba ngày làm việc cuối quý, nhịp đều khoảng %(chance)s."
    ) % (_tally(facts))


def _tally(facts: dict[str, Any]) -> dict[str, str]:
    return {
        "hits": number(facts["hits"]),
        "number": number(facts["number"]),
        "chance": share(facts["expected"], 0),
    }


def rule_title(code: str, rules: "Rules | None") -> str:
    """The title of a rule in the reader's language; its code when the pack no longer has it."""
    found = rules.title(code) if rules is not None else {}
    return titled(dict(found)) if found else code
