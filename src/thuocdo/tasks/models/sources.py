"""Further documents of a task, and the proposals that an assignment is a known task."""

from django.db import models
from django.db.models import F, Q

from .task import Collective, Task


class Source(models.Model):
    """A further document that gives a known task again, or amends it; the first one stands on the task itself."""

    class Kind(models.TextChoices):
        REPEATS = "repeats"
        AMENDS = "amends"

    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="sources")
    collective = models.ForeignKey(Collective, models.PROTECT, null=True, blank=True, related_name="sources")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    document = models.ForeignKey("directives.Document", models.PROTECT, related_name="+")
    candidate = models.OneToOneField("directives.Candidate", models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # Of an amendment: field → [old, new] as texts, so that the old wording is kept.
    changes = models.JSONField(default=dict)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["repeats", "amends"]), name="source_kind_known"),
            models.CheckConstraint(
                condition=Q(task__isnull=False, collective__isnull=True)
                | Q(task__isnull=True, collective__isnull=False),
                name="source_of_task_or_collective",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="source_span_not_empty"),
        ]


class Match(models.Model):
    """A proposal: an assignment in a document may be a known task again, or an amendment of it. A person decides."""

    candidate = models.ForeignKey("directives.Candidate", models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="+")
    collective = models.ForeignKey(Collective, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Source.Kind.choices)
    # From 0 to 1; 1 for an amendment that names its task.
    likeness = models.FloatField()
    reasons = models.JSONField(default=list)
    is_dismissed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, collective__isnull=True)
                | Q(task__isnull=True, collective__isnull=False),
                name="match_of_task_or_collective",
            ),
            models.UniqueConstraint(fields=["candidate", "task"], name="match_of_task_once"),
            models.UniqueConstraint(fields=["candidate", "collective"], name="match_of_collective_once"),
        ]
