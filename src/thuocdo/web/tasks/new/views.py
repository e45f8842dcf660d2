"""The page on which a task is given by hand: by a standing office, or by a body within its own house."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from thuocdo.accounts.permissions import Permission, may_anywhere, require_anywhere
from thuocdo.organisations.queries import body_by_code
from thuocdo.web.design.blocks import say
from thuocdo.web.design.figures import named, number
from thuocdo.web.signed_in import actor_of, login_required

from .forms import TaskForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The form; `?co_quan=<code>` names the lead beforehand."""
    actor = actor_of(request)
    if not may_anywhere(actor, Permission.ASSIGN_TASK):
        require_anywhere(actor, Permission.DIVIDE_TASK)
    if request.method != "POST":
        lead = body_by_code(request.GET.get("co_quan", ""))
        return render(request, "tasks/new/page.html", {"form": TaskForm(actor, initial={"lead": lead} if lead else {})})
    form = TaskForm(actor, request.POST)
    as_draft = request.POST.get("viec") == "du-thao"
    tasks = form.save(timezone.now(), as_draft=as_draft)
    if tasks is None:
        return render(request, "tasks/new/page.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    task = tasks[0]
    if len(tasks) > 1:
        words = {"count": number(len(tasks)), "first": task.code, "last": tasks[-1].code}
        text = ngettext(
            "Đã giao %(count)s nhiệm vụ, từ %(first)s đến %(last)s. Mỗi cơ quan sẽ nhận việc hoặc kiến nghị giao lại.",
            "Đã giao %(count)s nhiệm vụ, từ %(first)s đến %(last)s. Mỗi cơ quan sẽ nhận việc hoặc kiến nghị giao lại.",
            len(tasks),
        )
        say(request, text % words)
        return redirect(f"{reverse('tasks')}?nhom={task.collective_id}&muc=tat-ca")
    words = {"code": task.code, "lead": named(task.lead)}
    if as_draft:
        say(request, gettext("Đã lưu dự thảo %(code)s. Chỉ bên giao thấy dự thảo cho đến khi ban hành.") % words)
    else:
        say(request, gettext("Đã giao %(code)s. %(lead)s sẽ nhận việc hoặc kiến nghị giao lại.") % words)
    return redirect("task", code=task.code)
