"""A series of meetings of the Centre, kept by the Party Central Office, for the tests of this room and its pages."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from tests.world import NOW, World
from thuocdo.meetings.models import Conclusion, Meeting, Series
from thuocdo.meetings.operations import (
    MeetingDescription,
    Wording,
    hold_meeting,
    plan_meeting,
    propose_lines,
    record,
)
from thuocdo.meetings.operations.wordings import newest_version
from thuocdo.organisations.queries import bodies_by_code

FIRST_DAY = date(2026, 9, 14)
_keys = count(1)


def key() -> str:
    """A key that no form has sent yet."""
    return f"k{next(_keys)}"


def on(day: date, hour: int = 2) -> datetime:
    """An hour of the morning in Vietnam."""
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


def later(days: float) -> datetime:
    """So many days after the present of the tests."""
    return NOW + timedelta(days=days)


def described(world: World, **fields: Any) -> MeetingDescription:
    """A session about everybody's tasks, at which the Ministry of Justice takes part."""
    values: dict[str, Any] = {
        "title": "Phiên họp Ban Chỉ đạo",
        "held_on": FIRST_DAY,
        "place": "Phòng họp A",
        "agenda": ["Nhiệm vụ quá hạn", "Việc cần quyết định"],
        "participants": [world.body("BTP")],
    } | fields
    if not values.get("series"):
        values = {"holder": world.body("TW"), "new_series": "Ban Chỉ đạo"} | values
    return MeetingDescription(**values)


def planned(world: World, *, at: datetime = NOW, **fields: Any) -> Meeting:
    """A meeting that Thu plans."""
    return plan_meeting(actor=world.actor("thu", on=at.date()), at=at, meeting=described(world, **fields), key=key())


def held(world: World, *, at: datetime = NOW, **fields: Any) -> Meeting:
    """A meeting that has begun."""
    meeting = planned(world, at=at, held_on=at.date(), **fields)
    return hold_meeting(actor=world.actor("thu", on=at.date()), at=at, meeting=meeting)


def series() -> Series:
    """The one series of the tests."""
    return Series.objects.get()


def proposed(world: World, meeting: Meeting, text: str, *, at: datetime = NOW) -> list[Conclusion]:
    """Lines that Thu pastes."""
    return propose_lines(actor=world.actor("thu", on=at.date()), at=at, meeting=meeting, text=text, key=key())


def as_read(conclusion: Conclusion, **other: Any) -> Wording:
    """The newest wording of a line, as a form would send it, with some things said otherwise."""
    version = newest_version(conclusion)
    helping = bodies_by_code(version.coordinators)
    values: dict[str, Any] = {
        "text": version.text,
        "lead": version.lead,
        "group": version.group,
        "coordinators": [helping[code] for code in version.coordinators],
        "action": version.action,
        "deliverable": version.deliverable,
        "deadline_raw": version.deadline_raw,
        "deadline_kind": version.deadline_kind,
        "due_on": version.due_on,
    } | other
    return Wording(**values)


def confirmed(
    world: World, conclusion: Conclusion, *, kind: str = "task", at: datetime = NOW, **other: Any
) -> Conclusion:
    """A line that Thu confirms as it was read."""
    return record(
        actor=world.actor("thu", on=at.date()),
        at=at,
        conclusion=conclusion,
        seen_version=conclusion.version,
        kind=kind,
        wording=as_read(conclusion, **other),
    )
