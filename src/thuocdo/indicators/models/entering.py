"""Figures on their way from the desk to their final form: rules, drafts, submissions, returned values, exceptions."""

from django.db import models
from django.db.models import F, Q

from .choices import State
from .dictionary import Indicator


class EntryRules(models.Model):
    """How figures are checked while they are entered, as the pack declares it; the newest row holds."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)


class Draft(models.Model):
    """What somebody has typed into a cell and not handed in yet; everybody who enters for the body sees it."""

    body = models.ForeignKey("organisations.Body", models.CASCADE, related_name="+")
    period = models.CharField(max_length=10)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+")
    text = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=14, choices=State.choices, default=State.VALUE)
    reason = models.CharField(max_length=200, blank=True)
    # Counts the changes, so that of two people at once neither overwrites the other unseen.
    revision = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField()
    edited_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "period", "indicator"], name="draft_once"),
        ]


class Submission(models.Model):
    """Where the figures of a body for a period stand on their way up the tree."""

    class Stage(models.TextChoices):
        SUBMITTED = "submitted"
        RETURNED = "returned"
        APPROVED = "approved"
        ACCEPTED = "accepted"

    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="submissions")
    period = models.CharField(max_length=10)
    stage = models.CharField(max_length=9, choices=Stage.choices)
    is_late = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "period"], name="submission_once"),
        ]
        indexes = [models.Index(fields=["stage", "submitted_at"], name="submission_by_stage")]

    @property
    def label(self) -> str:
        """How the ledger names this submission."""
        return f"submission:{self.pk}"


class SubmissionStep(models.Model):
    """One thing that was done to a submission; rows are added, never changed."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    message = models.CharField(max_length=500, blank=True)


class ReturnedFigure(models.Model):
    """One value that was given back with a message; only its cell is open until it has been mended."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="returned")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    # The row that was given back, to be compared with the one that takes its place.
    measurement = models.ForeignKey("indicators.Measurement", models.PROTECT, null=True, blank=True, related_name="+")
    message = models.CharField(max_length=500)
    returned_at = models.DateTimeField()
    returned_by = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator"], condition=Q(settled_at__isnull=True), name="returned_figure_once"
            ),
            models.CheckConstraint(condition=~Q(message=""), name="returned_figure_says_why"),
        ]


class EntryException(models.Model):
    """A locked period opened again for a body until a day, with the reason."""

    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    # The last day on which figures are taken.
    until = models.DateField()
    reason = models.CharField(max_length=300)
    granted_at = models.DateTimeField()
    granted_on = models.DateField()
    granted_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("granted_on")), name="entry_exception_has_a_term"),
            models.CheckConstraint(condition=~Q(reason=""), name="entry_exception_says_why"),
        ]
        indexes = [models.Index(fields=["body", "period"], name="entry_exception_of")]
