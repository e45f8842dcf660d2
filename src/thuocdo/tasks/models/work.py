"""What happened on a task: steps, reports with evidence, accepted occurrences."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from thuocdo.tasks.lifecycle import State

from .task import Task

if TYPE_CHECKING:
    from .structure import Product


class Transition(models.Model):
    """One step of a task, who took it and what they noted; `lead` is who led after it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="transitions")
    step = models.CharField(max_length=24)
    from_state = models.CharField(max_length=12, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=12, choices=State.choices)
    lead = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["task", "at"], name="transition_of_task")]


class Report(models.Model):
    """What the lead body says of its work, in words and percent."""

    class Kind(models.TextChoices):
        PROGRESS = "progress"
        SUBMISSION = "submission"

    task = models.ForeignKey(Task, models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    text = models.TextField()
    progress = models.PositiveSmallIntegerField()
    # Of a recurring task: the original deadline of the occurrence that the report is for.
    occurrence = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="report_progress_percent"),
            models.CheckConstraint(condition=Q(kind__in=["progress", "submission"]), name="report_kind_known"),
        ]
        indexes = [models.Index(fields=["task", "at"], name="report_of_task")]


class Evidence(models.Model):
    """A file that supports a report; the same bytes may support several."""

    class Kind(models.TextChoices):
        PRODUCT = "product"
        DECISION = "decision"
        MINUTES = "minutes"
        PHOTO = "photo"
        DATA = "data"
        OTHER = "other"

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    file = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    # What the person called the file, made harmless, with the ending that fits its content.
    name = models.CharField(max_length=255)
    uploaded_by = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    # When it was handed in: with its report, or afterwards.
    added_at = models.DateTimeField(null=True, blank=True)
    # The products that the file shows, where the task has several.
    products: "models.ManyToManyField[Product, models.Model]" = models.ManyToManyField(
        "Product", related_name="evidence", blank=True
    )
    # The erased file in whose place this one stands, without the personal data.
    redacts = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="redacted")
    # Personal data in a file can be erased: the bytes go, digest and size stay, so that the ledger still verifies.
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_by = models.CharField(max_length=80, blank=True)
    erasure_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
            models.UniqueConstraint(fields=["report", "digest"], name="evidence_once_per_report"),
            models.CheckConstraint(
                condition=Q(kind__in=["product", "decision", "minutes", "photo", "data", "other"]),
                name="evidence_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, erased_by="") | (Q(erased_at__isnull=False) & ~Q(erased_by="")),
                name="evidence_erased_by_somebody",
            ),
        ]


class Occurrence(models.Model):
    """One time that a recurring task fell due, with the day on which its result was accepted."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="occurrences")
    due_on = models.DateField()
    original_due_on = models.DateField()
    completed_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "due_on"], name="occurrence_once")]
        indexes = [models.Index(fields=["due_on"], name="occurrence_of_period")]


class Fingerprint(models.Model):
    """What a file looks like or says, so that the same photo or text is found again though its bytes differ.

    The kind says what the value is: 16 hexadecimal digits of an image, or of one band of a text.
    """

    class Kind(models.TextChoices):
        IMAGE = "image"
        TEXT = "text"

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    # Near files share at least one band; the whole value decides how near they are.
    band = models.CharField(max_length=24)
    value = models.CharField(max_length=512)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["image", "text"]), name="fingerprint_kind_known"),
            models.UniqueConstraint(fields=["digest", "kind", "band"], name="fingerprint_band_once"),
        ]
        indexes = [models.Index(fields=["kind", "band"], name="fingerprint_of_band")]


class Likeness(models.Model):
    """Two files, by digest, that look or read alike though their bytes differ; each pair once, the lower digest first.

    Found by the machine after the files were handed in; which tasks they belong to is asked when somebody looks.
    """

    first = models.CharField(max_length=64)
    second = models.CharField(max_length=64)
    kind = models.CharField(max_length=5, choices=Fingerprint.Kind.choices)
    # From 0 to 1; 1 where the fingerprints are the same.
    degree = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second", "kind"], name="likeness_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="likeness_in_order"),
            models.CheckConstraint(condition=Q(degree__gte=0, degree__lte=1), name="likeness_degree"),
        ]
        indexes = [models.Index(fields=["second"], name="likeness_of_second")]
