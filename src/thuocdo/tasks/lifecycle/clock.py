"""The clock of a task: pauses, rhythms and the terms in which others have to decide."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from thuocdo.engine.calendars import add_working_days, due_after
from thuocdo.engine.spelling import name_key

from .states import Rhythm

# Working days in which a dispute is decided: a week in which the two sides and their superior can be heard,
# short against the weeks that a task has, because the deadline runs on meanwhile.
DISPUTE_TERM = 5


def due_after_pause(
    due_on: date, paused_on: date, resumed_on: date, *, overrides: Mapping[date, bool] | None = None
) -> date:
    """The deadline after a pause: as many working days later as the pause took, so that as many remain as before.

    A pause without a working day in it moves nothing.
    """
    return due_after(due_on, [(paused_on, max(paused_on, resumed_on))], overrides=overrides)


def decide_by(asked_on: date, *, overrides: Mapping[date, bool] | None = None) -> date:
    """The last day for the decision on a dispute that was raised on a day."""
    return add_working_days(asked_on, DISPUTE_TERM, overrides=overrides)


_MONTHS_OF = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}
_EVERY = "(?:hằng|hàng|mỗi|từng)"
_RHYTHMS = [
    (Rhythm.WEEK, re.compile(rf"{_EVERY} tuần|(?<!\d)(?:0?1|một) tuần")),
    (Rhythm.MONTH, re.compile(rf"{_EVERY} tháng|(?<!\d)(?:0?1|một) tháng")),
    (Rhythm.QUARTER, re.compile(rf"{_EVERY} quý|(?<!\d)(?:0?3|ba) tháng")),
    (Rhythm.HALF_YEAR, re.compile(r"(?<!\d)(?:0?6|sáu) tháng")),
    (Rhythm.YEAR, re.compile(rf"{_EVERY} năm|(?<!\d)12 tháng")),
]
_DAY_OF_MONTH = re.compile(r"(trước )?ngày (\d{1,2})(?!\d)")


def read_rhythm(raw: str) -> tuple[Rhythm, int | None]:
    """The rhythm that a recurring deadline states as written, and its last allowed day of the month, if any.

    "trước ngày 20 hằng tháng" is (month, 19); the more frequent of two rhythms holds; none is read from
    "thường xuyên".
    """
    text = name_key(raw)
    rhythm = next((rhythm for rhythm, pattern in _RHYTHMS if pattern.search(text)), Rhythm.NONE)
    day = _DAY_OF_MONTH.search(text)
    if day is None or rhythm != Rhythm.MONTH:
        return rhythm, None
    last = int(day[2]) - 1 if day[1] else int(day[2])
    return rhythm, last if 1 <= last <= 31 else None


def next_due(rhythm: Rhythm, after: date, day: int | None = None) -> date:
    """The first deadline of a rhythm after a day: the last day of its period, or that day of the month or week."""
    if rhythm == Rhythm.WEEK:
        return after + timedelta(days=((day or 7) - after.isoweekday() - 1) % 7 + 1)
    months = _MONTHS_OF[rhythm]
    number = (after.year * 12 + after.month - 1) // months
    while True:
        year, month = divmod(number * months + months - 1, 12)
        length = monthrange(year, month + 1)[1]
        due = date(year, month + 1, min(day or length, length))
        if due > after:
            return due
        number += 1


def missed_before(today: date, rhythm: Rhythm, due_on: date, day: int | None = None) -> list[date]:
    """The deadlines of a recurring task that have passed without a result, the present one first; at most 60."""
    passed: list[date] = []
    due = due_on
    while due < today and len(passed) < 60:
        passed.append(due)
        due = next_due(rhythm, due, day)
    return passed
