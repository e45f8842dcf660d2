"""The part of a task's page with bodies' own fields: the values, and the form for whoever may give them.

The page of a task calls `fields_part(request, task)` and sets what it gives.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from thuocdo.accounts.permissions import NotAllowed, Permission
from thuocdo.tasks.operations import TaskRefused
from thuocdo.tasks.operations.fields import fill_field, may_fill
from thuocdo.tasks.queries import task_by_code
from thuocdo.tasks.queries.fields import FieldType, fields_for, shown, values_for
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.marks import Row

from .forms import ValuesForm

if TYPE_CHECKING:
    from thuocdo.tasks.models import Field, FieldValue, Task


def fields_part(request: HttpRequest, task: "Task") -> SafeString:
    """The values of bodies' own fields of a task, with the way to change them; nothing where no field holds."""
    actor = actor_of(request)
    fields = list(fields_for(task, actor.on))
    if not fields:
        return SafeString("")
    values = values_for([task.pk], [one.pk for one in fields])
    rows = [
        {
            "label": f"{one.label} ({one.unit})" if one.unit else one.label,
            "body": one.body,
            "said": shown(one, values.get((task.pk, one.pk))),
            "is_missing": one.is_required and (task.pk, one.pk) not in values,
        }
        for one in fields
    ]
    context = {"task": task, "rows": rows, "may_fill": may_fill(actor, task.lead)}
    return SafeString(render_to_string("tasks/fields/_values.html", context, request))


def typed_of(one: "Field", value: "FieldValue | None") -> str:
    """A value as it stands in the form field in which it is changed."""
    if value is not None and one.type == FieldType.YES_NO:
        return "1" if value.is_yes else "0"
    return shown(one, value)


@require_http_methods(["GET", "POST"])
@login_required
def values(request: HttpRequest, code: str) -> HttpResponse:
    """The form with every field of a task; all are written or none."""
    actor = actor_of(request)
    task = task_by_code(code, actor=actor)
    if task is None:
        raise Http404
    if not may_fill(actor, task.lead):
        raise NotAllowed(actor, Permission.REPORT_PROGRESS, task.lead)
    fields = list(fields_for(task, actor.on))
    given = values_for([task.pk], [one.pk for one in fields])
    now = {f"field_{one.pk}": typed_of(one, given.get((task.pk, one.pk))) for one in fields}
    form = ValuesForm(fields, request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid() and _written(form, task, actor, now):
        say(request, gettext("Đã ghi trường riêng của nhiệm vụ."))
        return redirect("task", code=task.code)
    context = {"task": task, "row": Row(task, timezone.localdate()), "form": form}
    return render(request, "tasks/fields/values.html", context, status=422 if form.errors else 200)


def _written(form: ValuesForm, task: "Task", actor: Any, now: dict[str, str]) -> bool:
    """Whether everything that was changed could be written; each refusal stands beside its field."""
    at = timezone.now()
    with transaction.atomic():
        for one in form.own:
            name = f"field_{one.pk}"
            typed = form.cleaned_data[name]
            if typed == now[name]:
                continue
            try:
                fill_field(actor=actor, at=at, field=one, tasks=[task], typed=typed)
            except TaskRefused as refusal:
                form.add_error(name, str(refusal))
        if form.errors:
            transaction.set_rollback(True)
    return not form.errors
