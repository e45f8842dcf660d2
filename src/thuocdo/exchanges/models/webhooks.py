"""Machines that want to be told: where, of what, with which secret, and every message to them with its fate."""

from django.db import models
from django.db.models import Q


class Receiver(models.Model):
    """An address to which events are told as they happen, as far as its body may see what they are about.

    The secret is nowhere in the database: it is computed from the salt and the secret of the instance.
    """

    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="receivers")
    title = models.CharField(max_length=120)
    address = models.CharField(max_length=500)
    # Names of events; at least one.
    events = models.JSONField(default=list)
    salt = models.CharField(max_length=64)
    # The salt before the last change of the secret; both sign until the moment beside it.
    former_salt = models.CharField(max_length=64, blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    # The last ledger entry that was looked at for this receiver.
    noted = models.BigIntegerField()
    is_paused = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(address="") & ~Q(salt=""), name="receiver_has_address")]

    @property
    def label(self) -> str:
        """How the ledger names this receiver."""
        return f"webhook:{self.pk}"


class Dispatch(models.Model):
    """One event on its way to one receiver; what is said is read from the ledger when it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        # Tried for the whole term without success; waits for a person.
        PARKED = "parked"
        # The receiver's body may not, or may no longer, see what it is about.
        WITHHELD = "withheld"

    receiver = models.ForeignKey(Receiver, models.CASCADE, related_name="dispatches")
    entry = models.BigIntegerField()
    event = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    # Counts of this round of attempts; sending again by hand begins a new one.
    attempts = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    # The beginning of what the receiver answered, for whoever looks for the fault.
    answer = models.CharField(max_length=500, blank=True)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receiver", "entry"], name="dispatch_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "parked", "withheld"]), name="dispatch_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "not_before"], name="dispatch_waiting"),
            models.Index(fields=["receiver", "-entry"], name="dispatch_of_receiver"),
        ]
