"""The page of one task, the part of it that follows the ledger, its steps, its evidence."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.files import open_file
from thuocdo.tasks.queries import Timing, evidence_for, possible_steps, task_by_code
from thuocdo.web.design.blocks import say
from thuocdo.web.downloads import attachment
from thuocdo.web.exchanges.identifiers.views import identifiers_part
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.fields.values import fields_part

from .forms import FORMS, PLANNING, STEERING, StepForm, form_for, main_word, offered
from .made_of import made_of
from .story import story_of, version_of


def _task_or_404(code: str, actor: Actor) -> Any:
    task = task_by_code(code, actor=actor)
    if task is None:
        raise Http404
    return task


def _page(
    request: HttpRequest, task: Any, actor: Actor, *, wrong: StepForm | None = None, is_planning: bool = False
) -> HttpResponse:
    today = timezone.localdate()
    story = story_of(task, actor, today)
    reported = any(one.report.by_label == actor.label for one in story.reports)
    possible = offered(possible_steps(actor, task, reported=reported))
    may_submit = "trinh-ket-qua" in possible
    words = [word for word in possible if _is_sensible(word, task, actor)]
    may_plan = not PLANNING.isdisjoint(words)
    if not is_planning:
        words = [word for word in words if word not in PLANNING]
    main = main_word(task, words, is_pressing=story.row.timing in (Timing.OVERDUE, Timing.DUE_SOON))
    if is_planning:
        words, main = [word for word in words if word in PLANNING], ""
    if wrong is not None:
        wrong.show_again(task)
    if wrong is not None and wrong.step not in words:
        # The task moved on while the form was open: what was typed stays readable beside the reason.
        words = [wrong.step, *words]
    steps = [
        {
            "word": word,
            "form": wrong if wrong is not None and wrong.step == word else form_for(word, task, actor),
            "address": reverse("task_step", args=[task.code, word]),
            "is_main": word == main,
            "is_open": word == (wrong.step if wrong is not None else main),
            "is_steering": word in STEERING,
        }
        for word in sorted(words, key=lambda word: word != main)
    ]
    return render(
        request,
        "tasks/task/planning.html" if is_planning else "tasks/task/page.html",
        {
            "task": task,
            "story": story,
            "steps": [step for step in steps if not step["is_steering"]],
            "steering": [step for step in steps if step["is_steering"]],
            "may_plan": may_plan,
            "own_fields": SafeString("") if is_planning else fields_part(request, task),
            "identifiers": SafeString("") if is_planning else identifiers_part(request, task),
            "open_points": story.whole.open_points if may_submit else 0,
            "part_address": f"{reverse('task_story', args=[task.code])}?ban={story.version}",
            "today": today,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong is not None else HTTPStatus.OK,
    )


def _is_sensible(word: str, task: Any, actor: Actor) -> bool:
    """Whether there is anything to take the step with: an open milestone, a product, a request that waits."""
    whole = made_of(task, actor, actor.on)
    match word:
        case "nghiem-thu":
            return bool(whole.products)
        case "doi-moc":
            return any(row.reached_on is None for row in whole.milestones)
        case "het-cho":
            return bool(whole.still_waits)
        case "trinh-ket-qua":
            # Of a result of which single things were returned, only these are handed in again.
            return not whole.open_points
        case "xin-gia-han":
            return task.due_on is not None and whole.open_request is None
        case "khong-gia-han":
            return whole.open_request is not None
    return True


@require_GET
@login_required
def planning(request: HttpRequest, code: str) -> HttpResponse:
    """What the task is made of and the forms in which it is written down, on a page of their own."""
    actor = actor_of(request)
    return _page(request, _task_or_404(code, actor), actor, is_planning=True)


@require_GET
@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The page; 404 for a task that the reader may not see."""
    actor = actor_of(request)
    return _page(request, _task_or_404(code, actor), actor)


@require_GET
@login_required
def story(request: HttpRequest, code: str) -> HttpResponse:
    """The story alone; 204 when the open page, which shows version `ban`, is up to date."""
    actor = actor_of(request)
    task = _task_or_404(code, actor)
    if str(version_of(task)) == request.GET.get("ban"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    today = timezone.localdate()
    return render(
        request,
        "tasks/task/_story.html",
        {"task": task, "story": story_of(task, actor, today), "has_moved": True, "today": today},
    )


@require_POST
@login_required
def step(request: HttpRequest, code: str, word: str) -> HttpResponse:
    """Take a step and come back to the page, or show the page with what was wrong and what was typed."""
    actor = actor_of(request)
    task = _task_or_404(code, actor)
    if word not in FORMS:
        raise Http404
    form = form_for(word, task, actor, request)
    if form.take(timezone.now()):
        say(request, form.afterwards())
        return redirect("task_planning" if word in PLANNING else "task", code=task.code)
    return _page(request, _task_or_404(code, actor), actor, wrong=form, is_planning=word in PLANNING)


@require_GET
@login_required
def evidence(request: HttpRequest, number: int) -> HttpResponseBase:
    """The bytes of a piece of evidence as a download, for whoever may see its task."""
    found = evidence_for(actor_of(request), number)
    if found is None or found.erased_at is not None:
        raise Http404
    with open_file(found.file) as file:
        return attachment(file.read(), name=found.name, media_type=found.media_type)
