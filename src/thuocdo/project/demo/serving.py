"""Server, worker, schedule and a live source system in one command: they start together and end together."""

import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from thuocdo.project.running import run_server

HOST = "127.0.0.1"
# How long the worker may take to finish the job at hand.
PATIENCE = 8
TRY_EVERY, GIVE_UP_AFTER = 0.1, 60.0


class PortTaken(OSError):
    """Somebody listens on the port already; `other` is one that is free."""

    def __init__(self, port: int, other: int) -> None:
        super().__init__(f"Port {port} is taken.")
        self.other = other


def require_free(port: int) -> None:
    """Raises PortTaken when nobody could listen on the port."""
    if not _is_free(port):
        others = (other for other in range(port + 1, min(port + 100, 65536)) if _is_free(other))
        raise PortTaken(port, next(others, 8080))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server itself does: a port that was just left counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def serve_all(
    port: int, *, announce: Callable[[str], None], source: Callable[[], subprocess.Popen[bytes] | None] = lambda: None
) -> int:
    """Run server, worker and schedule until told to stop, by Ctrl-C or a signal; gives the exit status.

    `announce` is called with the address once the first page answers; `source` starts whatever feeds the server.
    """
    previous = signal.signal(signal.SIGTERM, _end)
    children = [child for child in (_start_worker(), source()) if child is not None]
    try:
        threading.Thread(target=_announce_when_ready, args=(port, announce), daemon=True).start()
        run_server(HOST, port)
    except KeyboardInterrupt:
        # The server has closed already; this is only how it passes the signal on.
        return 0
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    finally:
        for child in reversed(children):
            _end_child(child)
        signal.signal(signal.SIGTERM, previous)
    return 0


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Leave through every `finally`, so that the worker ends with the server."""
    sys.exit(0)


def _start_worker() -> subprocess.Popen[bytes]:
    """A process of its own, in a session of its own: Ctrl-C reaches the server first, which then ends it."""
    program = "from thuocdo.project.commands import main; main(['work'])"
    return subprocess.Popen([sys.executable, "-c", program], start_new_session=True)


def _end_child(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _announce_when_ready(port: int, announce: Callable[[str], None]) -> None:
    """Ask for the first page until it is there."""
    give_up = time.monotonic() + GIVE_UP_AFTER
    while time.monotonic() < give_up:
        connection = http.client.HTTPConnection(HOST, port, timeout=GIVE_UP_AFTER)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(TRY_EVERY)
        else:
            announce(f"http://{HOST}:{port}/")
            return
        finally:
            connection.close()
