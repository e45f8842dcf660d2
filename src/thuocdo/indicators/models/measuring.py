"""The append-only measurements, the batches in which they came, and what a computed figure was computed from."""

from django.db import models
from django.db.models import F, Q

from .choices import BY_STRENGTH, DECIMAL_PLACES, Kind, Provenance, State
from .dictionary import Indicator


class Batch(models.Model):
    """Measurements that arrived together, the answer they got, and the ledger entry that seals them."""

    owner = models.CharField(max_length=80)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 (null: no key)
    request_digest = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    answer = models.JSONField()
    status = models.PositiveSmallIntegerField()
    ledger = models.BigIntegerField(null=True, blank=True, db_index=True)
    root = models.CharField(max_length=64, blank=True)
    is_derived = models.BooleanField(default=False)
    # Which peer groups and periods the rows touch, so that nobody has to read the rows to know.
    peer_groups = models.JSONField(default=list)
    periods = models.JSONField(default=list)
    # How many rows of which body were refused while the others were kept.
    refused = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "idempotency_key"], name="batch_key_once"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this batch."""
        return f"batch:{self.pk}"


class Landing(models.Model):
    """A batch that was acknowledged before it was recorded: where its bytes lie, and how far the work has come."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="landing")
    key = models.ForeignKey("accounts.ApiKey", models.PROTECT, related_name="+")
    # SHA-256 address in the file store; the bytes lie there as they came.
    address = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=40)
    encoding = models.CharField(max_length=10, blank=True)
    on_error = models.CharField(max_length=10)
    # In which the errors will be told.
    language = models.CharField(max_length=5)
    rows = models.PositiveIntegerField()
    checked = models.PositiveIntegerField(default=0)
    landed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["landed_at"], condition=Q(finished_at__isnull=True), name="landing_waiting"),
        ]


class Measurement(models.Model):
    """One value of one indicator for one body and period, as one source told it at one moment.

    The period is half-open: `period_end` is the first day after it. A correction is a new row that
    supersedes the former one of the same source; the database refuses to change or remove a row.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements", db_index=False)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="measurements", db_index=False)
    period = models.CharField(max_length=10)
    period_start = models.DateField()
    period_end = models.DateField()
    state = models.CharField(max_length=14, choices=State.choices)
    value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    provenance = models.CharField(max_length=13, choices=Provenance.choices)
    inherits = models.CharField(max_length=13, blank=True)
    strength = models.SmallIntegerField()
    source = models.CharField(max_length=120)
    external_id = models.CharField(max_length=120, blank=True)
    evidence = models.CharField(max_length=64, blank=True)
    # How sure the source is, where it knows: standard error in the indicator's unit, number of observations.
    standard_error = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    sample_size = models.PositiveBigIntegerField(null=True, blank=True)
    # Why a figure was corrected; null: not told. (Null, because SQLite then adds the column without a new table.)
    reason = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="measurements")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.VALUE, value__isnull=False)
                | Q(state__in=(State.NULL, State.NOT_APPLICABLE), value__isnull=True),
                name="measurement_state_fits_value",
            ),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="measurement_period_ordered"),
            models.CheckConstraint(
                condition=Q(provenance=Provenance.DERIVED, inherits__in=list(BY_STRENGTH))
                | (~Q(provenance=Provenance.DERIVED) & Q(inherits="")),
                name="measurement_derived_inherits",
            ),
            models.CheckConstraint(condition=Q(strength__range=(0, 3)), name="measurement_strength_known"),
        ]
        indexes = [
            models.Index(fields=["indicator", "period_start", "body"], name="measurement_by_period"),
            models.Index(fields=["body", "indicator", "period_start"], name="measurement_by_body"),
        ]

    @property
    def weakest_input(self) -> str:
        """The provenance that counts: the inherited one for a derived value."""
        return self.inherits or self.provenance


class Input(models.Model):
    """One figure from which a computed one was computed; rows are added, never changed."""

    measurement = models.ForeignKey(Measurement, models.PROTECT, related_name="inputs", db_index=False)
    of = models.ForeignKey(Measurement, models.PROTECT, related_name="used_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measurement", "of"], name="input_once"),
        ]


class Reading(models.Model):
    """That another system read figures of an indicator and body through the interface on a day, however often.

    Nothing is said in the ledger of what was read: a row is a fact about shared use, not about figures.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", db_index=False)
    body = models.ForeignKey("organisations.Body", models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    # The body whose key it was.
    reader = models.ForeignKey("organisations.Body", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "indicator", "body", "reader"], name="reading_once_a_day"),
        ]


class Followed(models.Model):
    """Up to which entry of the ledger a kind of job of this room has followed."""

    job = models.CharField(max_length=40, unique=True)
    number = models.BigIntegerField(default=0)
