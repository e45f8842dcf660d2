"""Setting the path of an indicator, for all or for one body."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within, may_anywhere
from thuocdo.indicators.operations import DictionaryRefused, may_set_path, set_path
from thuocdo.indicators.queries import paths
from thuocdo.organisations.queries import bodies
from thuocdo.web.design.blocks import say
from thuocdo.web.design.figures import named
from thuocdo.web.indicators.words import title_of, unit_of
from thuocdo.web.signed_in import actor_of, login_required

from .forms import PathForm
from .own import beside
from .views import found_or_404

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

# More names than these nobody looks through in a list; the others are asked for by their code.
MOST_CHOICES = 150


@require_http_methods(["GET", "POST"])
@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The points of one path in a form; `co_quan` is the code of a body, without it the path is that of all."""
    actor = actor_of(request)
    indicator = found_or_404(actor, code)
    asked = request.GET.get("co_quan", "")
    body = bodies(on=actor.on).filter(code=asked).first() if asked else None
    allowed = may_set_path(actor, indicator, body)
    if not allowed and not (body is None and may_anywhere(actor, Permission.SET_TARGETS)):
        raise NotAllowed(actor, Permission.SET_TARGETS, body)
    by_body = paths([indicator]).get(indicator.pk, {})
    points = by_body.get(body.pk if body is not None else None, [])
    common = by_body.get(None, [])
    form = PathForm(request.POST if request.method == "POST" else None, points=points or common)
    if request.method == "POST" and not allowed:
        raise NotAllowed(actor, Permission.SET_TARGETS, body)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_path(
                actor=actor, at=timezone.now(), indicator=indicator, body=body, points=given["points"],
                shape=given["shape"],
            )  # fmt: skip
        except DictionaryRefused as refused:
            beside(form, refused)
        else:
            whose = named(body) if body is not None else gettext("mọi cơ quan")
            say(request, gettext("Đã ghi đường mục tiêu cho %(whose)s.") % {"whose": whose})
            return redirect("indicator_definition", code=code)
    context = {
        "indicator": indicator,
        "title": title_of(indicator),
        "unit": unit_of(indicator),
        "form": form if allowed else None,
        "body": body,
        "asked": asked,
        "is_unknown": bool(asked) and body is None,
        "is_own": bool(points) and body is not None,
        "choices": _choices(actor, indicator.applies_to),
    }
    return render(request, "dictionary/path.html", context, status=422 if form.errors else 200)


def _choices(actor: Actor, groups: list[str]) -> "list[Body]":
    """The bodies for which the person may set levels, as many as a list can hold."""
    permission = Permission.MANAGE_METHODS if may_anywhere(actor, Permission.MANAGE_METHODS) else Permission.SET_TARGETS
    found = bodies(on=actor.on).filter(pk__in=bodies_within(actor, permission).values("pk")).exclude(peer_group="")
    if groups:
        found = found.filter(peer_group__in=groups)
    return list(found.order_by("code")[:MOST_CHOICES])
