"""Meetings, the series in which they are counted, who takes part, the frozen pack, and what bodies promise."""

from django.db import models
from django.db.models import Q

from thuocdo.meetings.lifecycle import MeetingState
from thuocdo.organisations.models import Hierarchy

_ONE_OF_TWO = [Hierarchy.TERRITORIAL.value, Hierarchy.SECTOR.value]


class Series(models.Model):
    """Meetings that are counted together, so that each knows the last one."""

    title = models.CharField(max_length=200)
    # Whose meeting it is: the tasks of the bodies below it, in one of the two hierarchies, are discussed.
    holder = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    reach = models.CharField(max_length=12, choices=Hierarchy.choices, default=Hierarchy.TERRITORIAL)
    # Who prepares it, records the conclusions and issues their notice.
    office = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    # Only tasks of this programme, where one is named.
    programme = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "title"], name="series_title_once"),
            models.CheckConstraint(condition=Q(reach__in=_ONE_OF_TWO), name="series_reach_known"),
        ]


class Meeting(models.Model):
    """One meeting; `lines` is the last number given to a conclusion, under whose lock numbers have no gaps."""

    title = models.CharField(max_length=300)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="meetings")
    session = models.PositiveSmallIntegerField(null=True, blank=True)
    holder = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    reach = models.CharField(max_length=12, choices=Hierarchy.choices, default=Hierarchy.TERRITORIAL)
    office = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    programme = models.CharField(max_length=40, blank=True)
    held_on = models.DateField(db_index=True)
    begins_at = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    agenda = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=MeetingState.choices, default=MeetingState.PLANNED)
    lines = models.PositiveIntegerField(default=0)
    # The directive that the conclusions make up, clause by clause, from the first task on.
    document = models.OneToOneField(
        "directives.Document", models.PROTECT, null=True, blank=True, related_name="concluding_meeting"
    )
    # Of the form that planned it: sent twice, it is planned once.
    key = models.CharField(max_length=60, unique=True)
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=80)
    held_at = models.DateTimeField(null=True, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(reach__in=_ONE_OF_TWO), name="meeting_reach_known"),
            models.CheckConstraint(
                condition=Q(series__isnull=True, session__isnull=True)
                | Q(series__isnull=False, session__isnull=False, session__gte=1),
                name="meeting_counted_in_its_series",
            ),
            models.UniqueConstraint(
                fields=["series", "session"], condition=~Q(state="cancelled"), name="meeting_session_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"], held_at__isnull=True)
                | Q(state__in=["held", "concluded"], held_at__isnull=False),
                name="meeting_held_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="concluded") | Q(concluded_at__isnull=False), name="meeting_concluded_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False), name="meeting_cancelled_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["series", "held_on"], name="meeting_of_series")]

    @property
    def label(self) -> str:
        """How the ledger names this meeting."""
        return f"meeting:{self.pk}"


class Participant(models.Model):
    """A body that takes part, and in which post somebody comes for it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    post = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "body"], name="participant_once")]


class Pack(models.Model):
    """What lay on the table, as canonical JSON with its digest; kept as it was, whatever happens to the tasks."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, primary_key=True, related_name="pack")
    at = models.DateTimeField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    frozen_by = models.CharField(max_length=80)


class Commitment(models.Model):
    """What a body says of a late task before or at a meeting: why, and by when it will be done; never changed.

    It moves no deadline: the one in force and the original one of that day stand beside it.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="commitments")
    task = models.ForeignKey("tasks.Task", models.PROTECT, related_name="+")
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    reason = models.TextField()
    promised_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    original_due_on = models.DateField(null=True, blank=True)
    key = models.CharField(max_length=60)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "task", "key"], name="commitment_sent_once")]
        indexes = [models.Index(fields=["task", "at"], name="commitment_of_task")]
