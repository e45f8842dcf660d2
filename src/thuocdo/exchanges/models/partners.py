"""Two copies that report to each other: the parent above, the children below, and everything between them."""

from django.db import models
from django.db.models import Q


class Parent(models.Model):
    """An instance above this one, from which tasks come down and to which reports go up.

    The key that it issued to us lies in a file of the instance's home, never in the database.
    """

    title = models.CharField(max_length=120)
    address = models.CharField(max_length=500, unique=True)
    # The body in whose name this instance reports.
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    # Where we stand with the parent, in its own words, and where in our own ledger.
    cursor = models.CharField(max_length=60, blank=True)
    gathered = models.BigIntegerField()
    # Sends the figures of our body and those below it as well.
    sends_figures = models.BooleanField(default=False)
    is_paused = models.BooleanField(default=False)
    paired_at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    tried_at = models.DateTimeField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    # A code for the page, and what the other side or the network said.
    failure = models.CharField(max_length=40, blank=True)
    failure_detail = models.CharField(max_length=300, blank=True)

    @property
    def label(self) -> str:
        """How the ledger names this parent."""
        return f"parent:{self.pk}"


class Mirror(models.Model):
    """A task of the parent that is ours to do: what it is called there, and the newest order that we know."""

    parent = models.ForeignKey(Parent, models.PROTECT, related_name="mirrors")
    remote = models.CharField(max_length=40)
    task = models.OneToOneField("tasks.Task", models.PROTECT, null=True, blank=True, related_name="mirror")
    # The parent's ledger entry as of which the order is known; an older answer that comes late changes nothing.
    as_of = models.BigIntegerField()
    # The whole order as it came, with the fields that this version does not know.
    order = models.JSONField(default=dict)
    # The last decision of the parent (return, approval, …) that was carried out here.
    decided = models.BigIntegerField(default=0)
    # Why the order could not be carried out here yet; tried again with every exchange.
    problem = models.CharField(max_length=40, blank=True)
    problem_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "remote"], name="mirror_once")]


class Outgoing(models.Model):
    """One thing that was done here and goes up: in order, once, and kept until the parent has answered."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        # The parent does not take it (any more): shown to people, never sent again by itself.
        REFUSED = "refused"

    parent = models.ForeignKey(Parent, models.PROTECT, related_name="outgoing")
    mirror = models.ForeignKey(Mirror, models.PROTECT, null=True, blank=True, related_name="outgoing")
    # Our own ledger entry that it follows from; with the kind it is the identifier by which it counts once.
    entry = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    content = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    finished_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    refusal_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "entry", "kind", "mirror"], name="outgoing_once"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "refused"]), name="outgoing_state_known"),
        ]
        indexes = [models.Index(fields=["parent", "state", "entry"], name="outgoing_waiting")]


class SentFile(models.Model):
    """A file that the parent has already; it is sent once, however many reports name it."""

    parent = models.ForeignKey(Parent, models.CASCADE, related_name="sent_files")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "digest"], name="sent_file_once")]


class Child(models.Model):
    """An instance below this one, known by the key under which it asks for its tasks."""

    key = models.OneToOneField("accounts.ApiKey", models.PROTECT, related_name="child")
    protocol = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=40, blank=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # As of which entry of our ledger it has been told everything.
    told = models.BigIntegerField(default=0)
