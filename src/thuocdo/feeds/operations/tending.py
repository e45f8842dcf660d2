"""Keeping the landed files in order: small ones put together, orphans swept, silence noticed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.feeds.files import manifests
from thuocdo.feeds.models import FeedState, Part
from thuocdo.feeds.queries.files import folder_of, manifest_of, parts_in_force, place_of
from thuocdo.feeds.queries.states import silent_feeds
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

# As many small parts in a month are put together into one.
MANY = 12
# Bytes; larger parts are left alone, so that nothing is written again and again.
SMALL = 64_000_000
# How long the file of a part that is no longer in force stays for those who still read it.
GRACE = timedelta(days=1)
# How long a file may lie without a commit: its landing is certainly over by then.
UNCLAIMED = timedelta(hours=2)


def compact(*, actor: Actor, at: datetime, feed: FeedState, many: int = MANY) -> list[str]:
    """Put the small parts of crowded months together; gives those months. No figure changes by it.

    Of several rows with one key those of a lesser order are left out: they are never looked at again.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    state = FeedState.objects.get(pk=feed.pk)
    crowded: dict[str, list[Part]] = {}
    for part in parts_in_force(state).filter(size__lt=SMALL):
        crowded.setdefault(part.period, []).append(part)
    return [
        period
        for period, parts in crowded.items()
        if len(parts) >= many and _put_together(actor, at, state, period, parts)
    ]


def _put_together(actor: Actor, at: datetime, state: FeedState, period: str, parts: Sequence[Part]) -> bool:
    from thuocdo.feeds.files.merging import merged

    name, digest, rows, size = merged(
        state.declaration, folder_of(state.code) / f"period={period}", [place_of(part) for part in parts]
    )
    with transaction.atomic():
        locked = FeedState.objects.select_for_update().get(pk=state.pk)
        old = parts_in_force(locked).filter(pk__in=[part.pk for part in parts])
        if old.count() != len(parts) or parts_in_force(locked).filter(period=period, name=name).exists():
            # Somebody else was here meanwhile; the new file is swept later.
            return False
        number = locked.manifest + 1
        Part.objects.filter(pk__in=[part.pk for part in parts]).update(until=number, replaced_at=at)
        Part.objects.create(
            feed=locked, period=period, name=name, digest=digest, rows=rows, size=size, batch=None, since=number
        )
        is_settled = locked.computed == locked.manifest
        locked.manifest = number
        if is_settled:
            locked.computed = number
        locked.save(update_fields=["manifest", "computed"])
        append(
            actor=actor.label,
            at=at,
            event=Event.PARTITION_COMPACTED,
            subject=locked.label,
            data={"period": period, "parts": len(parts), "rows": rows, "manifest": number, "digest": digest},
        )
        drafted = manifests.draft(folder_of(locked.code), number, manifest_of(locked, number))
    manifests.settle(folder_of(locked.code), number, drafted)
    return True


def sweep(*, actor: Actor, at: datetime, feed: FeedState) -> int:
    """Remove files that nothing refers to: left by landings that never committed, or replaced a while ago."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    folder = folder_of(feed.code)
    if not folder.is_dir():
        return 0
    gone = manifests.clear(folder)
    for place in [folder, *sorted(folder.glob("period=*"))]:
        period = place.name.removeprefix("period=")
        kept = _kept(feed, period, at)
        for path in place.iterdir():
            if not path.is_file() or path.name.startswith("manifest-") or path.with_suffix(".parquet").name in kept:
                continue
            if at.timestamp() - path.stat().st_mtime > UNCLAIMED.total_seconds():
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _kept(feed: FeedState, period: str, at: datetime) -> set[str]:
    """Names of the files of a month that are in force or were until a moment ago."""
    found = Part.objects.filter(feed=feed, period=period)
    in_force = found.filter(until__isnull=True).values_list("name", flat=True)
    recent = found.filter(replaced_at__gt=at - GRACE).values_list("name", flat=True)
    return {*in_force, *recent}


@transaction.atomic
def note_silence(*, actor: Actor, at: datetime) -> list[FeedState]:
    """Raise the alarm for feeds that have fallen silent since the last look; gives them."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    fallen: list[FeedState] = []
    for state in silent_feeds(at):
        locked = FeedState.objects.select_for_update().get(pk=state.pk)
        if locked.silent_since is not None or locked.last_batch_at is None:
            continue
        locked.silent_since = locked.last_batch_at + locked.declaration.silence
        locked.save(update_fields=["silent_since"])
        append(
            actor=actor.label,
            at=at,
            event=Event.FEED_SILENT,
            subject=locked.label,
            data={"since": locked.silent_since.isoformat(), "last_batch_at": locked.last_batch_at.isoformat()},
        )
        fallen.append(locked)
    return fallen
