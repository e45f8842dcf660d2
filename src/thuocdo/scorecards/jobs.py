"""What the machine does after something happened: derive figures, score again, keep both fresh, simulate."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.ledger.queries import entry_by_number

from . import operations
from .operations.backcasting import backcast as compute_backcast
from .operations.deriving import DERIVE
from .operations.rescoring import RESCORE, covered
from .operations.simulating import SIMULATE
from .queries.drafts import waiting_backcasts

# Work that may take seconds waits in a queue with a worker of its own, so that scores never wait for it.
SLOW_QUEUE = "slow"
# While values pour in, intervals follow the scores at this distance.
PAUSE = timedelta(seconds=15)


@task()
def derive(entry: int) -> None:
    """Derive anew from the tasks; leaves at once when a later run of this job has covered the entry."""
    if covered(DERIVE) < entry:
        operations.derive(actor=machine("derivation", timezone.localdate()), at=timezone.now())


@task()
def rescore(entry: int) -> None:
    """Score anew what is touched; leaves at once when a later run of this job has covered the entry."""
    if covered(RESCORE) < entry:
        operations.rescore(actor=machine("scoring", timezone.localdate()), at=timezone.now())


@task(queue_name=SLOW_QUEUE)
def simulate(entry: int) -> None:
    """Compute rank intervals of the newest runs, at most once in a pause; leaves at once when the entry is covered."""
    number = covered(SIMULATE)
    if number >= entry:
        return
    # From the newest entry that the last time covered: runs that cannot be simulated leave nothing else behind.
    now, last = timezone.now(), entry_by_number(number)
    if last is not None and now < last.at + PAUSE:
        simulate.using(run_after=last.at + PAUSE).enqueue(entry)
        return
    operations.simulate(actor=machine("simulation", timezone.localdate()), at=now)


@task(queue_name=SLOW_QUEUE)
def backcast(entry: int) -> None:
    """Compute past rankings by every draft that waits for it, period by period, so that its page shows headway.

    Asked for by ledger entry `entry`; one job covers all that wait, a later one that finds nothing ends at once.
    """
    actor = machine("backcasting", timezone.localdate())
    for draft, period in waiting_backcasts():
        compute_backcast(actor=actor, at=timezone.now(), draft=draft, period=period)


@task()
def refresh() -> None:
    """Derive what changes with time alone: lateness, liveness, reports in time. For the schedule."""
    operations.derive(actor=machine("derivation", timezone.localdate()), at=timezone.now(), with_qualities=True)
