"""Which column of a foreign list holds which field: said once by a person, remembered for their body."""

from django.db import models
from django.db.models import Q


class ColumnMapping(models.Model):
    """How lists with these headings are read for a body; known again by the digest of the headings."""

    # None: kept for everybody, as whoever runs the instance may do.
    body = models.ForeignKey(
        "organisations.Body", models.CASCADE, null=True, blank=True, related_name="column_mappings"
    )
    # What people call the system that the lists come from.
    name = models.CharField(max_length=80)
    headings_digest = models.CharField(max_length=64)
    # The headings in the order of their columns, as written.
    headings = models.JSONField(default=list)
    # By field: the place of its column, counted from 0.
    columns = models.JSONField(default=dict)
    # The system whose identifiers the list carries, where it has a column of them.
    system = models.ForeignKey("exchanges.System", models.PROTECT, null=True, blank=True, related_name="mappings")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # A mapping that was deleted can be brought back.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "headings_digest"],
                condition=Q(retired_at__isnull=True),
                name="mapping_once_per_headings",
            ),
            models.UniqueConstraint(
                fields=["body", "name"], condition=Q(retired_at__isnull=True), name="mapping_name_once"
            ),
            # Nulls differ from each other, so those kept for everybody need constraints of their own.
            models.UniqueConstraint(
                fields=["headings_digest"],
                condition=Q(retired_at__isnull=True, body__isnull=True),
                name="mapping_for_all_once",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(retired_at__isnull=True, body__isnull=True),
                name="mapping_for_all_name_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="mapping_named"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this mapping."""
        return f"mapping:{self.pk}"
