"""What the machine does later: record large batches, look for those left behind, compute formulas."""

import json
from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.ledger.queries import entry_by_number

from . import operations
from .queries import followed, landings_waiting
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


@task()
def evaluate(entry: int) -> None:
    """Compute the formulas that new figures touch; leaves at once when a later run has covered the entry."""
    if followed(operations.FORMULAS) < entry:
        operations.evaluate(actor=machine("formulas", timezone.localdate()), at=timezone.now())


@task(queue_name=SLOW_QUEUE)
def evaluate_loaded(entry: int) -> None:
    """Compute the formulas that the ledger entry says are new or changed, for every body and period."""
    told = entry_by_number(entry)
    codes = json.loads(told.data).get("formulas", []) if told is not None else []
    if codes:
        operations.evaluate_formulas(actor=machine("formulas", timezone.localdate()), at=timezone.now(), codes=codes)


@task(queue_name=SLOW_QUEUE)
def record_left_behind() -> None:
    """Record what was acknowledged a while ago and never recorded. For the schedule."""
    now = timezone.now()
    for number in landings_waiting(landed_before=now - LEFT_BEHIND):
        operations.record_landed(actor=machine("ingest", timezone.localdate()), at=now, number=number)
