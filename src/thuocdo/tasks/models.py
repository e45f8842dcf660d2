"""Tasks and everything that happens to them: transitions, reports with evidence, extensions, pauses."""

from django.db import models
from django.db.models import F, Q

from thuocdo.directives.lifecycle import DeadlineKind

from .lifecycle import Effectiveness, Rhythm, Secrecy, State


class Counter(models.Model):
    """The last number given to a task in a year; its lock is what keeps codes without gaps."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Collective(models.Model):
    """An order to a group of bodies; each body owes its own task, an instance of this."""

    title = models.CharField(max_length=1000)
    document = models.ForeignKey(
        "directives.Document", models.PROTECT, null=True, blank=True, related_name="collectives"
    )
    candidate = models.ForeignKey(
        "directives.Candidate", models.PROTECT, null=True, blank=True, related_name="collectives"
    )
    # Codes of the groups that were addressed; empty when the bodies were named one by one.
    groups = models.JSONField(default=list)
    assigned_by = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    @property
    def label(self) -> str:
        """How the ledger names this collective task."""
        return f"collective:{self.pk}"


class Task(models.Model):
    """What one body owes: exactly one lead, one product, one deadline."""

    # NV-2026-000123; unique, and without gaps within a year.
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=1000)
    document = models.ForeignKey("directives.Document", models.PROTECT, null=True, blank=True, related_name="tasks")
    candidate = models.ForeignKey("directives.Candidate", models.PROTECT, null=True, blank=True, related_name="tasks")
    # The sentence of the document that gave the task, as offsets of the document's text.
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    collective = models.ForeignKey(Collective, models.PROTECT, null=True, blank=True, related_name="instances")

    lead = models.ForeignKey("organisations.Body", models.PROTECT, related_name="led_tasks")
    coordinators = models.ManyToManyField(
        "organisations.Body", through="Coordination", related_name="coordinated_tasks"
    )
    # Co-ordinators that the text names only as a class ("các cơ quan liên quan"), as written.
    also_coordinating = models.TextField(blank=True)
    assigned_by = models.ForeignKey("organisations.Body", models.PROTECT, related_name="assigned_tasks")
    deliverable = models.TextField(blank=True)
    target = models.TextField(blank=True)
    deadline_raw = models.CharField(max_length=300, blank=True)
    deadline_kind = models.CharField(max_length=16, choices=DeadlineKind.choices, default=DeadlineKind.NONE)
    # The last allowed day, as now in force and as first ordered.
    due_on = models.DateField(null=True, blank=True)
    original_due_on = models.DateField(null=True, blank=True)
    assigned_on = models.DateField()
    # A recurring task is owed again and again: `due_on` is the deadline of its present occurrence.
    rhythm = models.CharField(max_length=12, choices=Rhythm.choices, blank=True, default=Rhythm.NONE)
    rhythm_day = models.PositiveSmallIntegerField(null=True, blank=True)

    state = models.CharField(max_length=12, choices=State.choices, default=State.ASSIGNED)
    # Where a suspended task goes back to.
    suspended_from = models.CharField(max_length=12, choices=State.choices, blank=True)
    is_core = models.BooleanField(default=False)
    weight = models.DecimalField(max_digits=6, decimal_places=2, default=1)
    secrecy = models.CharField(max_length=12, choices=Secrecy.choices, default=Secrecy.INTERNAL)
    programme = models.CharField(max_length=40, blank=True)

    accepted_on = models.DateField(null=True, blank=True)
    # Percent, as last reported.
    progress = models.PositiveSmallIntegerField(default=0)
    reported_on = models.DateField(null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    effectiveness = models.CharField(max_length=16, choices=Effectiveness.choices, default=Effectiveness.NOT_JUDGED)
    # Code, title and product without accents, for the search of lists.
    search = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="task_state_known"),
            models.CheckConstraint(condition=Q(secrecy__in=Secrecy.values), name="task_secrecy_known"),
            models.CheckConstraint(condition=Q(deadline_kind__in=DeadlineKind.values), name="task_deadline_kind_known"),
            models.CheckConstraint(
                condition=Q(effectiveness=Effectiveness.NOT_JUDGED)
                | Q(effectiveness__in=Effectiveness.values, state=State.COMPLETED),
                name="task_effectiveness_only_when_completed",
            ),
            models.CheckConstraint(
                condition=Q(state=State.COMPLETED, completed_on__isnull=False)
                | (~Q(state=State.COMPLETED) & Q(completed_on__isnull=True)),
                name="task_completed_on_its_day",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.SUSPENDED) & ~Q(suspended_from=""))
                | (~Q(state=State.SUSPENDED) & Q(suspended_from="")),
                name="task_suspended_from_a_state",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, original_due_on__isnull=True)
                | Q(due_on__isnull=False, original_due_on__isnull=False),
                name="task_original_deadline_kept",
            ),
            models.CheckConstraint(
                condition=Q(original_due_on__isnull=True) | Q(original_due_on__gte=F("assigned_on")),
                name="task_due_after_assignment",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(end__gt=F("start")),
                name="task_source_span",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="task_progress_percent"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="task_weight_positive"),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="task_rhythm_known"),
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.NONE) | Q(due_on__isnull=False), name="task_rhythm_has_deadline"
            ),
            # One sentence gives one task, unless it addresses a group.
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(collective__isnull=True), name="task_of_candidate_once"
            ),
            models.UniqueConstraint(fields=["collective", "lead"], name="task_instance_once"),
        ]
        indexes = [
            models.Index(fields=["lead", "state", "due_on"], name="task_of_lead"),
            models.Index(fields=["assigned_by", "state", "due_on"], name="task_of_authority"),
            models.Index(fields=["state", "due_on"], name="task_by_deadline"),
            models.Index(fields=["due_on", "lead"], name="task_of_period"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this task."""
        return f"task:{self.pk}"


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


