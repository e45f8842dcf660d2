"""Landing a batch: checked, written as files, and brought into force by one commit that also seals it.

The commit is the one moment that counts. Before it, the batch is absent, and what lies on the disk is swept
later; after it, the batch is there exactly once, and whatever is still missing (the visible manifest, the
answer) is made up for by whoever comes next.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, require_anywhere
from thuocdo.accounts.queries import scope_of
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.feeds.files import disk, manifests
from thuocdo.feeds.files.cells import VIETNAM, Wrong
from thuocdo.feeds.files.disk import NoRoom, said_when_full
from thuocdo.feeds.models import Batch, FeedState, Part
from thuocdo.feeds.queries.files import folder_of, manifest_of, parts_in_force, place_of
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body

from .answering import Envelope, Landed, answered, refuse, row_of, since

if TYPE_CHECKING:
    from .checking import Checked

logger = structlog.get_logger(__name__)
# How often a batch begins anew because another one of the same feed came in between.
ATTEMPTS = 50


class OutOfScope(PermissionError):
    """The sender's key is narrowed to other feeds."""


class _Overtaken(Exception):
    """Another batch came into force since this one was held against the files."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A file that waits for its commit."""

    period: str
    name: str
    digest: str
    rows: int
    size: int


def land_batch(
    *,
    actor: Actor,
    at: datetime,
    feed: FeedState,
    content: bytes,
    door: str,
    idempotency_key: str | None = None,
    on_error: Literal["keep_good", "refuse_all"] = "keep_good",
) -> Landed:
    """Land NDJSON (plain or gzip) or Parquet; by default the good events are kept and the others reported.

    The same content, or a repeated idempotency key, of the same sender gets the first answer again and is
    counted once. Raises NotAllowed, OutOfScope, KeyUsedBefore (with other content), and NoRoom when the disk
    takes no more: then nothing was taken.
    """
    require_anywhere(actor, Permission.FEED_MEASUREMENT)
    if not scope_of(actor).may_feed(feed.code):
        raise OutOfScope(_("Khóa kết nối không được gửi nguồn này; đề nghị quản trị cấp thêm nguồn cho khóa."))
    from .checking import check

    envelope = Envelope(
        actor=actor,
        at=at,
        state=feed,
        door=door,
        key=idempotency_key or None,
        digest=hmac.digest(settings.FEEDS_SALT().encode(), content, "sha256").hex(),
        size=len(content),
        begun=perf_counter(),
    )
    if before := answered(envelope):
        return before
    try:
        checked = check(feed.declaration, content, _reach(actor, at))
    except Wrong as wrong:
        return refuse(envelope, None, wrong)
    report = checked.report
    if not checked.keys or (report.rejected and on_error == "refuse_all"):
        return refuse(envelope, checked)
    publish_manifest(feed)
    for _attempt in range(ATTEMPTS):
        try:
            with said_when_full():
                return _land(envelope, checked, on_error)
        except _Overtaken:
            feed.refresh_from_db()
        except IntegrityError:
            # Two sendings of one batch at once: the one that came second gets the answer of the first.
            if before := answered(envelope):
                return before
            raise
    raise RuntimeError(f"{feed.code}: overtaken {ATTEMPTS} times; send the batch again.")


def _reach(actor: Actor, at: datetime) -> Any:
    from .checking import Reach

    known = frozenset(Body.objects.values_list("code", flat=True))
    allowed = bodies_within(actor, Permission.FEED_MEASUREMENT).values_list("code", flat=True)
    return Reach(known, known if actor.is_machine else frozenset(allowed), at, settings.FEEDS_SALT())


