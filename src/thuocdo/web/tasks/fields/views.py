"""The fields of a body: which there are, a new one, changing, retiring with undo."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, require, require_anywhere
from thuocdo.organisations.queries import body_by_code
from thuocdo.tasks.operations import TaskRefused
from thuocdo.tasks.operations.fields import define_field, restore_field, retire_field, revise_field
from thuocdo.tasks.queries.fields import field_within, fields_managed, times_given
from thuocdo.web.design.blocks import say, say_undoable
from thuocdo.web.design.figures import named
from thuocdo.web.signed_in import actor_of, login_required

from .forms import TYPES, FieldForm

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Field


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """To the fields of a body: the one asked for, else the one over which the person holds a role."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.MANAGE_FIELDS)
    managed = bodies_within(actor, Permission.MANAGE_FIELDS)
    asked = request.GET.get("co_quan_ma") or request.GET.get("co_quan", "")
    found = managed.filter(code=asked).first() if asked else None
    own = found or managed.filter(pk__in=[held.over_id for held in actor.held]).first() or managed.first()
    if own is None:
        raise Http404
    return redirect("body_fields", code=own.code)


def _body_or_404(actor: Actor, code: str) -> "Body":
    body = body_by_code(code)
    if body is None:
        raise Http404
    require(actor, Permission.MANAGE_FIELDS, body)
    return body


def _page(request: HttpRequest, body: "Body", form: FieldForm, *, editing: "Field | None" = None) -> HttpResponse:
    actor = actor_of(request)
    fields = list(fields_managed(actor, body))
    given = times_given(fields)
    titles = {str(word): title for word, title in TYPES}
    rows = [
        {"field": one, "kind": titles[one.type], "given": given.get(one.pk, 0), "is_retired": bool(one.retired_at)}
        for one in fields
    ]
    context = {
        "body": body,
        "name": named(body),
        "rows": [row for row in rows if not row["is_retired"]],
        "retired": [row for row in rows if row["is_retired"]],
        "form": form,
        "editing": editing,
        "others": _others(actor, body),
    }
    return render(request, "tasks/fields/page.html", context, status=422 if form.errors else 200)


def _others(actor: Actor, body: "Body") -> list[tuple[str, str]]:
    """Other bodies where the person works or reaches from, whose fields they manage as well."""
    ids = {held.over_id for held in actor.held} | {held.body_id for held in actor.held}
    found = bodies_within(actor, Permission.MANAGE_FIELDS).filter(pk__in=ids).exclude(pk=body.pk).order_by("code")
    return [(reverse("body_fields", args=[one.code]), named(one)) for one in found]


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The fields of a body, and the form for a new one."""
    actor = actor_of(request)
    body = _body_or_404(actor, code)
    form = FieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            own = define_field(
                actor=actor, at=timezone.now(), body=body, kind=form.cleaned_data["kieu"], **form.written
            )
        except TaskRefused as refusal:
            _beside(form, refusal)
        else:
            say(request, gettext("Đã thêm trường “%(label)s”.") % {"label": own.label})
            return redirect("body_fields", code=body.code)
    return _page(request, body, form)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change what a field is called, its unit, choices or whether it is required."""
    actor = actor_of(request)
    own = _field_or_404(actor, number)
    form = FieldForm(request.POST if request.method == "POST" else None, known=own)
    if request.method == "POST" and form.is_valid():
        try:
            own = revise_field(actor=actor, at=timezone.now(), field=own, **form.written)
        except TaskRefused as refusal:
            _beside(form, refusal)
        else:
            say(request, gettext("Đã sửa trường “%(label)s”.") % {"label": own.label})
            return redirect("body_fields", code=own.body.code)
    return _page(request, own.body, form, editing=own)


@require_POST
@login_required
def retire(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for it no longer; one press takes it up again."""
    actor = actor_of(request)
    own = retire_field(actor=actor, at=timezone.now(), field=_field_or_404(actor, number))
    undo = reverse("field_restore", args=[own.pk])
    say_undoable(
        request, gettext("Đã thôi dùng trường “%(label)s”; giá trị đã ghi vẫn giữ.") % {"label": own.label}, undo
    )
    return redirect("body_fields", code=own.body.code)


@require_POST
@login_required
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Take a retired field up again."""
    actor = actor_of(request)
    own = restore_field(actor=actor, at=timezone.now(), field=_field_or_404(actor, number))
    say(request, gettext("Đã dùng lại trường “%(label)s”.") % {"label": own.label})
    return redirect("body_fields", code=own.body.code)


def _field_or_404(actor: Actor, number: int) -> "Field":
    own = field_within(actor, number)
    if own is None:
        raise Http404
    return own


_PLACES = {"label": "ten", "type": "kieu", "choices": "gia_tri"}


def _beside(form: FieldForm, refusal: TaskRefused) -> None:
    name: Any = _PLACES.get(refusal.field)
    form.add_error(name if name in form.fields else None, str(refusal))
