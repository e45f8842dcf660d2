"""People, their roles at bodies, and the keys of source systems."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from thuocdo.organisations.models import DatedQuerySet, Hierarchy


class Role(models.TextChoices):
    """What a person or a machine does for a body."""

    STANDING_OFFICE = "standing_office"
    FOCAL_POINT = "focal_point"
    HEAD = "head"
    VERIFIER = "verifier"
    EVALUATOR = "evaluator"
    INSPECTOR = "inspector"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"
    SOURCE_SYSTEM = "source_system"


class User(AbstractUser):
    """A person who signs in. The name is personal data: the ledger knows a person as `user:<number>`."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(max_length=120)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def label(self) -> str:
        """How the ledger names this person."""
        return f"user:{self.pk}"


class RoleHolding(models.Model):
    """A role held at a body for a time; `over` is the body whose subtree it reaches, where it is not `body`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="holdings")
    role = models.CharField(max_length=20, choices=Role.choices)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="holdings")
    over = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    hierarchy = models.CharField(max_length=12, choices=Hierarchy.choices, default=Hierarchy.TERRITORIAL)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["RoleHolding"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="holding_role_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="holding_valid_range",
            ),
        ]


def figures_only() -> list[str]:
    """The scope of a key for which none was chosen: it sends figures and nothing else."""
    return ["figures:write"]


class ApiKey(models.Model):
    """A key of a source system, kept only as a hash; `prefix` finds it, `body` and below is its reach."""

    title = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    secret_digest = models.CharField(max_length=64)
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="api_keys")
    # What the key may do at all, as `permissions.SCOPES` names it; what is not named is refused.
    scopes = models.JSONField(default=figures_only)
    # The person in whose place the key acts on tasks, with the roles held at `body`; without one it is a machine.
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="api_keys")
    # What the key is narrowed to: codes of indicators and of feeds of raw events. Both empty: everything;
    # one of them filled: nothing of the other kind.
    indicators = models.JSONField(default=list, blank=True)
    feeds = models.JSONField(default=list, blank=True)
    # Calls a minute that the key may make for long; a sixth of them at once.
    calls_per_minute = models.PositiveIntegerField(default=600)
    # The secret before the last rotation, which opens until the moment beside it.
    former_digest = models.CharField(max_length=64, blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    @property
    def label(self) -> str:
        """How the ledger names this key."""
        return f"key:{self.pk}"


class KeyUse(models.Model):
    """What changes with every call of a key: when it was last used, and how much of its rate is taken.

    `due` is the moment, in seconds since 1970, at which the calls so far would have been made at the steady
    rate. A call is taken when that lies not too far ahead. One number and one statement are the whole token
    bucket, so any number of processes share it on both databases.
    """

    key = models.OneToOneField(ApiKey, models.CASCADE, related_name="use")
    last_used_at = models.DateTimeField(null=True, blank=True)
    due = models.FloatField(default=0)
