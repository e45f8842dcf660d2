"""The queue of what is going to happen, taken in the order of time, so that the ledger is a chronicle."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from .days import Days

Happening = Callable[[datetime], None]
# Eight o'clock to half past four.
WORKING_MINUTES = 510


@dataclass(slots=True)
class Chronicle:
    """Happenings by their moment; what lies in the future never happens."""

    days: Days
    _waiting: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    _number: int = 0
    _present: datetime | None = None

    def on(self, day: date, happening: Happening, draw: Random) -> None:
        """Let something happen on the day, or on Monday when it is a weekend, at a minute of office hours."""
        self.at(self.days.moment(self.days.next_working_day(day), draw.randrange(WORKING_MINUTES)), happening)

    def at(self, moment: datetime, happening: Happening) -> None:
        """Let something happen at a moment, but never before what has happened already."""
        if self._present is not None:
            moment = max(moment, self._present + timedelta(minutes=1))
        if moment <= self.days.now:
            heapq.heappush(self._waiting, (moment, self._number, happening))
            self._number += 1

    def run(self, told: Callable[[datetime], None] = lambda _moment: None) -> None:
        """Let everything happen; `told` hears the moment of each."""
        while self._waiting:
            moment, _, happening = heapq.heappop(self._waiting)
            self._present = moment
            happening(moment)
            told(moment)
