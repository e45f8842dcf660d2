"""The feeds and how they fare, the batches that arrived, the files they became, and the figures made from them."""

import tomllib
from functools import lru_cache

from django.db import models
from django.db.models import F, Q

from .declaration import Feed, read_feed


@lru_cache(maxsize=64)
def _declared(text: str) -> Feed:
    return read_feed(tomllib.loads(text))


class FeedState(models.Model):
    """A feed as its pack declares it, and where it stands; whoever lands a batch locks this row."""

    code = models.CharField(max_length=40, unique=True)
    version = models.PositiveIntegerField()
    # The file of the pack as it stands, so that nothing else is needed to read the declaration again.
    text = models.TextField()
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    # Number of the manifest in force; 0 before the first batch. Changed partitions raise it by one.
    manifest = models.PositiveIntegerField(default=0)
    # Up to which manifest the figures are computed, and by which declaration.
    computed = models.PositiveIntegerField(default=0)
    computed_digest = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    # What those figures stand on (metrics.standing), so that only what a change can touch is computed; null: not known.
    standing = models.JSONField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    last_batch_at = models.DateTimeField(null=True, blank=True)
    silent_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(computed__lte=F("manifest")), name="feed_computed_known"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this feed."""
        return f"feed:{self.code}"

    @property
    def declaration(self) -> Feed:
        """What the feed is: columns, keys, alarm, metrics."""
        return _declared(self.text)

    @property
    def is_behind(self) -> bool:
        """Whether landed events wait for their figures."""
        return self.computed < self.manifest or self.computed_digest != self.digest


class Batch(models.Model):
    """Events that arrived together, the answer they got, and the ledger entry that tells of them.

    `digest` is keyed with the instance's secret: nobody guesses a dropped name by hashing candidates.
    """

    class State(models.TextChoices):
        LANDED = "landed"
        REFUSED = "refused"

    class Door(models.TextChoices):
        API = "api"
        FOLDER = "folder"
        COMMAND = "command"

    feed = models.ForeignKey(FeedState, models.PROTECT, related_name="batches")
    owner = models.CharField(max_length=80)
    door = models.CharField(max_length=8, choices=Door.choices)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 (null: no key)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    # How long reading, checking and writing took.
    milliseconds = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices)
    rows = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    duplicates = models.PositiveIntegerField()
    # The first errors with row, field, code and message; how many there are of each code; cautions.
    errors = models.JSONField(default=list)
    error_counts = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    first_event_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    manifest = models.PositiveIntegerField(null=True, blank=True)
    ledger = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "owner", "idempotency_key"], name="feed_batch_key_once"),
            models.UniqueConstraint(
                fields=["feed", "owner", "digest"], condition=Q(state="landed"), name="feed_batch_content_once"
            ),
            models.CheckConstraint(
                condition=Q(rows=F("accepted") + F("rejected") + F("duplicates")), name="feed_batch_adds_up"
            ),
        ]
        indexes = [models.Index(fields=["feed", "-received_at"], name="feed_batch_newest")]

    @property
    def label(self) -> str:
        """How the ledger names this batch."""
        return f"events:{self.pk}"

    @property
    def is_computed(self) -> bool:
        """Whether the figures that follow from it are computed."""
        return self.state == self.State.LANDED and self.feed.computed >= (self.manifest or 0)


class Part(models.Model):
    """A landed file: in force from manifest `since` until `until`; the file of a former part goes some time later."""

    feed = models.ForeignKey(FeedState, models.PROTECT, related_name="parts")
    period = models.CharField(max_length=7)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    size = models.BigIntegerField()
    # Empty: several parts put together, which changes no figure.
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="parts")
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "period", "name"], condition=Q(until__isnull=True), name="feed_part_in_force_once"
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="feed_part_ordered"),
        ]
        indexes = [models.Index(fields=["feed", "until", "period"], name="feed_parts_in_force")]


class Contribution(models.Model):
    """From which partitions the figures of a recorded batch of measurements come; a row for each period told of.

    `partitions` lists period, rows and the digest over the parts in force at manifest `manifest`.
    """

    feed = models.ForeignKey(FeedState, models.PROTECT, related_name="contributions")
    recorded = models.ForeignKey("indicators.Batch", models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    manifest = models.PositiveIntegerField()
    partitions = models.JSONField()
    engine = models.CharField(max_length=40)
    figures = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recorded", "feed", "period"], name="contribution_once")]
