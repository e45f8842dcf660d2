"""What other systems call a task: the part of its page, and the form for whoever may say it.

The page of a task calls `identifiers_part(request, task)` and sets what it gives.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from thuocdo.accounts.permissions import Permission, require
from thuocdo.exchanges.operations.identifiers import remove_identifier, set_identifier
from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.queries.identifiers import identifiers_of, systems
from thuocdo.tasks.permissions import rights_of
from thuocdo.tasks.queries import task_by_code
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required

from .forms import IdentifiersForm, system_named

if TYPE_CHECKING:
    from thuocdo.accounts.permissions import Actor
    from thuocdo.tasks.models import Task


def identifiers_part(request: HttpRequest, task: "Task") -> SafeString:
    """The identifiers of a task with the way to change them; nothing for whoever sees none and may give none."""
    actor = actor_of(request)
    rows = [
        {
            "system": system_named(one.system),
            "value": one.value,
            "address": one.system.address.replace("{id}", quote(one.value, safe="")),
        }
        for one in identifiers_of(task)
    ]
    # The story of the task has asked already what the person may do for its lead.
    may_change = Permission.MANAGE_EXCHANGES in rights_of(actor, task).over_lead
    if not rows and not may_change:
        return SafeString("")
    context = {"task": task, "rows": rows, "may_change": may_change}
    return SafeString(render_to_string("exchanges/identifiers/_part.html", context, request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def identifiers(request: HttpRequest, code: str) -> HttpResponse:
    """The form with a field for each system; all are written or none."""
    actor = actor_of(request)
    task = task_by_code(code, actor=actor)
    if task is None:
        raise Http404
    require(actor, Permission.MANAGE_EXCHANGES, task.lead)
    offered = list(systems())
    now = {one.system_id: one.value for one in identifiers_of(task)}
    form = IdentifiersForm(offered, now, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _written(form, task, actor, now):
        say(request, gettext("Đã ghi mã của nhiệm vụ ở hệ thống khác."))
        return redirect("task", code=task.code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"task": task, "form": form, "offered": offered}
    return render(request, "exchanges/identifiers/page.html", context, status=status)


def _written(form: IdentifiersForm, task: "Task", actor: "Actor", now: dict[int, str]) -> bool:
    """Whether everything that was changed could be written; each refusal stands beside its field."""
    at = timezone.now()
    with transaction.atomic():
        for system in form.systems:
            name = f"ma_{system.pk}"
            typed = form.cleaned_data[name].strip()
            if typed == now.get(system.pk, ""):
                continue
            try:
                if typed:
                    set_identifier(actor=actor, at=at, task=task, system=system, value=typed)
                else:
                    remove_identifier(actor=actor, at=at, task=task, system=system)
            except ExchangeRefused as refusal:
                form.add_error(name, str(refusal))
        if form.errors:
            transaction.set_rollback(True)
    return not form.errors
