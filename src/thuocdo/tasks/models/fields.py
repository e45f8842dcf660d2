"""Fields of a body's own: what a body wants to know of tasks in its part of the tree, and the values given."""

from django.db import models
from django.db.models import Q

from .task import Task


class Field(models.Model):
    """A typed field that a body adds to the tasks at and below it."""

    class Type(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        DATE = "date"
        CHOICE = "choice"
        YES_NO = "yes_no"

    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="task_fields")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)
    type = models.CharField(max_length=8, choices=Type.choices)
    unit = models.CharField(max_length=40, blank=True)
    choices = models.JSONField(default=list)
    is_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    # A field that is no longer asked keeps its values.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "key"], name="field_key_once"),
            models.CheckConstraint(
                condition=Q(type__in=["text", "number", "date", "choice", "yes_no"]), name="field_type_known"
            ),
        ]


class FieldValue(models.Model):
    """The value of a field for one task, in the column of its type."""

    field = models.ForeignKey(Field, models.PROTECT, related_name="values")
    task = models.ForeignKey(Task, models.CASCADE, related_name="field_values")
    text = models.TextField(blank=True)
    number = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    is_yes = models.BooleanField(null=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "task"], name="field_value_once")]
        indexes = [
            models.Index(fields=["field", "number"], name="field_value_number"),
            models.Index(fields=["field", "day"], name="field_value_day"),
        ]


class SavedList(models.Model):
    """A list of tasks that somebody keeps under a name: filters, order and columns, as in its address."""

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="saved_lists")
    # Shared with everybody who works for the body; each still sees only what they may.
    shared_with = models.ForeignKey(
        "organisations.Body", models.CASCADE, null=True, blank=True, related_name="saved_lists"
    )
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1500, blank=True)
    columns = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_list_name_once")]
