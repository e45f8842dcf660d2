"""What the programming interface keeps of its calls: answers that come again, and files handed in ahead."""

from django.db import models
from django.db.models import Q


class AnsweredCall(models.Model):
    """A call that wrote something, by the idempotency key under which it came; the same call gets the same answer.

    Written in the transaction of what it did, so that there is never the one without the other.
    """

    key = models.ForeignKey("accounts.ApiKey", models.PROTECT, related_name="answered_calls")
    idempotency_key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "idempotency_key"], name="answered_call_once")]


class ReceivedFile(models.Model):
    """A file that a key sent ahead; reports name it by its digest, as often as they like."""

    key = models.ForeignKey("accounts.ApiKey", models.PROTECT, related_name="received_files")
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    address = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "digest"], name="received_file_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="received_file_not_empty"),
        ]
