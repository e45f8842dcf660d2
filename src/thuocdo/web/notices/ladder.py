"""The ladder of reminders in force, as a table that people can read."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.alerts.queries import Audience, Counting, Rung, ladder_on
from thuocdo.web.design.figures import titled
from thuocdo.web.signed_in import actor_of, login_required


@dataclass(frozen=True, slots=True)
class Step:
    """A rung in words."""

    when: str
    people: list[str]
    ask: str
    by_mail: bool
    proposes_note: bool
    is_day: bool


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The rungs, who is told on each, and what is asked."""
    require_anywhere(actor_of(request), Permission.VIEW_TASKS)
    version = ladder_on(timezone.localdate())
    steps = [_step(rung) for rung in version.ladder.rungs] if version else []
    return render(
        request,
        "notices/ladder.html",
        {
            "version": version,
            "steps": steps,
            "approved_by": titled(version.approved_by) if version else "",
            "counts_working_days": version is not None and version.ladder.counting == Counting.WORKING,
            "is_moved": version is not None and version.ladder.closed_days == "moved",
            "noting": sum(step.proposes_note for step in steps),
        },
    )


def _step(rung: Rung) -> Step:
    return Step(
        when=_when(rung.days),
        people=[_who(audience) for audience in rung.audience],
        ask=str(titled(dict(rung.ask))),
        by_mail=rung.by_mail,
        proposes_note=rung.proposes_note,
        is_day=rung.days == 0,
    )


def _when(days: int) -> str:
    if days == 0:
        return gettext("Ngày đến hạn")
    if days < 0:
        return ngettext("%(days)s ngày trước hạn", "%(days)s ngày trước hạn", -days) % {"days": -days}
    return ngettext("%(days)s ngày sau hạn", "%(days)s ngày sau hạn", days) % {"days": days}


def _who(audience: Audience) -> str:
    return {
        Audience.FOCAL_POINTS: gettext("Đầu mối của cơ quan chủ trì"),
        Audience.HEAD: gettext("Người đứng đầu cơ quan chủ trì"),
        Audience.ASSIGNING: gettext("Cơ quan giao việc"),
        Audience.SUPERIOR: gettext("Cơ quan cấp trên trực tiếp"),
        Audience.STANDING_OFFICE: gettext("Cơ quan thường trực"),
    }[audience]
