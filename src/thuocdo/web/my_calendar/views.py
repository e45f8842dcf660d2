"""The page of one's own calendar, the file, and the address that calendar programs fetch without signing in."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import actor_for_user
from thuocdo.alerts.files import calendar_ics
from thuocdo.alerts.operations import close_calendar, note_reading, open_calendar
from thuocdo.alerts.queries import address_by_secret, calendar_address, deadlines_of
from thuocdo.web.design.blocks import say
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

MEDIA_TYPE = "text/calendar; charset=utf-8"
NAME = "lich-nhiem-vu.ics"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Whether there is an address and when it was read; making a new one shows it this once."""
    actor = actor_of(request)
    if request.method == "POST" and request.POST.get("viec") == "thu-hoi":
        if close_calendar(actor=actor, at=timezone.now()):
            say(request, gettext("Đã thu hồi địa chỉ lịch; nơi đang đăng ký không nhận thêm gì nữa."))
        return redirect("my_calendar")
    address = ""
    if request.method == "POST":
        secret = open_calendar(actor=actor, at=timezone.now())
        address = request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
    known = calendar_address(actor)
    status = HTTPStatus.CREATED if address else HTTPStatus.OK
    return render(request, "my_calendar/page.html", {"known": known, "address": address}, status=status)


@require_GET
@login_required
def download(request: HttpRequest) -> HttpResponse:
    """The same deadlines as a file, as they are now."""
    return attachment(_calendar(request, actor_of(request)), name=NAME, media_type=MEDIA_TYPE)


@never_cache
@require_safe
@sensitive_variables("secret")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What the person behind the secret may see today; anything else is not found, whatever the reason."""
    found = address_by_secret(secret)
    if found is None:
        raise Http404
    note_reading(at=timezone.now(), address=found)
    with override("vi"):
        content = _calendar(request, actor_for_user(found.user, on=timezone.localdate()))
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _calendar(request: HttpRequest, actor: Actor) -> bytes:
    deadlines = deadlines_of(
        actor, today=timezone.localdate(), link=lambda code: request.build_absolute_uri(reverse("task", args=[code]))
    )
    return calendar_ics(deadlines, name=gettext("Lịch nhiệm vụ"), host=request.get_host().partition(":")[0])
