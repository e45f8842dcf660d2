"""One page of time: which jobs run how often, without any entry of the ledger asking for them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from thuocdo.alerts import jobs as alerts
from thuocdo.evaluations import jobs as evaluations
from thuocdo.exchanges.jobs import burden, lists, partners, webhooks
from thuocdo.feeds import jobs as feeds
from thuocdo.indicators import jobs as indicators
from thuocdo.scorecards import jobs as scorecards
from thuocdo.tasks import jobs as tasks


@dataclass(frozen=True, slots=True)
class Every:
    """A job and the time between two of its runs."""

    pause: timedelta
    job: Any


SCHEDULE: list[Every] = [
    # Lateness and the age of data grow by themselves.
    Every(timedelta(minutes=10), scorecards.refresh),
    # Deadlines come nearer by themselves; most runs find nothing new to say.
    Every(timedelta(minutes=10), alerts.review),
    Every(timedelta(minutes=1), alerts.send_mail),
    # Orders come down from a parent instance and reports go up; a broken line waits by itself.
    Every(timedelta(minutes=1), partners.exchange),
    # Machines elsewhere are told of what is new in the ledger, in the queue of what may take seconds.
    Every(timedelta(seconds=15), webhooks.tell_receivers),
    # Large batches whose worker was killed.
    Every(timedelta(minutes=1), indicators.record_left_behind),
    # Lists of tasks whose worker was killed.
    Every(timedelta(minutes=1), lists.take_up),
    # What reporting costs grows with every report.
    Every(timedelta(hours=1), burden.count),
    # A feed falls silent without anybody saying so; files are put together and swept.
    Every(timedelta(minutes=1), feeds.tend),
    # Bodies end and roles run out on a day that was set before.
    Every(timedelta(hours=1), tasks.tend),
    # Quarters end, and so figures may contradict each other; gaps are found as figures come.
    Every(timedelta(hours=6), evaluations.review),
]
