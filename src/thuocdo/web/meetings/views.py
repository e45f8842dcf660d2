"""The list of meetings, planning one, and one meeting with what can be done to it."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, require_anywhere
from thuocdo.engine.calendars import working_days_between
from thuocdo.meetings import operations
from thuocdo.meetings.operations import MeetingRefused
from thuocdo.meetings.queries import (
    MeetingState,
    acts_from,
    conclusion_by_number,
    may_keep,
    may_read_conclusions,
    meeting_by_id,
    meetings_listed,
    next_of,
    notices_of,
    participants,
    previous_of,
    recorded,
    upcoming,
    visible_to,
    with_participants,
)
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.design.figures import day, days_left
from thuocdo.web.design.marks import door
from thuocdo.web.design.tables import page_of
from thuocdo.web.signed_in import actor_of, login_required

from .forms import IssueForm, PlanForm, ReasonForm

if TYPE_CHECKING:
    from thuocdo.meetings.models import Conclusion, Meeting


@require_GET
@login_required
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings to come and those that were held, as far as the reader may see them."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_TASKS)
    coming = meetings_listed(visible_to(actor).filter(state__in=(MeetingState.PLANNED, MeetingState.HELD)))
    past = meetings_listed(visible_to(actor).filter(state__in=(MeetingState.CONCLUDED, MeetingState.CANCELLED)))
    return render(
        request,
        "meetings/list.html",
        {
            "sentence": _next_words(upcoming(actor, today), today),
            "coming": list(coming.order_by("held_on", "begins_at", "pk")[:50]),
            "page": page_of(request, past.order_by("-held_on", "-pk")),
            "may_plan": may_anywhere(actor, Permission.HOLD_MEETING),
        },
    )


def _next_words(meeting: "Meeting | None", today: date) -> SafeString | str:
    if meeting is None:
        return gettext("Chưa có cuộc họp nào sắp tới.")
    address = reverse("meeting", args=[meeting.pk])
    if meeting.state == MeetingState.HELD:
        return format_html("{} {}.", gettext("Đang họp:"), door(address, meeting.title))
    left = days_left(working_days_between(today, meeting.held_on)) if meeting.held_on > today else gettext("hôm nay")
    return format_html(
        "{} {}, {} ({}).", gettext("Cuộc họp tới:"), door(address, meeting.title), day(meeting.held_on), left
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.HOLD_MEETING)
    return _plan(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change a planned meeting."""
    actor = actor_of(request)
    meeting = with_participants(visible_to(actor).select_related("holder", "office")).filter(pk=number).first()
    if meeting is None or "revise" not in acts_from(meeting.state) or not may_keep(actor, meeting):
        raise Http404
    return _plan(request, actor, meeting)


def _plan(request: HttpRequest, actor: Actor, meeting: "Meeting | None") -> HttpResponse:
    form = PlanForm(actor, request.POST if request.method == "POST" else None, meeting=meeting)
    status = HTTPStatus.OK
    if request.method == "POST":
        saved = form.save(timezone.now())
        if saved is not None:
            say(request, gettext("Đã lưu cuộc họp."))
            return redirect("meeting", number=saved.pk)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "meetings/plan.html", {"form": form, "meeting": meeting}, status=status)


def meeting_or_404(number: int, actor: Actor) -> "Meeting":
    """The meeting, or 404 for one that the reader may not see."""
    meeting = meeting_by_id(number, actor=actor)
    if meeting is None:
        raise Http404
    return meeting


def readable_or_404(number: int, actor: Actor) -> "Meeting":
    """The meeting that was held, or 404 for one whose conclusions the reader may not read."""
    meeting = meeting_or_404(number, actor)
    if meeting.state not in (MeetingState.HELD, MeetingState.CONCLUDED) or not may_read_conclusions(actor, meeting):
        raise Http404
    return meeting


def conclusion_or_404(meeting: "Meeting", line: int) -> "Conclusion":
    """The conclusion of this number, or 404."""
    conclusion = conclusion_by_number(meeting, line)
    if conclusion is None:
        raise Http404
    return conclusion


@require_GET
@login_required
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """One meeting; 404 for one that the reader may not see."""
    actor = actor_of(request)
    return _page(request, actor, meeting_or_404(number, actor))


