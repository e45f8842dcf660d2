"""Receivers of events: the list, one with its last messages, pause, another secret, send again, remove."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import NotAllowed, Permission, require_anywhere
from thuocdo.exchanges.operations.webhooks import (
    GRACE,
    ReceiverRefused,
    pause_receiver,
    register_receiver,
    remove_receiver,
    rotate_secret,
    send_again,
)
from thuocdo.exchanges.queries.webhooks import dispatches_of, receiver_within, receivers_within
from thuocdo.web.administration.gate import shown_before
from thuocdo.web.administration.secret import fresh_mark, use_mark
from thuocdo.web.design.blocks import say
from thuocdo.web.design.tables import page_of
from thuocdo.web.ledger.wording import WORDS
from thuocdo.web.partners.wording import failure_in_words
from thuocdo.web.signed_in import actor_of, login_required

from .forms import ReceiverForm

if TYPE_CHECKING:
    from thuocdo.exchanges.models import Receiver

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def receivers(request: HttpRequest) -> HttpResponse:
    """Receivers of the bodies whose exchanges the person manages; the secret of a new one is shown this once."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.MANAGE_EXCHANGES)
    form = ReceiverForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not use_mark(request):
            return shown_before(request, reverse("receivers"))
        given = form.cleaned_data
        try:
            _made, secret = register_receiver(
                actor=actor,
                at=timezone.now(),
                body=given["body"],
                title=given["title"],
                address=given["address"],
                events=given["events"],
            )
        except ReceiverRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except NotAllowed:
            form.add_error("body", gettext("Bạn không quản lý trao đổi của cơ quan này; chọn cơ quan khác."))
        else:
            return _list(request, ReceiverForm(actor), secret=secret)
    return _list(request, form)


def _list(request: HttpRequest, form: ReceiverForm, *, secret: str = "") -> HttpResponse:
    rows = [
        {"receiver": one, "events": [WORDS[event] for event in one.events], "parked": getattr(one, "parked", 0)}
        for one in receivers_within(actor_of(request))[:200]
    ]
    response = render(
        request,
        "webhooks/page.html",
        {
            "rows": rows,
            "form": form,
            "is_open": form.is_bound or not rows,
            "secret": secret,
            "mark": fresh_mark(),
            "parked": sum(row["parked"] for row in rows),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
@login_required
def receiver(request: HttpRequest, number: int) -> HttpResponse:
    """One receiver with its last messages and what became of them."""
    return _one(request, _receiver_or_404(request, number))


def _one(request: HttpRequest, found: "Receiver", *, secret: str = "") -> HttpResponse:
    page = page_of(request, dispatches_of(found))
    rows = [
        {"dispatch": one, "event": WORDS.get(one.event, one.event), "failure": failure_in_words(one.failure)}
        for one in page.object_list
    ]
    response = render(
        request,
        "webhooks/receiver.html",
        {
            "receiver": found,
            "events": [WORDS[event] for event in found.events],
            "rows": rows,
            "page": page,
            "secret": secret,
            "mark": fresh_mark(),
            "days": GRACE.days,
        },
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
@login_required
def pause(request: HttpRequest, number: int) -> HttpResponse:
    """Stop telling a receiver for a while, or go on."""
    found = _receiver_or_404(request, number)
    is_paused = not found.is_paused
    pause_receiver(actor=actor_of(request), at=timezone.now(), receiver=found, is_paused=is_paused)
    say(request, gettext("Đã tạm dừng; thông báo được giữ lại.") if is_paused else gettext("Đã gửi trở lại."))
    return redirect("receiver", number)


@require_POST
@login_required
def rotate(request: HttpRequest, number: int) -> HttpResponse:
    """Give a receiver another secret, shown this once."""
    found = _receiver_or_404(request, number)
    if not use_mark(request):
        return shown_before(request, reverse("receiver", args=[number]))
    _changed, secret = rotate_secret(actor=actor_of(request), at=timezone.now(), receiver=found)
    return _one(request, _receiver_or_404(request, number), secret=secret)


@require_POST
@login_required
def again(request: HttpRequest, number: int, entry: int) -> HttpResponse:
    """Send one message once more."""
    found = _receiver_or_404(request, number)
    row = dispatches_of(found).filter(entry=entry).first() if entry <= _LARGEST else None
    if row is None:
        raise Http404
    send_again(actor=actor_of(request), at=timezone.now(), dispatch=row)
    say(request, gettext("Thông báo số %(entry)s sẽ được gửi lại trong ít phút.") % {"entry": entry})
    return redirect("receiver", number)


@require_POST
@login_required
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Tell a receiver nothing any more."""
    found = _receiver_or_404(request, number)
    remove_receiver(actor=actor_of(request), at=timezone.now(), receiver=found)
    say(request, gettext("Đã thôi gửi thông báo tới %(title)s.") % {"title": found.title})
    return redirect("receivers")


def _receiver_or_404(request: HttpRequest, number: int) -> "Receiver":
    found = receiver_within(actor_of(request), number) if number <= _LARGEST else None
    if found is None:
        raise Http404
    return found
