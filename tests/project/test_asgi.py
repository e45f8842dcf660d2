"""The server's threads are lent from request to request; no two requests at once ever get the same one.

`project/asgi.py` rests on three names inside asgiref. Should a newer asgiref change them, these stories fail.
"""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from thuocdo.project import asgi

# Two requests that wait for each other are at work at the same time.
_meeting = threading.Barrier(2)


def _where() -> HttpResponse:
    return HttpResponse(f"{threading.get_ident()} {id(connections['default'])}")


def alone(request: HttpRequest) -> HttpResponse:
    """Says in which thread and with which connection it is answered."""
    return _where()


def together(request: HttpRequest) -> HttpResponse:
    """The same, once another request has come as far."""
    _meeting.wait(10)
    return _where()


def broken(request: HttpRequest) -> HttpResponse:
    """Fails."""
    raise RuntimeError("broken on purpose")


urlpatterns = [path("alone", alone), path("together", together), path("broken", broken)]


@pytest.fixture(autouse=True)
def _only_these_views() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["*"], DEBUG=False):
        yield


async def ask(handler: asgi.ReusingHandler, name: str) -> tuple[int, str]:
    """Status and text of the answer."""
    scope = {"type": "http", "method": "GET", "path": f"/{name}", "headers": [], "query_string": b"", "root_path": ""}
    waiting, sent = [{"type": "http.request", "body": b"", "more_body": False}], []

    async def receive() -> Any:
        return waiting.pop() if waiting else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    await handler(scope, receive, send)
    return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]).decode()


def fresh() -> asgi.ReusingHandler:
    """A handler that has not read the settings of another test."""
    return asgi.ReusingHandler()


def test_one_request_after_another_meets_the_same_thread_and_connection() -> None:
    async def story() -> set[str]:
        handler = fresh()
        return {(await ask(handler, "alone"))[1] for _ in range(3)}

    assert len(asyncio.run(story())) == 1


def test_requests_at_the_same_time_never_share_a_thread_or_a_connection() -> None:
    async def story() -> list[list[str]]:
        handler = fresh()
        rounds = []
        for _ in range(4):
            pair = await asyncio.gather(ask(handler, "together"), ask(handler, "together"))
            rounds.append([text for _status, text in pair])
        assert len(handler.idle) == 2
        return rounds

    rounds = asyncio.run(story())
    for first, second in rounds:
        # Neither the thread nor the connection is the same.
        assert not set(first.split()) & set(second.split())
    assert len({text for pair in rounds for text in pair}) == 2, "threads are not lent again"


def test_a_request_that_fails_gives_its_thread_back(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> tuple[int, set[str], int]:
        handler = fresh()
        before = (await ask(handler, "alone"))[1]
        status, _text = await ask(handler, "broken")
        return status, {before, (await ask(handler, "alone"))[1]}, len(handler.idle)

    status, threads, idle = asyncio.run(story())
    assert status == 500
    assert len(threads) == 1
    assert idle == 1


def test_more_threads_than_are_kept_end_with_their_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "MOST_KEPT", 1)

    async def story() -> int:
        handler = fresh()
        await asyncio.gather(ask(handler, "together"), ask(handler, "together"))
        return len(handler.idle)

    assert asyncio.run(story()) == 1


def test_only_requests_of_the_web_are_answered() -> None:
    async def story() -> None:
        await fresh()({"type": "websocket"}, None, None)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(story())
