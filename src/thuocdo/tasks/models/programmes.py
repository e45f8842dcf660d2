"""Work programmes in their versions, and which tasks each version names as core."""

from django.db import models
from django.db.models import Q

from .task import Task


class Programme(models.Model):
    """A work programme of a body, for a year or a term."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="programmes")
    # The day by which it has to be approved, where somebody set one.
    due_on = models.DateField(null=True, blank=True)


class ProgrammeVersion(models.Model):
    """One version of a programme; a version is a draft until the day of its approval."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.ForeignKey("directives.Document", models.PROTECT, null=True, blank=True, related_name="+")
    decision_number = models.CharField(max_length=80, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_version_once"),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True) | ~Q(decision_number=""), name="programme_approved_by_decision"
            ),
        ]


class ProgrammeEntry(models.Model):
    """A task in a version of a programme; `is_core` marks the focal tasks of that version."""

    version = models.ForeignKey(ProgrammeVersion, models.CASCADE, related_name="entries")
    task = models.ForeignKey(Task, models.PROTECT, related_name="programme_entries")
    position = models.PositiveSmallIntegerField()
    is_core = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "task"], name="programme_entry_once")]
