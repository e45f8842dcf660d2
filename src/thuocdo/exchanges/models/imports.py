"""Lists on their way in: the file, how far it was looked at and written, what came of it, body by body."""

from django.db import models
from django.db.models import Q

from thuocdo.exchanges.lifecycle import Stage


class ImportRun(models.Model):
    """One list that somebody brought: kept until it is taken over or left, whoever closes which window."""

    by_user = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="imports")
    by_label = models.CharField(max_length=80)
    # In whose name new tasks are given; None: decided by the role of whoever brought the list.
    assigning_body = models.ForeignKey(
        "organisations.Body", models.PROTECT, null=True, blank=True, related_name="imports"
    )
    file_name = models.CharField(max_length=200)
    # SHA-256 address in the file store; the bytes lie there as they came.
    address = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    # In which errors are told.
    language = models.CharField(max_length=5, default="vi")
    mapping = models.ForeignKey(
        "exchanges.ColumnMapping", models.PROTECT, null=True, blank=True, related_name="imports"
    )
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RECEIVED)
    # "refuse_all" or "keep_good", once somebody has decided.
    on_error = models.CharField(max_length=10, blank=True)
    rows = models.PositiveIntegerField(default=0)
    # Rows that were looked at so far, and the rows of the sheet up to which everything is written.
    checked = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # What the page shows of the plan: its first rows of each kind, and every error.
    preview = models.JSONField(default=dict)
    # By row of the sheet: a mark of what was agreed to; a row that would do something else by now is left out.
    agreed = models.JSONField(default=dict)
    mark = models.CharField(max_length=64, blank=True)
    # Why nothing came of it, in the language of whoever brought it.
    message = models.TextField(blank=True)
    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # How often a worker has begun with it since it was received or decided.
    attempts = models.PositiveSmallIntegerField(default=0)
    # The newest ledger entry that tells what was written.
    entry = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="import_stage_known"),
            models.CheckConstraint(
                condition=Q(on_error__in=["", "refuse_all", "keep_good"]), name="import_on_error_known"
            ),
        ]
        indexes = [
            models.Index(fields=["by_user", "-received_at"], name="import_of_person"),
            models.Index(fields=["received_at"], condition=Q(stage__in=["received", "agreed"]), name="import_waiting"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this import."""
        return f"import:{self.pk}"


class ImportTally(models.Model):
    """How many reports and cells an import wrote for a body; `is_reuse` where another system had typed them."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="tallies")
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="import_tallies")
    at = models.DateTimeField()
    reports = models.PositiveIntegerField()
    cells = models.PositiveIntegerField()
    is_reuse = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["at", "body"], name="import_tally_of_period")]
