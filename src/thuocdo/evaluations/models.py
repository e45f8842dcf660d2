"""Findings with their course, pairs of declared and stronger values, rules, and samples to verify."""

from django.db import models
from django.db.models import Q

from thuocdo.indicators.models import DECIMAL_PLACES

from .lifecycle import CLOSED, Kind, Outcome, State
from .rules import Rules, read_rules


class RulesVersion(models.Model):
    """The rules of a pack as approved; versions are kept, the newest in force on a day counts."""

    code = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    approved_by = models.JSONField()
    valid_from = models.DateField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="finding_rules_number_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="finding_rules_content_once"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this version."""
        return f"rules:{self.code}:{self.number}"

    @property
    def rules(self) -> Rules:
        """The rules, ready to be followed."""
        return read_rules(self.document)


class Followed(models.Model):
    """Up to which entry of the ledger a kind of job of this room has followed; its lock lets one of a kind write."""

    job = models.CharField(max_length=40, unique=True)
    number = models.BigIntegerField(default=0)


class Comparison(models.Model):
    """A declared value that stands beside a stronger one, however near: what inflation is estimated from."""

    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, related_name="+", db_index=False)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    period_end = models.DateField()
    claimed = models.ForeignKey("indicators.Measurement", models.PROTECT, related_name="+", db_index=False)
    stronger = models.ForeignKey("indicators.Measurement", models.PROTECT, related_name="+", db_index=False)
    # Tolerances by which the declared value is the better one (negative: the worse), capped; null: says nothing of it.
    flattery = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "period", "body"], name="comparison_once"),
        ]


class Finding(models.Model):
    """Something that does not fit, opened so that somebody looks and answers; never a verdict.

    `cause` names what does not fit, so that a job that runs again finds the same finding.
    """

    cause = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="findings")
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, null=True, blank=True, related_name="+")
    period = models.CharField(max_length=10, blank=True)
    task = models.ForeignKey("tasks.Task", models.CASCADE, null=True, blank=True, related_name="+")
    # How far apart, in the unit of the kind; the sign is that of declared minus stronger.
    size = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES)
    sign = models.SmallIntegerField(default=0)
    tolerance = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    in_tolerances = models.FloatField(null=True, blank=True)
    # Whether the declared value is the better of the two; null: no such thing.
    is_flattering = models.BooleanField(null=True, blank=True)
    claimed_value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    stronger_value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    claimed = models.ForeignKey("indicators.Measurement", models.PROTECT, null=True, blank=True, related_name="+")
    stronger = models.ForeignKey("indicators.Measurement", models.PROTECT, null=True, blank=True, related_name="+")
    # What the kind knows besides: the rule, periods with values, numbers of the rows behind it.
    facts = models.JSONField(default=dict)
    # Orders the list: larger ones and flattering ones first.
    risk = models.FloatField(default=0)

    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who answers for it, at `body`; nobody yet after opening.
    owner = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    answer_by = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="finding_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="finding_state_known"),
            models.CheckConstraint(condition=Q(size__gte=0), name="finding_size_without_sign"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at__isnull=True)),
                name="finding_closed_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-risk"], name="finding_by_risk"),
            models.Index(fields=["body", "state"], name="finding_of_body"),
            models.Index(fields=["indicator", "period"], name="finding_of_figure"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this finding."""
        return f"finding:{self.pk}"


class Size(models.Model):
    """How large a finding was from a moment on; rows are added, never changed."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="sizes")
    at = models.DateTimeField()
    size = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES)
    sign = models.SmallIntegerField(default=0)
    claimed_value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    stronger_value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)


class Step(models.Model):
    """Something that was done about a finding, by whom, in what words; answers and judgements stand here."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="steps")
    act = models.CharField(max_length=12)
    from_state = models.CharField(max_length=16, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=16, choices=State.choices)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)


class Sample(models.Model):
    """Declared values drawn for verification, with what is needed to draw the same ones again."""

    period = models.CharField(max_length=10)
    seed = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    random_part = models.FloatField()
    # Everything from which was drawn: how many values, and the SHA-256 over them with their chances.
    frame_size = models.PositiveIntegerField()
    frame_digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0, frame_size__gt=0), name="sample_not_empty"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this sample."""
        return f"sample:{self.pk}"


class SampleUnit(models.Model):
    """One declared value of a sample, its chance of being drawn, and what verifying it gave."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="units")
    measurement = models.ForeignKey("indicators.Measurement", models.PROTECT, related_name="+")
    risk = models.FloatField()
    probability = models.FloatField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    found_value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    note = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "measurement"], name="sample_unit_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="sample_outcome_known"),
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lte=1), name="sample_chance_between_0_and_1"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["right", "wrong"]) | Q(found_value__isnull=False),
                name="sample_outcome_from_a_value",
            ),
        ]
