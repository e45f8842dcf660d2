"""Answers to what cannot be done: not allowed, not there, too large; each page says what to do next."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from thuocdo.accounts.permissions import NotAllowed
from thuocdo.web.signed_in import actor_of

MEGABYTE = 1_000_000


class Refusals(MiddlewareMixin):
    """Turns NotAllowed into an answer: visitors are asked to sign in, others read that they may not."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotAllowed):
            return None
        if not actor_of(request).is_signed_in and request.method == "GET":
            return redirect_to_login(request.get_full_path())
        return render(request, "403.html", status=403)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the upload is larger than this instance takes; views of uploads answer with it as well."""
    return render(request, "413.html", {"limit": settings.MAX_UPLOAD / MEGABYTE}, status=413)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when the request was too large to be read."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "400.html", status=400)
