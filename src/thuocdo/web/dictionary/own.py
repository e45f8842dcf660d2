"""A body's own indicator: a new one, another version, retiring with undo."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, require, require_anywhere
from thuocdo.indicators.operations import (
    DictionaryRefused,
    change_indicator,
    keep_indicator,
    restore_indicator,
    retire_indicator,
)
from thuocdo.organisations.queries import bodies
from thuocdo.web.design.blocks import say, say_undoable
from thuocdo.web.design.figures import named
from thuocdo.web.signed_in import actor_of, login_required

from .forms import KeeperForm, OwnIndicatorForm
from .views import found_or_404

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A form for an indicator of one's own body; those who may choose a body choose it."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.MANAGE_INDICATORS)
    managed = bodies(on=actor.on).filter(pk__in=bodies_within(actor, Permission.MANAGE_INDICATORS).values("pk"))
    own = list(managed[:2])
    only = own[0] if len(own) == 1 else None
    data = request.POST if request.method == "POST" else None
    form = OwnIndicatorForm(data)
    keeper = KeeperForm(data, actor, _own_body(actor)) if only is None else None
    is_whole = form.is_valid() & (keeper is None or keeper.is_valid()) if data is not None else False
    if is_whole:
        body: Body = only or keeper.cleaned_data["co_quan"]  # type: ignore[union-attr]
        try:
            kept = keep_indicator(
                actor=actor, at=timezone.now(), body=body, fields=form.written, short=form.cleaned_data["short"]
            )
        except DictionaryRefused as refused:
            beside(form, refused)
        else:
            say(request, gettext("Đã thêm chỉ số riêng “%(title)s”.") % {"title": kept.title})
            return redirect("indicator_definition", code=kept.code)
    return _page(request, form, keeper=keeper, body=only)


def _own_body(actor: Actor) -> "Body | None":
    """The body at which the person works, for the field at first."""
    held = [one.body_id for one in actor.held]
    return bodies_within(actor, Permission.MANAGE_INDICATORS).filter(pk__in=held).first()


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write another version of an own indicator."""
    actor = actor_of(request)
    found = _own_or_404(actor, code)
    form = OwnIndicatorForm(request.POST if request.method == "POST" else None, known=found)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_indicator(
                actor=actor, at=timezone.now(), indicator=found, fields=form.written,
                valid_from=form.cleaned_data["valid_from"],
            )  # fmt: skip
        except DictionaryRefused as refused:
            beside(form, refused)
        else:
            is_new = changed.version != found.version
            words = gettext("Đã ghi bản định nghĩa %(number)s.") if is_new else gettext("Không có gì thay đổi.")
            say(request, words % {"number": changed.version} if is_new else words)
            return redirect("indicator_definition", code=code)
    return _page(request, form, known=found, body=found.kept_by)


@require_POST
@login_required
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Await no more values; one press takes it up again."""
    actor = actor_of(request)
    found = _own_or_404(actor, code)
    try:
        retire_indicator(actor=actor, at=timezone.now(), indicator=found)
    except DictionaryRefused as refused:
        say(request, str(refused))
    else:
        words = gettext("Chỉ số “%(title)s” đã ngừng dùng; số liệu cũ vẫn xem được.") % {"title": found.title}
        say_undoable(request, words, reverse("own_indicator_restore", args=[code]))
    return redirect("indicator_definition", code=code)


@require_POST
@login_required
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Await values again."""
    actor = actor_of(request)
    found = _own_or_404(actor, code)
    restore_indicator(actor=actor, at=timezone.now(), indicator=found)
    say(request, gettext("Chỉ số “%(title)s” được dùng lại.") % {"title": found.title})
    return redirect("indicator_definition", code=code)


def _own_or_404(actor: Actor, code: str) -> "Indicator":
    found = found_or_404(actor, code)
    if found.kept_by is None:
        raise Http404
    require(actor, Permission.MANAGE_INDICATORS, found.kept_by)
    return found


def beside(form: Any, refused: DictionaryRefused) -> None:
    """Set what was refused beside its field, or above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _page(
    request: HttpRequest,
    form: OwnIndicatorForm,
    *,
    keeper: KeeperForm | None = None,
    known: "Indicator | None" = None,
    body: "Body | None" = None,
) -> HttpResponse:
    is_wrong = bool(form.errors or (keeper is not None and keeper.is_bound and keeper.errors))
    context = {"form": form, "keeper": keeper, "known": known, "body": body, "name": named(body) if body else ""}
    status = 422 if request.method == "POST" and is_wrong else 200
    return render(request, "dictionary/own.html", context, status=status)
