"""One page of time: which jobs run how often, without any entry of the ledger asking for them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Every:
    """A job and the time between two of its runs."""

    pause: timedelta
    job: Any


SCHEDULE: list[Every] = []
