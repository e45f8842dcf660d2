"""Lists that were handed to other systems, and which tasks with how many reported cells stood in them."""

from django.db import models

from .identifiers import System


class Delivery(models.Model):
    """One list for one receiving system."""

    system = models.ForeignKey(System, models.PROTECT, related_name="deliveries")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)
    rows = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["system", "at"], name="delivery_of_system")]

    @property
    def label(self) -> str:
        """How the ledger names this list."""
        return f"delivery:{self.pk}"


class DeliveredTask(models.Model):
    """A task in a delivered list: who led it then, and how many of its cells a report had filled."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tasks")
    task = models.ForeignKey("tasks.Task", models.CASCADE, related_name="deliveries")
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="+")
    cells = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "task"], name="delivered_task_once")]
