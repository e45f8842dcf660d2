"""Jobs outlive their worker: what a killed one left behind is done again, what runs is left alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from thuocdo.project.running import ABANDONED_AFTER, requeue_abandoned
from thuocdo.scorecards.jobs import refresh


@pytest.mark.parametrize(("age", "is_lost"), [(ABANDONED_AFTER + timedelta(minutes=1), True), (timedelta(0), False)])
def test_a_job_whose_worker_died_waits_again(db: None, age: timedelta, is_lost: bool) -> None:
    # What the arrival of the cast asked for is another story.
    DBTaskResult.objects.all().delete()
    refresh.enqueue()
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - age)
    assert requeue_abandoned() == int(is_lost)
    assert DBTaskResult.objects.get().status == ("READY" if is_lost else "RUNNING")
