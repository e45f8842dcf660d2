"""What the machine does after a large batch was acknowledged: record it, and look for those left behind."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine

from . import operations
from .queries import landings_waiting
from .queries.history import landing_of_entry

# Takes seconds, hence waits beside the scores, not before them.
SLOW_QUEUE = "slow"
# A batch that nobody has recorded after this time lost its job with a worker.
LEFT_BEHIND = timedelta(minutes=2)


@task(queue_name=SLOW_QUEUE)
def record_landed(entry: int) -> None:
    """Record the batch that the ledger entry acknowledges; leaves at once when that has been done."""
    number = landing_of_entry(entry)
    if number is not None:
        operations.record_landed(actor=machine("ingest", timezone.localdate()), at=timezone.now(), number=number)


@task(queue_name=SLOW_QUEUE)
def record_left_behind() -> None:
    """Record what was acknowledged a while ago and never recorded. For the schedule."""
    now = timezone.now()
    for number in landings_waiting(landed_before=now - LEFT_BEHIND):
        operations.record_landed(actor=machine("ingest", timezone.localdate()), at=now, number=number)
