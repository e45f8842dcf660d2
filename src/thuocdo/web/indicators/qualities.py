"""How good the data of one indicator at one body are, from its history alone: complete, alive, and told alike."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from thuocdo.engine.calendars import Period
from thuocdo.indicators.queries import Frequency, days_overdue, due_days
from thuocdo.indicators.queries.staleness import AROUND
from thuocdo.web.design.figures import number

from .words import period_in_words

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator

    from .reading import History

# Over how many periods one looks back: about a year, of years five.
LOOKED_AT = {Frequency.DAY: 30, Frequency.MONTH: 12, Frequency.QUARTER: 4, Frequency.YEAR: 5}
# Title of the quality, what is found, and whether that is as it should be.
Judged = tuple[str, str, bool]


def judged(found: "History", indicator: "Indicator", today: date) -> list[Judged]:
    """What of the six qualities can be told of one indicator; what has nothing to be judged by is left out."""
    return [one for one in (_complete(found, indicator, today), _alive(found, indicator, today), _alike(found)) if one]


def _due(indicator: "Indicator", today: date) -> list[Period]:
    """The last periods whose figures are owed by today, newest first."""
    place = AROUND[indicator.frequency](today)
    while (today - place.last_day).days <= due_days(indicator):
        place = place.previous()
    periods = [place]
    while len(periods) < LOOKED_AT[Frequency(indicator.frequency)]:
        periods.append(periods[-1].previous())
    return periods


def _complete(found: "History", indicator: "Indicator", today: date) -> Judged | None:
    told = {stage.period for stage in found.stages if stage.in_force is not None}
    first = min((period.start for period in told), default=None)
    owed = [one for one in _due(indicator, today) if first is not None and one.start >= first]
    if not owed:
        return None
    there = sum(one in told for one in owed)
    words = gettext("đã có số của %(there)s trong %(owed)s kỳ gần nhất đã đến hạn") % {
        "there": number(there), "owed": number(len(owed)),
    }  # fmt: skip
    return gettext("Đủ"), words, there == len(owed)


def _alive(found: "History", indicator: "Indicator", today: date) -> Judged | None:
    newest = next((stage for stage in found.stages if stage.in_force is not None), None)
    if newest is None or newest.in_force is None:
        return None
    late = days_overdue(indicator, newest.in_force.period_end, today)
    words = {"period": period_in_words(newest.period), "days": number(late)}
    if late:
        text = ngettext(
            "số mới nhất là của %(period)s, quá hạn cập nhật %(days)s ngày",
            "số mới nhất là của %(period)s, quá hạn cập nhật %(days)s ngày",
            late,
        )
        return gettext("Sống"), text % words, False
    return gettext("Sống"), gettext("số mới nhất là của %(period)s, còn trong hạn cập nhật") % words, True


def _alike(found: "History") -> Judged | None:
    compared = [stage.gap for stage in found.recent if stage.gap is not None]
    if not compared:
        return None
    fitting = sum(not gap.is_beyond for gap in compared)
    words = gettext("số tự khai khớp số kiểm chứng ở %(fitting)s trong %(compared)s kỳ có cả hai") % {
        "fitting": number(fitting), "compared": number(len(compared)),
    }  # fmt: skip
    return gettext("Đúng"), words, fitting == len(compared)
