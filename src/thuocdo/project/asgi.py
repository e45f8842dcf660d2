"""The ASGI application that the server runs; its threads, and with them the connections to the database, are reused.

Django gives each request a thread of its own and forgets it afterwards, so that every request would open the
database anew. Here a request borrows a thread that an earlier one has given back.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thuocdo.project.settings")

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from .loading import without_collection

# So many idle threads are kept at most; more requests at once get threads that end with them.
MOST_KEPT = 32


class ReusingHandler(ASGIHandler):
    """Django's handler with a stock of threads; the one given back last is taken first and is still warm."""

    def __init__(self) -> None:
        super().__init__()
        self.idle: list[ThreadSensitiveContext] = []

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Mapping[str, Any]]],
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Django can only handle ASGI/HTTP connections, not {scope['type']}.")
        context = self.idle.pop() if self.idle else ThreadSensitiveContext()
        token = SyncToAsync.thread_sensitive_context.set(context)
        try:
            await self.handle(scope, receive, send)
        finally:
            SyncToAsync.thread_sensitive_context.reset(token)
            if len(self.idle) < MOST_KEPT:
                self.idle.append(context)
            elif executor := SyncToAsync.context_to_thread_executor.pop(context, None):
                executor.shutdown(wait=False)


with without_collection():
    django.setup(set_prefix=False)
    # The pages are loaded before the first visitor comes, who would wait for them.
    import_module(settings.ROOT_URLCONF)
application = ReusingHandler()
