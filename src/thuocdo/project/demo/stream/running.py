"""The live part: a process that sends dossiers over HTTP as a real source system would, until it is ended."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from thuocdo.client import Client, Unwelcome
from thuocdo.project.demo.levels import LEVELS
from thuocdo.project.demo.traits import traits_of

from .dossiers import Dossier, settled

# Nothing of Django is read here: the process is as light as a real source system's would be.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FEED = "dossiers"
# Seconds between two batches, provinces in one batch, and how many dossiers each of them settles.
PAUSE, AT_ONCE, SETTLED = 4.0, 2, (6, 14)
# How far a province's chance to be in time walks from batch to batch, and between which bounds.
STEP, WORST, BEST = 0.16, 0.3, 0.995


class Stream:
    """Provinces with good days and bad days; each batch tells what a few of them settled just now."""

    def __init__(self, provinces: Sequence[str], draw: Random) -> None:
        self._provinces, self._draw, self._sent = provinces, draw, 0
        today = datetime.now(ZONE).date()
        self._good = {code: LEVELS["service_on_time"](traits_of(code), today) / 100 for code in provinces}

    def batch(self, now: datetime) -> list[Dossier]:
        """What was settled since the last batch."""
        chosen = self._draw.sample(list(self._provinces), min(AT_ONCE, len(self._provinces)))
        return [dossier for code in chosen for dossier in self._of(code, now)]

    def _of(self, code: str, now: datetime) -> list[Dossier]:
        good = min(BEST, max(WORST, self._good[code] + self._draw.gauss(0, STEP)))
        self._good[code] = good
        found = []
        for _ in range(self._draw.randint(*SETTLED)):
            self._sent += 1
            number = f"{code}-{now:%y%m%d%H%M%S}-{self._sent:05}"
            found.append(settled(code, number, now, self._draw, good=good))
        return found


def send(client: Client, stream: Stream, *, goes_on: Callable[[], bool], sleep: Callable[[float], None]) -> None:
    """Send batch after batch for as long as `goes_on` says so."""
    while goes_on():
        try:
            client.send_events(FEED, stream.batch(datetime.now(ZONE)))
        except Unwelcome as error:
            sys.stderr.write(f"stream: {error}\n")
        sleep(PAUSE)


def main(port: int, provinces: Sequence[str]) -> None:
    """The process: the key comes by standard input, so that no list of processes shows it."""
    key, parent = sys.stdin.readline().strip(), os.getppid()
    stream = Stream(provinces, Random())  # noqa: S311 (no secret is made of it)
    send(
        Client(f"http://127.0.0.1:{port}", key),
        stream,
        # Without its parent there is nobody left to watch.
        goes_on=lambda: os.getppid() == parent,
        sleep=time.sleep,
    )
