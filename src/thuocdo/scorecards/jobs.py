"""What the machine does after something happened: derive figures, score again, keep both fresh."""

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine

from . import operations
from .operations.deriving import DERIVE
from .operations.rescoring import RESCORE, covered


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
def refresh() -> None:
    """Derive what changes with time alone: lateness, liveness, reports in time. For the schedule."""
    operations.derive(actor=machine("derivation", timezone.localdate()), at=timezone.now(), with_qualities=True)
