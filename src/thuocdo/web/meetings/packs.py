"""What lies on the table of a meeting, as a page and on paper; and the word that a body gives before it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thuocdo.engine.calendars import working_days_between
from thuocdo.meetings.files import PackPaper, pack_docx, pack_pdf
from thuocdo.meetings.queries import (
    SECTIONS,
    STANDINGS,
    Line,
    MeetingState,
    Pack,
    Seen,
    heads_of,
    pack_of,
    pack_paper,
    seen_by,
    sessions_of,
    standings,
    totals,
)
from thuocdo.tasks.queries import task_by_code
from thuocdo.web.design.blocks import say
from thuocdo.web.design.figures import day, named
from thuocdo.web.design.marks import door, status
from thuocdo.web.design.tables import page_of
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

from .forms import PromiseForm, new_key
from .views import meeting_or_404
from .wording import KINDS, MARKS, PLACES, VERDICT_OF, WORDS, session_words
from .wording import SECTIONS as TITLES

if TYPE_CHECKING:
    from thuocdo.meetings.models import Meeting

# So many rows of each part stand on the page itself; its heading and its foot lead to all of them.
MOST = 12
# Ending of the file: its type, what draws it.
FILES: dict[str, tuple[str, Callable[[PackPaper], bytes]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", pack_docx),
    "pdf": ("application/pdf", pack_pdf),
}
_STATUS = {"no_deadline": "on_time"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the pack with what the page says of it."""

    line: Line
    lead: str
    address: str
    head: str = ""
    session: str = ""
    kind: str = ""
    proposed: str = ""
    days: int | None = None
    now: str = ""
    before: str = ""
    decide: str = ""


@require_GET
@login_required
def pack(request: HttpRequest, number: int) -> HttpResponse:
    """The pack as far as the reader may see it: living until the meeting begins, then as it was frozen."""
    actor = actor_of(request)
    meeting = meeting_or_404(number, actor)
    if meeting.state == MeetingState.CANCELLED:
        raise Http404
    seen = seen_by(actor, meeting, pack_of(meeting, timezone.now()))
    found, bodies, sessions = seen.pack, seen.bodies, sessions_of(meeting)
    asked = WORDS.get(request.GET.get("muc", ""), "")
    page = page_of(request, found.lines(asked)) if asked else None
    shown = (
        {asked: list(page.object_list)}
        if page is not None
        else {one: list(found.lines(one)[:MOST]) for one in SECTIONS}
    )
    heads = heads_of(tuple(shown.get("overdue", ())), bodies)
    sections = [
        {
            "name": name,
            "word": PLACES[name],
            "title": _title(name, found),
            "number": len(found.lines(name)),
            "rows": [_shown(line, seen, sessions, heads, meeting) for line in shown[name]],
            "is_cut": page is None and len(found.lines(name)) > MOST,
        }
        for name in SECTIONS
        if name in shown and (found.since is not None or name not in ("moved", "resolved"))
    ]
    return render(
        request,
        "meetings/pack.html",
        {
            "meeting": meeting,
            "pack": found,
            "sentence": _sentence(found, request.path),
            "asked": asked,
            "page": page,
            "sections": sections,
            "counts": _counts(found),
            "told": standings(found.promises),
            "since_words": session_words(sessions[found.since_meeting]) if found.since_meeting in sessions else "",
            "promising": seen.answers_for if meeting.state in (MeetingState.PLANNED, MeetingState.HELD) else (),
            "is_frozen": meeting.held_at is not None,
            "as_of": found.at,
            "files": [(reverse("meeting_pack_file", args=[number, ending]), ending) for ending in FILES],
        },
    )


def _title(name: str, found: Pack) -> str:
    if name == "overdue" and found.since is None:
        return gettext("Nhiệm vụ quá hạn")
    return str(TITLES[name])


def _sentence(found: Pack, path: str) -> SafeString:
    told = standings(found.promises)

    def counted(name: str, number: int, words: str) -> SafeString:
        return (
            format_html("{} {}", door(f"{path}?muc={PLACES[name]}", number), words)
            if number
            else format_html("{} {}", number, words)
        )

    overdue = len(found.overdue)
    parts = [
        counted(
            "overdue",
            overdue,
            ngettext("nhiệm vụ mới quá hạn", "nhiệm vụ mới quá hạn", overdue)
            if found.since
            else ngettext("nhiệm vụ quá hạn", "nhiệm vụ quá hạn", overdue),
        )
    ]
    if found.since is not None:
        parts.append(counted("resolved", len(found.resolved), gettext("việc quá hạn đã giải quyết")))
    if found.promises:
        words = gettext("lời hứa sai hẹn trong %(all)s lời hứa") % {"all": len(found.promises)}
        parts.append(counted("promises", told["broken"], words))
    parts.append(counted("wanted", len(found.wanted), gettext("việc cần quyết định")))
    joined = format_html_join(", ", "{}", ((part,) for part in parts))
    return format_html("{} {}.", gettext("Từ phiên trước:") if found.since else gettext("Trên bàn họp:"), joined)


