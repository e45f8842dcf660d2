"""Real processes of an instance, a server and a worker, on a database of a test's own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START = "from thuocdo.project.commands import main; main()"
# A crowded machine starts slowly and stops slowly; what hangs is still found.
PATIENCE = 90.0


@contextmanager
def command(database: str, *words: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running `thuocdo` command; it is asked to stop at the end, and must."""
    environment = os.environ | {"DATABASE_URL": database, "PYTHONUNBUFFERED": "1"} | variables
    # The browser's leave for this process (see journeys/conftest.py) is none for a server.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    log = Path(os.environ["THUOCDO_HOME"]) / f"{words[0]}-{time.monotonic_ns()}.log"
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-c", START, *words], env=environment, stderr=file, stdout=file)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            # Pytest shows it beside a failure.
            sys.stdout.write(log.read_text(encoding="utf-8", errors="replace")[-4000:])


@contextmanager
def site(database: str, *, with_worker: bool = False, **variables: str) -> Iterator[str]:
    """The address of a server that answers, with a worker beside it if asked."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with command(database, "serve", "--port", str(port), **variables) as server:
        _wait_for(port, server)
        address = f"http://127.0.0.1:{port}"
        if not with_worker:
            yield address
            return
        # A second process for slow jobs would spend more on its start than on the few jobs of a test.
        with command(database, "work", "--one-process", **variables):
            yield address


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise RuntimeError(f"The server ended with {server.returncode}.")
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("The server did not answer in time.")
