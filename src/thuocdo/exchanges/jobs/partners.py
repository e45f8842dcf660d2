"""Reporting to parent instances, from time to time."""

from django.utils import timezone
from django_tasks import task

from thuocdo.exchanges.operations.partners import sync_due
from thuocdo.scorecards.jobs import SLOW_QUEUE


@task(queue_name=SLOW_QUEUE)
def exchange() -> None:
    """A round with every parent that is due; twice does no harm. For the schedule."""
    sync_due(at=timezone.now())
