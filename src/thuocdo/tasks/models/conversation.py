"""What people say to each other about a task: remarks with mentions, and single things returned for correction."""

from django.db import models
from django.db.models import Q

from .task import Task
from .work import Evidence, Report


class Comment(models.Model):
    """A remark on a task, seen by whoever sees the task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    # Withdrawn by its author: the words go, the fact stays.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["task", "at"], name="comment_of_task")]


class Mention(models.Model):
    """A person whom a remark names, and when they read it."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="mentions")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mention_once")]


class ReturnedPoint(models.Model):
    """One value, text, file or product that a verifier returns with a message; only what is returned is unlocked."""

    class Part(models.TextChoices):
        TEXT = "text"
        FILE = "file"
        PRODUCT = "product"
        MILESTONE = "milestone"
        FIELD = "field"

    task = models.ForeignKey(Task, models.CASCADE, related_name="returned_points")
    report = models.ForeignKey(Report, models.CASCADE, related_name="returned_points")
    part = models.CharField(max_length=10, choices=Part.choices)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="returned_points")
    # The number of the product, milestone or custom field that is meant.
    reference = models.PositiveBigIntegerField(null=True, blank=True)
    message = models.TextField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    # What the lead body says to it, beside the part that it changed, and the later report that answers it.
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Report, models.SET_NULL, null=True, blank=True, related_name="answers")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part="file", evidence__isnull=False) | (~Q(part="file") & Q(evidence__isnull=True)),
                name="returned_point_of_a_file",
            ),
        ]
