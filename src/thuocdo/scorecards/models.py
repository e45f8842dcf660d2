"""Versions and drafts of the method, scoring runs with what they came from, standings and their intervals."""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import cached_property
from pydantic_core import to_json

from .lifecycle import BackcastState, DraftState


class Scorecard(models.Model):
    """One version of a method: the text of the scorecard file, as approved."""

    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    approved_by = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scorecard_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="scorecard_valid_range",
            ),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this scorecard."""
        return f"scorecard:{self.code}"


class Snapshot(models.Model):
    """The whole inputs of a live run, beside which the runs after it keep only what differs."""

    digest = models.CharField(max_length=64)
    content = models.BinaryField()


class Run(models.Model):
    """One scoring of a peer group for a period, with everything needed to compute it again.

    A live run shows a period that still moves; it is replaced as values arrive, keeping one for each day.
    """

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="runs")
    peer_group = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    period_start = models.DateField()
    is_live = models.BooleanField()
    # What was known at this moment went into the run.
    known_at = models.DateTimeField()
    computed_at = models.DateTimeField()
    # The run covers every entry of the ledger up to this one.
    covers = models.BigIntegerField()
    units = models.PositiveIntegerField()
    engine_version = models.CharField(max_length=20)
    method_digest = models.CharField(max_length=64)
    inputs_digest = models.CharField(max_length=64)
    outputs_digest = models.CharField(max_length=64)
    # The inputs, compressed (see queries/content.py): whole, or what differs from the snapshot.
    inputs = models.BinaryField()
    base = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="runs")
    # Whether the standings hold all parts; those of a live run hold what lists show, the rest follows from its inputs.
    keeps_parts = models.BooleanField(default=True)
    # The median score of the group in every column of the scorecard.
    medians = models.JSONField(default=dict)
    # How many points of the index each column can give at most, by the weights of the method.
    points = models.JSONField(default=dict)
    ledger = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["peer_group", "period_start", "computed_at"], name="run_by_group"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this run."""
        return f"run:{self.pk}"


class QuickEncoder(json.JSONEncoder):
    """Writes the parts of thousands of standings, which Python's own encoder takes most of a run's time for."""

    def encode(self, o: Any) -> str:
        return to_json(o).decode()


# By column of the scorecard.
Parts = dict[str, dict[str, Any]]


class Standing(models.Model):
    """Where a body stands in a run.

    `parts` tells for every column of the scorecard: score (0–100, confidence counted), points earned and
    points possible; for indicators also the value, its provenance, the measurement behind it and, where
    there is no value, why: missing, grace or not_applicable. `heads` holds those that lists show and sort by, and
    all of them where the run keeps its parts.
    """

    # How parts are computed that were not kept; queries/parts.py puts it here, for models do not compute.
    parts_from_inputs: ClassVar[Callable[["Standing"], Parts]]

    run = models.ForeignKey(Run, models.CASCADE, related_name="standings")
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="standings", db_index=False)
    score = models.FloatField(null=True, blank=True)
    rounded = models.FloatField(null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    score_class = models.CharField(max_length=20, blank=True)
    # Against the newest run of the period before.
    previous_rounded = models.FloatField(null=True, blank=True)
    previous_rank = models.PositiveIntegerField(null=True, blank=True)
    heads = models.JSONField(default=dict, encoder=QuickEncoder)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "body"], name="standing_once")]
        indexes = [models.Index(fields=["body", "run"], name="standing_of_body")]

    @cached_property
    def parts(self) -> Parts:
        """All parts, as kept with the run or computed from its inputs."""
        return self.heads if self.run.keeps_parts else Standing.parts_from_inputs(self)

    def part(self, code: str) -> dict[str, Any]:
        """One part, without computing any where lists show it; empty for a column that the method does not have."""
        found: dict[str, Any] | None = self.heads.get(code)
        return found if found is not None else self.parts.get(code, {})

    @property
    def change(self) -> float | None:
        """Points gained since the period before, as published; negative when lost."""
        if self.rounded is None or self.previous_rounded is None:
            return None
        return round(self.rounded - self.previous_rounded, 6)

    @property
    def rank_change(self) -> int | None:
        """Places gained since the period before; negative when lost."""
        if self.rank is None or self.previous_rank is None:
            return None
        return self.previous_rank - self.rank


