"""A line between two instances that breaks in every way a line can break, by a list of what happens to each call."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import urlsplit

# dropped: never arrives; cut: done, but the answer breaks off; lost: done, but no answer comes; twice: arrives two
# times; stale: a former answer comes again; busy: refused by something in between; garbled: a page instead of JSON.
FAULTS = ("dropped", "cut", "lost", "twice", "stale", "busy", "garbled")


class Line:
    """What happens on the way: everything is dropped while `is_down`, else each call draws its fate."""

    def __init__(self, address: str, seed: int) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.random, self.is_down, self.is_good = Random(seed), False, False
        self.before: dict[str, tuple[int, bytes]] = {}
        self.happened: dict[str, int] = dict.fromkeys((*FAULTS, "good", "down"), 0)

    def fate(self) -> str:
        if self.is_down:
            return "down"
        if self.is_good or self.random.random() < 0.45:
            return "good"
        return self.random.choice(FAULTS)

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            kept = {name: value for name, value in headers.items() if name.lower() not in ("host", "connection")}
            connection.request(method, path, body or None, kept)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def broken_line(address: str, *, seed: int) -> Iterator[tuple[str, Line]]:
    """The address of a line to the instance at `address`, and what happens on it."""
    line = Line(address, seed)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

        def handle_call(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fate = line.fate()
            where = f"{self.command} {self.path.partition('?')[0]}"
            if fate == "stale" and where not in line.before:
                fate = "twice"
            line.happened[fate] += 1
            if fate in ("down", "dropped"):
                return
            if fate == "busy":
                self.give(503, b'{"code": "busy", "message": "x"}')
                return
            if fate == "stale":
                # The call arrives, but an answer to an earlier one comes back.
                line.forward(self.command, self.path, dict(self.headers), body)
                self.give(*line.before[where])
                return
            status, content = line.forward(self.command, self.path, dict(self.headers), body)
            if fate == "twice":
                status, content = line.forward(self.command, self.path, dict(self.headers), body)
            if self.command == "GET":
                line.before[where] = (status, content)
            if fate == "lost":
                return
            if fate == "garbled":
                self.give(502, b"<html>Bad gateway</html>")
            elif fate == "cut":
                self.give(status, content, declared=len(content) + 10)
            else:
                self.give(status, content)

        do_GET = do_POST = handle_call  # noqa: N815 (names of the standard library)

        def give(self, status: int, content: bytes, *, declared: int | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(declared or len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", line
    finally:
        server.shutdown()
        server.server_close()
