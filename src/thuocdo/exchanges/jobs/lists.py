"""What the machine does later: look at lists and write them, take up what was left behind."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from thuocdo.exchanges.operations.importing import plan_received, write_agreed
from thuocdo.exchanges.queries.imports import import_of_entry, imports_left

# Takes seconds, hence waits beside the scores, not before them.
SLOW_QUEUE = "slow"
# A list that no worker has touched for so long lost its job with a worker.
LEFT_BEHIND = timedelta(minutes=3)


@task(queue_name=SLOW_QUEUE)
def plan(entry: int) -> None:
    """Look at the list that the ledger entry tells of; leaves at once when that has been done."""
    number = import_of_entry(entry)
    if number is not None:
        plan_received(at=timezone.now(), number=number)


@task(queue_name=SLOW_QUEUE)
def write(entry: int) -> None:
    """Write the list to which the ledger entry says yes; leaves at once when that has been done."""
    number = import_of_entry(entry)
    if number is not None:
        write_agreed(at=timezone.now(), number=number)


@task(queue_name=SLOW_QUEUE)
def take_up() -> None:
    """Go on with lists whose worker was killed. For the schedule."""
    now = timezone.now()
    for number in imports_left(untouched_since=now - LEFT_BEHIND):
        plan_received(at=now, number=number)
        write_agreed(at=now, number=number)
