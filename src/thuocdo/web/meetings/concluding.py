"""Recording what a meeting concludes: lines are pasted, each is confirmed, worded anew, and leads to its task."""

from datetime import date
from difflib import SequenceMatcher
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor
from thuocdo.meetings import operations
from thuocdo.meetings.files import NoticePaper, notice_docx, notice_pdf
from thuocdo.meetings.operations import MeetingRefused, Wording
from thuocdo.meetings.queries import (
    ConclusionKind,
    ConclusionState,
    MeetingState,
    Recorded,
    conclusion_by_number,
    may_keep,
    may_read_conclusions,
    notice_paper,
    notices_of,
    recorded,
    settlements_of,
    versions_of,
)
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.design.figures import day, named
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

from .forms import ConfirmForm, LinesForm, ReviseForm, SettleForm, new_key
from .views import meeting_or_404

if TYPE_CHECKING:
    from collections.abc import Callable

    from thuocdo.meetings.models import Conclusion, Meeting, Version

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES: "dict[str, tuple[str, Callable[[NoticePaper], bytes]]]" = {
    "docx": (_WORD, notice_docx),
    "pdf": ("application/pdf", notice_pdf),
}


def _readable_or_404(number: int, actor: Actor) -> "Meeting":
    meeting = meeting_or_404(number, actor)
    if meeting.state not in (MeetingState.HELD, MeetingState.CONCLUDED) or not may_read_conclusions(actor, meeting):
        raise Http404
    return meeting


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def conclusions(request: HttpRequest, number: int) -> HttpResponse:
    """All conclusions of a meeting; while it is held, whoever keeps it adds lines and confirms them one by one."""
    actor = actor_of(request)
    meeting = _readable_or_404(number, actor)
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


def _conclusion_or_404(meeting: "Meeting", line: int) -> "Conclusion":
    conclusion = conclusion_by_number(meeting, line)
    if conclusion is None:
        raise Http404
    return conclusion


@require_POST
@login_required
def line_act(request: HttpRequest, number: int, line: int, word: str) -> HttpResponse:
    """Confirm a line as it was read or as it was changed, leave it out, take it up again."""
    actor, now = actor_of(request), timezone.now()
    meeting = _readable_or_404(number, actor)
    conclusion = _conclusion_or_404(meeting, line)
    here = reverse("meeting_conclusions", args=[number])
    version = versions_of(conclusion)[-1]
    try:
        match word:
            case "ghi-nhu-doc":
                _record_as_read(actor, conclusion, version, int(request.POST.get("seen") or 0))
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


