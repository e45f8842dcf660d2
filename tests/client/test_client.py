"""The client comes to an end whatever the server does: answered, refused, or given up within bounds."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from thuocdo.client import Client, Patience, Unauthorised, Unreachable, Unwelcome, content_key, pack

Told = tuple[int, dict[str, str], Any]
ROW = {"indicator": "a", "body": "01", "period": "2026", "value": "1"}
DONE: Told = (201, {}, {"accepted": 1, "rejected": 0, "errors": []})
DROP: Told = (0, {}, {})


class Server:
    """Answers as told, one after the other, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], Any]] = []
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.asked.append((self.path, dict(self.headers), content))
                status, headers, plain = outer.answers.pop(0)
                if status == 0:
                    self.connection.close()
                    return
                text = plain.encode() if isinstance(plain, str) else json.dumps(plain).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = _do  # noqa: N815 (names that the library calls)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.handle_error = lambda *_given: None  # type: ignore[method-assign]
        self.address = f"http://127.0.0.1:{self.http.server_port}/"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.http.shutdown()
    thread.join()
    made.http.server_close()


def client(server: Server, waits: list[float], attempts: int = 4) -> Client:
    patience = Patience(attempts=attempts, first=1, longest=30, chance=lambda: 1.0)
    return Client(server.address, "tdk_x", patience=patience, sleep=waits.append)


def test_a_call_is_repeated_with_the_same_bytes_and_the_same_key_until_it_is_answered(server: Server) -> None:
    waits: list[float] = []
    server.answers = [
        DROP,
        (429, {"Retry-After": "7"}, {"message": "slow"}),
        (503, {}, "<html>gateway</html>"),
        DONE,
    ]
    assert client(server, waits).send([ROW])["accepted"] == 1
    assert waits == [1, 7.2, 4]
    assert len({(headers["Idempotency-Key"], content) for _path, headers, content in server.asked}) == 1
    path, headers, content = server.asked[0]
    assert path == "/api/v1/measurements?on_error=refuse_all"
    assert headers["Authorization"] == "Bearer tdk_x"
    assert json.loads(gzip.decompress(content)) == ROW
    assert headers["Idempotency-Key"] == content_key(content, "refuse_all")


def test_it_gives_up_after_a_bounded_time(server: Server) -> None:
    waits: list[float] = []
    server.answers = [(503, {"Retry-After": "86400"}, {"message": "away"})] * 4
    with pytest.raises(Unreachable, match="away"):
        client(server, waits).send([ROW])
    assert waits == [30, 30, 30]


def test_nobody_there_is_told_in_plain_words(server: Server) -> None:
    waits: list[float] = []
    caller = client(server, waits, attempts=2)
    # Port 1 is nobody's.
    caller.address = "http://127.0.0.1:1"
    with pytest.raises(Unreachable) as away:
        caller.send([ROW])
    assert "refused" in str(away.value)
    assert "urlopen" not in str(away.value)
    assert len(waits) == 1


def test_a_broken_answer_is_asked_for_again(server: Server) -> None:
    server.answers = [(201, {}, '{"accepted": 1'), DONE]
    assert client(server, []).send([ROW])["accepted"] == 1


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((401, {}, {"message": "no"}), Unauthorised),
        ((403, {}, {"message": "no"}), Unauthorised),
        ((409, {}, {"code": "key_used_before", "message": "no"}), Unwelcome),
        ((413, {}, {"message": "no"}), Unwelcome),
        ((404, {}, "no"), Unwelcome),
    ],
)
def test_what_another_call_would_not_change_is_not_repeated(
    server: Server, answer: tuple[int, dict[str, str], Any], problem: type[Exception]
) -> None:
    server.answers = [answer]
    with pytest.raises(problem, match="no"):
        client(server, []).send([ROW])
    assert len(server.asked) == 1


def test_refused_rows_are_an_answer_and_a_large_batch_is_waited_for(server: Server) -> None:
    refused = {"accepted": 0, "rejected": 1, "errors": [{"row": 1}]}
    server.answers = [
        (202, {"Location": "/api/v1/batches/5"}, {"batch": 5, "state": "waiting"}),
        (200, {}, {"state": "running"}),
        (200, {}, refused | {"state": "refused"}),
        (422, {}, refused),
    ]
    waits: list[float] = []
    asking = client(server, waits)
    assert asking.send([ROW])["state"] == "refused"
    assert [path for path, _, _ in server.asked][1:] == ["/api/v1/batches/5"] * 2
    assert waits == [1]
    assert asking.send([ROW]) == refused


def test_the_same_rows_are_the_same_bytes_and_others_another_key() -> None:
    turned = dict(reversed(ROW.items()))
    assert pack([ROW]) == pack([turned])
    assert content_key(pack([ROW])) != content_key(pack([ROW, ROW]))
    assert content_key(b"x", "keep_good") != content_key(b"x", "refuse_all")


@pytest.mark.parametrize("address", ["thuocdo.gov.vn", "ftp://x", "file:///etc/passwd", ""])
def test_an_address_must_be_one(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        Client(address, "k")
