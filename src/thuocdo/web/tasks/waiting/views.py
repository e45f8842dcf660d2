"""One page of decisions that wait: disputes in their terms, requests for more time, ended bodies, effects, people."""

from collections import defaultdict
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.organisations.queries import body_by_code, successors_of_each
from thuocdo.tasks.operations import TaskRefused, decide_succession
from thuocdo.tasks.queries import (
    open_disputes,
    open_requests,
    unattended,
    waiting_for_judgement,
    without_living_lead,
)
from thuocdo.web.design.blocks import say, say_wrong
from thuocdo.web.design.figures import named
from thuocdo.web.signed_in import actor_of, login_required

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Task

# Each section shows so many, those that wait longest first; its heading says how many there are.
MOST = 50
# Bodies that ended, each with its successors and its tasks.
MOST_ENDED = 5


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The sections with anything in them, for those who may see tasks at all."""
    actor, today = actor_of(request), timezone.localdate()
    require_anywhere(actor, Permission.VIEW_TASKS)
    raised, asked = list(open_disputes(actor)[: MOST + 1]), list(open_requests(actor)[: MOST + 1])
    judged, left = list(waiting_for_judgement(actor)[: MOST + 1]), list(unattended(actor)[: MOST + 1])
    orphans: dict[Body, list[Task]] = defaultdict(list)
    for task in without_living_lead(actor, today)[: MOST + 1]:
        orphans[task.lead].append(task)
    shown = list(orphans.items())[:MOST_ENDED]
    heirs = successors_of_each(body for body, _tasks in shown)
    ended = [{"body": body, "tasks": tasks, "heirs": heirs[body.pk]} for body, tasks in shown]
    late = sum(1 for one in raised if one.decide_by < today)
    return render(
        request,
        "tasks/waiting/page.html",
        {
            "sentence": _sentence(len(raised), late, len(asked), len(judged), sum(map(len, orphans.values()))),
            "disputes": raised[:MOST],
            "requests": asked[:MOST],
            "judged": judged[:MOST],
            "unattended": left[:MOST],
            "ended": ended,
            "is_empty": not (raised or asked or judged or left or ended),
            "most": MOST,
            "today": today,
        },
    )


def _sentence(raised: int, late: int, asked: int, judged: int, orphans: int) -> str:
    said = []
    if raised:
        said.append(
            ngettext("%(n)s kiến nghị giao lại", "%(n)s kiến nghị giao lại", raised) % {"n": _number(raised)}
            + (gettext(" (%(late)s quá hạn quyết định)") % {"late": late} if late else "")
        )
    if asked:
        said.append(ngettext("%(n)s đề nghị gia hạn", "%(n)s đề nghị gia hạn", asked) % {"n": _number(asked)})
    if orphans:
        words = ngettext("%(n)s nhiệm vụ của cơ quan đã kết thúc", "%(n)s nhiệm vụ của cơ quan đã kết thúc", orphans)
        said.append(words % {"n": _number(orphans)})
    if judged:
        words = ngettext("%(n)s kết quả chưa đánh giá hiệu quả", "%(n)s kết quả chưa đánh giá hiệu quả", judged)
        said.append(words % {"n": _number(judged)})
    if not said:
        return gettext("Không có việc nào chờ quyết định.")
    return gettext("Chờ quyết định: %(list)s.") % {"list": ", ".join(said)}


def _number(count: int) -> str:
    return str(count) if count <= MOST else gettext("hơn %(most)s") % {"most": MOST}


@require_POST
@login_required
def inherit(request: HttpRequest) -> HttpResponse:
    """Give the chosen tasks of an ended body to one of its successors."""
    actor, at = actor_of(request), timezone.now()
    chosen = set(request.POST.getlist("nhiem_vu"))
    tasks = [task for task in without_living_lead(actor, timezone.localdate()) if task.code in chosen]
    heir = body_by_code(request.POST.get("ke_thua", ""))
    if not tasks or heir is None:
        say_wrong(
            request,
            gettext("Chưa chọn nhiệm vụ hoặc cơ quan kế thừa."),
            gettext("Đánh dấu nhiệm vụ, chọn cơ quan kế thừa rồi gửi lại."),
        )
        return redirect("tasks_waiting")
    try:
        moved = decide_succession(actor=actor, at=at, tasks=tasks, successor=heir)
    except TaskRefused as refused:
        say_wrong(request, str(refused), gettext("Chọn lại cơ quan kế thừa."))
    else:
        words = {"number": len(moved), "heir": named(heir), "merged": len(tasks) - len(moved)}
        text = gettext("%(heir)s tiếp tục chủ trì %(number)s nhiệm vụ.") % words
        if len(moved) < len(tasks):
            text += " " + gettext("%(merged)s nhiệm vụ trùng đã gộp vào nhiệm vụ cơ quan này đang làm.") % words
        say(request, text)
    return redirect("tasks_waiting")
