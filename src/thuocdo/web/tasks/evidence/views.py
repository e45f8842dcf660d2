"""The evidence of a task: the page of its own, the part under the task's story, adding to it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.permissions import may_take
from thuocdo.tasks.queries import (
    differences,
    evidence_of,
    may_add_evidence,
    open_points,
    open_to_evidence,
    other_uses,
    possible_steps,
    task_by_code,
    times_returned,
)
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required

from .forms import Add
from .points import opened
from .wording import KINDS, use_in_words

if TYPE_CHECKING:
    from thuocdo.tasks.models import Evidence


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence as a row: what it is, and where else it was used."""

    file: "Evidence"
    kind: str
    uses: list[SafeString]


def task_or_404(code: str, actor: Actor) -> Any:
    """The task, or no page at all for whoever may not see it."""
    task = task_by_code(code, actor=actor)
    if task is None:
        raise Http404
    return task


def _context(task: Any, actor: Actor, rows: "list[Evidence]") -> dict[str, Any]:
    uses = other_uses(actor, rows)
    waiting = list(open_points(task)) if task.state == "returned" else []
    steps = possible_steps(actor, task) if task.state == "submitted" else []
    may_judge = bool(waiting) and may_take(actor, "recall_return", task) and not actor.belongs_to(task.lead_id)
    return {
        "points": opened(task, waiting, may_recall=may_judge),
        "may_answer": bool(waiting) and may_add_evidence(actor, task),
        "may_return": "return_result" in steps,
        "task": task,
        "rows": [
            Shown(row, str(KINDS[row.kind]), [use_in_words(use) for use in uses.get(row.digest, [])]) for row in rows
        ],
        "differences": differences(task, rows),
        "times_returned": times_returned(task),
        "twice": sum(bool(uses.get(row.digest)) for row in rows),
        "part_address": reverse("task_evidence_part", args=[task.code]),
    }


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that was handed in for a task; whoever reports for the lead body adds to it here."""
    actor = actor_of(request)
    task = task_or_404(code, actor)
    form, rows = None, list(evidence_of(task))
    if request.method == "POST":
        form = Add(task, actor, rows, request.POST, request.FILES)
        if form.take(timezone.now()):
            say(request, gettext("Đã nộp thêm minh chứng. Máy sẽ đối chiếu với các tệp đã dùng ở nơi khác."))
            return redirect("task_evidence", code=code)
    elif open_to_evidence(task) and may_add_evidence(actor, task):
        form = Add(task, actor, rows)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "tasks/evidence/page.html", _context(task, actor, rows) | {"form": form}, status=status)


@require_GET
@login_required
def part(request: HttpRequest, code: str) -> HttpResponse:
    """The evidence for the page of the task, which fetches it when it is open."""
    actor = actor_of(request)
    task = task_or_404(code, actor)
    may_add = open_to_evidence(task) and may_add_evidence(actor, task)
    context = _context(task, actor, list(evidence_of(task))) | {"may_add": may_add}
    return render(request, "tasks/evidence/_part.html", context)
