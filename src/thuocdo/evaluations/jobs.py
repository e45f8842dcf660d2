"""What the machine does with findings: compare figures as they come, look for contradictions on the schedule."""

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine

from . import operations
from .operations.comparing import COMPARE, followed

# Scores never wait for findings.
SLOW_QUEUE = "slow"


@task(queue_name=SLOW_QUEUE)
def compare(entry: int) -> None:
    """Hold what was told against stronger values; leaves at once when a later run of this job covered the entry."""
    if followed(COMPARE) < entry:
        operations.compare(actor=machine("findings", timezone.localdate()), at=timezone.now())


@task(queue_name=SLOW_QUEUE)
def review() -> None:
    """Look for contradictions in finished quarters and finished tasks. For the schedule; twice does no harm."""
    operations.review(actor=machine("findings", timezone.localdate()), at=timezone.now())
