"""The feeds that are declared, by code and by what the ledger calls them."""

import json
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere, may_everywhere
from thuocdo.feeds.models import FeedState
from thuocdo.ledger.models import Entry


def feeds() -> QuerySet[FeedState]:
    """Every feed, by code."""
    return FeedState.objects.order_by("code")


def feed_by_code(code: str) -> FeedState | None:
    """The feed of this code."""
    return FeedState.objects.filter(code=code).first()


def feed_by_label(label: str) -> FeedState | None:
    """The feed that the ledger names so."""
    kind, _, code = label.partition(":")
    return feed_by_code(code) if kind == "feed" else None


def silent_feeds(at: datetime) -> list[FeedState]:
    """Feeds that have had batches and from which none has come for longer than their declaration allows.

    Of a feed that has ended nothing is expected any more.
    """
    heard = FeedState.objects.filter(last_batch_at__isnull=False)
    return [
        state
        for state in heard
        if state.last_batch_at is not None
        and at - state.last_batch_at > state.declaration.silence
        and not state.declaration.has_ended(localdate(at))
    ]


def silences_for(actor: Actor) -> list[FeedState]:
    """The feeds that were noted as silent, longest first, for whoever has to see to it; nothing for others.

    To see to it is for those who keep the methods or take over the figures of others, and see the feeds at all.
    """
    has_to = may_anywhere(actor, Permission.MANAGE_METHODS) or may_anywhere(actor, Permission.ACCEPT_FIGURES)
    if not has_to or not may_anywhere(actor, Permission.VIEW_LEDGER):
        return []
    noted = FeedState.objects.filter(silent_since__isnull=False).order_by("silent_since", "code")
    silent = [state for state in noted if not state.declaration.has_ended(actor.on)]
    # Mostly no feed is silent, and then nobody's reach is looked up.
    return silent if silent and may_everywhere(actor, Permission.VIEW_LEDGER) else []


def feed_of_entry(entry: Entry | None) -> FeedState | None:
    """The feed that an entry of the ledger tells of, by its subject or its data."""
    if entry is None:
        return None
    named = json.loads(entry.data).get("feed")
    return feed_by_code(named) if isinstance(named, str) else feed_by_label(entry.subject)
