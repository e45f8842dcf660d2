"""The timeline: each task a bar from assignment to deadline on one ruler, its milestones, what it waits for.

Drawn on the server as SVG; the table beside it says the same in words and is what screen readers meet.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.tasks.queries import State, Timing
from thuocdo.tasks.queries.plans import number_planned, planned, seen_among
from thuocdo.web.design.figures import named, number
from thuocdo.web.design.tables import address_with
from thuocdo.web.pages_kept import kept_page
from thuocdo.web.signed_in import login_required
from thuocdo.web.tasks.marks import Row
from thuocdo.web.tasks.narrowing import narrowed_for

from .scale import ZOOMS, Scale, scale_for

if TYPE_CHECKING:
    from thuocdo.tasks.models import Milestone, Task

MOST = 60
# Height of a line, and where in it the bar lies; the drawing is as wide as its place.
LINE, TOP, BAR = 34, 26, 12
ZOOM, FROM = "muc_do", "ngay"
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Dot:
    """A milestone on a line."""

    at: float
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One task on the ruler: places in per cent across, in pixels down."""

    row: Row
    y: int
    start: float
    width: float
    tone: str
    # The deadline first set, where it was moved; the time between is drawn hollow.
    original: float | None
    hollow: float
    milestones: list["Milestone"]
    dots: list[Dot]
    waits: list[str]

    @property
    def middle(self) -> int:
        """Where the middle of the bar lies."""
        return self.y + LINE // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """What one line waits for: from the end of a bar to the beginning of another."""

    x: float
    top: int
    bottom: int
    end: float


@require_GET
@login_required
@kept_page
def timeline(request: HttpRequest) -> HttpResponse:
    """The tasks of the address on a month, a quarter or a year."""
    today = timezone.localdate()
    zoom = request.GET.get(ZOOM, "quy")
    zoom = zoom if zoom in ZOOMS else "quy"
    scale = scale_for(zoom, _asked_day(request) or today)
    found = narrowed_for(request, today, "task_timeline")
    total = number_planned(found.tasks, scale.first, scale.last)
    tasks = planned(found.tasks, scale.first, scale.last, MOST)
    seen = seen_among(
        found.actor,
        {one.waits_for_id for task in tasks for one in task.dependencies.all() if one.waits_for_id is not None},
    )
    lines = [_line(task, place, scale, today, seen) for place, task in enumerate(tasks)]
    titles = {"thang": gettext("Tháng"), "quy": gettext("Quý"), "nam": gettext("Năm")}
    context = {
        "scale": scale,
        "lines": lines,
        "arrows": _arrows(lines, tasks, scale),
        "ticks": scale.ticks(),
        "height": TOP + LINE * len(lines) + 4,
        "bottom": TOP + LINE * len(lines),
        "line_height": LINE,
        "bar": BAR,
        "today_at": scale.at(today) if scale.shows(today) else None,
        "today": today,
        "zooms": [(address_with(request, **{ZOOM: word}), titles[word], word == zoom) for word in ZOOMS],
        "before": address_with(request, **{FROM: f"{scale.moved(-1):%Y-%m-%d}"}),
        "after": address_with(request, **{FROM: f"{scale.moved(1):%Y-%m-%d}"}),
        "now": address_with(request, **{FROM: None}),
        "title": _title(scale),
        "found": total,
        "left_out": max(0, total - len(lines)),
        "sentence": _sentence(scale, tasks, total, today),
    }
    return render(request, "tasks/timeline/page.html", found.context | context)


def _asked_day(request: HttpRequest) -> date | None:
    try:
        asked = date.fromisoformat(request.GET.get(FROM, ""))
    except ValueError:
        return None
    return asked if _FIRST_YEAR <= asked.year <= _LAST_YEAR else None


