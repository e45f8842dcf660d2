"""One conclusion with every wording it had; it is worded anew here, and decided what becomes of its tasks."""

from datetime import date
from difflib import SequenceMatcher
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from thuocdo.meetings.queries import ConclusionKind, ConclusionState, may_keep, recorded, settlements_of, versions_of
from thuocdo.web.design.blocks import say
from thuocdo.web.design.figures import day, named
from thuocdo.web.signed_in import actor_of, login_required

from .forms import ReviseForm, SettleForm
from .views import conclusion_or_404, readable_or_404

if TYPE_CHECKING:
    from thuocdo.meetings.models import Conclusion, Version


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def conclusion(request: HttpRequest, number: int, line: int) -> HttpResponse:
    """One conclusion with every wording it had; whoever keeps the meeting words it anew and decides for its tasks."""
    actor, today = actor_of(request), timezone.localdate()
    meeting = readable_or_404(number, actor)
    shown = conclusion_or_404(meeting, line)
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
