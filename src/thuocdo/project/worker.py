"""A worker that asks for jobs without locking anything, and locks only where there is one to take."""

import logging
import os
import time
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.compat import TASKS_LOGGER, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from thuocdo.scorecards.jobs import SLOW_QUEUE

# How often the worker looks for jobs: the delay between a posted figure and the changed page.
POLL_SECONDS = 0.05
# Whoever waits for rank intervals waits for seconds anyway.
SLOW_POLL_SECONDS = 0.5
# A job still marked as running after this time lost its worker and is put back into the queue.
ABANDONED_AFTER = timedelta(minutes=15)
# What is done is kept for those who look into the queue; what failed until somebody has seen it.
KEPT = {TaskResultStatus.SUCCESSFUL: timedelta(hours=1), TaskResultStatus.FAILED: timedelta(days=30)}
# So many rows go in one transaction, which others wait for.
AT_ONCE = 500
# By so much the slow worker steps back behind those for whom somebody waits.
STEP_BACK = 5
EVERY_QUEUE = "*"


class Worker(DatabaseWorker):
    """The worker of django_tasks_db, which would take SQLite's write lock each time that it looks for a job."""

    def __init__(self, queue: str, *, once: bool = False) -> None:
        super().__init__(
            queue_names=[queue],
            interval=SLOW_POLL_SECONDS if queue == SLOW_QUEUE else POLL_SECONDS,
            # With this the inherited `run` comes back when nothing is left.
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.once = once

    def run(self) -> None:
        """Do what waits, one job after the other, until told to stop; with `once`, until nothing waits."""
        while self.running:
            close_old_connections()
            if self._is_asked():
                self.max_tasks = self._run_tasks + 1
                super().run()
            elif self.once:
                return
            else:
                time.sleep(self.interval)

    def _is_asked(self) -> bool:
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not self.process_all_queues:
            ready = ready.filter(queue_name__in=self.queue_names)
        return bool(ready.order_by().exists())


def run_jobs(queue: str, *, once: bool = False) -> None:
    """Do the jobs of a queue (`EVERY_QUEUE` for all) until told to stop; with `once`, until none waits."""
    for name in (TASKS_LOGGER, "django_tasks_db"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    connection_created.connect(_wait_for_entries_alone)
    worker = Worker(queue, once=once)
    worker.configure_signals()
    worker.run()


def _wait_for_entries_alone(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Do not let PostgreSQL wait for the disk after each step of a job, save those that the ledger tells of.

    When the power fails, jobs of the last half second stand as not yet done and are done again; a transaction with an
    entry of the ledger is waited for (`ledger.append`), and with it all that came before.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")


def step_back() -> None:
    """Let everybody else have the processor first, where the system knows how."""
    if hasattr(os, "nice"):
        os.nice(STEP_BACK)


def requeue_abandoned() -> int:
    """Put jobs whose worker died back into the queue; gives their number."""
    return int(
        DBTaskResult.objects.filter(
            status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - ABANDONED_AFTER
        ).update(status=TaskResultStatus.READY, started_at=None)
    )


def forget_finished() -> int:
    """Let go of jobs that were done a while ago, so that the queue stays short; gives their number."""
    gone = 0
    for status, kept in KEPT.items():
        old = DBTaskResult.objects.filter(status=status, finished_at__lt=timezone.now() - kept).order_by()
        while keys := list(old.values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                gone += DBTaskResult.objects.filter(pk__in=keys).delete()[0]
    return gone