def _title(scale: Scale) -> str:
    first = scale.first
    if scale.zoom == "thang":
        return gettext("tháng %(month)s/%(year)s") % {"month": first.month, "year": first.year}
    if scale.zoom == "quy":
        roman = ("I", "II", "III", "IV")[(first.month - 1) // 3]
        return gettext("quý %(quarter)s/%(year)s") % {"quarter": roman, "year": first.year}
    return gettext("năm %(year)s") % {"year": first.year}


def _tone(row: Row) -> str:
    if row.task.state == State.COMPLETED:
        return "done"
    if row.task.state in (State.SUSPENDED, State.CANCELLED):
        return "quiet"
    return {Timing.OVERDUE: "overdue", Timing.DUE_SOON: "due-soon"}.get(row.timing, "on-time")


def _line(task: "Task", place: int, scale: Scale, today: date, seen: set[int]) -> Line:
    row = Row(task, today)
    assert task.due_on is not None  # noqa: S101 (the query asks for tasks with a deadline)
    start, end = scale.at(task.assigned_on), scale.after(task.due_on)
    moved = task.original_due_on is not None and task.original_due_on != task.due_on
    original = scale.after(task.original_due_on) if moved and task.original_due_on else None
    milestones = list(task.milestones.all())
    dots = [
        Dot(
            scale.after(one.due_on),
            "done" if one.reached_on else "overdue" if one.due_on < today else "on-time",
            one.title,
        )
        for one in milestones
        if scale.shows(one.due_on)
    ]
    waits = []
    for one in task.dependencies.all():
        if one.waits_for is not None:
            # What the reader may not see stays a task without a name.
            waits.append(one.waits_for.code if one.waits_for_id in seen else gettext("một nhiệm vụ khác"))
        else:
            owner = f" ({named(one.owner)})" if one.owner else ""
            state = gettext(", đã có") if one.fulfilled_on else ""
            waits.append(f"{one.title}{owner}{state}")
    return Line(
        row=row,
        y=TOP + place * LINE,
        start=start,
        width=max(end - start, 0.6),
        tone=_tone(row),
        original=original,
        hollow=max(end - original, 0.0) if original is not None else 0.0,
        milestones=milestones,
        dots=dots,
        waits=waits,
    )


def _arrows(lines: list[Line], tasks: "list[Task]", scale: Scale) -> list[Arrow]:
    """An arrow for each pair of lines of which one waits for the other."""
    by_task = {line.row.task.pk: line for line in lines}
    found = []
    for task in tasks:
        for one in task.dependencies.all():
            before = by_task.get(one.waits_for_id) if one.waits_for_id else None
            if before is None:
                continue
            line = by_task[task.pk]
            found.append(Arrow(before.start + before.width, before.middle, line.middle, max(line.start, 0)))
    return found


def _sentence(scale: Scale, tasks: "list[Task]", total: int, today: date) -> str:
    if not total:
        return gettext("Không có nhiệm vụ nào có hạn trong %(time)s trở đi.") % {"time": _title(scale)}
    moved = sum(task.original_due_on is not None and task.original_due_on != task.due_on for task in tasks)
    milestones = [one for task in tasks for one in task.milestones.all() if scale.shows(one.due_on)]
    late = sum(one.reached_on is None and one.due_on < today for one in milestones)
    said = [
        ngettext("%(number)s nhiệm vụ đang chạy trong %(time)s", "%(number)s nhiệm vụ đang chạy trong %(time)s", total)
        % {"number": number(total), "time": _title(scale)}
    ]
    if milestones:
        said.append(
            ngettext("%(number)s mốc đến hạn", "%(number)s mốc đến hạn", len(milestones))
            % {"number": number(len(milestones))}
        )
    if late:
        said.append(ngettext("%(number)s mốc đã lỡ", "%(number)s mốc đã lỡ", late) % {"number": number(late)})
    if moved:
        said.append(
            ngettext("%(number)s nhiệm vụ đã lùi hạn", "%(number)s nhiệm vụ đã lùi hạn", moved)
            % {"number": number(moved)}
        )
    return "; ".join(said) + "."
