"""Other systems that hold our tasks, and what they call them."""

from django.db import models
from django.db.models import Q


class System(models.Model):
    """A system that receives or sends tasks, as a pack declares it: its names, and the columns that it takes."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    # Where a task is seen there, with {id} in place of its identifier; empty when there is no such page.
    address = models.CharField(max_length=300, blank=True)
    # Columns of a list for it, in their order: the field, and its heading there.
    columns = models.JSONField(default=list)
    # The file of the pack that declared it, by digest, so that the same content again changes nothing.
    digest = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    # A system that is no longer declared takes no more lists; its identifiers are kept.
    retired_at = models.DateTimeField(null=True, blank=True)

    @property
    def label(self) -> str:
        """How the ledger names this system."""
        return f"receiver:{self.code}"


class Identifier(models.Model):
    """What one other system calls one task."""

    system = models.ForeignKey(System, models.PROTECT, related_name="identifiers")
    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="identifiers")
    value = models.CharField(max_length=120)
    # The value without differences of case and spaces, by which it is found and is unique.
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "task"], name="identifier_once_per_task"),
            models.UniqueConstraint(fields=["system", "key"], name="identifier_of_one_task"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(value=""), name="identifier_not_empty"),
        ]
        indexes = [models.Index(fields=["key"], name="identifier_by_key")]
