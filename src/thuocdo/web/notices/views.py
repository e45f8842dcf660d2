"""My notices: read them, acknowledge one, some or all, take that back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Actor
from thuocdo.alerts import messages
from thuocdo.alerts.operations import acknowledge, see, take_back_acknowledgement
from thuocdo.alerts.queries import (
    Below,
    Kind,
    Standing,
    acknowledged_below,
    for_page,
    ladder_on,
    notice_of,
    notices_of,
    numbers_by_kind,
    open_notices,
)
from thuocdo.web.design.blocks import say, say_undoable
from thuocdo.web.design.figures import named, number
from thuocdo.web.design.marks import door, icon
from thuocdo.web.design.tables import PAGE, address_with, page_of
from thuocdo.web.feeds.silence import silences
from thuocdo.web.signed_in import actor_of, login_required

MOMENT = "%Y%m%dT%H%M%S%f"
# Words of the address for the two views of the page.
OPEN, ALL = "", "tat-ca"


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as a row shows it."""

    pk: int
    kind: str
    mark: SafeString
    title: str
    said: str
    asked: str
    lead: str
    raised_at: datetime
    below: Below | None
    is_open: bool
    is_new: bool
    standing: str


_MARKS = {
    Kind.REMINDER: "m-due-soon",
    Kind.OVERDUE: "m-overdue",
    Kind.ASSIGNED: "m-not-started",
    Kind.RETURNED: "m-returned",
    Kind.WAITING: "m-submitted",
    Kind.DECIDED: "m-disputed",
    Kind.JUDGED: "m-done",
    Kind.MENTIONED: "i-note",
    Kind.URGED: "m-hollow-alert",
    Kind.FINDING: "m-disputed",
}


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The person's notices, open ones first; `?loai=` narrows to a kind, `?muc=tat-ca` shows acknowledged ones, too."""
    actor, today = actor_of(request), timezone.localdate()
    word = ALL if request.GET.get("muc") == ALL else OPEN
    asked = request.GET.get("loai", "")
    kind = Kind(asked) if asked in Kind.values else None
    counts = numbers_by_kind(open_notices(actor))
    found = notices_of(actor) if word == ALL else open_notices(actor)
    if kind is not None:
        found = found.filter(kind=kind)
    rows = page_of(request, for_page(found))
    return render(
        request,
        "notices/page.html",
        {
            "sentence": _sentence(counts),
            "silent_feeds": silences(actor),
            "lines": _lines(list(rows.object_list), today),
            "page": rows,
            "word": word,
            "kind": kind,
            "waiting": counts.get(kind, 0) if kind is not None else sum(counts.values()),
            "kinds": [
                {
                    "address": address_with(request, loai=one.value, **{PAGE: None}),
                    "title": one.label,
                    "number": counts[one],
                    "is_here": one == kind,
                }
                for one in Kind
                if counts.get(one) or one == kind
            ],
            "bare_address": address_with(request, loai=None, **{PAGE: None}),
            "open_address": reverse("notices"),
            "all_address": f"{reverse('notices')}?muc={ALL}",
            "open_number": sum(counts.values()),
        },
    )


def _sentence(counts: dict[Kind, int]) -> SafeString:
    total = sum(counts.values())
    if not total:
        return format_html("{}", gettext("Không có thông báo nào chờ bạn xác nhận."))
    late = counts.get(Kind.OVERDUE, 0)
    words = ngettext("thông báo chờ bạn xác nhận", "thông báo chờ bạn xác nhận", total)
    if not late:
        return format_html("{} {}.", door(reverse("notices"), total), words)
    return format_html(
        "{} {}, {} {}.",
        door(reverse("notices"), total),
        words,
        door(f"{reverse('notices')}?loai={Kind.OVERDUE}", late),
        ngettext("về việc quá hạn", "về việc quá hạn", late),
    )


def _lines(notices: list, today: date) -> list[Line]:  # type: ignore[type-arg]
    version = ladder_on(today) if notices else None
    asks = {rung.code: rung.ask for rung in version.ladder.rungs} if version else {}
    below = acknowledged_below(notices)
    return [
        Line(
            pk=notice.pk,
            kind=notice.get_kind_display(),
            mark=icon(_MARKS[Kind(notice.kind)]),
            title=messages.title_of(notice),
            said=messages.said(notice, today),
            asked=messages.asked(notice, asks),
            lead=named(notice.task.lead) if notice.task else "",
            raised_at=notice.raised_at,
            below=below.get(notice.pk),
            is_open=notice.standing == Standing.OPEN,
            is_new=notice.seen_at is None,
            standing=notice.get_standing_display(),
        )
        for notice in notices
    ]


@require_GET
@login_required
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Go to what a notice is about; notes that the person has seen it."""
    notice = notice_of(actor_of(request), number)
    if notice is None:
        raise Http404
    see(at=timezone.now(), notice=notice)
    if notice.urging_id:
        return redirect("urging", number=notice.urging_id)
    if notice.finding_id:
        if notice.findings > 1:
            return redirect(f"{reverse('findings')}?muc=open")
        return redirect("finding", number=notice.finding_id)
    if notice.task is None:
        raise Http404
    return redirect("task", code=notice.task.code)


@require_POST
@login_required
def acknowledging(request: HttpRequest) -> HttpResponse:
    """Acknowledge the notices named by `so`, or all (of `loai`) with `tat_ca`; offers to take it back."""
    actor, now = actor_of(request), timezone.now()
    asked = request.POST.get("loai", "")
    kind = Kind(asked) if asked in Kind.values else None
    if request.POST.get("tat_ca"):
        done = acknowledge(actor=actor, at=now, kind=kind)
    else:
        numbers = [int(word) for word in request.POST.getlist("so") if word.isdecimal() and len(word) < 19]
        done = acknowledge(actor=actor, at=now, numbers=numbers)
    _say(request, actor, done, now)
    back = f"?loai={kind}" if kind is not None and not request.POST.get("tat_ca") else ""
    return redirect(f"{reverse('notices')}{back}")


def _say(request: HttpRequest, actor: Actor, done: int, at: datetime) -> None:
    if not done:
        say(request, gettext("Các thông báo này đã được xác nhận từ trước."))
        return
    words = ngettext("Đã xác nhận %(number)s thông báo.", "Đã xác nhận %(number)s thông báo.", done)
    undo = reverse("notices_undo", args=[at.astimezone(UTC).strftime(MOMENT)])
    say_undoable(request, words % {"number": number(done)}, undo)


@require_POST
@login_required
def undo(request: HttpRequest, moment: str) -> HttpResponse:
    """Open again what was acknowledged at the moment."""
    try:
        at = datetime.strptime(moment, MOMENT).replace(tzinfo=UTC)
    except ValueError as error:
        raise Http404 from error
    done = take_back_acknowledgement(actor=actor_of(request), at=timezone.now(), acknowledged_at=at)
    if done:
        words = ngettext("Đã mở lại %(number)s thông báo.", "Đã mở lại %(number)s thông báo.", done)
        say(request, words % {"number": number(done)})
    return redirect("notices")
