"""How long to wait before a call is made again: longer each time, by chance, and never for ever."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Patience:
    """At most `attempts` calls, `first` to `longest` seconds apart; a pause that the server names prevails.

    Half of each pause is chance, so that a thousand sources that lost the server together do not come back
    together.
    """

    attempts: int = 8
    first: float = 0.5
    longest: float = 60.0
    chance: Callable[[], float] = field(default=random.random)

    def pause(self, attempt: int, asked: float | None = None) -> float:
        """Seconds to wait after the attempt with this number, counted from 0."""
        pause = min(self.longest, self.first * 2.0**attempt)
        pause = pause / 2 + pause / 2 * self.chance()
        # A server that asks for hours is asked again after the longest pause.
        return pause if asked is None else min(max(asked, 0.0) + pause * 0.1, self.longest)
