"""Counting what reporting costs, now and then; the machine that counts asks nobody anything."""

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.engine.calendars import quarter_of
from thuocdo.exchanges.operations.counting import count_burden
from thuocdo.exchanges.queries.burden import quarters_back, quarters_counted

from .lists import SLOW_QUEUE

# So many quarters make up the trend.
QUARTERS = 8


@task(queue_name=SLOW_QUEUE)
def count() -> None:
    """Count this quarter and the last one anew, and earlier ones that were never counted. For the schedule."""
    known = quarters_counted()
    today = timezone.localdate()
    for place, period in enumerate(quarters_back(quarter_of(today), QUARTERS)):
        if place < 2 or period.label not in known:
            count_burden(actor=machine("burden", today), at=timezone.now(), period=period)
