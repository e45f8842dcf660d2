"""What the machine does with feeds later: compute the figures of landed events, keep files and alarms in order."""

import structlog
from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.ledger.queries import entry_by_number

from . import operations, queries
from .queries import FeedState

logger = structlog.get_logger(__name__)
SLOW_QUEUE = "slow"


@task()
def recompute(entry: int) -> None:
    """Compute the figures that the batch of ledger entry `entry` changed; when a later run covered it, leave at once.

    Many batches that arrive together are thus computed by the first job, and the others find nothing to do.
    """
    feed = queries.feed_of_entry(entry_by_number(entry))
    if feed is not None and feed.is_behind:
        operations.recompute(actor=machine("feeds", timezone.localdate()), at=timezone.now(), feed=feed)


@task()
def recompute_all(entry: int) -> None:
    """Compute all figures of the feed that ledger entry `entry` names, whatever was computed before."""
    feed = queries.feed_of_entry(entry_by_number(entry))
    if feed is not None:
        operations.recompute(
            actor=machine("feeds", timezone.localdate()), at=timezone.now(), feed=feed, everything=True
        )


@task(queue_name=SLOW_QUEUE)
def tend() -> None:
    """Note silence, make up for what a crash left out, put small files together, sweep. For the schedule."""
    operations.note_silence(actor=machine("feeds", timezone.localdate()), at=timezone.now())
    for feed in queries.feeds():
        try:
            _tend(feed)
        except OSError:
            # A full or broken disk under one feed does not keep the others waiting; the next minute tries again.
            logger.exception("feeds.untended", feed=feed.code)


def _tend(feed: FeedState) -> None:
    actor = machine("feeds", timezone.localdate())
    # First, for it makes room for the rest.
    operations.sweep(actor=actor, at=timezone.now(), feed=feed)
    operations.publish_manifest(feed)
    operations.compact(actor=actor, at=timezone.now(), feed=feed)
    feed.refresh_from_db()
    # A month that has ended makes its provisional figures final, though no event came.
    is_over = feed.computed_at is not None and timezone.localdate(feed.computed_at).month != actor.on.month
    if feed.manifest and (feed.is_behind or is_over):
        operations.recompute(actor=actor, at=timezone.now(), feed=feed)
