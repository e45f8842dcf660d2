"""Nothing is judged that was not seen: files that arrive while somebody decides, and clocks that go back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests.world import NOW, World, recall_world
from thuocdo.ledger.queries import first_broken_entry
from thuocdo.tasks.models import Evidence, Task
from thuocdo.tasks.operations import (
    NotInThisState,
    Point,
    TaskRefused,
    Upload,
    add_evidence,
    approve_result,
    erase_evidence,
    report_progress,
    return_points,
    return_result,
    submit,
)
from thuocdo.tasks.queries import Timing, evidence_state, status_of

from .samples import picture_file, reported, submitted, taken_on


def photo(seed: int = 1) -> Upload:
    return Upload(f"anh-{seed}.jpg", picture_file(seed))


def approve(world: World, task: Task, seen: str) -> Task:
    return approve_result(actor=world.actor("minh"), at=NOW, task=task, seen_evidence=seen)


def give_back(world: World, task: Task, seen: str) -> Task:
    return return_result(actor=world.actor("minh"), at=NOW, task=task, note="Thiếu", seen_evidence=seen)


def give_parts_back(world: World, task: Task, seen: str) -> Task:
    points = [Point("text", "Thiếu số văn bản")]
    return return_points(actor=world.actor("minh"), at=NOW, task=task, points=points, seen_evidence=seen)


@pytest.mark.parametrize("judge", [approve, give_back, give_parts_back])
@pytest.mark.parametrize("change", ["added", "erased"])
def test_nothing_is_judged_once_the_files_are_others_than_were_seen(
    world: World, judge: Callable[[World, Task, str], Task], change: str
) -> None:
    task = submitted(world)
    seen = evidence_state(task)
    if change == "added":
        add_evidence(actor=world.actor("lan"), at=NOW, task=task, files=[photo()])
    else:
        erase_evidence(actor=world.actor("thu"), at=NOW, evidence=Evidence.objects.get(), reason="Có số điện thoại")
    with pytest.raises(TaskRefused, match="Minh chứng vừa có thay đổi") as refused:
        judge(world, task, seen)
    assert (refused.value.code, refused.value.field) == ("evidence_moved", "seen_evidence")
    assert Task.objects.get(pk=task.pk).state == "submitted"
    judge(world, task, evidence_state(task))
    assert Task.objects.get(pk=task.pk).state != "submitted"


def test_an_approval_that_meets_an_upload_never_accepts_what_it_did_not_show(own_database: str) -> None:
    world = recall_world()
    tasks = [submitted(world, title=f"Việc {number}") for number in range(3)]
    seen = {task.pk: evidence_state(task) for task in tasks}
    lan, minh = world.actor("lan"), world.actor("minh")
    ready = Barrier(2)

    def uploads(number: int) -> str:
        ready.wait()
        try:
            add_evidence(actor=lan, at=NOW, task=tasks[number], files=[photo(number + 1)])
        except NotInThisState:
            return "too late"
        finally:
            connection.close()
        return "added"

    def approves(number: int) -> str:
        ready.wait()
        try:
            approve_result(actor=minh, at=NOW, task=tasks[number], seen_evidence=seen[tasks[number].pk])
        except TaskRefused as refused:
            return refused.code
        finally:
            connection.close()
        return "approved"

    with ThreadPoolExecutor(2) as people:
        for number, task in enumerate(tasks):
            added, judged = people.submit(uploads, number), people.submit(approves, number)
            # Whichever came first, the other one learns of it.
            assert (added.result(), judged.result()) in {("added", "evidence_moved"), ("too late", "approved")}
            files = Evidence.objects.filter(report__task=task).count()
            assert (files, Task.objects.get(pk=task.pk).state) in {(2, "submitted"), (1, "completed")}
    assert first_broken_entry() is None


def test_a_clock_that_went_back_between_two_reports_keeps_nobody_from_approving(world: World) -> None:
    task = reported(world)
    # The second machine is an hour behind: its report is the newest one all the same.
    last = submit(actor=world.actor("lan"), at=NOW - timedelta(hours=1), task=task, text="Xong", files=[photo()])
    with pytest.raises(TaskRefused, match="vừa gửi thêm"):
        approve_result(actor=world.actor("minh"), at=NOW, task=task, seen_report=last.pk - 1)
    approve_result(actor=world.actor("minh"), at=NOW, task=task, seen_report=last.pk)
    assert Task.objects.get(pk=task.pk).completed_on == date(2026, 9, 14)


@pytest.mark.parametrize(
    ("at", "day", "timing"),
    [
        (datetime(2026, 10, 15, 16, 59, 59, tzinfo=UTC), date(2026, 10, 15), Timing.IN_TIME),
        (datetime(2026, 10, 15, 17, 0, 0, tzinfo=UTC), date(2026, 10, 16), Timing.LATE),
    ],
)
def test_the_last_day_ends_at_midnight_in_ha_noi_wherever_the_server_stands(
    world: World, at: datetime, day: date, timing: Timing
) -> None:
    task = taken_on(world)
    report_progress(actor=world.actor("lan"), at=at, task=task, text="Gần xong", progress=90)
    submit(actor=world.actor("lan"), at=at, task=task, text="Xong", files=[photo()])
    done = approve_result(actor=world.actor("minh"), at=at, task=task)
    assert (done.submitted_on, done.completed_on, done.reported_on) == (day, day, day)
    assert status_of(done, day).timing == timing


def test_a_moment_without_a_zone_is_refused_and_nothing_is_written(world: World) -> None:
    task = taken_on(world)
    naive = datetime(2026, 9, 14, 9, 0)  # noqa: DTZ001 (the very mistake)
    with pytest.raises((ValueError, RuntimeWarning), match="naive"):
        report_progress(actor=world.actor("lan"), at=naive, task=task, text="Đã làm", progress=10)
    assert not task.reports.exists()