class Simulation(models.Model):
    """A run scored again many times with weights and data varied: the recipe that gives the same bits to anybody.

    What varies is stated by the scorecard; the seed follows from the digests of method and inputs.
    """

    run = models.OneToOneField(Run, models.CASCADE, related_name="simulation")
    replicates = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    engine_version = models.CharField(max_length=20)
    computed_at = models.DateTimeField()
    # SHA-256 over the intervals of all bodies, in the order of the run's inputs.
    digest = models.CharField(max_length=64)
    ledger = models.BigIntegerField(null=True, blank=True)

    @property
    def label(self) -> str:
        """How the ledger names this simulation."""
        return f"simulation:{self.pk}"


class Interval(models.Model):
    """Between which places a body lies in 90 % of the replicates, and whom it cannot be told apart from.

    `alike` counts the peers whose intervals overlap this one; `tier` numbers neighbours in the ranking of
    whom none can be told apart from any other.
    """

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="intervals")
    # Whoever lets go of standings lets go of their intervals first: thousands of rows by one statement each.
    standing = models.OneToOneField(Standing, models.DO_NOTHING, related_name="interval", primary_key=True)
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    score_low = models.FloatField()
    score_high = models.FloatField()
    alike = models.PositiveIntegerField()
    tier = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(low__gte=1, high__gte=models.F("low"), score_high__gte=models.F("score_low")),
                name="interval_right_way_round",
            ),
        ]


class Coverage(models.Model):
    """Up to which entry of the ledger a kind of job has followed."""

    job = models.CharField(max_length=40, unique=True)
    number = models.BigIntegerField(default=0)


class Draft(models.Model):
    """A method that somebody proposes: never what ranks anybody, until it is approved as the next version."""

    code = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    # The version that it became.
    scorecard = models.OneToOneField(Scorecard, models.PROTECT, null=True, blank=True, related_name="draft")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=DraftState.APPROVED, scorecard__isnull=False)
                | models.Q(state__in=[DraftState.DRAFT, DraftState.DISCARDED], scorecard__isnull=True),
                name="draft_approved_is_a_version",
            ),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this draft."""
        return f"draft:{self.pk}"


class Backcast(models.Model):
    """A past ranking computed by a draft, beside the one that was in force; `rows` and `movers` tell it by body.

    A row is body, rank before and now, score before and now, class before and now. A mover is a body with the
    points by which each indicator moved it against its peers, most first; empty where an index is no sum.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="backcasts")
    peer_group = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    period_start = models.DateField()
    state = models.CharField(max_length=8, choices=BackcastState.choices, default=BackcastState.WAITING)
    # The ranking that it is compared with: version of the method and what was known then.
    version = models.PositiveIntegerField(default=0)
    known_at = models.DateTimeField(null=True, blank=True)
    compared_outputs = models.CharField(max_length=64, blank=True)
    outputs_digest = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    units = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    classes_changed = models.PositiveIntegerField(default=0)
    # Bodies whose new rank lies outside the interval that their rank had; None where no interval was known.
    outside = models.PositiveIntegerField(null=True, blank=True)
    spearman = models.FloatField(null=True, blank=True)
    kendall = models.FloatField(null=True, blank=True)
    rows = models.JSONField(default=list, encoder=QuickEncoder)
    movers = models.JSONField(default=list)
    # Why it could not be computed: the code of the error.
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "peer_group", "period"], name="backcast_once"),
            models.CheckConstraint(condition=models.Q(state__in=BackcastState.values), name="backcast_state_known"),
        ]
