"""Live pages: the ledger's entries as server-sent events, read once per process for all who listen.

An event says only that something happened; the page fetches its part again through the ordinary door,
with the ordinary permissions. Whoever may not read the whole ledger hears that something happened, but not
to what; the public hears of new scores only.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import TypeVar
from weakref import WeakKeyDictionary

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may_everywhere
from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import entries_after, newest_number
from thuocdo.web.signed_in import actor_of

# The delay that watching adds to a change on an open page.
POLL_SECONDS = 0.05
HEARTBEAT_SECONDS = 15.0
# A stream ends after this time and the browser opens a new one: a right that ended ends there as well.
LONGEST_SECONDS = 600.0
# Whoever was away for more entries than this is better served by loading the page anew.
FURTHEST_BACK = 1000
MOST_LISTENERS = 500

# What everybody may hear of, and what whoever is signed in may: that something happened, not to what.
PUBLIC = frozenset({Event.SCORES_COMPUTED.value, Event.INTERVALS_COMPUTED.value})
SIGNED_IN = PUBLIC | {
    event.value
    for event in (
        Event.TASK_CHANGED,
        Event.TASKS_ASSIGNED,
        Event.TASKS_WITHDRAWN,
        Event.SHEET_IMPORTED,
        Event.EVIDENCE_ADDED,
        Event.EVIDENCE_COMPARED,
        Event.EVIDENCE_ERASED,
        Event.REMARK_MADE,
        Event.REMARK_WITHDRAWN,
        Event.ASSIGNMENTS_FOUND,
        Event.CANDIDATE_CORRECTED,
        Event.CANDIDATE_DECIDED,
        Event.MATCHES_FOUND,
        Event.EXTRACTION_FAILED,
        Event.EXTRACTION_REPEATED,
        Event.MEASUREMENTS_RECORDED,
    )
}

logger = structlog.get_logger(__name__)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Happening:
    """What the stream tells of an entry."""

    number: int
    event: str
    subject: str


def happenings_after(number: int) -> list[Happening]:
    """What followed the entry with this number, oldest first, a batch at a time."""
    return [Happening(row.number, row.event, row.subject) for row in entries_after(number, limit=FURTHEST_BACK)]


@dataclass
class Watch:
    """The one reader of the ledger in this process; it asks only while somebody listens."""

    listeners: int = 0
    newest: int = 0
    is_closing: bool = False
    recent: deque[Happening] = field(default_factory=lambda: deque(maxlen=FURTHEST_BACK))
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _start: asyncio.Lock = field(default_factory=asyncio.Lock)
    # Its own thread, hence its own database connection, outside any request.
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
    )

    async def join(self) -> None:
        """Begin to listen; the first listener starts the reader."""
        self.listeners += 1
        async with self._start:
            if self._task is None:
                self.newest = await self._read(newest_number)
                self.recent.clear()
                # In an empty context: that of the request ends with the request, the reader does not.
                loop = asyncio.get_running_loop()
                self._task = loop.create_task(self._run(), context=Context())

    def leave(self) -> None:
        """Stop listening; the reader ends by itself when nobody is left."""
        self.listeners -= 1

    async def missed(self, number: int) -> list[Happening]:
        """What a listener who stopped at this number has missed so far."""
        if self.recent and self.recent[0].number <= number + 1:
            return list(dropwhile(lambda happening: happening.number <= number, self.recent))
        if number >= self.newest:
            return []
        return await self._read(lambda: happenings_after(max(number, self.newest - FURTHEST_BACK)))

    def close(self) -> None:
        """End every stream; called when the server is told to stop."""
        self.is_closing = True
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for news; False when none came in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def _read(self, question: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)

    async def _run(self) -> None:
        while self.listeners > 0 and not self.is_closing:
            try:
                await self._look()
            except DatabaseError as error:
                # A database that is away for a moment must not end the watch; listeners keep their place.
                logger.warning("live.unreadable", error=str(error))
                await self._read(close_old_connections)
                await asyncio.sleep(1)
            await asyncio.sleep(POLL_SECONDS)
        self._task = None
        await self._read(connections.close_all)

    async def _look(self) -> None:
        newest = await self._read(newest_number)
        if newest <= self.newest:
            return
        self.recent.extend(await self._read(lambda: happenings_after(self.newest)))
        self.newest = self.recent[-1].number
        news, self._news = self._news, asyncio.Event()
        news.set()


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch() -> Watch:
    """The watch of this process (of this event loop, where tests run several)."""
    return _watches.setdefault(asyncio.get_running_loop(), Watch())


def end_streams() -> None:
    """Let every open stream of this process end, from a signal handler or another thread."""
    for loop, room in list(_watches.items()):
        if loop.is_running():
            loop.call_soon_threadsafe(room.close)


def written(happening: Happening, *, whole: bool) -> str:
    """One server-sent event; without `whole`, the subject stays unsaid."""
    data = {
        "number": happening.number,
        "event": happening.event,
        "subject": happening.subject if whole else "",
    }
    return f"id: {happening.number}\nevent: {happening.event}\ndata: {json.dumps(data)}\n\n"


async def stream(after: int | None, *, heard: frozenset[str] | None) -> AsyncIterator[str]:
    """Events after an entry's number (None: from now on), heartbeats between them, for a limited time.

    `heard` names the events that are told without their subject; None tells everything.
    """
    room, loop = watch(), asyncio.get_running_loop()
    await room.join()
    try:
        number = room.newest if after is None else after
        ends_at = loop.time() + LONGEST_SECONDS
        yield f"retry: 1000\n: {number}\n\n"
        while loop.time() < ends_at and not room.is_closing:
            for happening in await room.missed(number):
                number = happening.number
                if heard is None or happening.event in heard:
                    yield written(happening, whole=heard is None)
            if number >= room.newest and not await room.wait(HEARTBEAT_SECONDS):
                yield ": still here\n\n"
    finally:
        room.leave()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def _heard_by(request: HttpRequest) -> frozenset[str] | None:
    """What the visitor may hear of, None for everything; gives the request's database connection back at once."""
    actor = actor_of(request)
    heard = SIGNED_IN if actor.is_signed_in else PUBLIC
    whole = may_everywhere(actor, Permission.VIEW_LEDGER)
    for connection in connections.all(initialized_only=True):
        # A stream lasts for minutes; it must not keep a connection for itself. Tests keep theirs.
        if not connection.in_atomic_block:
            connection.close()
    return None if whole else heard


@require_GET
async def live(request: HttpRequest) -> HttpResponseBase:
    """The stream, from `Last-Event-ID` or `?after=`; 503 when as many listen as the process bears."""
    if watch().listeners >= MOST_LISTENERS:
        busy = gettext("Máy chủ đang phục vụ quá nhiều trang cập nhật trực tiếp; hãy tải lại trang sau ít phút.")
        return HttpResponse(busy, status=503, headers={"Retry-After": "60"}, content_type="text/plain; charset=utf-8")
    heard = await sync_to_async(_heard_by)(request)
    after = _number(request.headers.get("Last-Event-ID", request.GET.get("after")))
    return StreamingHttpResponse(
        stream(after, heard=heard),
        content_type="text/event-stream",
        # Named as not compressed, for a compressor would hold events back.
        headers={"Cache-Control": "no-cache, no-transform", "Content-Encoding": "identity", "X-Accel-Buffering": "no"},
    )
