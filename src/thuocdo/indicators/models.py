"""The dictionary of indicators, the targets with their paths, and the append-only measurements."""

from django.db import models
from django.db.models import F, Q

# Digits that both databases keep exactly: SQLite stores numbers as 64-bit floats.
EXACT_DIGITS = 15
DECIMAL_PLACES = 8


class Frequency(models.TextChoices):
    """How often a value is owed."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"


class Provenance(models.TextChoices):
    """Where a value comes from."""

    SYSTEM = "system"
    INDEPENDENT = "independent"
    CROSS_CHECKED = "cross_checked"
    DECLARED = "declared"
    DERIVED = "derived"


# The order in which provenances prevail; a derived value has the strength of its weakest input.
STRENGTH: dict[str, int] = {
    Provenance.DECLARED: 0,
    Provenance.CROSS_CHECKED: 1,
    Provenance.INDEPENDENT: 2,
    Provenance.SYSTEM: 3,
}
BY_STRENGTH: tuple[str, ...] = tuple(str(name) for name in sorted(STRENGTH, key=lambda name: STRENGTH[name]))


class State(models.TextChoices):
    """Null is not zero, and not applicable is a third state."""

    VALUE = "value"
    NULL = "null"
    NOT_APPLICABLE = "not_applicable"


class Kind(models.TextChoices):
    """Whether a figure is still to be settled."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Openness(models.TextChoices):
    """Who may see a figure."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


class Indicator(models.Model):
    """One entry of the dictionary: what is measured, in which unit, how often, who answers for it."""

    code = models.CharField(max_length=60, unique=True)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    definition = models.TextField(blank=True)
    definition_en = models.TextField(blank=True)
    unit = models.CharField(max_length=80)
    unit_en = models.CharField(max_length=80)
    # 1: more is better, -1: less is better, 0: without an order.
    direction = models.SmallIntegerField(default=1)
    comparator = models.CharField(max_length=12, blank=True)
    lower = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    upper = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    target = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    # Beyond this difference, in the unit, a declared and a stronger value disagree.
    tolerance = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, default=0)
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    provenance_expected = models.CharField(max_length=16, choices=Provenance.choices)
    owner = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    openness = models.CharField(max_length=12, choices=Openness.choices, default=Openness.PUBLIC)
    # Codes of peer groups; empty: whoever is measured.
    applies_to = models.JSONField(default=list, blank=True)
    # The room from whose records the system computes the value; empty: others deliver it.
    derived_from = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=(-1, 0, 1)), name="indicator_direction_known"),
            models.CheckConstraint(
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(lower__lte=F("upper")),
                name="indicator_range_ordered",
            ),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this indicator."""
        return f"indicator:{self.code}"

    def applies(self, peer_group: str) -> bool:
        """Whether bodies of the peer group are measured by it."""
        return not self.applies_to or peer_group in self.applies_to


class Target(models.Model):
    """A level that a resolution demands by a year; `text` says in words what a judged target demands."""

    class Comparator(models.TextChoices):
        AT_LEAST = ">="
        MORE_THAN = ">"
        AT_MOST = "<="
        LESS_THAN = "<"
        BETWEEN = "between"
        REACH = "reach"
        RANK = "rank"
        STATE = "state"
        GROUP = "group"

    code = models.CharField(max_length=20, unique=True)
    # Judged targets stand alone: their state is told in words, not measured.
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="targets")
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    unit = models.CharField(max_length=80)
    unit_en = models.CharField(max_length=80)
    comparator = models.CharField(max_length=8, choices=Comparator.choices)
    direction = models.SmallIntegerField(default=1)
    value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    low = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    high = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    text = models.CharField(max_length=200, blank=True)
    year = models.PositiveIntegerField()
    every_year = models.BooleanField(default=False)
    baseline = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    baseline_year = models.PositiveIntegerField(null=True, blank=True)
    owner = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(low__isnull=False, high__isnull=False) | ~Q(text=""),
                name="target_demands_something",
            ),
        ]


