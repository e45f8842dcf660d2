"""Tasks, the collective orders they come from, and the counter of their codes."""

from django.db import models
from django.db.models import F, Q

from thuocdo.directives.lifecycle import DeadlineKind
from thuocdo.tasks.lifecycle import Effectiveness, Rhythm, Secrecy, State


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

    # A task of which this is a part; the parts of a part may go down to a department and a person.
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    # A task of a body's own, for its own purposes: nobody above ordered it and it counts in no national score.
    is_local = models.BooleanField(default=False)
    # The person who answers for the task inside the lead body, and the post in which they do.
    responsible = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="tasks")
    responsible_post = models.CharField(max_length=120, blank=True)
    # The body that accepts the result, where another than those above the lead body shall do so.
    accepting_body = models.ForeignKey(
        "organisations.Body", models.PROTECT, null=True, blank=True, related_name="tasks_to_accept"
    )

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
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("pk")), name="task_not_its_own_part"),
            models.CheckConstraint(
                condition=Q(accepting_body__isnull=True) | ~Q(accepting_body=F("lead")),
                name="task_not_accepted_by_its_lead",
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


class Coordination(models.Model):
    """A body that coordinates in a task, in the order in which the directive names it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="coordinations")
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="coordinations")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "body"], name="coordination_once")]