def _record_as_read(actor: Actor, conclusion: "Conclusion", version: "Version", seen: int) -> None:
    helping = bodies_by_code(version.coordinators)
    operations.record(
        actor=actor,
        at=timezone.now(),
        conclusion=conclusion,
        seen_version=seen,
        kind=conclusion.kind,
        wording=Wording(
            text=version.text,
            lead=version.lead,
            group=version.group,
            coordinators=[helping[code] for code in version.coordinators if code in helping],
            action=version.action,
            deliverable=version.deliverable,
            deadline_raw=version.deadline_raw,
            deadline_kind=version.deadline_kind,
            due_on=version.due_on,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def conclusion(request: HttpRequest, number: int, line: int) -> HttpResponse:
    """One conclusion with every wording it had; whoever keeps the meeting words it anew and decides for its tasks."""
    actor, today = actor_of(request), timezone.localdate()
    meeting = _readable_or_404(number, actor)
    shown = _conclusion_or_404(meeting, line)
    versions = versions_of(shown)
    keeps = may_keep(actor, meeting)
    may_revise = keeps and shown.state == ConclusionState.RECORDED and shown.kind != ConclusionKind.DECISION
    rows = [one for one in recorded(actor, meeting) if one.conclusion.pk == shown.pk]
    tasks = rows[0].unsettled if rows else []
    revising: ReviseForm | None = None
    settling: SettleForm | None = None
    if request.method == "POST" and not keeps:
        raise Http404
    if request.method == "POST" and "choice" in request.POST:
        settling = SettleForm(request.POST)
        if settling.save(actor, shown, tasks, timezone.now()):
            say(request, gettext("Đã quyết định về nhiệm vụ %(code)s.") % {"code": settling.cleaned_data["task"]})
            return redirect("meeting_conclusion", number=number, line=line)
    elif request.method == "POST":
        revising = ReviseForm(actor, versions[-1], request.POST)
        if revising.save(shown, timezone.now(), today) is not None:
            say(request, gettext("Đã ghi lời mới của kết luận số %(number)s.") % {"number": line})
            return redirect("meeting_conclusion", number=number, line=line)
    forms = [
        (
            task,
            settling
            if settling is not None and settling.data.get("task") == task.code
            else SettleForm(initial={"seen": shown.version, "task": task.code}, auto_id=f"{task.code}_%s"),
        )
        for task in tasks
        if keeps
    ]
    is_wrong = (revising is not None and bool(revising.errors)) or (settling is not None and bool(settling.errors))
    if not keeps and shown.state != ConclusionState.RECORDED:
        raise Http404
    return render(
        request,
        "meetings/conclusion.html",
        {
            "meeting": meeting,
            "conclusion": shown,
            "newest": versions[-1],
            "sentence": _of_conclusion(shown, tasks),
            "wordings": _wordings(versions, shown.recorded_version or 1),
            "row": rows[0] if rows else None,
            "forms": forms,
            "settlements": settlements_of(shown),
            "revise": (revising or ReviseForm(actor, versions[-1])) if may_revise else None,
            "stands": revising.stands if revising is not None else None,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK,
    )


def _of_conclusion(shown: "Conclusion", tasks: list[Any]) -> str:
    if tasks:
        words = ngettext(
            "Lời kết luận đã sửa; %(number)s nhiệm vụ chờ quyết định, chưa thay đổi gì.",
            "Lời kết luận đã sửa; %(number)s nhiệm vụ chờ quyết định, chưa thay đổi gì.",
            len(tasks),
        )
        return words % {"number": len(tasks)}
    return f"{shown.get_kind_display()}: {shown.get_state_display().lower()}."


def _wordings(versions: "list[Version]", first: int) -> list[dict[str, Any]]:
    """Every wording since the confirmed one, the newest first, with what each says otherwise than the one before."""
    found = []
    for before, version in zip([None, *versions], versions, strict=False):
        if version.number < first:
            continue
        is_first = version.number == first or before is None
        found.append(
            {
                "version": version,
                "is_first": is_first,
                "text": version.text if is_first or before is None else _compared(before.text, version.text),
                "changes": [] if is_first or before is None else _changes(before, version),
            }
        )
    return found[::-1]


def _compared(before: str, after: str) -> SafeString:
    """The new sentence with what went struck through and what came marked."""
    old, new = before.split(), after.split()
    parts: list[SafeString] = []
    for step, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step in ("delete", "replace"):
            parts.append(format_html("<del>{}</del>", " ".join(old[first:last])))
        if step in ("insert", "replace"):
            parts.append(format_html("<ins>{}</ins>", " ".join(new[start:end])))
        if step == "equal":
            parts.append(format_html("{}", " ".join(new[start:end])))
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _changes(before: "Version", after: "Version") -> list[tuple[str, str, str]]:
    rows = [
        (gettext("Cơ quan chủ trì"), _owner(before), _owner(after)),
        (gettext("Sản phẩm"), before.deliverable or "–", after.deliverable or "–"),
        (gettext("Thời hạn"), _day(before.due_on), _day(after.due_on)),
    ]
    return [row for row in rows if row[1] != row[2]]


def _owner(version: "Version") -> str:
    if version.lead:
        return named(version.lead)
    return version.group.title_vi if version.group else "–"


def _day(value: date | None) -> str:
    return day(value) if value else "–"


@require_GET
@login_required
def notice_file(request: HttpRequest, number: int, position: int, ending: str) -> HttpResponse:
    """A notice as it went out; 0 is the draft of the first one, for those who keep the meeting."""
    if ending not in FILES:
        raise Http404
    actor = actor_of(request)
    meeting = _readable_or_404(number, actor)
    notice = None
    if position:
        notice = next((one for one in notices_of(meeting) if one.position == position), None)
        if notice is None:
            raise Http404
    elif not may_keep(actor, meeting):
        raise Http404
    media_type, draw = FILES[ending]
    name = f"thong-bao-ket-luan-{number}-{position}" if notice else f"du-thao-thong-bao-ket-luan-{number}"
    return attachment(draw(notice_paper(meeting, notice)), name=f"{name}.{ending}", media_type=media_type)
