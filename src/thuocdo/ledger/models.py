"""The entries; the database itself refuses to change or remove them (migration 0001)."""

from django.db import models

from thuocdo.engine.sealing.chain import Link


class Entry(models.Model):
    """One thing that happened. Holds identifiers and digests, never personal data, so that such data
    can be erased elsewhere while the chain still verifies."""

    # Gapless from 1; the database's own sequences may leave gaps, so `append` gives the number.
    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    data = models.TextField()
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "number"], name="entry_by_subject"),
            models.Index(fields=["event", "number"], name="entry_by_event"),
        ]

    def as_link(self) -> Link:
        return Link(
            number=self.number,
            at=self.at,
            actor=self.actor,
            event=self.event,
            subject=self.subject,
            data=self.data,
            previous_digest=self.previous_digest,
            digest=self.digest,
        )
