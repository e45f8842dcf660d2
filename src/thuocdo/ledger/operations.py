"""The one write of this room: append an entry and enqueue what follows from it, in one transaction."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

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
                # What the transaction has written is checked before it takes the lock and not as it commits: thousands
                # of references take a tenth of a second, and every other writer would wait for that.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
                # Workers do not wait for the disk where nothing is lost by it; an entry is always waited for.
                cursor.execute("SELECT pg_advisory_xact_lock(%s), set_config('synchronous_commit', 'on', true)", [LOCK])
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
    jobs, waiting = reactions.get(event, []), _deferred.get()
    if waiting is None:
        _enqueue(dict.fromkeys(jobs, number))
    else:
        waiting.update(dict.fromkeys(jobs, number))


def _enqueue(wanted: Mapping[Any, int]) -> None:
    """Enqueue jobs, each for the entry that asks for it; belongs into the transaction of that entry.

    A job that covers every entry up to the newest at its start is not enqueued a second time while it waits: it is
    told of the newer entry instead. No worker can take it before this transaction ends, so it starts after the entry
    stands: on SQLite one transaction writes at a time, on PostgreSQL its row is locked and passed over.
    """
    covering: Collection[Any] = import_string(settings.LEDGER_COVERING)
    # In one order, so that two transactions never wait for each other's rows.
    told = {job for job in sorted(wanted, key=_path_of) if job in covering and _waits(job, wanted[job])}
    for job, number in wanted.items():
        if job not in told:
            job.enqueue(number)


def _path_of(job: Any) -> str:
    return str(job.module_path)


def _waits(job: Any, number: int) -> bool:
    """Whether the job waits already; it is then told of the entry."""
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        task_path=_path_of(job),
        queue_name=job.queue_name,
        backend_name=job.backend,
        priority=job.priority,
    )
    return waiting.update(args_kwargs={"args": [number], "kwargs": {}}) > 0


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
                _enqueue(waiting)
