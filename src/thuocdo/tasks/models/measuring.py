"""Which indicators a task should move."""

from django.db import models

from .task import Task


class TaskIndicator(models.Model):
    """A task and an indicator that its result should move; more than one of each may stand together."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="measured_by", db_index=False)
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "indicator"], name="task_indicator_once")]
