"""What a meeting concludes, line by line: lines are pasted, each is confirmed and leads to its task."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor
from thuocdo.meetings import operations
from thuocdo.meetings.operations import MeetingRefused
from thuocdo.meetings.queries import (
    ConclusionKind,
    ConclusionState,
    MeetingState,
    Recorded,
    may_keep,
    recorded,
    versions_of,
)
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.signed_in import actor_of, login_required

from .forms import ConfirmForm, LinesForm, new_key
from .views import conclusion_or_404, readable_or_404

if TYPE_CHECKING:
    from thuocdo.meetings.models import Meeting


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def conclusions(request: HttpRequest, number: int) -> HttpResponse:
    """All conclusions of a meeting; while it is held, whoever keeps it adds lines and confirms them one by one."""
    actor = actor_of(request)
    meeting = readable_or_404(number, actor)
    form = LinesForm(request.POST if request.method == "POST" else None, initial={"key": new_key()})
    if request.method == "POST":
        lines = form.save(actor, meeting, timezone.now())
        if lines:
            words = ngettext(
                "Đã nhập %(number)s dòng, chờ xác nhận.", "Đã nhập %(number)s dòng, chờ xác nhận.", len(lines)
            )
            say(request, words % {"number": len(lines)})
            upon = _upon(request)
            place = f"?dong={lines[0].number}{upon}#dong-{lines[0].number}"
            return redirect(f"{reverse('meeting_conclusions', args=[number])}{place}")
    return _list(request, actor, meeting, lines_form=form)


def _upon(request: HttpRequest) -> str:
    """The task upon which a decision is about to be written, carried along in the address."""
    code, verdict = request.GET.get("nv", "")[:20], request.GET.get("viec", "")[:20]
    safe = code.replace("-", "").isalnum() and verdict.replace("_", "").isalpha()
    return f"&nv={code}&viec={verdict}" if safe else ""


def _list(
    request: HttpRequest,
    actor: Actor,
    meeting: "Meeting",
    *,
    lines_form: LinesForm | None = None,
    confirm: ConfirmForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    rows = recorded(actor, meeting)
    keeps = may_keep(actor, meeting)
    is_recording = keeps and meeting.state == MeetingState.HELD
    if not keeps:
        rows = [one for one in rows if one.conclusion.state == ConclusionState.RECORDED]
    waiting = [one for one in rows if one.conclusion.state == ConclusionState.PROPOSED]
    opened = _opened(request, waiting, confirm) if is_recording else None
    if opened is not None and confirm is None:
        confirm = ConfirmForm(actor, opened.conclusion, opened.version, initial=_decision(request))
    is_wrong = (lines_form is not None and lines_form.is_bound and bool(lines_form.errors)) or (
        confirm is not None and confirm.is_bound
    )
    return render(
        request,
        "meetings/conclusions.html",
        {
            "meeting": meeting,
            "sentence": _sentence(rows, waiting),
            "rows": rows,
            "opened": opened.conclusion.number if opened is not None else 0,
            "confirm": confirm,
            "stands": confirm.stands if confirm is not None else None,
            "is_recording": is_recording,
            "keeps": keeps,
            "lines": lines_form or LinesForm(initial={"key": new_key()}),
            "may_revise": keeps,
            "today": today,
            "upon": _upon(request),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK,
    )


def _opened(request: HttpRequest, waiting: list[Recorded], confirm: ConfirmForm | None) -> Recorded | None:
    """The line whose form is open: the one asked for, else the first that waits."""
    asked = str(confirm.conclusion.number) if confirm is not None else request.GET.get("dong", "")
    found = next((one for one in waiting if str(one.conclusion.number) == asked), None)
    if confirm is not None and found is None:
        return Recorded(confirm.conclusion, confirm.version)
    return found or next(iter(waiting), None)


def _decision(request: HttpRequest) -> dict[str, Any]:
    code, verdict = request.GET.get("nv", ""), request.GET.get("viec", "")
    return {"kind": ConclusionKind.DECISION, "task": code, "verdict": verdict} if code else {}


def _sentence(rows: list[Recorded], waiting: list[Recorded]) -> str:
    done = [one for one in rows if one.conclusion.state == ConclusionState.RECORDED]
    tasks = sum(len(one.tasks) for one in done)
    words = {"done": len(done), "tasks": tasks, "waiting": len(waiting)}
    if waiting:
        return gettext("%(waiting)s dòng chờ xác nhận; đã ghi %(done)s kết luận, thành %(tasks)s nhiệm vụ.") % words
    if not done:
        return gettext("Chưa ghi kết luận nào.")
    unsettled = sum(len(one.unsettled) for one in done)
    if unsettled:
        return gettext("%(done)s kết luận, %(tasks)s nhiệm vụ; %(open)s nhiệm vụ chờ quyết định do sửa kết luận.") % (
            words | {"open": unsettled}
        )
    return gettext("%(done)s kết luận, thành %(tasks)s nhiệm vụ.") % words


@require_POST
@login_required
def line_act(request: HttpRequest, number: int, line: int, word: str) -> HttpResponse:
    """Confirm a line as it was read or as it was changed, leave it out, take it up again."""
    actor, now = actor_of(request), timezone.now()
    meeting = readable_or_404(number, actor)
    conclusion = conclusion_or_404(meeting, line)
    here = reverse("meeting_conclusions", args=[number])
    version = versions_of(conclusion)[-1]
    try:
        match word:
            case "ghi-nhu-doc":
                operations.record(
                    actor=actor,
                    at=now,
                    conclusion=conclusion,
                    seen_version=int(request.POST.get("seen") or 0),
                    kind=conclusion.kind,
                    wording=operations.wording_of(version),
                )
            case "ghi":
                form = ConfirmForm(actor, conclusion, version, request.POST)
                if form.save(now, timezone.localdate()) is None:
                    return _list(request, actor, meeting, confirm=form)
            case "bo":
                operations.drop(actor=actor, at=now, conclusion=conclusion)
                undo = reverse("meeting_line_act", args=[number, line, "lay-lai"])
                say_undoable(request, gettext("Đã bỏ dòng %(number)s.") % {"number": line}, undo)
                return redirect(here)
            case "lay-lai":
                operations.take_up(actor=actor, at=now, conclusion=conclusion)
                return redirect(f"{here}?dong={line}#dong-{line}")
            case _:
                raise Http404
    except MeetingRefused as refusal:
        said, _semicolon, remedy = str(refusal).rpartition("; ")
        say_wrong(request, said or str(refusal), remedy)
        return redirect(f"{here}?dong={line}#dong-{line}")
    say(request, gettext("Đã ghi kết luận số %(number)s.") % {"number": line})
    return redirect(f"{here}#dong-{line}")
