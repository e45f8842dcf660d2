"""The sentences that open the pages of indicators, computed from what is shown."""

from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.indicators.queries import State
from thuocdo.web.design.figures import named, number
from thuocdo.web.design.marks import PROVENANCES as MARKS

from .words import difference, period_in_words, unit_of, with_unit

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body

    from .compared import Comparison
    from .dictionary import Dictionary
    from .reading import Stage


def of_dictionary(found: "Dictionary") -> str:
    """How much is measured, and how many targets reach the level that is due today."""
    total = gettext("%(total)s chỉ số và chỉ tiêu, trong đó %(targets)s chỉ tiêu của Nghị quyết.") % {
        "total": number(found.total),
        "targets": number(found.targets),
    }
    if not found.reached and not found.short:
        return total
    standing = gettext(
        "Trong các chỉ tiêu có số liệu bạn được xem, %(reached)s đạt mức phải đạt đến hôm nay, %(short)s chưa đạt."
    )
    return f"{total} {standing % {'reached': number(found.reached), 'short': number(found.short)}}"


def of_stage(body: "Body", stage: "Stage", earlier: "Stage | None") -> SafeString:
    """Value in force, where it comes from, how it moved, and how far it is from the level due and from the claim."""
    words = {"body": named(body), "period": period_in_words(stage.period)}
    row = stage.in_force
    if row is None:
        return format_html("{}", gettext("%(body)s đã rút số liệu của %(period)s.") % words)
    if row.state != State.VALUE:
        return format_html("{}", gettext("Chỉ số này không áp dụng cho %(body)s trong %(period)s.") % words)
    words |= {"value": stage.shown, "source": str(MARKS[row.provenance].word)}
    said = [gettext("%(body)s, %(period)s: %(value)s (%(source)s)") % words]
    if stage.is_reached is not None and stage.due is not None and stage.value is not None:
        apart = {
            "due": stage.due_shown,
            "apart": difference(abs(stage.value - stage.due), stage.unit),
        }
        if stage.is_reached:
            said.append(gettext("đạt mức phải đạt %(due)s") % apart)
        elif stage.indicator.direction > 0:
            said.append(gettext("thấp hơn mức phải đạt %(due)s là %(apart)s") % apart)
        else:
            said.append(gettext("cao hơn mức cho phép %(due)s là %(apart)s") % apart)
    if moved := _moved(stage, earlier):
        said.append(moved)
    text = ", ".join(said) + "."
    if stage.gap is not None:
        text += " " + gap_in_words(stage)
    return format_html("{}", text)


def _moved(stage: "Stage", earlier: "Stage | None") -> str:
    """By how much the value lies above or below that of the period before; empty where there is none."""
    if earlier is None or earlier.value is None or stage.value is None:
        return ""
    if earlier.period.kind != stage.period.kind:
        return ""
    step = stage.value - earlier.value
    words = {"apart": difference(abs(step), stage.unit), "before": period_in_words(earlier.period)}
    if not round(step, 2):
        return gettext("bằng %(before)s") % words
    return (gettext("cao hơn %(before)s %(apart)s") if step > 0 else gettext("thấp hơn %(before)s %(apart)s")) % words


def gap_in_words(stage: "Stage") -> str:
    """How far the claim lies from the verified value, and whether that is more than the tolerance."""
    assert stage.gap is not None  # noqa: S101
    words = {
        "claimed": stage.claimed_shown,
        "apart": difference(abs(stage.gap.difference), stage.unit),
        "tolerance": difference(stage.indicator.tolerance, stage.unit),
    }
    if not stage.gap.difference:
        return gettext("Số tự khai báo khớp với số đã xác minh.")
    if not stage.gap.is_beyond:
        return gettext("Số tự khai báo %(claimed)s chênh %(apart)s, trong ngưỡng %(tolerance)s.") % words
    if stage.gap.difference > 0:
        return gettext("Số tự khai báo %(claimed)s cao hơn %(apart)s, vượt ngưỡng %(tolerance)s.") % words
    return gettext("Số tự khai báo %(claimed)s thấp hơn %(apart)s, vượt ngưỡng %(tolerance)s.") % words


def of_silence(body: "Body") -> str:
    """That nothing was ever told of the body."""
    return gettext("Chưa có số liệu nào của %(body)s cho chỉ số này.") % {"body": named(body)}


def of_comparison(indicator: "Indicator", found: "Comparison | None") -> str:
    """Without a chosen body: how many bodies have told."""
    if found is None:
        return gettext("Chưa có số liệu nào trong phạm vi bạn được xem.")
    return gettext("%(told)s trong %(total)s cơ quan đã có số liệu %(period)s; chọn một cơ quan để xem chi tiết.") % {
        "told": number(found.told),
        "total": number(found.total),
        "period": period_in_words(found.period),
    }


def level_in_words(indicator: "Indicator") -> str:
    """The goal of an indicator without a target of the Resolution."""
    return with_unit(indicator.target, unit_of(indicator))
