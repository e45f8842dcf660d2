"""The remarks on a task: a page of their own, the part under the task's story, making and withdrawing one."""

import re
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks import operations
from thuocdo.tasks.queries import may_remark, remark_by_id, remarks, task_by_code
from thuocdo.web.design.blocks import say
from thuocdo.web.pages_kept import draw_anew
from thuocdo.web.signed_in import actor_of, login_required

from .forms import Remark


def _task_or_404(code: str, actor: Actor) -> Any:
    task = task_by_code(code, actor=actor)
    if task is None:
        raise Http404
    return task


def _words(text: str, names: list[str]) -> SafeString:
    """The words with their lines and the names of persons marked; nothing in them becomes a link or a programme."""
    shown = linebreaks(text, autoescape=True)
    for name in names:
        mark = f"@{conditional_escape(name)}"
        shown = re.sub(f"{re.escape(mark)}(?!\\w)", lambda found: f'<b class="named">{found[0]}</b>', shown)
    return mark_safe(shown)  # noqa: S308 (escaped by linebreaks; the names as well)


def _said(task: Any, actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "remark": said,
            "words": _words(said.text, [named.person.full_name for named in said.mentions.all()]),
            "named": [named.person.full_name for named in said.mentions.all()],
            "is_mine": said.author_id == actor.user_id,
        }
        for said in remarks(task)
    ]


def _context(task: Any, actor: Actor, form: Remark | None = None) -> dict[str, Any]:
    may = may_remark(actor, task)
    return {
        "task": task,
        "said": _said(task, actor),
        "form": form or (Remark(task, actor, timezone.localdate()) if may else None),
        "part_address": reverse("task_remarks_list", args=[task.code]),
    }


def _note_read(request: HttpRequest, task: Any, actor: Actor) -> None:
    if operations.read_mentions(actor=actor, at=timezone.now(), task=task):
        draw_anew(request)


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """All remarks and the form; opening them notes that the reader saw where they are named."""
    actor = actor_of(request)
    task = _task_or_404(code, actor)
    if request.method == "POST":
        form = Remark(task, actor, timezone.localdate(), request.POST)
        if form.take(timezone.now()):
            say(request, gettext("Đã gửi ý kiến. Người được nhắc sẽ thấy trong việc của mình."))
            if "nhiem-vu" in request.POST:
                return redirect(f"{reverse('task', args=[code])}#trao-doi")
            return redirect("task_remarks", code=code)
        context = _context(task, actor, form)
        return render(request, "tasks/remarks/page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    _note_read(request, task, actor)
    return render(request, "tasks/remarks/page.html", _context(task, actor))


@require_GET
@login_required
def part(request: HttpRequest, code: str) -> HttpResponse:
    """Remarks and form for the page of the task, which fetches them when it is open."""
    actor = actor_of(request)
    task = _task_or_404(code, actor)
    _note_read(request, task, actor)
    return render(request, "tasks/remarks/_part.html", _context(task, actor) | {"is_in_task": True})


@require_GET
@login_required
def listed(request: HttpRequest, code: str) -> HttpResponse:
    """The remarks alone, so that what somebody is typing stays when another one arrives."""
    actor = actor_of(request)
    task = _task_or_404(code, actor)
    return render(request, "tasks/remarks/_list.html", {"task": task, "said": _said(task, actor)})


@require_POST
@login_required
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take back a remark of one's own."""
    actor = actor_of(request)
    found = remark_by_id(actor, number)
    if found is None:
        raise Http404
    operations.withdraw_remark(actor=actor, at=timezone.now(), comment=found)
    say(request, gettext("Đã rút ý kiến; chỉ còn ghi rằng có một ý kiến đã rút."))
    return redirect(f"{reverse('task', args=[found.task.code])}#trao-doi")
