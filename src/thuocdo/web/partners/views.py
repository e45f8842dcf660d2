"""Instances above and below: state, lag, the last fault and what waits, in plain words; pair, pause, exchange now."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from thuocdo.accounts.permissions import NotAllowed, Permission, require_anywhere
from thuocdo.exchanges.operations.partners import PartnerRefused, pair, set_paused
from thuocdo.exchanges.queries.partners import (
    Standing,
    children_within,
    parent_within,
    problems_of,
    refused_by,
    standings,
)
from thuocdo.web.design.blocks import say
from thuocdo.web.signed_in import actor_of, login_required

from .forms import PairForm
from .wording import failure_in_words, state_in_words

if TYPE_CHECKING:
    from thuocdo.exchanges.models import Parent

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def partners(request: HttpRequest) -> HttpResponse:
    """Every parent and child of the bodies whose exchanges the person manages."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.MANAGE_EXCHANGES)
    form = PairForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = pair(
                actor=actor,
                at=timezone.now(),
                body=given["body"],
                address=given["address"],
                token=given["key"],
                title=given["title"],
                sends_figures=given["sends_figures"],
            )
        except PartnerRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except NotAllowed:
            form.add_error("body", gettext("Bạn không quản lý trao đổi của cơ quan này; chọn cơ quan khác."))
        else:
            say(
                request,
                gettext("Đã nối với %(title)s; lượt trao đổi đầu tiên bắt đầu trong một phút.") % {"title": made.title},
            )
            return redirect("partners")
    now = timezone.now()
    found = standings(actor, at=now)
    rows = [
        {
            "standing": one,
            "state": state_in_words(one.state),
            "failure": failure_in_words(one.parent.failure),
            "refused": refused_by(one.parent, limit=10) if one.refused else [],
            "problems": problems_of(one.parent, limit=10) if one.problems else [],
        }
        for one in found[:10]
    ]
    return render(
        request,
        "partners/page.html",
        {
            "rows": rows,
            "children": children_within(actor, at=now),
            "form": form,
            "is_open": form.is_bound,
            "sentence": _sentence(found),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK,
    )


def _sentence(found: list[Standing]) -> str:
    if not found:
        return gettext("Bản này chưa nối với bản cấp trên nào.")
    waiting, broken = sum(one.waiting for one in found), [one for one in found if one.state == "broken"]
    if broken:
        said = gettext("Chưa trao đổi được với %(titles)s") % {"titles": ", ".join(one.parent.title for one in broken)}
    else:
        said = gettext("Trao đổi với cấp trên đang thông suốt")
    if waiting:
        said += "; " + ngettext(
            "%(count)d báo cáo đang chờ gửi, không mất", "%(count)d báo cáo đang chờ gửi, không mất", waiting
        ) % {"count": waiting}
    return f"{said}."


@require_POST
@login_required
def pause(request: HttpRequest, number: int) -> HttpResponse:
    """Stop the exchange with a parent for a while, or go on with it."""
    actor = actor_of(request)
    parent = _parent_or_404(request, number)
    now_paused = not parent.is_paused
    set_paused(actor=actor, at=timezone.now(), parent=parent, is_paused=now_paused)
    say(
        request,
        gettext("Đã tạm dừng trao đổi; mọi báo cáo được giữ lại.") if now_paused else gettext("Đã trao đổi trở lại."),
    )
    return redirect("partners")


def _parent_or_404(request: HttpRequest, number: int) -> "Parent":
    found = parent_within(actor_of(request), number) if number <= _LARGEST else None
    if found is None:
        raise Http404
    return found
