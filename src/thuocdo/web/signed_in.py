"""Who is behind a request: the actor with today's roles, found once per request and only when asked."""

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import SimpleLazyObject

from thuocdo.accounts.permissions import Actor, anonymous
from thuocdo.accounts.queries import actor_for_user

__all__ = ["ActorMiddleware", "actor_of", "login_required"]


def _find(request: HttpRequest) -> Actor:
    today = timezone.localdate()
    if not request.user.is_authenticated:
        return anonymous(today)
    return actor_for_user(request.user, on=today)


@sync_and_async_middleware
def ActorMiddleware(  # noqa: N802 (Django names middleware like classes)
    get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]:
    """Puts `request.actor` on every request."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            request.actor = SimpleLazyObject(lambda: _find(request))  # type: ignore[attr-defined]
            return await get_response(request)  # type: ignore[no-any-return]

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: _find(request))  # type: ignore[attr-defined]
        return get_response(request)  # type: ignore[return-value]

    return synchronous


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind the request."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]
