"""What the assigning side decides on the way: extensions, pauses, disputes."""

from django.db import models
from django.db.models import F, Q

from .task import Task


class Extension(models.Model):
    """A decision that moved a deadline; the original one stays on the task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="extensions")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    decision_number = models.CharField(max_length=80)
    reason = models.TextField()
    # An objective cause or accepted risk, approved as such: shown, but apart from what counts against the body.
    is_objective = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="extension_is_later")]


class Pause(models.Model):
    """A time in which the clock of a task stood still; open while it is suspended."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="pauses")
    paused_on = models.DateField()
    resumed_on = models.DateField(null=True, blank=True)
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(resumed_on__isnull=True), name="pause_one_open"),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("paused_on")), name="pause_range"
            ),
        ]


class ExtensionRequest(models.Model):
    """The lead body asks for a later deadline; somebody above grants or refuses it, on the record."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="extension_requests")
    # The deadline in force when it was asked, so that asking after it is seen.
    due_on = models.DateField()
    wanted_on = models.DateField()
    reason = models.TextField()
    claims_objective = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    is_granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    answer = models.TextField(blank=True)
    extension = models.OneToOneField(Extension, models.PROTECT, null=True, blank=True, related_name="request")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(is_granted__isnull=True), name="extension_request_one_open"
            ),
            models.CheckConstraint(condition=Q(wanted_on__gt=F("due_on")), name="extension_request_is_later"),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True, decided_at__isnull=True)
                | Q(is_granted__isnull=False, decided_at__isnull=False),
                name="extension_request_decided_once",
            ),
        ]


class Dispute(models.Model):
    """The lead body says that a task is not its function; it is decided within a term, on the record."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="disputes")
    reason = models.TextField()
    # The body that the lead body holds responsible instead, if it names one.
    proposed_lead = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    disputed_by = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    # The last day for a decision.
    decide_by = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(decided_at__isnull=True), name="dispute_one_open"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="") | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="dispute_decided_with_outcome",
            ),
        ]
        indexes = [models.Index(fields=["decide_by"], name="dispute_by_term")]
