"""How feeds fare: lag, throughput, failed rows, silence; and the batches that arrived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor, Permission, may_anywhere
from thuocdo.feeds.models import Batch, FeedState, Part

# Throughput and failed rows are told for this time.
WINDOW = timedelta(hours=24)
_NOTHING = {"rows": 0, "parts": 0, "months": 0}


@dataclass(frozen=True, slots=True)
class Throughput:
    """What came through a feed's doors in a window of time."""

    batches: int = 0
    refused: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    milliseconds: int = 0
    slowest: int = 0

    @property
    def failed_share(self) -> float | None:
        """Which part of the rows failed, 0 to 1; None when none came."""
        rows = self.accepted + self.rejected + self.duplicates
        return self.rejected / rows if rows else None

    @property
    def rate(self) -> float | None:
        """Rows a second while batches were being landed; None when none came."""
        rows = self.accepted + self.rejected + self.duplicates
        return rows * 1000 / self.milliseconds if self.milliseconds else None


@dataclass(frozen=True, slots=True)
class Health:
    """A feed as its operator wants to see it; `lag` is how far its newest event lies back."""

    feed: FeedState
    at: datetime
    rows: int
    parts: int
    months: int
    day: Throughput

    @property
    def lag(self) -> timedelta | None:
        return None if self.feed.last_event_at is None else max(self.at - self.feed.last_event_at, timedelta())

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come for longer than the declaration allows; what never spoke is not silent."""
        return self.silent_since is not None

    @property
    def silent_since(self) -> datetime | None:
        """When the time that the declaration allows ran out; None while the feed speaks."""
        if self.feed.last_batch_at is None or self.has_ended:
            return None
        until = self.feed.last_batch_at + self.feed.declaration.silence
        return until if self.at > until else None

    @property
    def has_ended(self) -> bool:
        """Whether the declaration expects nothing more of the feed."""
        return self.feed.declaration.has_ended(localdate(self.at))

    @property
    def has_spoken(self) -> bool:
        return self.feed.last_batch_at is not None


def health_of(feeds: list[FeedState], *, at: datetime) -> list[Health]:
    """How the feeds fare, in their order; three queries for all of them."""
    landed: dict[int, Mapping[str, int]] = {
        row["feed"]: {name: row[name] for name in _NOTHING}  # type: ignore[literal-required]
        for row in Part.objects.filter(feed__in=feeds, until__isnull=True)
        .values("feed")
        .annotate(rows=Sum("rows"), parts=Count("pk"), months=Count("period", distinct=True))
    }
    through = throughput_of(feeds, since=at - WINDOW)
    return [
        Health(
            feed=feed,
            at=at,
            rows=landed.get(feed.pk, _NOTHING)["rows"],
            parts=landed.get(feed.pk, _NOTHING)["parts"],
            months=landed.get(feed.pk, _NOTHING)["months"],
            day=through.get(feed.pk, Throughput()),
        )
        for feed in feeds
    ]


def throughput_of(feeds: list[FeedState], *, since: datetime) -> dict[int, Throughput]:
    """What came through since a moment, by feed."""
    rows = (
        Batch.objects.filter(feed__in=feeds, received_at__gt=since)
        .values("feed")
        .annotate(
            batches=Count("pk"),
            refused=Count("pk", filter=Q(state=Batch.State.REFUSED)),
            taken=Sum("accepted"),
            failed=Sum("rejected"),
            twice=Sum("duplicates"),
            spent=Sum("milliseconds"),
            slowest=Max("milliseconds"),
        )
    )
    return {
        row["feed"]: Throughput(
            row["batches"], row["refused"], row["taken"], row["failed"], row["twice"], row["spent"], row["slowest"]
        )
        for row in rows
    }


def batches_within(actor: Actor, feed: FeedState) -> QuerySet[Batch]:
    """The batches of a feed that the actor may see, newest first: a source system's own, an operator's all."""
    found = Batch.objects.filter(feed=feed).select_related("feed").order_by("-received_at", "-pk")
    if actor.is_machine or may_anywhere(actor, Permission.VIEW_LEDGER):
        return found
    if actor.key_id is not None:
        return found.filter(owner=actor.label)
    return found.none()


def batch_within(actor: Actor, feed: FeedState, number: int) -> Batch | None:
    """One of these batches."""
    return batches_within(actor, feed).filter(pk=number).first()
