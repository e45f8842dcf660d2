"""Conclusions with every wording they had, what was decided for their tasks, and the notices that went out."""

from django.db import models
from django.db.models import Q

from thuocdo.directives.lifecycle import DeadlineKind
from thuocdo.meetings.lifecycle import Choice, ConclusionKind, ConclusionState, Verdict

from .meetings import Meeting


class Conclusion(models.Model):
    """One line of what a meeting concluded; `version` counts its wordings and guards against two at once."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="conclusions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ConclusionState.choices, default=ConclusionState.PROPOSED)
    kind = models.CharField(max_length=10, choices=ConclusionKind.choices, default=ConclusionKind.NOTE)
    version = models.PositiveSmallIntegerField(default=1)
    # The wording with which it was confirmed; later ones are amendments.
    recorded_version = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of the form that sent it: a double click writes one line.
    key = models.CharField(max_length=70)
    # The clause that became a task; its tasks are found by it.
    candidate = models.OneToOneField(
        "directives.Candidate", models.PROTECT, null=True, blank=True, related_name="conclusion"
    )
    # Of a decision: upon which task, and which.
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="conclusion_number_once"),
            models.UniqueConstraint(fields=["meeting", "key"], name="conclusion_sent_once"),
            models.CheckConstraint(condition=Q(state__in=ConclusionState.values), name="conclusion_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ConclusionKind.values), name="conclusion_kind_known"),
            models.CheckConstraint(
                condition=~Q(state="recorded") | Q(recorded_at__isnull=False, recorded_version__isnull=False),
                name="conclusion_recorded_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="recorded", kind="task") | Q(candidate__isnull=False),
                name="conclusion_task_has_its_clause",
            ),
            models.CheckConstraint(
                condition=~Q(state="recorded", kind="decision") | (Q(task__isnull=False) & ~Q(verdict="")),
                name="conclusion_decision_names_its_task",
            ),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this conclusion."""
        return f"conclusion:{self.pk}"


class Version(models.Model):
    """One wording of a conclusion, never changed; the newest one counts."""

    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    lead = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    # A collective addressee in the place of a lead.
    group = models.ForeignKey("directives.AddresseeGroup", models.PROTECT, null=True, blank=True, related_name="+")
    # Codes of the co-ordinating bodies, in their order.
    coordinators = models.JSONField(default=list)
    action = models.TextField(blank=True)
    deliverable = models.TextField(blank=True)
    deadline_raw = models.CharField(max_length=300, blank=True)
    deadline_kind = models.CharField(max_length=16, choices=DeadlineKind.choices, default=DeadlineKind.NONE)
    due_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conclusion", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(lead__isnull=True) | Q(group__isnull=True), name="version_one_lead_or_a_group"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="version_says_something"),
        ]


class Settlement(models.Model):
    """What the office decided for one task when its conclusion was worded anew; never changed."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="settlements")
    task = models.ForeignKey("tasks.Task", models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "task"], name="settlement_once"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="settlement_choice_known"),
        ]


class Notice(models.Model):
    """A notice of conclusions as it went out: its number, its content as canonical JSON with digest; kept as it was.

    A further notice of the same meeting holds what was worded anew since the one before.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="notices")
    position = models.PositiveSmallIntegerField()
    office = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    # With the symbol, as the clerk's register gives it: 27-TB/VPTW, 45/TB-UBND.
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="notice_of_meeting_once"),
            models.UniqueConstraint(fields=["office", "year", "number"], name="notice_number_of_office_once"),
        ]
