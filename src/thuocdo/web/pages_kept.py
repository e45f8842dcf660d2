"""Whole pages kept for one person: drawn once for each entry of the ledger, and never shown to anybody else.

Whatever happens to a task, a body, a score or a role stands in the ledger, so the newest entry says whether a
page would look the same again. What differs from request to request is set anew each time: the tokens of the
forms and the time at the foot. A page with something to say (a notice after a step) is always drawn.
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from thuocdo.ledger.queries import entries
from thuocdo.web.design.figures import moment
from thuocdo.web.signed_in import actor_of

# Not long: what is late follows from the day, which is part of the key, but nobody should rely on more.
SECONDS = 5 * 60
# Pages of one process take at most some tens of megabytes; a larger one is drawn each time.
LARGEST = 400_000
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}')
_NOW = re.compile(rb"<time data-now [^>]*>[^<]*</time>")
_TOKEN_MARK, _NOW_MARK = b"\x00token\x00", b"\x00now\x00"
# In the session: when the person last read something that stood on their pages.
_TURNED = "pages_turned"
View = Callable[..., HttpResponse]


def newest_of(request: HttpRequest) -> tuple[int, str]:
    """Number and digest of the newest entry as this request met it; (0, "") for an empty ledger."""
    user: Any = request.user
    if user.is_authenticated and hasattr(user, "newest"):
        return (user.newest or 0, user.newest_digest or "")
    return entries().values_list("number", "digest").first() or (0, "")


def kept_page(view: View) -> View:
    """Keeps what a view of a page answers to GET, for this person, this address and this state of the ledger.

    The view must show nothing that changes without an entry of the ledger or the turn of the day, save what the
    person does alone: `draw_anew` says so.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "GET" or len(get_messages(request)):
            return view(request, *args, **kwargs)
        key = _key(request)
        found: tuple[bytes, list[tuple[str, str]]] | None = cache.get(key)
        if found is None:
            response = view(request, *args, **kwargs)
            if _may_be_kept(response):
                blank = _TOKEN.sub(rb"\1" + _TOKEN_MARK, response.content)
                blank = _NOW.sub(_NOW_MARK, blank)
                cache.set(key, (blank, list(response.headers.items())), SECONDS)
            return response
        blank, headers = found
        response = HttpResponse(_filled(blank, request))
        for name, value in headers:
            response.headers[name] = value
        return response

    return answer


def draw_anew(request: HttpRequest) -> None:
    """Draw the pages of this person anew: what they have read is gone from them, of which the ledger knows nothing."""
    request.session[_TURNED] = timezone.now().isoformat()


def _key(request: HttpRequest) -> str:
    actor, user = actor_of(request), request.user
    marks = (
        *newest_of(request),
        timezone.localdate(),
        get_language(),
        actor.label,
        actor.held,
        getattr(user, "full_name", ""),
        request.session.get(_TURNED, "") if user.is_authenticated else "",
        request.headers.get("HX-Request", ""),
        request.get_full_path(),
    )
    # Addresses hold what visitors typed, which no cache takes as a key.
    return "page:" + hashlib.sha256(repr(marks).encode()).hexdigest()


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and len(response.content) <= LARGEST
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def _filled(blank: bytes, request: HttpRequest) -> bytes:
    if _TOKEN_MARK in blank:
        blank = blank.replace(_TOKEN_MARK, get_token(request).encode())
    now = timezone.now()
    shown = f'<time data-now datetime="{timezone.localtime(now).isoformat(timespec="seconds")}">{moment(now)}</time>'
    return blank.replace(_NOW_MARK, shown.encode())
