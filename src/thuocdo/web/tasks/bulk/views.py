"""An act for the ticked tasks: first what it asks for, then it is done and each row says what came of it."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.tasks.operations import TaskRefused
from thuocdo.tasks.operations.fields import put_values
from thuocdo.tasks.operations.many import MOST_TASKS, Done, undo_many
from thuocdo.tasks.queries.fields import field_by_id, stored
from thuocdo.tasks.queries.lists import tasks_by_codes
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import number
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.marks import Row

from .acts import URGE, Act, ActForm, act_of

# The last acts of a person, with what undoing them needs; they live as long as the session.
_KEPT, _MOST_KEPT = "task_acts", 5


def _back(request: HttpRequest) -> str:
    address = request.POST.get("ve", "")
    fits = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith(reverse("tasks"))
    return address if fits else reverse("tasks")


@require_http_methods(["POST"])
@login_required
def act(request: HttpRequest) -> HttpResponse:
    """What the act asks for (first press), and the act itself (`lam`, second press)."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    chosen = act_of(actor, request.POST.get("viec", ""))
    if chosen is None:
        raise Http404
    codes = list(dict.fromkeys(request.POST.getlist("n")))[: MOST_TASKS + 1]
    tasks = tasks_by_codes(actor, codes)
    if not tasks or len(codes) > MOST_TASKS:
        if tasks:
            say_wrong(
                request,
                gettext("Đã chọn quá nhiều nhiệm vụ."),
                gettext("Mỗi lần xử lý nhiều nhất %(most)s nhiệm vụ; chọn ít hơn.") % {"most": number(MOST_TASKS)},
            )
        else:
            say_wrong(request, gettext("Chưa chọn nhiệm vụ nào."), gettext("Đánh dấu ở đầu các dòng rồi bấm Tiếp tục."))
        return redirect(_back(request))
    if chosen.word == URGE:
        return _urge(request, tasks)
    is_doing = "lam" in request.POST
    form = chosen.form(request.POST if is_doing else None, actor, tasks)
    if not is_doing or not form.is_valid():
        return _asked(request, chosen, form, tasks, status=422 if is_doing else 200)
    try:
        done = form.do(timezone.now())
    except TaskRefused as refusal:
        form.add_error(None, str(refusal))
        return _asked(request, chosen, form, tasks, status=422)
    _keep(request, chosen, form, done, _back(request))
    return redirect("tasks_bulk_done")


def _urge(request: HttpRequest, tasks: list[Any]) -> HttpResponse:
    """On to the urging note to the one body that leads the tasks."""
    leads = {task.lead.code for task in tasks}
    if len(leads) > 1:
        say_wrong(
            request,
            gettext("Các nhiệm vụ đã chọn thuộc nhiều cơ quan."),
            gettext("Mỗi phiếu đôn đốc gửi một cơ quan; lọc danh sách theo cơ quan rồi chọn lại."),
        )
        return redirect(_back(request))
    asked = [("co_quan", code) for code in leads] + [("nv", task.code) for task in tasks]
    return redirect(f"{reverse('urging_new')}?{urlencode(asked)}")


def _asked(request: HttpRequest, chosen: Act, form: ActForm, tasks: list[Any], *, status: int) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "act": chosen,
        "form": form,
        "rows": [Row(task, today) for task in tasks],
        "back": _back(request),
    }
    return render(request, "tasks/bulk/ask.html", context, status=status)


def _keep(request: HttpRequest, chosen: Act, form: ActForm, done: Done, back: str) -> None:
    kept = request.session.get(_KEPT, [])[-_MOST_KEPT + 1 :]
    kept.append(
        {
            "word": chosen.word,
            "outcomes": [(one.task, one.code, one.refused) for one in done.outcomes],
            "before": done.before,
            "version": form.cleaned_data.get("ban"),
            "field": form.cleaned_data.get("truong"),
            "back": back,
            "undone": False,
        }
    )
    request.session[_KEPT] = kept


@require_GET
@login_required
def done(request: HttpRequest) -> HttpResponse:
    """What came of the last act, row by row, with the way to take it back."""
    actor = actor_of(request)
    kept = request.session.get(_KEPT)
    last = kept[-1] if kept else None
    chosen = act_of(actor, last["word"]) if last else None
    if last is None or chosen is None:
        return redirect("tasks")
    outcomes = last["outcomes"]
    seen = {task.code: task for task in tasks_by_codes(actor, [code for _, code, _ in outcomes])}
    today = timezone.localdate()
    changed = sum(not refused for _, _, refused in outcomes)
    refused = len(outcomes) - changed
    return render(
        request,
        "tasks/bulk/done.html",
        {
            "act": chosen,
            "said": str(chosen.said) % {"number": number(changed)},
            "refused": refused,
            "rows": [
                {"row": Row(seen[code], today), "refused": why}
                for _, code, why in sorted(outcomes, key=lambda one: not one[2])
                if code in seen
            ],
            "may_undo": bool(chosen.undo and last["before"] and not last["undone"]),
            "is_undone": last["undone"],
            "back": last["back"],
        },
    )


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last act back for each task that nobody has moved since."""
    actor = actor_of(request)
    kept = request.session.get(_KEPT)
    last = kept[-1] if kept else None
    chosen = act_of(actor, last["word"]) if last else None
    if last is None or chosen is None or not chosen.undo or last["undone"]:
        raise Http404
    codes = [code for key, code, _ in last["outcomes"] if str(key) in last["before"]]
    tasks = tasks_by_codes(actor, codes)
    at = timezone.now()
    if chosen.undo == "field":
        own = field_by_id(int(last["field"]))
        values = {int(key): stored(own, was) for key, was in last["before"].items()}
        filled = put_values(actor=actor, at=at, field=own, values=values)
        back, refused = len(filled.before), list(filled.refused.values())
    else:
        version = int(last["version"]) if last["version"] else None
        came = undo_many(chosen.undo, actor=actor, at=at, tasks=tasks, before=last["before"], version=version)
        back, refused = came.changed, [one.refused for one in came.outcomes if one.refused]
    last["undone"] = True
    request.session[_KEPT] = kept
    if back:
        say(request, gettext("Đã hoàn tác %(number)s nhiệm vụ.") % {"number": number(back)})
    if refused:
        say_wrong(
            request,
            gettext("%(number)s nhiệm vụ không hoàn tác được.") % {"number": number(len(refused))},
            "; ".join(dict.fromkeys(refused)),
        )
    return redirect(last["back"])
