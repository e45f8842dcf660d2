"""What the machine does with alerts: review deadlines, tell of what was done, hand notices on, send mail."""

from django.utils import timezone
from django_tasks import task

from thuocdo.accounts.permissions import machine
from thuocdo.ledger.queries import entry_by_number
from thuocdo.scorecards.jobs import SLOW_QUEUE

from . import operations


@task()
def review() -> None:
    """Raise what deadlines ask for today. For the schedule; run again on the same day it finds nothing more."""
    operations.review(actor=machine("alerts", timezone.localdate()), at=timezone.now())


@task()
def tell(entry: int) -> None:
    """Tell the people concerned by ledger entry `entry` and by those before it; twice does no harm."""
    if entry_by_number(entry) is not None:
        operations.catch_up(actor=machine("alerts", timezone.localdate()), at=timezone.now())


@task()
def hand_on(entry: int) -> None:
    """After entry `entry` changed who holds which role: open notices go to whoever holds it now."""
    if entry_by_number(entry) is not None:
        operations.hand_on(actor=machine("alerts", timezone.localdate()), at=timezone.now())


@task()
def mail_silence(entry: int) -> None:
    """Mail those who have to see to the feed that ledger entry `entry` says fell silent; twice does no harm."""
    noted = entry_by_number(entry)
    if noted is not None:
        operations.mail_silence(noted_at=noted.at)


@task(queue_name=SLOW_QUEUE)
def send_mail() -> None:
    """Queue the digests whose hour has come and send what waits. For the schedule."""
    now = timezone.now()
    operations.queue_digests(at=now)
    operations.send_waiting(at=now)
