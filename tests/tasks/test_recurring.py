"""A recurring task is owed again and again: each occurrence has its own deadline, evidence and acceptance."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.directives.samples import found_in, receive_notice
from tests.tasks.samples import evidence, given
from tests.world import NOW, TODAY, World
from thuocdo.engine.calendars import parse_period
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import (
    TaskRefused,
    accept_assignment,
    approve_result,
    assign_from_candidate,
    extend,
    submit,
)
from thuocdo.tasks.queries import Rhythm, delivery_matrix, occurrences, overdue_tasks, status_of

MONTHLY: dict[str, Any] = {"due_on": None, "deadline_kind": "recurring", "deadline_raw": "trước ngày 20 hằng tháng"}


def at(day: date) -> datetime:
    return datetime.combine(day, NOW.timetz())


def monthly(world: World) -> Task:
    """A report that the Ministry of Justice owes by the 19th of every month."""
    return accept_assignment(actor=world.actor("lan"), at=NOW, task=given(world, **MONTHLY))


def deliver(world: World, task: Task, day: date, *, is_last: bool = False) -> Task:
    submit(actor=world.actor("lan"), at=at(day), task=task, text="Báo cáo tháng", files=[evidence()])
    return approve_result(actor=world.actor("minh"), at=at(day), task=task, is_last=is_last)


def test_the_deadline_as_written_gives_the_first_occurrence(world: World) -> None:
    task = monthly(world)
    assert (task.rhythm, task.rhythm_day, task.due_on) == (Rhythm.MONTH, 19, date(2026, 9, 19))
    assert status_of(task, TODAY).timing == "due_soon"
    assert list(overdue_tasks(date(2026, 9, 20))) == [task]


def test_a_rhythm_may_be_chosen_and_constantly_is_none(world: World) -> None:
    assert given(world, due_on=None, rhythm=Rhythm.QUARTER).due_on == date(2026, 9, 30)
    constantly = given(world, due_on=None, deadline_kind="recurring", deadline_raw="thường xuyên")
    assert (constantly.rhythm, constantly.due_on) == (Rhythm.NONE, None)
    fixed = given(world, deadline_kind="recurring", deadline_raw="hằng tháng")
    assert (fixed.rhythm, fixed.due_on) == (Rhythm.NONE, date(2026, 10, 15))


def test_an_accepted_occurrence_moves_the_task_to_the_next(world: World) -> None:
    task = deliver(world, monthly(world), date(2026, 9, 17))
    assert (task.state, task.completed_on, task.progress) == ("in_progress", None, 0)
    assert task.due_on == task.original_due_on == date(2026, 10, 19)
    assert [(one.due_on, one.completed_on) for one in occurrences(task)] == [(date(2026, 9, 19), date(2026, 9, 17))]


def test_what_was_missed_is_noted_late_when_the_body_catches_up(world: World) -> None:
    task = deliver(world, monthly(world), date(2026, 11, 25))
    assert task.due_on == date(2026, 12, 19)
    assert [one.due_on for one in occurrences(task)] == [
        date(2026, 11, 19),
        date(2026, 10, 19),
        date(2026, 9, 19),
    ]


def test_every_occurrence_needs_evidence_of_its_own(world: World) -> None:
    task = deliver(world, monthly(world), date(2026, 9, 17))
    with pytest.raises(TaskRefused) as refused:
        submit(actor=world.actor("lan"), at=at(date(2026, 10, 10)), task=task, text="Như tháng trước")
    assert refused.value.code == "no_evidence"


def test_occurrences_count_as_tasks_of_their_own(world: World) -> None:
    task = deliver(world, monthly(world), date(2026, 9, 17))
    deliver(world, task, date(2026, 10, 22))
    (third,) = delivery_matrix(parse_period("2026-Q3"), date(2026, 9, 30))
    assert (third.lead, third.due, third.completed, third.in_time, third.delay_days) == ("BTP", 1, 1, 1, 0)
    (fourth,) = delivery_matrix(parse_period("2026-Q4"), date(2026, 11, 21))
    assert (fourth.due, fourth.completed, fourth.in_time) == (2, 1, 0)
    assert fourth.delay_days == 3 + 2
    # On 21/10 the October report was owed and two days late; that it came on the 22nd was not known.
    (then,) = delivery_matrix(parse_period("2026-Q4"), date(2026, 10, 21))
    assert (then.due, then.completed, then.delay_days) == (1, 0, 2)


def test_the_last_occurrence_completes_the_task(world: World) -> None:
    task = deliver(world, monthly(world), date(2026, 10, 25), is_last=True)
    assert (task.state, task.completed_on, task.due_on) == ("completed", date(2026, 10, 25), date(2026, 10, 19))
    assert [one.due_on for one in occurrences(task)] == [date(2026, 9, 19)]
    (whole,) = delivery_matrix(parse_period("2026"), date(2026, 12, 31))
    assert (whole.due, whole.completed, whole.in_time) == (2, 2, 0)


def test_an_extension_moves_one_occurrence_only(world: World) -> None:
    task = monthly(world)
    extend(
        actor=world.actor("thu"),
        at=NOW,
        task=task,
        new_due_on=date(2026, 9, 25),
        decision_number="9",
        reason="Chờ số liệu",
    )
    task = deliver(world, task, date(2026, 9, 24))
    assert (task.due_on, task.original_due_on) == (date(2026, 10, 19), date(2026, 10, 19))
    (first,) = occurrences(task)
    assert (first.due_on, first.original_due_on) == (date(2026, 9, 25), date(2026, 9, 19))
    (row,) = delivery_matrix(parse_period("2026-Q3"), date(2026, 9, 30))
    assert (row.in_time, row.in_time_by_original) == (1, 0)


def test_a_recurring_order_in_a_document_becomes_a_recurring_task(world: World) -> None:
    head = "THÔNG BÁO\nSố: 8-TB/BCĐTW\nHà Nội, ngày 01 tháng 9 năm 2025\n\n"
    document = receive_notice(world, text=f"{head}1. Bộ Tư pháp hằng quý báo cáo kết quả rà soát văn bản.\n")
    (candidate,) = found_in(world, document)
    assert candidate.deadline_kind == "recurring"
    (task,) = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidate)
    # What fell due before the order was entered is not owed here.
    assert (task.rhythm, task.assigned_on, task.due_on) == (Rhythm.QUARTER, date(2025, 9, 1), date(2026, 9, 30))
