"""The page on which a person says how they want to be told."""

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from thuocdo.alerts.queries import DEFAULTS, wishes_of
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required

from .forms import WishesForm

if TYPE_CHECKING:
    from thuocdo.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The person's own wishes, with the defaults for whatever was never chosen."""
    actor = actor_of(request)
    wishes = wishes_of([actor.user_id]).get(actor.user_id, DEFAULTS) if actor.user_id is not None else DEFAULTS
    person = cast("User", request.user)
    form = WishesForm(wishes, person, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.save(actor, timezone.now()):
            say(request, gettext("Đã lưu cách nhận thông báo."))
            return redirect("notice_settings")
        return _draw(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _draw(request, form)


def _draw(request: HttpRequest, form: WishesForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    # As it is kept, not as it was typed wrong a moment ago.
    email = cast("User", request.user).email
    return render(request, "notices/settings.html", {"form": form, "email": email}, status=status)