def _page(request: HttpRequest, actor: Actor, shown: "Meeting", **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    keeps = may_keep(actor, shown)
    acts = set(acts_from(shown.state)) if keeps else set()
    reads = shown.state in (MeetingState.HELD, MeetingState.CONCLUDED) and may_read_conclusions(actor, shown)
    lines = [one for one in recorded(actor, shown) if one.conclusion.state == "recorded"] if reads else []
    notices = notices_of(shown) if reads else []
    form = forms.get("issue") or IssueForm(initial={"issued_on": today})
    return render(
        request,
        "meetings/one.html",
        {
            "meeting": shown,
            "sentence": _of_meeting(shown, lines, today),
            "previous": previous_of(shown),
            "following": next_of(shown),
            "participants": participants(shown),
            "acts": acts,
            "reads": reads,
            "keeps": keeps,
            "lines": lines,
            "unsettled": sum(len(one.unsettled) for one in lines),
            "notices": notices,
            "may_issue": reads and shown.state == MeetingState.CONCLUDED and keeps,
            "issue": form,
            "reason": forms.get("reason") or ReasonForm(),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if forms else HTTPStatus.OK,
    )


def _of_meeting(shown: "Meeting", lines: list[Any], today: date) -> SafeString | str:
    words = {"day": day(shown.held_on), "number": len(lines), "tasks": sum(len(one.tasks) for one in lines)}
    match shown.state:
        case MeetingState.PLANNED:
            if shown.held_on > today:
                left = days_left(working_days_between(today, shown.held_on))
                return gettext("Họp ngày %(day)s, %(left)s; tài liệu tự cập nhật đến khi khai mạc.") % (
                    words | {"left": left}
                )
            return gettext("Họp ngày %(day)s; bấm “Khai mạc” để chốt tài liệu và ghi kết luận.") % words
        case MeetingState.CANCELLED:
            return gettext("Đã hủy: %(reason)s") % {"reason": shown.reason}
        case MeetingState.HELD:
            return gettext("Đang họp: đã ghi %(number)s kết luận, thành %(tasks)s nhiệm vụ.") % words
    if not lines:
        return gettext("Đã họp ngày %(day)s.") % words
    return gettext("Đã họp ngày %(day)s: %(number)s kết luận, thành %(tasks)s nhiệm vụ.") % words


_ACTS: dict[str, Callable[..., "Meeting"]] = {
    "khai-mac": operations.hold_meeting,
    "ket-thuc": operations.conclude_meeting,
    "mo-lai": operations.reopen_meeting,
    "khoi-phuc": operations.restore_meeting,
}


@require_POST
@login_required
def act(request: HttpRequest, number: int, word: str) -> HttpResponse:
    """Do something to a meeting and come back to it."""
    actor, now = actor_of(request), timezone.now()
    shown = meeting_or_404(number, actor)
    try:
        if word == "huy":
            operations.cancel_meeting(actor=actor, at=now, meeting=shown, reason=request.POST.get("reason", ""))
            say_undoable(request, gettext("Đã hủy cuộc họp."), reverse("meeting_act", args=[number, "khoi-phuc"]))
            return redirect("meeting", number=number)
        if word not in _ACTS:
            raise Http404
        _ACTS[word](actor=actor, at=now, meeting=shown)
    except MeetingRefused as refusal:
        said, _semicolon, remedy = str(refusal).rpartition("; ")
        say_wrong(request, said or str(refusal), remedy)
        return redirect("meeting_conclusions" if word == "ket-thuc" else "meeting", number=number)
    if word == "khai-mac":
        say(request, gettext("Đã chốt tài liệu họp; ghi kết luận tại đây."))
        return redirect("meeting_conclusions", number=number)
    words = {
        "ket-thuc": gettext("Đã kết thúc cuộc họp; nhập số, ký hiệu khi ban hành thông báo."),
        "mo-lai": gettext("Đã mở lại để ghi thêm kết luận."),
        "khoi-phuc": gettext("Đã khôi phục cuộc họp."),
    }
    say(request, words[word])
    return redirect("meeting", number=number)


@require_POST
@login_required
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """Issue the notice of conclusions under its number."""
    actor = actor_of(request)
    shown = meeting_or_404(number, actor)
    form = IssueForm(request.POST)
    notice = form.save(actor, shown, timezone.now())
    if notice is None:
        return _page(request, actor, shown, issue=form)
    say(request, gettext("Đã ban hành Thông báo số %(number)s.") % {"number": notice.number})
    return redirect("meeting", number=number)
