"""The dictionary: indicators with their versions, the targets and the paths to them."""

from django.db import models
from django.db.models import F, Q

from .choices import DECIMAL_PLACES, Frequency, Openness, Provenance


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
    # Null rather than empty in what follows: the database then adds the column without a new table.
    # An expression over other indicators, read by engine/formulas; without it, the value is delivered.
    formula = models.TextField(null=True, blank=True)  # noqa: DJ001
    # Codes of the indicators that a share is a share of, where they are measured, too.
    numerator = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001
    denominator = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001
    # Along which dimensions it falls into parts: [{code, title, title_en, parts: [codes], tolerance}].
    breakdowns = models.JSONField(null=True, blank=True)
    # Whether the figure of a body is the sum of those of the bodies below it.
    adds_up_the_tree = models.BooleanField(null=True, blank=True)
    # Whether a value is told by a sample, so that its sample size is that of a survey and no count of everybody.
    is_sampled = models.BooleanField(null=True, blank=True)
    # What the rungs of a state or a group are called: [{value, vi, en}], lowest first.
    scale = models.JSONField(null=True, blank=True)
    # Days after the end of a period within which the value is owed; null: the default of the frequency.
    due_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # The body whose own indicator it is; null: it belongs to the programme and may stand in scorecards.
    kept_by = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    # From this day on nothing is owed any more; what was measured stays.
    retired_on = models.DateField(null=True, blank=True)

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


class IndicatorVersion(models.Model):
    """A definition as it was written down: since when it holds, and all that it said.

    It holds until the next version does; of two from one day the later written prevails.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    # Null: always.
    valid_from = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "version"], name="indicator_version_once"),
        ]


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
    """The level that is due at the end of a period on the way to a target; without a body, for all.

    All points of a path have one shape.
    """

    class Shape(models.TextChoices):
        """What is due between the points: engine/targets/paths.py says how."""

        LINEAR = "linear"
        STEP = "step"
        GIVEN = "given"

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="path")
    body = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    period = models.CharField(max_length=10)
    due_date = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=DECIMAL_PLACES)
    # Null: linear.
    shape = models.CharField(max_length=6, choices=Shape.choices, null=True, blank=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "body", "period"], name="target_point_once"),
            models.UniqueConstraint(
                fields=["indicator", "period"],
                condition=Q(body__isnull=True),
                name="target_point_for_all_once",
            ),
        ]
