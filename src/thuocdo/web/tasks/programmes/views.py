"""Programmes and their versions: what is in force, what a version changed, the draft and its approval."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, Permission, may, may_anywhere, require_anywhere
from thuocdo.tasks.operations import (
    TaskRefused,
    approve_version,
    new_version,
    open_programme,
    put_into_programme,
    take_out_of_programme,
)
from thuocdo.tasks.queries import changes_between, entries, programme_by_code, programmes, visible_to
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.signed_in import actor_of, login_required

from .forms import Approval, Asking, NewProgramme, Put

MOST_CODES = 100


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The programmes that the reader may see, and the form for a new one."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_TASKS)
    form = None
    if may_anywhere(actor, Permission.ASSIGN_TASK):
        form = NewProgramme(actor, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.take(open_programme, actor=actor, at=timezone.now()):
            say(request, gettext("Đã lập chương trình; đưa nhiệm vụ vào rồi phê duyệt."))
            return redirect("programmes")
    rows = []
    for programme in programmes(actor)[:200]:
        versions = list(programme.versions.all())
        force = next((version for version in versions if version.approved_on is not None), None)
        is_late = force is None and programme.due_on is not None and programme.due_on < today
        rows.append({"programme": programme, "force": force, "newest": versions[0], "is_late": is_late})
    return render(
        request,
        "tasks/programmes/list.html",
        {
            "rows": rows,
            "form": form,
            "in_force": sum(1 for row in rows if row["force"] is not None),
            "late": sum(1 for row in rows if row["is_late"]),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK,
    )


def _programme_or_404(code: str, actor: Actor) -> Any:
    programme = programme_by_code(code, actor=actor)
    if programme is None:
        raise Http404
    return programme


@require_GET
@login_required
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """One programme; `?ban=` chooses the version, the newest without it."""
    actor = actor_of(request)
    return _show(request, _programme_or_404(code, actor), actor)


def _show(request: HttpRequest, programme: Any, actor: Actor, wrong: Asking | None = None) -> HttpResponse:
    versions = list(programme.versions.all())
    asked = request.GET.get("ban", "")
    shown = next((version for version in versions if str(version.number) == asked), versions[0])
    before = next((version for version in versions if version.number == shown.number - 1), None)
    is_draft, may_write = shown.approved_on is None, may(actor, Permission.ASSIGN_TASK, programme.body)
    return render(
        request,
        "tasks/programmes/page.html",
        {
            "programme": programme,
            "versions": versions,
            "shown": shown,
            "force": next((version for version in versions if version.approved_on is not None), None),
            "before": before,
            "entries": entries(shown, actor),
            "changes": changes_between(before, shown, actor) if before is not None else None,
            "is_draft": is_draft,
            "may_write": may_write,
            "may_renew": may_write and versions[0].approved_on is not None,
            "put": (wrong if isinstance(wrong, Put) else Put(actor)) if may_write and is_draft else None,
            "approval": (wrong if isinstance(wrong, Approval) else Approval(actor)) if may_write and is_draft else None,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong is not None else HTTPStatus.OK,
    )


@require_POST
@login_required
def act(request: HttpRequest, code: str, word: str) -> HttpResponse:
    """Put tasks in, take one out, approve the draft, or draw up a new version."""
    actor, at = actor_of(request), timezone.now()
    chosen = _programme_or_404(code, actor)
    draft = chosen.versions.all()[0]
    known: dict[str, Any] = {"actor": actor, "at": at}
    wrong: Asking | None = None
    try:
        match word:
            case "dua-vao":
                wrong = _put(request, actor, draft, known)
            case "dua-ra":
                task = visible_to(actor).filter(code=request.POST.get("ma", "")).first()
                if task is None:
                    raise Http404
                take_out_of_programme(**known, version=draft, task=task)
                say(request, gettext("Đã đưa %(code)s ra khỏi bản này.") % {"code": task.code})
            case "phe-duyet":
                form = Approval(actor, request.POST)
                if form.take(approve_version, **known, version=draft):
                    say(request, gettext("Bản này có hiệu lực; nhiệm vụ trọng tâm theo bản này."))
                else:
                    wrong = form
            case "ban-moi":
                new_version(**known, programme=chosen)
                say(request, gettext("Đã lập bản mới từ bản đang có; sửa rồi phê duyệt."))
            case _:
                raise Http404
    except TaskRefused as refused:
        say_wrong(request, str(refused), "")
    return redirect("programme", code=chosen.code) if wrong is None else _show(request, chosen, actor, wrong)


def _put(request: HttpRequest, actor: Actor, draft: Any, known: dict[str, Any]) -> Asking | None:
    form = Put(actor, request.POST)
    if not form.is_valid():
        return form
    codes = list(dict.fromkeys(form.cleaned_data["codes"].upper().replace(",", " ").split()))[:MOST_CODES]
    found = {task.code: task for task in visible_to(actor).filter(code__in=codes)}
    missing = [code for code in codes if code not in found]
    if missing or not codes:
        text = gettext("Không tìm thấy: %(codes)s; nhập mã dạng NV-2026-000123.")
        form.add_error("codes", text % {"codes": ", ".join(missing[:5]) or "–"})
        return form
    put_into_programme(**known, version=draft, tasks=found.values(), is_core=form.cleaned_data["is_core"])
    say(request, gettext("Đã đưa %(number)s nhiệm vụ vào bản này.") % {"number": len(found)})
    return None
