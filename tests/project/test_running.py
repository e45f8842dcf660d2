"""Jobs outlive their worker: what a killed one left behind is done again, what runs is left alone."""

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.serving import command
from tests.world import World
from thuocdo.project.running import kept_alive
from thuocdo.project.worker import ABANDONED_AFTER, EVERY_QUEUE, Worker, forget_finished, requeue_abandoned
from thuocdo.scorecards.jobs import refresh


@pytest.mark.parametrize(("age", "is_lost"), [(ABANDONED_AFTER + timedelta(minutes=1), True), (timedelta(0), False)])
def test_a_job_whose_worker_died_waits_again(db: None, age: timedelta, is_lost: bool) -> None:
    # What the arrival of the cast asked for is another story.
    DBTaskResult.objects.all().delete()
    refresh.enqueue()
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - age)
    assert requeue_abandoned() == int(is_lost)
    assert DBTaskResult.objects.get().status == ("READY" if is_lost else "RUNNING")


@pytest.fixture
def _kept_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker hangs up on the database between jobs, and with that on the transaction of a test."""
    for module in ("thuocdo.project.worker", "django_tasks_db.management.commands.db_worker"):
        monkeypatch.setattr(f"{module}.close_old_connections", lambda: None)


@pytest.mark.usefixtures("_kept_open")
def test_who_finds_nothing_to_do_locks_nothing(world: World) -> None:
    DBTaskResult.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        Worker("default", once=True).run()
    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["SELECT"]


@pytest.mark.usefixtures("_kept_open")
def test_a_worker_does_what_waits_in_its_queue_and_leaves_the_rest(world: World) -> None:
    DBTaskResult.objects.all().delete()
    refresh.enqueue()
    refresh.using(queue_name="slow").enqueue()
    refresh.using(run_after=timezone.now() + timedelta(minutes=1)).enqueue()
    Worker("default", once=True).run()
    states = DBTaskResult.objects.order_by("queue_name", "run_after").values_list("queue_name", "status")
    assert sorted(states) == [("default", "READY"), ("default", "SUCCESSFUL"), ("slow", "READY")]
    Worker(EVERY_QUEUE, once=True).run()
    assert DBTaskResult.objects.filter(status="SUCCESSFUL").count() == 2


def test_what_was_done_long_ago_is_forgotten_and_what_failed_is_kept(db: None) -> None:
    DBTaskResult.objects.all().delete()
    for _ in range(4):
        refresh.enqueue()
    waits, done, fresh, failed = DBTaskResult.objects.order_by("enqueued_at")
    long_ago = timezone.now() - timedelta(days=2)
    for job, status, at in ((done, "SUCCESSFUL", long_ago), (fresh, "SUCCESSFUL", timezone.now()),
                            (failed, "FAILED", long_ago)):  # fmt: skip
        DBTaskResult.objects.filter(pk=job.pk).update(status=status, finished_at=at)
    assert forget_finished() == 1
    assert {job.pk for job in DBTaskResult.objects.all()} == {waits.pk, fresh.pk, failed.pk}


def test_a_slow_worker_that_was_killed_is_begun_again_and_ends_with_the_worker(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    program = f"import os, time; open({str(told)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"

    def begun(number: int) -> int:
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            if told.exists() and len(pids := told.read_text().split()) == number:
                return int(pids[-1])
            time.sleep(0.02)
        raise AssertionError(f"The process was not begun {number} times.")

    with kept_alive([sys.executable, "-S", "-c", program], pause=0.0):
        os.kill(begun(1), signal.SIGKILL)
        second = begun(2)
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_the_worker_has_slow_jobs_done_beside_it(own_database: str) -> None:
    """Nothing else does jobs of the slow queue while `thuocdo work` runs without further words."""
    DBTaskResult.objects.all().delete()
    refresh.using(queue_name="slow").enqueue()
    give_up = time.monotonic() + 90
    with command(own_database, "work"):
        while not DBTaskResult.objects.filter(queue_name="slow", status="SUCCESSFUL").exists():
            assert time.monotonic() < give_up, "No slow job was done."
            time.sleep(0.1)