def _land(envelope: Envelope, checked: "Checked", on_error: str) -> Landed:
    """One attempt; raises _Overtaken when the files changed between the look at them and the commit."""
    state, feed = envelope.state, envelope.state.declaration
    base = state.manifest
    report = checked.report
    moved = _moved(state, checked)
    if moved and (on_error == "refuse_all" or len(moved) == len(checked.keys)):
        return refuse(envelope, checked, moved=moved)
    folder = folder_of(state.code)
    written = [
        _write(folder, period, feed.key, checked, rows) for period, rows in checked.by_period(frozenset(moved)).items()
    ]
    with transaction.atomic():
        locked = FeedState.objects.select_for_update().get(pk=state.pk)
        if locked.manifest != base or locked.digest != state.digest:
            raise _Overtaken
        in_force = set(parts_in_force(state).values_list("period", "name"))
        # Equal files are one file: other senders may have told the very same events before.
        fresh = [part for part in written if (part.period, part.name) not in in_force]
        number = base + 1 if fresh else base
        accepted = len(checked.keys) - len(moved)
        batch = row_of(envelope, checked, moved, Batch.State.LANDED)
        batch.accepted, batch.manifest = accepted, number
        batch.first_event_at, batch.last_event_at = _zoned(checked.first), _zoned(checked.last)
        batch.milliseconds = since(envelope.begun)
        batch.save(force_insert=True)
        Part.objects.bulk_create(
            Part(
                feed=state, period=part.period, name=part.name, digest=part.digest, rows=part.rows, size=part.size,
                batch=batch, since=number,
            )
            for part in fresh
        )  # fmt: skip
        entry = append(
            actor=envelope.actor.label,
            at=envelope.at,
            event=Event.BATCH_LANDED,
            subject=batch.label,
            data={
                "feed": state.code,
                "rows": batch.rows,
                "accepted": batch.accepted,
                "rejected": batch.rejected,
                "duplicates": batch.duplicates,
                "manifest": number,
                "root": merkle_root(sorted(f"{part.period}/{part.name}" for part in written)),
            },
        )
        batch.ledger = entry.number
        batch.save(update_fields=["ledger"])
        locked.manifest = number
        locked.last_batch_at = max(filter(None, (locked.last_batch_at, envelope.at)))
        locked.last_event_at = max(filter(None, (locked.last_event_at, batch.last_event_at)), default=None)
        _hear(locked, envelope)
        locked.save(update_fields=["manifest", "last_batch_at", "last_event_at", "silent_since"])
        missing = [part for part in fresh if not (folder / f"period={part.period}" / part.name).exists()]
        if missing:
            raise RuntimeError(f"{missing[0].name} went away before it came into force.")
        drafted = manifests.draft(folder, number, manifest_of(locked, number)) if fresh else None
    state.manifest = number
    if drafted is not None:
        _settle(folder, number, drafted)
    if moved:
        report.rejected = batch.rejected
    return Landed(batch)


def _hear(state: FeedState, envelope: Envelope) -> None:
    """A feed that was silent speaks again."""
    if state.silent_since is None:
        return
    state.silent_since = None
    append(actor=envelope.actor.label, at=envelope.at, event=Event.FEED_HEARD, subject=state.label, data={})


def _settle(folder: Path, number: int, drafted: Path) -> None:
    """Make the manifest visible. The batch is in force already, so a failure is made up for by the next who comes."""
    try:
        manifests.settle(folder, number, drafted)
    except NoRoom as error:
        logger.warning("feeds.manifest.waiting", number=number, error=str(error))


def publish_manifest(state: FeedState) -> bool:
    """Write the manifest in force where a crash left it out; gives whether it was missing. Raises NoRoom."""
    folder = folder_of(state.code)
    if manifests.newest(folder) >= state.manifest:
        return False
    drafted = manifests.draft(folder, state.manifest, manifest_of(state, state.manifest))
    manifests.settle(folder, state.manifest, drafted)
    return True


def _moved(state: FeedState, checked: "Checked") -> dict[int, str]:
    """Rows whose key stands in another month already, with that month: an event never changes its time."""
    import numpy as np

    from thuocdo.feeds.files.parts import fingerprints, known_in

    marks = fingerprints(checked.keys)
    wanted: dict[int, list[tuple[str, ...]]] = {}
    for mark, key in zip(marks.tolist(), checked.keys, strict=True):
        wanted.setdefault(mark, []).append(key)
    ordered = np.unique(marks)
    places: dict[tuple[str, ...], str] = {}
    mine = set(checked.periods)
    for part in parts_in_force(state):
        if mine == {part.period}:
            continue
        for key in known_in(state.declaration, place_of(part), wanted, ordered):
            places.setdefault(key, part.period)
            if places[key] != part.period:
                places[key] = min(places[key], part.period)
    return {
        at: places[key] for at, key in enumerate(checked.keys) if key in places and places[key] != checked.periods[at]
    }


def _write(folder: Path, period: str, key: Sequence[str], checked: "Checked", rows: Sequence[int]) -> _Written:
    """The rows as a file of their month, with the fingerprints of their keys; nobody sees it before the commit."""
    import numpy as np

    from thuocdo.feeds.files.parts import digest_of, fingerprints, marks_beside, packed

    content = packed(checked.table.take(rows))
    digest = digest_of(content)
    place = folder / f"period={period}" / f"part-{digest}.parquet"
    marks = np.sort(fingerprints([checked.keys[at] for at in rows]))
    disk.write(marks_beside(place), marks.tobytes())
    disk.write(place, content)
    return _Written(period, place.name, digest, len(rows), len(content))


def _zoned(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=VIETNAM)