class Coordination(models.Model):
    """A body that coordinates in a task, in the order in which the directive names it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="coordinations")
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="coordinations")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "body"], name="coordination_once")]


class Transition(models.Model):
    """One step of a task, who took it and what they noted; `lead` is who led after it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="transitions")
    step = models.CharField(max_length=24)
    from_state = models.CharField(max_length=12, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=12, choices=State.choices)
    lead = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["task", "at"], name="transition_of_task")]


class Report(models.Model):
    """What the lead body says of its work, in words and percent."""

    class Kind(models.TextChoices):
        PROGRESS = "progress"
        SUBMISSION = "submission"

    task = models.ForeignKey(Task, models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    text = models.TextField()
    progress = models.PositiveSmallIntegerField()
    # Of a recurring task: the original deadline of the occurrence that the report is for.
    occurrence = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="report_progress_percent"),
            models.CheckConstraint(condition=Q(kind__in=["progress", "submission"]), name="report_kind_known"),
        ]
        indexes = [models.Index(fields=["task", "at"], name="report_of_task")]


class Evidence(models.Model):
    """A file that supports a report; the same bytes may support several."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    file = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    # What the person called the file, made harmless, with the ending that fits its content.
    name = models.CharField(max_length=255)
    uploaded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
            models.UniqueConstraint(fields=["report", "digest"], name="evidence_once_per_report"),
        ]


class Occurrence(models.Model):
    """One time that a recurring task fell due, with the day on which its result was accepted."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="occurrences")
    due_on = models.DateField()
    original_due_on = models.DateField()
    completed_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "due_on"], name="occurrence_once")]
        indexes = [models.Index(fields=["due_on"], name="occurrence_of_period")]


class Extension(models.Model):
    """A decision that moved a deadline; the original one stays on the task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="extensions")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    decision_number = models.CharField(max_length=80)
    reason = models.TextField()
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
