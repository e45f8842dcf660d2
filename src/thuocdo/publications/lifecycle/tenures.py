"""Who headed a body on which days: each day belongs to one head or, where the post is vacant, to none."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .histories import Days

_ACTING = re.compile(r"^(quyền|q\.)\s|phụ trách|tạm quyền|acting", re.IGNORECASE)
VACANT = "khuyet"


@dataclass(frozen=True, slots=True)
class Appointed:
    """An appointment as recorded; the end is the first day on which it no longer holds."""

    number: int
    person: str
    post: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """The days of one head within a window; without an appointment the days on which the post was vacant.

    `since` is the first day in office, before or in the window; of a vacancy its first day in the window.
    """

    appointed: Appointed | None
    days: Days

    @property
    def key(self) -> str:
        """How addresses name it: the number of the appointment, or the first vacant day."""
        if self.appointed is None:
            return f"{VACANT}-{self.days.first.isoformat()}"
        return str(self.appointed.number)

    @property
    def since(self) -> date:
        return self.appointed.valid_from if self.appointed else self.days.first

    @property
    def is_vacant(self) -> bool:
        return self.appointed is None

    @property
    def is_acting(self) -> bool:
        """Whether the post says that the head acts for one who is to come."""
        return self.appointed is not None and is_acting(self.appointed.post)


def is_acting(post: str) -> bool:
    """Whether a post is held in an acting capacity, by its words: "Quyền Bộ trưởng", "Phó Chủ tịch phụ trách"."""
    return bool(_ACTING.search(post.strip()))


def tenures_of(appointments: Sequence[Appointed], start: date, end: date) -> list[Tenure]:
    """The window [start, end) shared out: every day to the newest appointment that holds on it, or to a vacancy.

    In order of their first day. A head who was away while another acted has several spans.
    """
    if start >= end:
        return []
    marks = {start, end}
    for one in appointments:
        marks |= {day for day in (one.valid_from, one.valid_to) if day is not None and start < day < end}
    edges = sorted(marks)
    spans: dict[int, list[tuple[date, date]]] = {}
    found: list[Tenure] = []
    known = {one.number: one for one in appointments}
    for first, until in itertools.pairwise(edges):
        holding = [
            one
            for one in appointments
            if one.valid_from <= first and (one.valid_to is None or one.valid_to > first)
        ]  # fmt: skip
        if not holding:
            # Edges lie only where an appointment begins or ends, so that two vacancies never touch.
            found.append(Tenure(None, Days(((first, until),))))
            continue
        newest = max(holding, key=lambda one: (one.valid_from, one.number))
        own = spans.setdefault(newest.number, [])
        if own and own[-1][1] == first:
            own[-1] = (own[-1][0], until)
        else:
            own.append((first, until))
    found += [Tenure(known[number], Days(tuple(own))) for number, own in spans.items()]
    return sorted(found, key=lambda one: one.days.first)
