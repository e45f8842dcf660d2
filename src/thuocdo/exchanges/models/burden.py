"""What reporting costs a body in a quarter, counted from what was recorded anyway, and the rates of minutes."""

from django.db import models
from django.db.models import Q

from thuocdo.exchanges.lifecycle import Way


class RateVersion(models.Model):
    """The published minutes per kind of field, as a pack declares them; the newest row holds."""

    code = models.SlugField(max_length=40)
    number = models.PositiveIntegerField()
    approved_by = models.JSONField(default=dict)
    valid_from = models.DateField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="burden_rate_number_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="burden_rate_content_once"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this version."""
        return f"burden_rates:{self.code}:{self.number}"


class BurdenCount(models.Model):
    """How many fields of a kind a body filled in a quarter in one way; counted anew, never typed."""

    body = models.ForeignKey("organisations.Body", models.CASCADE, related_name="burden")
    # A quarter: 2026-Q3.
    period = models.CharField(max_length=10)
    kind = models.CharField(max_length=24)
    way = models.CharField(max_length=10, choices=Way.choices)
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "period", "kind", "way"], name="burden_count_once"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="burden_way_known"),
        ]
        indexes = [models.Index(fields=["period", "body"], name="burden_of_period")]
