"""Declaring the feeds of a pack; loading the same again changes nothing."""

import hashlib
import tomllib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.feeds.declaration import Feed, FeedRefused, read_feed
from thuocdo.feeds.metrics import MetricError, read_metrics
from thuocdo.feeds.models import FeedState
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append


@transaction.atomic
def load_feeds(*, actor: Actor, at: datetime, texts: Sequence[str]) -> list[FeedState]:
    """Load the declarations (TOML) of a pack; gives those that are new or changed.

    What is landed stays readable: of a feed with events, columns may be added, and none taken away or given
    another type, key, body or event time. Raises FeedRefused before anything is written.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    changed: list[FeedState] = []
    for text in texts:
        try:
            feed = read_feed(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise FeedRefused(f"A feed is no TOML: {error}; correct the line.") from error
        try:
            read_metrics(feed)
        except MetricError as error:
            raise FeedRefused(str(error)) from error
        sealed = hashlib.sha256(text.encode()).hexdigest()
        state = FeedState.objects.select_for_update().filter(code=feed.code).first() or FeedState(code=feed.code)
        if state.digest == sealed:
            continue
        if state.pk is not None and state.manifest:
            _refuse_break(state.declaration, feed)
        state.text, state.digest, state.version = text, sealed, feed.version
        state.name, state.name_en = feed.name, feed.name_en
        state.save()
        changed.append(state)
    for state in changed:
        append(
            actor=actor.label,
            at=at,
            event=Event.FEED_DECLARED,
            subject=state.label,
            data={"version": state.version, "digest": state.digest},
        )
    return changed


def _refuse_break(former: Feed, feed: Feed) -> None:
    """Files that have landed must stay readable by the new declaration."""
    for name in ("key", "body", "event_time", "order_by"):
        if getattr(former, name) != getattr(feed, name):
            raise FeedRefused(f"{feed.code}: events have landed, so {name} stays as it is; declare a new feed instead.")
    for name, written in former.types.items():
        if feed.types.get(name) != written:
            raise FeedRefused(
                f"{feed.code}: events have landed, so the column {name} stays as {written}; declare a new feed instead."
            )
    for name in set(former.types) & set(feed.types):
        if former.personal.get(name) != feed.personal.get(name):
            raise FeedRefused(f"{feed.code}: the treatment of {name} stays as it is; declare a new feed instead.")
