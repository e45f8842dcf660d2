"""Commands that run an instance: migrate, serve, work (jobs and schedule)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import click
import structlog
import uvicorn
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from thuocdo.scorecards.jobs import SLOW_QUEUE

from .statics import serve_collected

# How often the worker looks for jobs: the delay between a posted figure and the changed page.
POLL_SECONDS = 0.05
# Whoever waits for rank intervals waits for seconds anyway.
SLOW_POLL_SECONDS = 0.5
# How long the slow worker may take to finish the job at hand; the job is done again when it cannot.
PATIENCE = 4
# A job still marked as running after this time lost its worker and is put back into the queue.
ABANDONED_AFTER = timedelta(minutes=15)

logger = structlog.get_logger(__name__)


@click.command()
def migrate() -> None:
    """Bring the database to the newest form."""
    call_command("migrate", verbosity=0)
    click.echo("Cơ sở dữ liệu đã ở phiên bản mới nhất.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Serve the pages and the programming interface."""
    run_server(host, port)


def run_server(host: str, port: int) -> None:
    """Run the server until it is told to stop; open event streams end with it."""
    from thuocdo.web.live import end_streams

    serve_collected()

    class Server(uvicorn.Server):
        """Ends the open streams first: without that, the server would wait for pages that listen."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            end_streams()
            super().handle_exit(sig, frame)

    server = Server(
        uvicorn.Config(
            "thuocdo.project.asgi:application",
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=2,
            lifespan="off",
        )
    )
    server.run()
    if not server.started:
        sys.exit(3)


@click.command()
@click.option("--once", is_flag=True, help="Do what is waiting, then end.")
@click.option(
    "--slow", is_flag=True, hidden=True, help="Do only what may take seconds; `thuocdo work` starts this itself."
)
def work(once: bool, slow: bool) -> None:
    """Do the jobs that entries of the ledger and the schedule ask for."""
    if slow:
        run_slow_worker()
    else:
        run_worker(once=once)


def run_worker(*, once: bool = False) -> None:
    """Run jobs until told to stop; with `once`, until none is waiting.

    What may take seconds is done beside it by a process of its own, so that scores never wait for it.
    """
    requeue_abandoned()
    if once:
        _run_jobs("*", once=True)
        return
    threading.Thread(target=_keep_schedule, daemon=True).start()
    with _slow_worker():
        _run_jobs("default")


def run_slow_worker() -> None:
    """Run the jobs of the slow queue for as long as the worker that started this process lives."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _run_jobs(SLOW_QUEUE)


def _run_jobs(queue: str, *, once: bool = False) -> None:
    call_command(
        "db_worker",
        interval=POLL_SECONDS if queue != SLOW_QUEUE else SLOW_POLL_SECONDS,
        batch=once,
        reload=False,
        startup_delay=False,
        queue_name=queue,
        verbosity=0,
    )


@contextmanager
def _slow_worker() -> Iterator[None]:
    program = "from thuocdo.project.commands import main; main(['work', '--slow'])"
    beside = subprocess.Popen([sys.executable, "-c", program])
    try:
        yield
    finally:
        beside.terminate()
        try:
            beside.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            beside.kill()
            beside.wait()


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, however that ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def requeue_abandoned() -> int:
    """Put jobs whose worker died back into the queue; gives their number."""
    from django_tasks_db.compat import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    return int(
        DBTaskResult.objects.filter(
            status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - ABANDONED_AFTER
        ).update(status=TaskResultStatus.READY, started_at=None)
    )


def _keep_schedule() -> None:
    from .schedule import SCHEDULE

    due = {index: timezone.now() for index in range(len(SCHEDULE))}
    while True:
        try:
            # A worker that was killed a moment ago is found out only later, hence again and again.
            requeue_abandoned()
            for index, entry in enumerate(SCHEDULE):
                if timezone.now() >= due[index]:
                    entry.job.enqueue()
                    due[index] = timezone.now() + entry.pause
        except DatabaseError as error:
            # A database that is away for a moment must not end the schedule.
            logger.warning("schedule.unreadable", error=str(error))
        close_old_connections()
        time.sleep(1)
