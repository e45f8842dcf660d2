"""Heads' accountability dossiers: what was asked for, what was frozen, what was signed; no row ever changes."""

from django.db import models
from django.db.models import Q


class Request(models.Model):
    """The standing office asks a head for the dossier of a term."""

    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    appointment = models.ForeignKey("organisations.Appointment", models.PROTECT, related_name="+")
    # A label of a term: 2026-Q4, 2026-H2, 2026.
    term = models.CharField(max_length=7)
    reply_by = models.DateField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["appointment", "term"], name="dossier_request_of_head")]


class Dossier(models.Model):
    """One version of what a head answers for in a term, frozen as known at a moment; a correction is a new version.

    The content names the appointment by number: the person's name stands with the appointment alone.
    """

    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    appointment = models.ForeignKey("organisations.Appointment", models.PROTECT, related_name="dossiers")
    term = models.CharField(max_length=7)
    number = models.PositiveSmallIntegerField()
    # Canonical JSON and the SHA-256 of it.
    content = models.TextField()
    digest = models.CharField(max_length=64)
    # Digest of the facts alone, without the moment: tells whether anything differs from another version.
    facts_digest = models.CharField(max_length=64)
    # The last day that the figures cover, and the moment at which they were known.
    until = models.DateField()
    known_at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "term", "number"], name="dossier_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="dossier_counted_from_one"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this version."""
        return f"dossier:{self.pk}"


class Signature(models.Model):
    """The head has seen a version and answers for it: remark, explanations, and a digest over both and the version."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="signature")
    remark = models.TextField(blank=True)
    # Key of a row of the dossier → what the head says to it.
    explanations = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    by_user_id = models.BigIntegerField(null=True, blank=True)
