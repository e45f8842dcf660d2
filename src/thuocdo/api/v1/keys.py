"""Who calls: the source system behind `Authorization: Bearer <key>`."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer

from thuocdo.accounts.operations import take_call
from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import actor_for_key, key_for


class CalledTooOften(RuntimeError):
    """The key has used up its rate; the next call is taken after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"next call in {seconds:.1f} s")
        self.seconds = seconds


class ApiKeyBearer(HttpBearer):
    """Lets valid keys in; the view finds the actor in `request.auth`.

    Being the first to see a call, it also lets the answer speak the language that the call accepts: pages
    follow a cookie, which machines do not have.
    """

    def __call__(self, request: HttpRequest) -> Any:
        translation.activate(translation.get_language_from_request(request))
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        now = timezone.now()
        key = key_for(token, at=now)
        if key is None:
            return None
        if (too_many := take_call(key=key, at=now)) is not None:
            raise CalledTooOften(too_many.seconds)
        return actor_for_key(key, on=timezone.localdate())


def caller(request: HttpRequest) -> Actor:
    """The actor behind an authenticated request."""
    actor = request.auth  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)  # noqa: S101
    return actor
