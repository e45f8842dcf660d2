"""Ladders, notices, what people chose, the mail that is to go out, and urging notes."""

from datetime import time

from django.db import models
from django.db.models import F, Q

from thuocdo.accounts.models import Role

from .ladder import Ladder, read_ladder
from .lifecycle import Kind, Signing, Standing, UrgingState


class LadderVersion(models.Model):
    """A ladder as a pack approved it; versions are kept, the newest in force on a day counts."""

    code = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    approved_by = models.JSONField()
    valid_from = models.DateField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="ladder_number_once"),
            models.UniqueConstraint(fields=["code", "digest"], name="ladder_content_once"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this version."""
        return f"ladder:{self.code}:{self.number}"

    @property
    def ladder(self) -> Ladder:
        """The rungs, ready for the arithmetic."""
        return read_ladder(self.document)


class Reached(models.Model):
    """The highest rung that was raised for a task's present deadline and lead; another of either begins anew."""

    task = models.OneToOneField("tasks.Task", models.CASCADE, primary_key=True, related_name="+")
    lead = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    due_on = models.DateField()
    height = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField()


class Told(models.Model):
    """Up to which entry of the ledger people were told what concerns them; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    entry = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="told_one_row")]


class Message(models.Model):
    """A piece of mail that is to go to a person; its words are written when it goes out, not before."""

    class Sort(models.TextChoices):
        NOTICES = "notices"
        DIGEST = "digest"

    recipient = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    sort = models.CharField(max_length=8, choices=Sort.choices)
    # Of a digest: the Monday of its week, so that a week has one.
    week = models.DateField(null=True, blank=True)
    queued_at = models.DateTimeField()
    # Quiet hours and the pauses after failures put this off.
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Nothing was left to say when it was to go, or every attempt failed.
    dropped_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "week"], name="digest_once_a_week"),
            models.CheckConstraint(
                condition=Q(sort="digest", week__isnull=False) | Q(sort="notices", week__isnull=True),
                name="message_of_a_sort",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="message_waiting",
            )
        ]


class UrgingCounter(models.Model):
    """The last number that a body gave to an urging note in a year; its lock keeps numbers without gaps."""

    issuer = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "year"], name="urging_counter_once")]


class Urging(models.Model):
    """A note by which one body urges another to do overdue tasks (phiếu đôn đốc)."""

    issuer = models.ForeignKey("organisations.Body", models.PROTECT, related_name="urgings_issued")
    addressee = models.ForeignKey("organisations.Body", models.PROTECT, related_name="urgings_received")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=UrgingState.choices, default=UrgingState.DRAFT)
    # What is asked beyond doing the tasks, in the issuer's words.
    request = models.TextField(blank=True)
    reply_by = models.DateField()
    tasks = models.ManyToManyField("tasks.Task", through="UrgedTask", related_name="+")
    # Who signs in which capacity; without one the head of the issuing body signs.
    signing = models.CharField(max_length=3, choices=Signing.choices, blank=True, default="")
    signer_post = models.CharField(max_length=120, blank=True, default="")
    signer_name = models.CharField(max_length=120, blank=True, default="")
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=80)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.CharField(max_length=80, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UrgingState.values), name="urging_state_known"),
            models.UniqueConstraint(fields=["issuer", "year", "number"], name="urging_number_once"),
            models.CheckConstraint(condition=~Q(issuer=F("addressee")), name="urging_not_to_itself"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"], number__isnull=True, year__isnull=True)
                | Q(
                    state__in=["issued", "acknowledged", "answered"],
                    number__isnull=False,
                    year__isnull=False,
                    issued_at__isnull=False,
                ),
                name="urging_numbered_when_issued",
            ),
            models.CheckConstraint(
                condition=Q(signing="", signer_post="", signer_name="")
                | (Q(signing__in=["KT", "TL", "TUQ"]) & ~Q(signer_post="")),
                name="urging_signed_in_a_capacity",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="urging_answered_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["addressee", "state"], name="urging_of_addressee")]

    @property
    def label(self) -> str:
        """How the ledger names this note."""
        return f"urging:{self.pk}"


class UrgedTask(models.Model):
    """A task in an urging note, with the deadline as it stood when the note was written."""

    urging = models.ForeignKey(Urging, models.CASCADE, related_name="urged")
    task = models.ForeignKey("tasks.Task", models.PROTECT, related_name="+")
    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["urging", "task"], name="urged_task_once")]


class Notice(models.Model):
    """Something that a person is told in a role at a body, about a task, an urging note or findings."""

    # Names what is told to whom: the same thing is never told twice, however often a job runs.
    key = models.CharField(max_length=120, unique=True)
    recipient = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    # In which capacity; whoever holds it later inherits what is open.
    role = models.CharField(max_length=20, choices=Role.choices)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    task = models.ForeignKey("tasks.Task", models.CASCADE, null=True, blank=True, related_name="+")
    urging = models.ForeignKey(Urging, models.CASCADE, null=True, blank=True, related_name="+")
    # Of new findings the gravest that the person may see, and how many there are; of any other step the one it is of.
    finding = models.ForeignKey("evaluations.Finding", models.CASCADE, null=True, blank=True, related_name="+")
    findings = models.PositiveIntegerField(default=0)
    # Who led the task when this was raised; the body of the findings, where all are of one.
    lead = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    # Of the ladder: the rung, and the deadline that reached it.
    rung = models.CharField(max_length=40, blank=True)
    height = models.PositiveSmallIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    # Of what was done: the step's name.
    step = models.CharField(max_length=24, blank=True)
    by_mail = models.BooleanField(default=False)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="notices")
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.OPEN)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # A notice that was passed on when nobody held the role waits here for the next holder.
    is_waiting_for_holder = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="notice_standing_known"),
            models.CheckConstraint(
                condition=Q(task__isnull=False) | Q(urging__isnull=False) | Q(finding__isnull=False),
                name="notice_about_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="finding", finding__isnull=False, findings__gte=1)
                | (~Q(kind="finding") & Q(finding__isnull=True, findings=0)),
                name="notice_of_findings",
            ),
            models.CheckConstraint(
                condition=~Q(standing="acknowledged") | Q(acknowledged_at__isnull=False),
                name="notice_acknowledged_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "standing", "raised_at"], name="notice_of_recipient"),
            models.Index(fields=["task", "kind", "standing"], name="notice_of_task"),
            # What the review looks through: open ones, and those that wait for a holder.
            models.Index(fields=["body", "role"], condition=Q(standing="open"), name="notice_open"),
            models.Index(fields=["body", "role"], condition=Q(is_waiting_for_holder=True), name="notice_waiting"),
        ]


class Preference(models.Model):
    """How a person wants to be told; somebody without a row has the defaults."""

    user = models.OneToOneField("accounts.User", models.CASCADE, primary_key=True, related_name="+")
    # Kind → choice; a kind that is not named has its default.
    choices = models.JSONField(default=dict)
    has_digest = models.BooleanField(default=True)
    # Monday is 0.
    digest_weekday = models.PositiveSmallIntegerField(default=0)
    digest_hour = models.PositiveSmallIntegerField(default=7)
    # No mail from the one hour to the other; the same hour twice means no quiet hours.
    quiet_from = models.TimeField(default=time(20))
    quiet_to = models.TimeField(default=time(6, 30))
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_weekday__lte=6, digest_hour__lte=23), name="preference_digest_time"
            )
        ]


class CalendarAddress(models.Model):
    """The secret address at which a person's calendar program fetches the person's deadlines; kept only as a hash."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    # SHA-256 of the secret, which is 256 random bits.
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # When it was last fetched, to the hour: who sees it does not know the address, and asks whether to revoke it.
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="calendar_address_once"
            ),
        ]
