"""What is known of a task and what is made of it: its history, and the facts for which a head answers."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Days:
    """Half-open spans of days, in order and apart from each other; at least one."""

    spans: tuple[tuple[date, date], ...]

    def __post_init__(self) -> None:
        if not self.spans or any(first >= until for first, until in self.spans):
            raise ValueError("Days need at least one span, and every span a day.")

    @property
    def first(self) -> date:
        return self.spans[0][0]

    @property
    def last(self) -> date:
        return self.spans[-1][1] - timedelta(days=1)

    @property
    def number(self) -> int:
        """How many days these are."""
        return sum((until - first).days for first, until in self.spans)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and any(first <= day < until for first, until in self.spans)

    def meet(self, first: date, last: date | None) -> bool:
        """Whether any of the days lies from `first` to `last`, both included; without `last` for ever."""
        return any(first < until and (last is None or last >= begin) for begin, until in self.spans)

    def last_before(self, day: date | None) -> date:
        """The last of the days that comes before a day which is none of them; the last of all without one."""
        return max(
            (until for _first, until in self.spans if day is None or until <= day), default=self.spans[-1][1]
        ) - timedelta(days=1)

    def until(self, day: date) -> "Days | None":
        """The days up to a day, that day included; None where none is left."""
        end = day + timedelta(days=1)
        spans = tuple((first, min(until, end)) for first, until in self.spans if first < end)
        return Days(spans) if spans else None


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of a task: on which day it was taken, where it led, and who led the task after it."""

    step: str
    on: date
    to_state: str
    lead: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """An extension: on which day a deadline was moved from where to where."""

    on: date
    old_due: date
    new_due: date
    is_objective: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Occurred:
    """One time of a recurring task whose result was accepted."""

    due: date
    completed: date


@dataclass(frozen=True, slots=True)
class History:
    """A task with everything that happened to it, steps and extensions in the order of time."""

    task: int
    code: str
    title: str
    lead: int
    assigned_on: date
    due: date | None
    original_due: date | None
    completed_on: date | None
    state: str
    effectiveness: str
    is_recurring: bool = False
    steps: tuple[Taken, ...] = ()
    moves: tuple[Moved, ...] = ()
    occurrences: tuple[Occurred, ...] = ()


class End(StrEnum):
    """How a debt stood at the end of a head's days."""

    DONE = "done"
    OWED = "owed"
    SUSPENDED = "suspended"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row behind the figures: a debt of a task, or something that happened to it; `figures` is where it counts.

    `on` is the day of the fact; `at` the moment of the step that made it, by which the ledger's entry is found.
    """

    task: int
    code: str
    title: str
    figures: tuple[str, ...]
    on: date
    owed_from: date | None = None
    due: date | None = None
    original_due: date | None = None
    completed_on: date | None = None
    days_late: int = 0
    at: datetime | None = None
    is_event: bool = False
    step: str = field(default="")

    @property
    def key(self) -> str:
        """Names the row within a record: the task, what it is about and when."""
        if self.is_event:
            return f"{self.code}/{self.step}/{self.at.isoformat() if self.at else self.on.isoformat()}"
        return f"{self.code}/{self.owed_from.isoformat() if self.owed_from else ''}"
