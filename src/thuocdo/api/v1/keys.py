"""Who calls: the source system behind `Authorization: Bearer <key>`."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer

from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import actor_for_key, key_for


class ApiKeyBearer(HttpBearer):
    """Lets valid keys in; the view finds the actor in `request.auth`.

    Being the first to see a call, it also lets the answer speak the language that the call accepts: pages
    follow a cookie, which machines do not have.
    """

    def __call__(self, request: HttpRequest) -> Any:
        translation.activate(translation.get_language_from_request(request))
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        key = key_for(token, at=timezone.now())
        return None if key is None else actor_for_key(key, on=timezone.localdate())


def caller(request: HttpRequest) -> Actor:
    """The actor behind an authenticated request."""
    actor = request.auth  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)  # noqa: S101
    return actor
