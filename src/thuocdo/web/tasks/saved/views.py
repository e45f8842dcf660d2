"""Saved lists: the bar above the list, saving, renaming and sharing, deleting with undo."""

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.organisations.queries import bodies
from thuocdo.tasks.operations import TaskRefused
from thuocdo.tasks.operations.saved_lists import change_list, delete_list, save_list
from thuocdo.tasks.queries.saved_lists import saved_list, saved_lists
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.design.figures import named
from thuocdo.web.design.tables import PAGE
from thuocdo.web.signed_in import actor_of, login_required
from thuocdo.web.tasks.keyset import AFTER, BEFORE

_UNDO_SALT = "saved-list"
# A deleted list can be brought back for so long (seconds).
_UNDO_FOR = 24 * 60 * 60


def query_of(request: HttpRequest) -> str:
    """The address of the list without its page: what is kept."""
    query = request.GET.copy()
    for name in (PAGE, AFTER, BEFORE):
        query.pop(name, None)
    for name in [name for name in query if not any(query.getlist(name))]:
        del query[name]
    return query.urlencode()


def saved_bar(request: HttpRequest, actor: Actor) -> SafeString:
    """The person's lists and those shared with their bodies, and the form that keeps this one."""
    if not actor.is_signed_in:
        return SafeString("")
    here = query_of(request)
    rows = [
        {
            "number": row.pk,
            "name": row.name,
            "address": f"{reverse('tasks')}?{row.query}" if row.query else reverse("tasks"),
            "is_here": row.query == here,
            "is_own": row.owner_id == actor.user_id,
            "owner": row.owner.full_name,
            "shared": row.shared_with,
        }
        for row in saved_lists(actor)
    ]
    shares = [(body.code, named(body)) for body in bodies(on=actor.on).filter(pk__in={h.body_id for h in actor.held})]
    context = {
        "rows": rows,
        "query": here,
        "shares": shares,
        "here": next((row for row in rows if row["is_here"] and row["is_own"]), None),
    }
    return SafeString(render_to_string("tasks/saved/_bar.html", context, request))


def _share_of(request: HttpRequest, actor: Actor) -> Any:
    code = request.POST.get("chia_se", "")
    return bodies(on=actor.on).filter(pk__in={h.body_id for h in actor.held}, code=code).first() if code else None


@require_POST
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as its address stands under a name."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_TASKS)
    query = QueryDict(request.POST.get("loc", "")[:4000])
    words = query.urlencode()
    try:
        row = save_list(
            actor=actor,
            at=timezone.now(),
            name=request.POST.get("ten", ""),
            query=words,
            columns=query.getlist("cot"),
            shared_with=_share_of(request, actor),
        )
    except TaskRefused as refusal:
        said, _, remedy = str(refusal).partition("; ")
        say_wrong(request, f"{said}.", remedy[:1].upper() + remedy[1:])
    else:
        say(request, gettext("Đã lưu danh sách “%(name)s”.") % {"name": row.name})
    return redirect(f"{reverse('tasks')}?{words}" if words else "tasks")


@require_POST
@login_required
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Rename, share, or share no more."""
    actor = actor_of(request)
    row = saved_list(actor, number)
    if row is None:
        raise Http404
    try:
        row = change_list(
            actor=actor,
            at=timezone.now(),
            saved=row,
            name=request.POST.get("ten", ""),
            shared_with=_share_of(request, actor),
        )
    except TaskRefused as refusal:
        said, _, remedy = str(refusal).partition("; ")
        say_wrong(request, f"{said}.", remedy[:1].upper() + remedy[1:])
    else:
        say(request, gettext("Đã sửa danh sách “%(name)s”.") % {"name": row.name})
    return redirect(f"{reverse('tasks')}?{row.query}" if row.query else "tasks")


@require_POST
@login_required
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Delete; the notice that follows brings it back with one press."""
    actor = actor_of(request)
    row = saved_list(actor, number)
    if row is None:
        raise Http404
    kept = {
        "name": row.name,
        "query": row.query,
        "columns": row.columns,
        "shared": row.shared_with.code if row.shared_with else "",
        "owner": actor.user_id,
    }
    delete_list(actor=actor, at=timezone.now(), saved=row)
    token = signing.dumps(kept, salt=_UNDO_SALT, compress=True)
    say_undoable(
        request,
        gettext("Đã xóa danh sách “%(name)s”.") % {"name": row.name},
        reverse("saved_list_restore", args=[token]),
    )
    return redirect("tasks")


@require_POST
@login_required
def restore(request: HttpRequest, token: str) -> HttpResponse:
    """Bring a deleted list back."""
    actor = actor_of(request)
    try:
        kept = signing.loads(token, salt=_UNDO_SALT, max_age=_UNDO_FOR)
    except signing.BadSignature as error:
        raise Http404 from error
    if kept["owner"] != actor.user_id:
        raise Http404
    shared = bodies(on=actor.on).filter(pk__in={h.body_id for h in actor.held}, code=kept["shared"]).first()
    try:
        save_list(
            actor=actor,
            at=timezone.now(),
            name=kept["name"],
            query=kept["query"],
            columns=kept["columns"],
            shared_with=shared,
        )
    except TaskRefused as refusal:
        return render(request, "400.html", {"reason": str(refusal)}, status=422)
    say(request, gettext("Đã khôi phục danh sách “%(name)s”.") % {"name": kept["name"]})
    return redirect(f"{reverse('tasks')}?{kept['query']}" if kept["query"] else "tasks")
