"""Telling machines of events, from time to time."""

from django.utils import timezone
from django_tasks import task

from thuocdo.exchanges.operations.webhooks import note_entries, send_waiting
from thuocdo.scorecards.jobs import SLOW_QUEUE


@task(queue_name=SLOW_QUEUE)
def tell_receivers() -> None:
    """Note what is new and send what waits; twice does no harm. For the schedule."""
    note_entries(at=timezone.now())
    send_waiting(at=timezone.now())
