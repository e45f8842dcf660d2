"""The one write of this room: append an entry and enqueue what follows from it, in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from thuocdo.engine.canonical import Plain, canonical_json
from thuocdo.engine.sealing.chain import GENESIS, seal

from .events import Event
from .models import Entry

# Any number that no other part of the database locks on; PostgreSQL's advisory locks share one space.
LOCK = 0x7407_0057
LONGEST_TEXT = 200

_deferred: ContextVar[dict[Any, int] | None] = ContextVar("deferred_reactions", default=None)


class TooRevealing(ValueError):
    """The data of an entry holds long text: the ledger keeps identifiers and digests only."""


def append(*, actor: str, at: datetime, event: Event, subject: str, data: Mapping[str, Plain] | None = None) -> Entry:
    """Append one entry and enqueue its reactions; joins the caller's transaction and commits with it.

    `actor` and `subject` are labels such as `user:7` and `task:12`. Writers are serialised until they
    commit: by an advisory lock on PostgreSQL, by the immediate transaction on SQLite.
    """
    _refuse_prose(data or {})
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        newest = Entry.objects.order_by("-number").first()
        number = newest.number + 1 if newest else 1
        previous_digest = newest.digest if newest else GENESIS
        text = canonical_json(data or {})
        entry = Entry(
            number=number,
            at=at,
            actor=actor,
            event=event.value,
            subject=subject,
            data=text,
            previous_digest=previous_digest,
            digest=seal(
                number=number,
                at=at,
                actor=actor,
                event=event.value,
                subject=subject,
                data=text,
                previous_digest=previous_digest,
            ),
        )
        entry.save(force_insert=True)
        _react(event, number)
    return entry


def _refuse_prose(data: Mapping[str, Plain]) -> None:
    for key, value in data.items():
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise TooRevealing(f"The field {key} holds {len(value)} characters; put a digest there instead.")
        if isinstance(value, Mapping):
            _refuse_prose(value)


def _react(event: Event, number: int) -> None:
    """Enqueue the jobs that the table of consequences names for the event."""
    reactions: Mapping[Event, list[Any]] = import_string(settings.LEDGER_REACTIONS)
    waiting = _deferred.get()
    for job in reactions.get(event, []):
        if waiting is None:
            job.enqueue(number)
        else:
            waiting[job] = number


@contextmanager
def reactions_gathered() -> Iterator[None]:
    """Within a bulk of writes, enqueue each job once at the end, with the newest entry that asked for it.

    Entries are appended as usual; when the block fails, what was committed before still gets its jobs,
    while in a transaction that is being rolled back there is nothing to react to.
    """
    waiting: dict[Any, int] = {}
    token = _deferred.set(waiting)
    try:
        yield
    finally:
        _deferred.reset(token)
        if not connection.needs_rollback:
            with transaction.atomic():
                for job, number in waiting.items():
                    job.enqueue(number)
