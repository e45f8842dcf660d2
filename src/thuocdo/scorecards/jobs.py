"""What the machine does after something happened: derive figures, score again, keep both fresh."""

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine

from . import operations
from .operations.backcasting import backcast as compute_backcast
from .operations.deriving import DERIVE
from .operations.rescoring import RESCORE, covered
from .queries.drafts import waiting_backcasts


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


@task()
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
