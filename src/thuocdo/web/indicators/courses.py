"""How every body of a page fared over the last periods: small multiples on one scale, with the change in words."""

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.engine.calendars import Period
from thuocdo.web.charts.multiples import Panel, multiples
from thuocdo.web.design.figures import short_named
from thuocdo.web.design.marks import change

from .compared import beginning
from .words import briefly, period_in_words, title_of, unit_of, unit_of_difference, with_unit

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Course, Indicator

    from .compared import Comparison, Peer


def courses_of(indicator: "Indicator", found: "Comparison") -> SafeString:
    """The curves of the bodies on the page, in the order of the table; empty where there is nothing to compare."""
    if found.period.kind != indicator.frequency:
        return SafeString("")
    periods = [beginning(indicator, found.period)]
    while periods[-1] != found.period:
        periods.append(periods[-1].next())
    peers: list[Peer] = list(found.page.object_list)
    # What nobody was told of yet needs no empty stretch at the left.
    known = {label for course in found.courses.values() for label in course.values}
    while len(periods) > 2 and periods[0].label not in known:
        periods.pop(0)
    unit = unit_of(indicator)
    levels = {one.due for one in peers if one.due is not None}
    return multiples(
        [_panel(one, found.courses.get(one.body.pk), periods, indicator) for one in peers],
        title=gettext("%(name)s: diễn biến của từng cơ quan") % {"name": title_of(indicator)},
        first=period_in_words(periods[0]),
        last=period_in_words(periods[-1]),
        words=lambda value: with_unit(round(value, 2), unit),
        unit=unit_of_difference(unit),
        # Bodies with levels of their own share no line.
        level=float(levels.pop()) if len(levels) == 1 else None,
    )


def _panel(peer: "Peer", course: "Course | None", periods: list[Period], indicator: "Indicator") -> Panel:
    values = [course.values.get(one.label) if course is not None else None for one in periods]
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    words, last = SafeString(""), ""
    if known:
        last = briefly(round(known[-1][1], 2), unit_of(indicator))
    if len(known) > 1:
        step = round(known[-1][1] - known[0][1], 2)
        words = change(step, "", 0 if step == round(step) else 1, higher_is_better=_better(indicator.direction))
    return Panel(short_named(peer.body), peer.address, values, last, words, peer.is_chosen)


def _better(direction: int) -> bool | None:
    return None if not direction else direction > 0
