"""Lists say what the lifecycle says: status by database and by rule agree, everybody sees what is theirs."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from tests.tasks.samples import description, evidence, given, reported, submitted, taken_on
from tests.world import NOW, TODAY, World
from thuocdo.engine.calendars import Period, parse_period
from thuocdo.tasks.lifecycle import DUE_SOON_DAYS, State, shown_status
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import (
    approve_result,
    assign_many,
    cancel,
    dispute,
    draft,
    extend,
    judge_effectiveness,
    report_progress,
    return_result,
    submit,
    suspend,
)
from thuocdo.tasks.queries import (
    counts_by_status,
    delivery_matrix,
    due_within,
    filtered,
    for_list,
    my_work,
    newly_overdue,
    overdue_tasks,
    public_tasks,
    reports,
    task_by_code,
    task_by_id,
    unclear,
    visible_to,
    with_status,
)


def every_kind_of_task(world: World) -> list[Task]:
    """One row for every state and every side of every deadline, written straight into the table."""
    near = [None, *(TODAY + timedelta(days=days) for days in (-30, -1, 0, 1, DUE_SOON_DAYS, DUE_SOON_DAYS + 1))]
    rows = [
        Task(
            code=f"T-{number}",
            title=f"Việc {number}",
            search=f"viec {number}",
            lead=world.body("BTP"),
            assigned_by=world.body("VPTW"),
            assigned_on=TODAY - timedelta(days=100),
            state=state,
            suspended_from=State.ASSIGNED if state == State.SUSPENDED else "",
            due_on=due and due + timedelta(days=later),
            original_due_on=due,
            completed_on=TODAY + timedelta(days=done) if state == State.COMPLETED else None,
            reported_on=TODAY if has_reported else None,
        )
        for number, (state, due, later, done, has_reported) in enumerate(
            product(State.values, near, (0, 10), (-40, -1, 0), (False, True))
        )
    ]
    return Task.objects.bulk_create(rows)


def test_the_database_shows_what_the_rule_says(world: World) -> None:
    every_kind_of_task(world)
    shown: Any = with_status(Task.objects.all(), TODAY)
    seen: Counter[tuple[str, str]] = Counter()
    for task in shown:
        rule = shown_status(
            task.state,
            task.due_on,
            task.original_due_on,
            task.completed_on,
            TODAY,
            has_reported=task.reported_on is not None,
        )
        assert (task.shown_progress, task.shown_timing, task.timing_against_original) == tuple(rule), task.state
        seen[rule.progress, rule.timing] += 1
    assert counts_by_status(Task.objects.all(), TODAY) == dict(seen)
    # Six timings while it is not done, and in time, late or without deadline when it is.
    assert len(seen) == 6 + 6 + 3


def test_counting_takes_one_query(world: World, django_assert_num_queries: Any) -> None:
    every_kind_of_task(world)
    with django_assert_num_queries(1):
        counts_by_status(visible_to(world.machine), TODAY)


def test_overdue_and_due_lists_follow_the_shown_status(world: World) -> None:
    every_kind_of_task(world)
    out = [State.DRAFT]
    shown: Any = with_status(Task.objects.exclude(state__in=out), TODAY)
    assert set(overdue_tasks(TODAY)) == set(shown.filter(shown_timing="overdue"))
    assert set(due_within(DUE_SOON_DAYS, TODAY)) == set(shown.filter(shown_timing="due_soon"))


def test_newly_overdue_are_those_that_were_still_in_time_at_the_last_meeting(world: World) -> None:
    every_kind_of_task(world)
    for since in (TODAY - timedelta(days=40), TODAY - timedelta(days=5), TODAY - timedelta(days=1), TODAY):
        before, now = set(overdue_tasks(since)), set(overdue_tasks(TODAY))
        assert set(newly_overdue(since, TODAY)) == now - before


def test_three_working_days_reach_over_a_weekend(world: World) -> None:
    friday = date(2026, 10, 9)
    wednesday = given(world, due_on=date(2026, 10, 14))
    assert not due_within(3, friday).exists()
    assert due_within(3, friday, working=True).get() == wednesday
    # A swap that works on the Saturday brings the third working day forward to the Tuesday.
    assert not due_within(3, friday, working=True, overrides={date(2026, 10, 10): True}).exists()


@pytest.mark.parametrize(
    ("person", "codes"),
    [
        ("thu", {"a", "b", "c", "draft"}),
        ("lan", {"a", "c"}),
        ("dung", {"a", "c"}),
        ("minh", {"a", "b", "c", "draft"}),
        ("son", {"a", "b", "c", "draft"}),
        ("thanh", {"a", "b", "c", "draft"}),
        ("ha", {"b"}),
        ("an", {"c"}),
        ("hoa", set()),
        ("quan", set()),
        ("binh", set()),
    ],
)
def test_everybody_sees_what_is_theirs(world: World, person: str, codes: set[str]) -> None:
    named = {
        "a": given(world, "BTP", coordinators=[world.body("BNV")]),
        "b": given(world, "00004"),
        "c": given(world, "20194", coordinators=[world.body("BTP"), world.body("BYT")]),
        "draft": draft(actor=world.actor("thu"), at=NOW, task=description(world.body("BTP"))),
    }
    actor = world.actor(person)
    seen = visible_to(actor)
    assert {name for name, task in named.items() if task in seen} == codes
    assert seen.count() == len(codes)
    for name, task in named.items():
        assert (task_by_code(task.code, actor=actor) is not None) is (name in codes)
        assert (task_by_id(task.pk, actor=actor) is not None) is (name in codes)


def test_the_public_learns_of_public_tasks_only(world: World) -> None:
    shown = given(world, secrecy="public")
    given(world, secrecy="internal")
    given(world, secrecy="restricted")
    draft(actor=world.actor("thu"), at=NOW, task=description(world.body("BTP"), secrecy="public"))
    assert list(public_tasks()) == [shown]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("danh mục", True),
        ("DANH MUC", True),
        ("muc danh", True),
        ("sức khỏe", True),
        ("suc khoẻ", True),
        ("nv-2026-000001", True),
        ("000001 mục", True),
        ("đường bộ", False),
        ("%", False),
    ],
)
def test_words_are_found_without_accents_in_title_product_and_code(world: World, words: str, found: bool) -> None:
    given(world, title="Lập danh mục văn bản", deliverable="Hồ sơ sức khoẻ điện tử")
    assert filtered(Task.objects.all(), TODAY, words=words).exists() is found


def test_filters_narrow_together(world: World) -> None:
    core = given(world, is_core=True, due_on=date(2026, 9, 16))
    given(world, due_on=date(2026, 9, 16))
    given(world, "BNV", is_core=True, due_on=date(2026, 12, 1))
    taken_on(world, is_core=True)
    found = filtered(
        Task.objects.all(),
        TODAY,
        lead=world.body("BTP"),
        state="assigned",
        progress="not_started",
        timing="due_soon",
        is_core=True,
        due_from=TODAY,
        due_to=date(2026, 9, 16),
    )
    assert list(found) == [core]
    assert filtered(Task.objects.all(), TODAY).count() == 4
    assert filtered(Task.objects.all(), TODAY, is_core=False).count() == 1


def test_a_list_page_takes_two_queries_however_long(world: World, django_assert_num_queries: Any) -> None:
    tasks = [
        description(world.body(code), coordinators=[world.body("BNV"), world.body("KHXH")], due_on=due)
        for code in ("BTP", "BYT", "01", "48")
        for due in (date(2026, 9, 20), date(2026, 10, 1), None)
    ]
    assign_many(actor=world.actor("thu"), at=NOW, tasks=tasks)
    with django_assert_num_queries(2):
        rows: Any = list(for_list(filtered(visible_to(world.machine), TODAY, words="danh"), TODAY))
        for row in rows:
            assert row.lead.short_name
            assert row.assigned_by.code == "VPTW"
            assert [one.body.code for one in row.coordinations.all()] == ["BNV", "KHXH"]
            assert row.shown_timing in ("due_soon", "in_time", "no_deadline")
    assert [row.due_on for row in rows][-4:] == [None] * 4


def test_my_work_today_for_everybody(world: World) -> None:
    before = NOW - timedelta(days=60)
    late = reported(world, at=before, due_on=date(2026, 9, 1))
    soon = reported(world, due_on=date(2026, 9, 18))
    returned = submitted(world)
    return_result(actor=world.actor("minh"), at=NOW, task=returned, note="Thiếu")
    waiting = given(world)
    handed_in = submitted(world)
    disputed = given(world)
    dispute(actor=world.actor("lan"), at=NOW, task=disputed, reason="Không đúng chức năng")
    given(world, "BNV", due_on=date(2026, 9, 15))

    lan = my_work(world.actor("lan"), TODAY)
    assert list(lan.late) == [late]
    assert list(lan.due_soon) == [soon]
    assert list(lan.returned) == [returned]
    assert list(lan.to_accept) == [waiting]
    assert not any(found.exists() for found in (lan.to_approve, lan.to_decide, lan.to_urge))

    minh = my_work(world.actor("minh"), TODAY)
    assert list(minh.to_approve) == [handed_in]
    assert not any(found.exists() for found in (minh.late, minh.due_soon, minh.to_accept, minh.to_urge))

    thu = my_work(world.actor("thu"), TODAY)
    assert list(thu.to_approve) == [handed_in]
    assert list(thu.to_decide) == [disputed]
    assert list(thu.to_urge) == [late]
    assert not thu.late.exists()

    for person in ("an", "binh", "thanh", "hoa"):
        nothing = my_work(world.actor(person), TODAY)
        assert not any(getattr(nothing, name).exists() for name in type(nothing).__slots__), person


def test_what_one_reported_does_not_wait_for_ones_own_approval(world: World) -> None:
    """A machine that reported is not asked to approve either; people are told apart by their label."""
    task = submitted(world)
    task.reports.update(by_label=world.actor("minh").label)
    assert not my_work(world.actor("minh"), TODAY).to_approve.exists()


def _at(day: date) -> datetime:
    return datetime.combine(day, NOW.timetz())


def deliver(world: World, due: date, done: date | None, **fields: Any) -> Task:
    """A task given on 1/6/2026 for the Ministry of Justice, completed on a day or still owed."""
    task = taken_on(world, at=_at(date(2026, 6, 1)), due_on=due, **fields)
    if done is not None:
        lan, minh = world.actor("lan"), world.actor("minh")
        submit(actor=lan, at=_at(done), task=task, text="Xong", files=[evidence()])
        task = approve_result(actor=minh, at=_at(done), task=task)
    return task


def test_delivery_of_a_quarter_as_it_stands_on_a_day(world: World) -> None:
    thu, son = world.actor("thu"), world.actor("son")
    in_time = deliver(world, date(2026, 7, 10), date(2026, 7, 10), weight=Decimal(2))
    late = deliver(world, date(2026, 7, 20), date(2026, 7, 25), weight=Decimal("1.5"))
    deliver(world, date(2026, 9, 4), None)  # still owed, ten days late
    early = deliver(world, date(2026, 9, 30), date(2026, 9, 1))
    deliver(world, date(2026, 9, 30), None)  # runs within its deadline: not counted
    deliver(world, date(2026, 6, 30), None)  # of the quarter before, and still owed in this one
    deliver(world, date(2026, 6, 29), date(2026, 6, 30))  # of the quarter before, and settled in it
    moved = deliver(world, date(2026, 7, 1), None)
    extend(
        actor=thu, at=_at(date(2026, 7, 1)), task=moved, new_due_on=date(2026, 8, 1), decision_number="1", reason="x"
    )
    submit(actor=world.actor("lan"), at=_at(date(2026, 8, 1)), task=moved, text="Xong", files=[evidence()])
    approve_result(actor=world.actor("minh"), at=_at(date(2026, 8, 1)), task=moved)
    for stop in (cancel, suspend):
        stop(actor=thu, at=_at(date(2026, 8, 1)), task=deliver(world, date(2026, 8, 2), None), reason="Thôi")
    judge_effectiveness(actor=son, at=NOW, task=in_time, effectiveness="effective", note="Tốt")
    judge_effectiveness(actor=son, at=NOW, task=late, effectiveness="not_effective", note="Chưa")
    given(world, "BNV", at=_at(date(2026, 6, 1)), due_on=date(2026, 9, 13))
    assert early.state == "completed"

    bnv, btp = delivery_matrix(parse_period("2026-Q3"), TODAY)
    assert (bnv.lead, bnv.due, bnv.completed, bnv.delay_days) == ("BNV", 1, 0, 1)
    assert btp.lead == "BTP"
    assert (btp.due, btp.completed, btp.in_time, btp.in_time_by_original) == (6, 4, 3, 2)
    assert (btp.effective, btp.not_effective) == (1, 1)
    assert btp.delay_days == 5 + 10 + 76
    assert (btp.weight_due, btp.weight_completed) == (Decimal("7.5"), Decimal("5.5"))

    # On 22/7 the late one was still owed, and what came later had not happened.
    (then,) = delivery_matrix(parse_period("2026-Q3"), date(2026, 7, 22))
    assert (then.due, then.completed, then.delay_days) == (3, 1, 2 + 22)


def test_delivery_agrees_with_a_count_by_hand(world: World) -> None:
    every_kind_of_task(world)
    period, on = Period(date(2026, 7, 1), date(2026, 10, 1)), TODAY
    due = completed_tasks = in_time = delay = 0
    for task in Task.objects.filter(due_on__gte=period.start, due_on__lt=period.end):
        assert task.due_on is not None
        if task.state in (State.DRAFT, State.CANCELLED, State.SUSPENDED):
            continue
        if task.completed_on is not None:
            end = task.completed_on
            completed_tasks += 1
            in_time += task.completed_on <= task.due_on
        elif task.due_on < on:
            end = on
        else:
            continue
        due += 1
        delay += max(0, (end - task.due_on).days)
    (row,) = delivery_matrix(period, on)
    assert (row.due, row.completed, row.in_time, row.delay_days) == (due, completed_tasks, in_time, delay)


def test_delivery_takes_two_queries(world: World, django_assert_num_queries: Any) -> None:
    every_kind_of_task(world)
    with django_assert_num_queries(2):
        delivery_matrix(parse_period("2026-Q3"), TODAY)


def test_an_unclear_task_says_what_is_missing(world: World) -> None:
    assert unclear(given(world, due_on=None)) == ("time", "result", "measure", "authority")
    whole = given(world, deliverable="Danh mục", deadline_kind="recurring", due_on=None)
    assert unclear(whole) == ("authority",)


def test_a_task_page_is_read_in_few_queries(world: World, django_assert_num_queries: Any) -> None:
    task, lan = taken_on(world), world.actor("lan")
    for progress in (10, 20, 30):
        report_progress(actor=lan, at=NOW, task=task, text="Tiếp", progress=progress, files=[evidence()])
    with django_assert_num_queries(2):
        found = task_by_code(task.code, actor=lan)
        assert found is not None
        assert (found.lead.code, list(found.coordinations.all())) == ("BTP", [])
    with django_assert_num_queries(2):
        assert [(report.progress, len(report.evidence.all())) for report in reports(task)] == [
            (30, 1),
            (20, 1),
            (10, 1),
        ]
