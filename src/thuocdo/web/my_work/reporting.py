"""Reporting in place: the form of a task's next step in its row, and as a page of its own without scripts."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from thuocdo.tasks.queries import open_points, possible_steps, task_by_code
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.marks import Row
from thuocdo.web.tasks.task.forms import StepForm, form_for, offered

# What can be done in a row of one's own work; everything else has its page.
IN_PLACE = ("bao-cao", "trinh-ket-qua", "nhan-viec")


def _go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Another page instead of the form; an open row is told, as it would take the page for its part."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The form of the step `?viec=`: a part for the open row (asked for by htmx), else a page; POST takes the step.

    What was refused comes back with the reason and with what was typed.
    """
    actor, today = actor_of(request), timezone.localdate()
    task = task_by_code(code, actor=actor)
    word = request.GET.get("viec", "bao-cao")
    if task is None or word not in IN_PLACE:
        raise Http404
    form: StepForm
    if request.method == "POST":
        form = form_for(word, task, actor, request)
        if form.take(timezone.now()):
            say(request, form.afterwards())
            # The whole page is drawn again, as the row may have moved to another section.
            return _go_to(request, reverse("my_work"))
    elif word not in offered(possible_steps(actor, task)):
        # The task has moved on since the list was drawn.
        return _go_to(request, reverse("task", args=[code]))
    elif word == "trinh-ket-qua" and open_points(task).exists():
        # Only what was returned is handed in again, and that has a page of its own.
        return _go_to(request, reverse("task_answer_points", args=[code]))
    else:
        form = form_for(word, task, actor)
    is_part = bool(request.headers.get("HX-Request"))
    is_wrong = request.method == "POST"
    # A part that was refused is swapped in like any other; htmx would leave an answer of another status aside.
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong and not is_part else HTTPStatus.OK
    context = {
        "task": task,
        "row": Row(task, today),
        "form": form,
        "word": word,
        "address": f"{reverse('my_work_report', args=[task.code])}?viec={word}",
    }
    return render(request, "my_work/_report.html" if is_part else "my_work/report.html", context, status=status)
