"""The ladder of reminders as pure arithmetic: from a deadline and a day to the rung that is reached.

No tables and no clock. `reached` answers for one deadline, `bands` for all deadlines at once; both follow
from `day_of`, so that a review of many tasks and the answer for one of them never differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from thuocdo.engine.calendars import add_working_days, due_after, is_working_day

_ONE_DAY = timedelta(days=1)


class Audience(StrEnum):
    """Who can be told on a rung."""

    FOCAL_POINTS = "focal_points"
    HEAD = "head"
    ASSIGNING = "assigning"
    SUPERIOR = "superior"
    STANDING_OFFICE = "standing_office"


class Channel(StrEnum):
    """How a notice reaches a person; every notice stands in the application, whatever else it does."""

    APPLICATION = "application"
    MAIL = "mail"


class Counting(StrEnum):
    """Which days the ladder counts."""

    CALENDAR = "calendar"
    WORKING = "working"


class ClosedDays(StrEnum):
    """What becomes of a rung that falls on a day when offices are closed."""

    MOVED = "moved"
    KEPT = "kept"


class LadderMalformed(ValueError):
    """A ladder's file says something that it cannot mean; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder; `days` are negative before the deadline, zero on it, positive after it."""

    code: str
    days: int
    audience: tuple[Audience, ...]
    channels: tuple[Channel, ...]
    ask: Mapping[str, str]
    proposes_note: bool = False

    @property
    def by_mail(self) -> bool:
        return Channel.MAIL in self.channels


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs from the earliest to the latest; their place in `rungs` is their height."""

    code: str
    rungs: tuple[Rung, ...]
    counting: Counting = Counting.CALENDAR
    closed_days: ClosedDays = ClosedDays.MOVED

    def height_of(self, code: str) -> int | None:
        """The place of the rung with this code; None for one that the ladder does not have."""
        return next((height for height, rung in enumerate(self.rungs) if rung.code == code), None)


@dataclass(frozen=True, slots=True)
class Band:
    """The deadlines that have reached a rung and no higher one on a day: `first` to `last`, both included.

    `first` is None for the highest rung, which every older deadline has reached.
    """

    height: int
    first: date | None
    last: date


def read_ladder(document: Mapping[str, Any]) -> Ladder:
    """A ladder from the content of its file. Raises LadderMalformed."""
    entries = document.get("rung")
    if not isinstance(entries, Sequence) or not entries:
        raise LadderMalformed("The ladder has no rung; write at least one [[rung]].")
    rungs = [_rung(entry) for entry in entries]
    days = [rung.days for rung in rungs]
    if days != sorted(set(days)):
        raise LadderMalformed("The rungs are not in the order of their days; sort them, each number of days once.")
    if len({rung.code for rung in rungs}) != len(rungs):
        raise LadderMalformed("Two rungs bear the same code; give each its own.")
    try:
        counting = Counting(document.get("counting", Counting.CALENDAR))
        closed_days = ClosedDays(document.get("closed_days", ClosedDays.MOVED))
    except ValueError as error:
        raise LadderMalformed(f"{error}; counting is calendar or working, closed_days is moved or kept.") from error
    return Ladder(str(document.get("code", "")), tuple(rungs), counting, closed_days)


def _rung(entry: Mapping[str, Any]) -> Rung:
    code, days, ask = entry.get("code"), entry.get("days"), entry.get("ask")
    if not isinstance(code, str) or not code or type(days) is not int:
        raise LadderMalformed("A rung needs a code and a whole number of days; write both.")
    if not isinstance(ask, Mapping) or not all(ask.get(language) for language in ("vi", "en")):
        raise LadderMalformed(f"The rung {code} does not say what is asked; write ask in vi and en.")
    try:
        audience = tuple(Audience(word) for word in entry.get("audience", ()))
        channels = tuple(Channel(word) for word in entry.get("channels", ()))
    except ValueError as error:
        raise LadderMalformed(f"The rung {code}: {error}; use the words of the file's comments.") from error
    if not audience or not channels:
        raise LadderMalformed(f"The rung {code} tells nobody; name its audience and its channels.")
    return Rung(code, days, audience, channels, dict(ask), bool(entry.get("proposes_note", False)))


def day_of(ladder: Ladder, rung: Rung, due_on: date, *, overrides: Mapping[date, bool] | None = None) -> date:
    """The day on which a deadline reaches the rung; a later deadline never reaches it earlier."""
    if ladder.counting == Counting.WORKING:
        return add_working_days(due_on, rung.days, overrides=overrides)
    day = due_on + timedelta(days=rung.days)
    if ladder.closed_days == ClosedDays.KEPT or is_working_day(day, overrides=overrides):
        return day
    # Up to the deadline a reminder comes while somebody can still act on it, afterwards when somebody is there.
    return add_working_days(day, 0 if rung.days <= 0 else 1, overrides=overrides)


def reached(
    ladder: Ladder,
    due_on: date,
    day: date,
    *,
    pauses: Iterable[tuple[date, date | None]] = (),
    overrides: Mapping[date, bool] | None = None,
) -> int | None:
    """The height of the highest rung that the deadline has reached on the day; None for none.

    `due_on` is the deadline before the pauses. Each pause is half-open, an open one has no end: while one lasts,
    nothing is reached; afterwards the ladder counts from the deadline that the pause has moved.
    """
    ended: list[tuple[date, date]] = []
    for first, until in pauses:
        if first <= day and (until is None or day < until):
            return None
        if until is not None and until <= day:
            ended.append((first, until))
    due = due_after(due_on, ended, overrides=overrides)
    for height in range(len(ladder.rungs) - 1, -1, -1):
        if day_of(ladder, ladder.rungs[height], due, overrides=overrides) <= day:
            return height
    return None


def next_rung(
    ladder: Ladder,
    due_on: date,
    day: date,
    *,
    last: int | None,
    pauses: Iterable[tuple[date, date | None]] = (),
    overrides: Mapping[date, bool] | None = None,
) -> int | None:
    """What is to be raised on the day when `last` was raised for the same deadline before: the highest rung reached.

    Rungs that were missed in between are left out, so that a late review raises one notice and not a flood.
    """
    height = reached(ladder, due_on, day, pauses=pauses, overrides=overrides)
    return height if height is not None and (last is None or height > last) else None


def bands(ladder: Ladder, day: date, *, overrides: Mapping[date, bool] | None = None) -> list[Band]:
    """For each rung the deadlines that stand on it on the day, the highest rung first; empty bands are left out."""
    found: list[Band] = []
    above: date | None = None
    for height in range(len(ladder.rungs) - 1, -1, -1):
        last = _latest_due(ladder, ladder.rungs[height], day, overrides)
        if above is None or last > above:
            found.append(Band(height, above + _ONE_DAY if above is not None else None, last))
            above = last
    return found


def _latest_due(ladder: Ladder, rung: Rung, day: date, overrides: Mapping[date, bool] | None) -> date:
    """The latest deadline that has reached the rung on the day; found by steps, as closed days come in short runs."""
    due = day - timedelta(days=rung.days)
    while day_of(ladder, rung, due, overrides=overrides) > day:
        due -= _ONE_DAY
    while day_of(ladder, rung, due + _ONE_DAY, overrides=overrides) <= day:
        due += _ONE_DAY
    return due
