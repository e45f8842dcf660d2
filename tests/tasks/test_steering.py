"""The assigning side steers: extensions keep the original deadline, pauses stop the clock, cancellation ends it."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.tasks.samples import completed, given, reported, submitted, taken_on
from tests.world import NOW, TODAY, World
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.engine.calendars import working_days_between
from thuocdo.tasks.models import Extension, Pause
from thuocdo.tasks.operations import NotInThisState, TaskRefused, cancel, extend, resume, suspend
from thuocdo.tasks.queries import extensions, history, overdue_tasks, pauses, possible_steps, status_of

NEXT_MONTH = date(2026, 11, 15)


def extended(world: World, person: str = "thu", **fields: Any) -> Extension:
    values: dict[str, Any] = {
        "task": taken_on(world), "new_due_on": NEXT_MONTH, "decision_number": "57-QĐ/VPTW", "reason": "Chờ Luật",
    } | fields  # fmt: skip
    return extend(actor=world.actor(person), at=NOW, **values)


def test_an_extension_moves_the_deadline_and_keeps_the_original(world: World) -> None:
    task = extended(world).task
    task.refresh_from_db()
    assert (task.due_on, task.original_due_on, task.state) == (NEXT_MONTH, date(2026, 10, 15), "accepted")
    assert [(one.old_due_on, one.new_due_on, one.decision_number) for one in extensions(task)] == [
        (date(2026, 10, 15), NEXT_MONTH, "57-QĐ/VPTW")
    ]
    shown = status_of(task, date(2026, 10, 20))
    assert (shown.timing, shown.against_original) == ("in_time", "overdue")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"new_due_on": date(2026, 10, 15)}, "new_due_on"),
        ({"new_due_on": date(2026, 10, 1)}, "new_due_on"),
        ({"decision_number": " "}, "decision_number"),
        ({"reason": ""}, "reason"),
    ],
)
def test_an_extension_needs_a_later_day_a_decision_and_a_reason(
    world: World, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(TaskRefused) as refused:
        extended(world, **fields)
    assert refused.value.field == field
    assert not Extension.objects.exists()


def test_what_has_no_deadline_cannot_be_extended(world: World) -> None:
    with pytest.raises(TaskRefused) as refused:
        extended(world, task=given(world, due_on=None))
    assert refused.value.code == "no_deadline"


@pytest.mark.parametrize("person", ["lan", "dung", "minh", "thanh"])
def test_only_the_assigning_side_extends_suspends_and_cancels(world: World, person: str) -> None:
    task = taken_on(world)
    with pytest.raises(NotAllowed):
        extended(world, person, task=task)
    for step in (suspend, cancel):
        with pytest.raises(NotAllowed):
            step(actor=world.actor(person), at=NOW, task=task, reason="Thôi")


def test_a_citys_own_office_does_not_undo_what_the_centre_ordered(world: World) -> None:
    task = given(world, lead="01")
    grant_role(
        actor=world.machine,
        at=NOW,
        user=world.people["ha"],
        role=Role.STANDING_OFFICE,
        body=world.body("01"),
        valid_from=date(2026, 1, 1),
    )
    ha = world.actor("ha")
    with pytest.raises(NotAllowed):
        cancel(actor=ha, at=NOW, task=task, reason="Không muốn làm")
    with pytest.raises(NotAllowed):
        extended(world, "ha", task=task)
    assert {"extend", "suspend", "cancel", "reassign"}.isdisjoint(possible_steps(ha, task))
    assert {"accept_assignment", "dispute"} <= set(possible_steps(ha, task))


@pytest.mark.parametrize("make", [given, taken_on, reported])
def test_a_pause_stops_the_clock_and_the_task_goes_back_to_where_it_was(world: World, make: object) -> None:
    task = make(world)  # type: ignore[operator]
    before = task.state
    thu = world.actor("thu")
    paused = suspend(actor=thu, at=NOW, task=task, reason="Chờ sắp xếp bộ máy")
    assert (paused.state, paused.suspended_from) == ("suspended", before)
    assert status_of(paused, date(2027, 1, 1)).timing == "suspended"
    assert not overdue_tasks(date(2027, 1, 1)).exists()
    later = NOW + timedelta(days=45)
    resumed = resume(actor=thu, at=later, task=task)
    assert (resumed.state, resumed.suspended_from, resumed.original_due_on) == (before, "", date(2026, 10, 15))
    left_before = working_days_between(TODAY, date(2026, 10, 15))
    assert resumed.due_on is not None
    assert working_days_between(later.date(), resumed.due_on) == left_before
    assert [(one.paused_on, one.resumed_on) for one in pauses(task)] == [(TODAY, later.date())]
    assert [step.step for step in history(task)][-2:] == ["suspend", "resume"]


def test_a_result_that_was_handed_in_is_not_suspended(world: World) -> None:
    for task in (submitted(world), completed(world)):
        with pytest.raises(NotInThisState):
            suspend(actor=world.actor("thu"), at=NOW, task=task, reason="Chờ")
    assert not Pause.objects.exists()


def test_a_cancelled_task_stays_on_record_and_is_never_overdue(world: World) -> None:
    task = taken_on(world)
    thu = world.actor("thu")
    suspend(actor=thu, at=NOW, task=task, reason="Chờ")
    gone = cancel(actor=thu, at=NOW, task=task, reason="Đã giao tại văn bản khác")
    assert (gone.state, gone.suspended_from) == ("cancelled", "")
    assert status_of(gone, date(2027, 1, 1)).timing == "cancelled"
    assert not overdue_tasks(date(2027, 1, 1)).exists()
    assert pauses(task).get().resumed_on == TODAY
    assert history(task).last().note == "Đã giao tại văn bản khác"  # type: ignore[union-attr]
