"""The calendar: the deadlines and milestones of a month, with the days on which nobody works."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.engine.calendars import is_working_day
from thuocdo.organisations.working_days import swapped_days
from thuocdo.tasks.queries.plans import counts_by_day, due_between, milestones_between
from thuocdo.web.design.figures import number
from thuocdo.web.design.tables import address_with
from thuocdo.web.pages_kept import kept_page
from thuocdo.web.signed_in import login_required
from thuocdo.web.tasks.marks import Row
from thuocdo.web.tasks.narrowing import narrowed_for
from thuocdo.web.tasks.timeline.scale import plus_months

if TYPE_CHECKING:
    from thuocdo.tasks.models import Milestone

MONTH = "thang"
MOST, MOST_A_DAY = 400, 4
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(slots=True)
class Day:
    """A day of the grid: what falls due on it, and whether people work."""

    day: date
    is_of_month: bool
    is_today: bool
    free: str = ""
    made_up: bool = False
    number: int = 0
    rows: list[Row] = field(default_factory=list)
    milestones: "list[Milestone]" = field(default_factory=list)
    address: str = ""

    @property
    def more(self) -> int:
        """How many tasks of the day are not named."""
        return self.number - len(self.rows)


@require_GET
@login_required
@kept_page
def calendar(request: HttpRequest) -> HttpResponse:
    """A month of what the filters leave."""
    today = timezone.localdate()
    first = _asked_month(request) or today.replace(day=1)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    start, end = weeks[0][0], weeks[-1][-1]
    found = narrowed_for(request, today, "task_calendar")
    numbers = counts_by_day(found.tasks, start, end)
    tasks = due_between(found.tasks, start, end, MOST)
    milestones = milestones_between(found.tasks, start, end, MOST)
    days = {one: _day(request, one, first, today, numbers) for week in weeks for one in week}
    for task in tasks:
        if task.due_on is not None and len(days[task.due_on].rows) < MOST_A_DAY:
            days[task.due_on].rows.append(Row(task, today))
    for one in milestones:
        days[one.due_on].milestones.append(one)
    in_month = sum(count for one, count in numbers.items() if one.month == first.month)
    context = {
        "weeks": [[days[one] for one in week] for week in weeks],
        "names": [gettext("Thứ Hai"), gettext("Thứ Ba"), gettext("Thứ Tư"), gettext("Thứ Năm"), gettext("Thứ Sáu"),
                  gettext("Thứ Bảy"), gettext("Chủ nhật")],
        "first": first,
        "title": gettext("tháng %(month)s/%(year)s") % {"month": first.month, "year": first.year},
        "before": address_with(request, **{MONTH: f"{plus_months(first, -1):%Y-%m}"}),
        "after": address_with(request, **{MONTH: f"{plus_months(first, 1):%Y-%m}"}),
        "now": address_with(request, **{MONTH: None}),
        "found": in_month,
        "sentence": _sentence(first, numbers, milestones, today),
    }  # fmt: skip
    return render(request, "tasks/calendar/page.html", found.context | context)


def _asked_month(request: HttpRequest) -> date | None:
    try:
        asked = date.fromisoformat(f"{request.GET.get(MONTH, '')}-01")
    except ValueError:
        return None
    return asked if _FIRST_YEAR <= asked.year <= _LAST_YEAR else None


def _day(request: HttpRequest, one: date, first: date, today: date, numbers: dict[date, int]) -> Day:
    swaps = swapped_days()
    works = is_working_day(one, overrides=swaps)
    is_weekend = one.weekday() >= 5
    free = ""
    if not works:
        free = gettext("nghỉ hoán đổi") if one in swaps else "" if is_weekend else gettext("nghỉ lễ")
    query = request.GET.copy()
    query.pop(MONTH, None)
    query["tu"] = query["den"] = f"{one:%d/%m/%Y}"
    query.setdefault("muc", "tat-ca")
    return Day(
        day=one,
        is_of_month=one.month == first.month,
        is_today=one == today,
        free=free or (gettext("cuối tuần") if not works else ""),
        made_up=works and is_weekend,
        number=numbers.get(one, 0),
        address=f"/nhiem-vu/?{query.urlencode()}",
    )


def _sentence(first: date, numbers: dict[date, int], milestones: "list[Milestone]", today: date) -> SafeString:
    mine = {one: count for one, count in numbers.items() if one.month == first.month and one.year == first.year}
    total = sum(mine.values())
    marks = sum(one.due_on.month == first.month for one in milestones)
    if not total and not marks:
        return format_html("{}", gettext("Tháng này không có hạn nào."))
    said = [
        ngettext("%(number)s nhiệm vụ đến hạn trong tháng", "%(number)s nhiệm vụ đến hạn trong tháng", total)
        % {"number": number(total)}
    ]
    if marks:
        said.append(ngettext("%(number)s mốc", "%(number)s mốc", marks) % {"number": number(marks)})
    ahead = {one: count for one, count in mine.items() if today <= one <= today + timedelta(days=31)}
    if ahead:
        busiest = max(ahead, key=lambda one: (ahead[one], -one.toordinal()))
        if ahead[busiest] > 1:
            said.append(
                gettext("dồn nhiều nhất vào ngày %(day)s (%(number)s nhiệm vụ)")
                % {"day": f"{busiest:%d/%m}", "number": number(ahead[busiest])}
            )
    return format_html("{}.", "; ".join(said))