def _counts(found: Pack) -> list[dict[str, Any]]:
    now, before = totals(found.now), totals(found.before)
    rows = [
        {
            "title": MARKS[name],
            "now": now[name],
            "before": before[name],
            "change": now[name] - before[name],
            "name": name,
        }
        for name in STANDINGS
        if now[name] or before[name]
    ]
    total = {
        "title": gettext("Tổng số"),
        "now": sum(now.values()),
        "before": sum(before.values()),
        "change": sum(now.values()) - sum(before.values()),
        "name": "",
    }
    return [*rows, total] if rows else []


def _shown(
    line: Line,
    seen: Seen,
    sessions: "dict[int, Meeting]",
    heads: Any,
    meeting: "Meeting",
) -> Shown:
    found, bodies = seen.pack, seen.bodies
    body, head = bodies.get(line.lead), None
    if line.due_on is not None:
        head = heads.get((line.lead, line.due_on))
    address = reverse("finding", args=[line.number]) if line.kind == "finding" else reverse("task", args=[line.code])
    decide = ""
    if seen.keeps and meeting.state == MeetingState.HELD and line.kind in VERDICT_OF:
        decide = f"{reverse('meeting_conclusions', args=[meeting.pk])}?nv={line.code}&viec={VERDICT_OF[line.kind]}"
    days = working_days_between(found.at.date(), line.due_on) if line.due_on and line.now == "overdue" else None
    made = sessions.get(line.meeting)
    shown = Shown(
        line=line,
        lead=named(body) if body else line.lead,
        address=address,
        head=f"{head.post}: {head.person}" if head else "",
        session=session_words(made) if made else "",
        kind=str(KINDS.get(line.kind, "")),
        proposed=named(bodies[line.proposed]) if line.proposed in bodies else "",
        days=days,
        decide=decide,
    )
    return replace(
        shown,
        now=_mark(line.now, days),
        before=_mark(line.before, None) if line.before else format_html("{}", gettext("mới giao")),
    )


def _mark(word: str, days: int | None) -> SafeString:
    if not word:
        return SafeString("")
    if word == "no_deadline":
        return format_html("{}", MARKS[word])
    return status(_STATUS.get(word, word), days)


@require_GET
@login_required
def file(request: HttpRequest, number: int, ending: str) -> HttpResponse:
    """The pack on paper, with what the reader may see and nothing else."""
    if ending not in FILES:
        raise Http404
    actor = actor_of(request)
    meeting = meeting_or_404(number, actor)
    if meeting.state == MeetingState.CANCELLED:
        raise Http404
    media_type, draw = FILES[ending]
    content = draw(pack_paper(meeting, seen_by(actor, meeting, pack_of(meeting, timezone.now()))))
    return attachment(content, name=f"tai-lieu-hop-{number}-{meeting.held_on:%Y-%m-%d}.{ending}", media_type=media_type)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def promise(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """The reason for which a task is late, and the day by which it will be done."""
    actor, today = actor_of(request), timezone.localdate()
    meeting = meeting_or_404(number, actor)
    task = task_by_code(code, actor=actor)
    if task is None or meeting.state not in (MeetingState.PLANNED, MeetingState.HELD):
        raise Http404
    form = PromiseForm(request.POST if request.method == "POST" else None, initial={"key": new_key()})
    if request.method == "POST" and form.save(actor, meeting, task, timezone.now()):
        words = {"code": code, "day": day(form.cleaned_data["promised_on"])}
        say(request, gettext("Đã ghi cam kết xong nhiệm vụ %(code)s chậm nhất ngày %(day)s.") % words)
        return redirect("meeting_pack", number=number)
    context = {"form": form, "meeting": meeting, "task": task, "days": _days(task.due_on, today)}
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "meetings/promise.html", context, status=status_code)


def _days(due_on: date | None, today: date) -> int | None:
    return working_days_between(today, due_on) if due_on is not None else None