class TargetPoint(models.Model):
    """The level that is due at the end of a period on the way to a target; without a body, for all."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="path")
    body = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    period = models.CharField(max_length=10)
    due_date = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "body", "period"], name="target_point_once"),
            models.UniqueConstraint(
                fields=["indicator", "period"],
                condition=Q(body__isnull=True),
                name="target_point_for_all_once",
            ),
        ]


class Batch(models.Model):
    """Measurements that arrived together, the answer they got, and the ledger entry that seals them."""

    owner = models.CharField(max_length=80)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 (null: no key)
    request_digest = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    answer = models.JSONField()
    status = models.PositiveSmallIntegerField()
    ledger = models.BigIntegerField(null=True, blank=True, db_index=True)
    root = models.CharField(max_length=64, blank=True)
    is_derived = models.BooleanField(default=False)
    # Which peer groups and periods the rows touch, so that nobody has to read the rows to know.
    peer_groups = models.JSONField(default=list)
    periods = models.JSONField(default=list)
    # How many rows of which body were refused while the others were kept.
    refused = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "idempotency_key"], name="batch_key_once"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this batch."""
        return f"batch:{self.pk}"


class Landing(models.Model):
    """A batch that was acknowledged before it was recorded: where its bytes lie, and how far the work has come."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="landing")
    key = models.ForeignKey("accounts.ApiKey", models.PROTECT, related_name="+")
    # SHA-256 address in the file store; the bytes lie there as they came.
    address = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=40)
    encoding = models.CharField(max_length=10, blank=True)
    on_error = models.CharField(max_length=10)
    # In which the errors will be told.
    language = models.CharField(max_length=5)
    rows = models.PositiveIntegerField()
    checked = models.PositiveIntegerField(default=0)
    landed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["landed_at"], condition=Q(finished_at__isnull=True), name="landing_waiting"),
        ]


class Measurement(models.Model):
    """One value of one indicator for one body and period, as one source told it at one moment.

    The period is half-open: `period_end` is the first day after it. A correction is a new row that
    supersedes the former one of the same source; the database refuses to change or remove a row.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements", db_index=False)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="measurements", db_index=False)
    period = models.CharField(max_length=10)
    period_start = models.DateField()
    period_end = models.DateField()
    state = models.CharField(max_length=14, choices=State.choices)
    value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    provenance = models.CharField(max_length=13, choices=Provenance.choices)
    inherits = models.CharField(max_length=13, blank=True)
    strength = models.SmallIntegerField()
    source = models.CharField(max_length=120)
    external_id = models.CharField(max_length=120, blank=True)
    evidence = models.CharField(max_length=64, blank=True)
    # How sure the source is, where it knows: standard error in the indicator's unit, number of observations.
    standard_error = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES, null=True, blank=True)
    sample_size = models.PositiveBigIntegerField(null=True, blank=True)
    # Why a figure was corrected; null: not told. (Null, because SQLite then adds the column without a new table.)
    reason = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="measurements")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.VALUE, value__isnull=False)
                | Q(state__in=(State.NULL, State.NOT_APPLICABLE), value__isnull=True),
                name="measurement_state_fits_value",
            ),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="measurement_period_ordered"),
            models.CheckConstraint(
                condition=Q(provenance=Provenance.DERIVED, inherits__in=list(BY_STRENGTH))
                | (~Q(provenance=Provenance.DERIVED) & Q(inherits="")),
                name="measurement_derived_inherits",
            ),
            models.CheckConstraint(condition=Q(strength__range=(0, 3)), name="measurement_strength_known"),
        ]
        indexes = [
            models.Index(fields=["indicator", "period_start", "body"], name="measurement_by_period"),
            models.Index(fields=["body", "indicator", "period_start"], name="measurement_by_body"),
        ]

    @property
    def weakest_input(self) -> str:
        """The provenance that counts: the inherited one for a derived value."""
        return self.inherits or self.provenance
