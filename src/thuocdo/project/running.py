"""Commands that run an instance: migrate, serve, work (jobs and schedule)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
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
from .worker import EVERY_QUEUE, forget_finished, requeue_abandoned, run_jobs, step_back

# How long the slow worker may take to finish the job at hand; the job is done again when it cannot.
PATIENCE = 4
SLOW_WORKER = [sys.executable, "-c", "from thuocdo.project.commands import main; main(['work', '--slow'])"]
# How long to wait before a slow worker that ended is begun again: one that can't live must not take the machine.
RESTART_PAUSE = 5.0
# How often jobs that are done are looked for, to let them go.
FORGET_EVERY = timedelta(minutes=10)

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
    "--one-process",
    is_flag=True,
    help="Do quick and slow jobs in one process: less memory, but scores wait for what takes seconds.",
)
@click.option(
    "--slow", is_flag=True, hidden=True, help="Do only what may take seconds; `thuocdo work` starts this itself."
)
def work(once: bool, one_process: bool, slow: bool) -> None:
    """Do the jobs that entries of the ledger and the schedule ask for."""
    if slow:
        run_slow_worker()
    else:
        run_worker(once=once, one_process=one_process)


def run_worker(*, once: bool = False, one_process: bool = False) -> None:
    """Run jobs until told to stop; with `once`, until none is waiting.

    What may take seconds is done beside it by a process of its own, so that scores never wait for it; with
    `one_process` it takes its turn with the rest.
    """
    requeue_abandoned()
    if once:
        run_jobs(EVERY_QUEUE, once=True)
        return
    threading.Thread(target=_keep_schedule, daemon=True).start()
    if one_process:
        run_jobs(EVERY_QUEUE)
        return
    with kept_alive(SLOW_WORKER):
        run_jobs("default")


def run_slow_worker() -> None:
    """Run the jobs of the slow queue for as long as the worker that started this process lives."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    step_back()
    run_jobs(SLOW_QUEUE)


@contextmanager
def kept_alive(program: Sequence[str], *, pause: float = RESTART_PAUSE) -> Iterator[None]:
    """A process beside this one: begun again `pause` seconds after it ended, whatever ended it, and stopped at last."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            beside = subprocess.Popen(program)
            while beside.poll() is None and not stop.wait(0.2):
                pass
            if not stop.is_set():
                logger.warning("slow_worker.ended", status=beside.returncode)
                stop.wait(pause)
                continue
            beside.terminate()
            try:
                beside.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                beside.kill()
                beside.wait()

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, however that ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _keep_schedule() -> None:
    from .schedule import SCHEDULE

    due = {index: timezone.now() for index in range(len(SCHEDULE))}
    forget_at = timezone.now()
    while True:
        try:
            # A worker that was killed a moment ago is found out only later, hence again and again.
            requeue_abandoned()
            if timezone.now() >= forget_at:
                forget_finished()
                forget_at = timezone.now() + FORGET_EVERY
            for index, entry in enumerate(SCHEDULE):
                if timezone.now() >= due[index]:
                    entry.job.enqueue()
                    due[index] = timezone.now() + entry.pause
        except DatabaseError as error:
            # A database that is away for a moment must not end the schedule.
            logger.warning("schedule.unreadable", error=str(error))
        close_old_connections()
        time.sleep(1)
