"""What the tests of alerts share: the ladder of the pack, a review on a day, the words of a person's notices."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import thuocdo
from tests.tasks.samples import given
from tests.world import TODAY, World
from thuocdo.accounts.permissions import machine
from thuocdo.alerts import operations
from thuocdo.alerts.lifecycle import Kind
from thuocdo.alerts.models import Notice
from thuocdo.alerts.queries import open_notices
from thuocdo.tasks.models import Task

DOCUMENT = tomllib.loads((Path(thuocdo.__file__).parent / "packs/nq57/ladder.toml").read_text(encoding="utf-8"))


def morning(day: date) -> datetime:
    """Nine o'clock in Viet Nam."""
    return datetime.combine(day, time(2), UTC)


def load_the_ladder(world: World) -> None:
    operations.load_ladder(actor=world.machine, at=morning(TODAY), document=DOCUMENT)


def reviewed(day: date = TODAY) -> int:
    """How many notices the review of a day raises."""
    return operations.review(actor=machine("alerts", day), at=morning(day))


def told(day: date = TODAY) -> int:
    """How many notices follow from what stands in the ledger."""
    return operations.catch_up(actor=machine("alerts", day), at=morning(day))


def due_in(world: World, days: int, lead: str = "BTP", **fields: Any) -> Task:
    """A task that was given long ago and falls due so many days from today."""
    values: dict[str, Any] = {"due_on": TODAY + timedelta(days=days), "assigned_on": date(2026, 6, 1)} | fields
    return given(world, lead, **values)


def waiting_for(world: World, name: str, day: date = TODAY) -> list[tuple[Kind, str]]:
    """Kind and rung or step of the open notices of one of the cast, as they were raised."""
    found = open_notices(world.actor(name, on=day)).order_by("raised_at", "pk")
    return [(Kind(notice.kind), notice.rung or notice.step) for notice in found]


def notice_for(world: World, name: str, **fields: Any) -> Notice:
    """The one notice of a person."""
    return Notice.objects.get(recipient=world.people[name], **fields)
