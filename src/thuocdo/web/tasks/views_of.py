"""The ways to look at the same tasks: list, board, timeline, calendar; the filters travel from one to the other."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from .asked import is_filter

_WAYS = ("tasks", "task_board", "task_timeline", "task_calendar")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to look: its title and address with the filters of this page."""

    title: str
    address: str
    is_here: bool


def views_of(request: HttpRequest, here: str) -> list[Way]:
    """Links to the list, the board, the timeline and the calendar of what this page is narrowed to."""
    titles = {
        "tasks": gettext("Danh sách"),
        "task_board": gettext("Bảng việc"),
        "task_timeline": gettext("Tiến trình"),
        "task_calendar": gettext("Lịch"),
    }
    query = request.GET.copy()
    for name in list(query):
        if not (is_filter(name) or name in ("co_quan_ma", "muc")) or not query.get(name):
            del query[name]
    words = f"?{query.urlencode()}" if query else ""
    return [Way(titles[name], f"{reverse(name)}{words}", name == here) for name in _WAYS]
