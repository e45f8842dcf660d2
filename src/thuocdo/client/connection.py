"""Calls of the interface that come to an end: answered, refused for good, or given up after a bounded time."""

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .packing import content_key, pack
from .waiting import Patience

# Worth another call: too fast, or the server or something before it is away for a while.
PASSING = frozenset((408, 425, 429, 500, 502, 503, 504, 507))
MOST_ANSWER_BYTES = 64_000_000
Answer = dict[str, Any]


class Unreachable(ConnectionError):
    """No answer after all attempts; whatever was sent may be sent again with the same key."""


class Unauthorised(PermissionError):
    """The key is missing, wrong or revoked (401), or may not do this (403); message and code are the server's."""

    def __init__(self, message: str, *, status: int = 401, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Unwelcome(ValueError):
    """An answer that another call would not change; `status` and `answer` are the server's."""

    def __init__(self, status: int, answer: Answer) -> None:
        super().__init__(str(answer.get("message") or answer or status))
        self.status, self.answer = status, answer


class Client:
    """One instance and the key of one source system.

    `tell` hears why a call is repeated and after how many seconds. `sleep` and `patience` are for tests and for
    sources that may not wait long.
    """

    def __init__(
        self,
        address: str,
        key: str,
        *,
        language: str = "vi",
        timeout: float = 60.0,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str, float], None] = lambda _why, _seconds: None,
    ) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"{address!r} is no address of an instance: write https://thuocdo.example.gov.vn")
        self.address = address.rstrip("/")
        self._key, self._language, self._timeout = key, language, timeout
        self._patience, self._sleep, self._tell = patience or Patience(), sleep, tell

    def send(self, rows: Iterable[Mapping[str, Any]], *, on_error: str = "refuse_all", key: str = "") -> Answer:
        """Record rows and give the answer, waiting for it where the batch is large.

        Repeats the call when no answer comes; the idempotency key, by default a digest of the rows, keeps that
        harmless. Raises Unauthorised, Unwelcome and Unreachable; refused rows are no error, see `errors`.
        """
        return self.send_packed(pack(rows), on_error=on_error, key=key)

    def send_packed(self, content: bytes, *, on_error: str = "refuse_all", key: str = "") -> Answer:
        """The same for rows that are packed already."""
        headers = {"Idempotency-Key": key or content_key(content, on_error)}
        status, answer = self._post(f"/api/v1/measurements?on_error={on_error}", content, headers)
        return self.wait(int(answer["batch"])) if status == 202 else answer

    def send_events(
        self, feed: str, events: Iterable[Mapping[str, Any]], *, on_error: str = "keep_good", key: str = ""
    ) -> Answer:
        """Land raw events of a feed and give the answer: once it is there, they are safely stored.

        Repeats the call when no answer comes, as `send` does, and raises the same; refused events are no error.
        """
        content = pack(events)
        headers = {"Idempotency-Key": key or content_key(content, on_error)}
        path = f"/api/v1/feeds/{urllib.parse.quote(feed, safe='')}/batches?on_error={on_error}"
        return self._post(path, content, headers)[1]

    def check(self, rows: Iterable[Mapping[str, Any]]) -> Answer:
        """What sending the rows would answer; nothing is recorded."""
        return self._post("/api/v1/measurements?check=true", pack(rows), {})[1]

    def batch(self, number: int) -> Answer:
        """State of a batch that this key has sent."""
        return self._call("GET", f"/api/v1/batches/{number}", None, {})[1]

    def wait(self, number: int, *, seconds: float = 900.0, pause: float = 1.0) -> Answer:
        """The answer of a large batch once it is recorded; raises Unreachable when that takes too long."""
        waited = 0.0
        while (answer := self.batch(number))["state"] in ("waiting", "running"):
            if waited >= seconds:
                raise Unreachable(f"batch {number} is still not recorded after {seconds:.0f} s")
            self._sleep(pause)
            waited += pause
        return answer

    def indicators(self) -> list[Answer]:
        """The dictionary: which codes may be sent, in which units."""
        found: Any = self._call("GET", "/api/v1/indicators", None, {})[1]
        return list(found)

    def call(
        self,
        method: str,
        path: str,
        plain: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any call of the interface (`path` begins with /api/v1/) with a JSON body; repeated like `send`.

        `key` is the idempotency key, without which a call that writes may be done twice.
        """
        content = None if plain is None else json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()
        told = {"Content-Type": "application/json"} if content is not None else {}
        if key:
            told["Idempotency-Key"] = key
        return self._call(method, path, content, {**told, **(headers or {})})[1]

    def send_file(self, content: bytes, name: str) -> Answer:
        """Send a file ahead of the report that names it; the answer has its `sha256`. Twice does no harm."""
        path = f"/api/v1/files?name={urllib.parse.quote(name, safe='')}"
        return self._call("POST", path, content, {"Content-Type": "application/octet-stream"})[1]

    def _post(self, path: str, content: bytes, headers: Mapping[str, str]) -> tuple[int, Answer]:
        kind = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        return self._call("POST", path, content, {**kind, **headers})

    def _call(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> tuple[int, Answer]:
        why = ""
        for attempt in range(self._patience.attempts):
            try:
                status, answer, asked = self._once(method, path, content, headers)
            except (OSError, http.client.HTTPException) as error:
                # Also an answer that broke off: whether it was recorded, the repetition will tell.
                # The reason alone, without the brackets in which the library wraps it.
                why, asked = str(getattr(error, "reason", None) or error) or type(error).__name__, None
            else:
                if status in (401, 403):
                    code = str(answer.get("code", ""))
                    raise Unauthorised(str(answer.get("message", status)), status=status, code=code)
                if status < 300 or (status == 422 and "errors" in answer):
                    return status, answer
                if status not in PASSING:
                    raise Unwelcome(status, answer)
                why = str(answer.get("message") or status)
            if attempt + 1 < self._patience.attempts:
                pause = self._patience.pause(attempt, asked)
                self._tell(why, pause)
                self._sleep(pause)
        raise Unreachable(why)

    def _once(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Answer, float | None]:
        told = {"Authorization": f"Bearer {self._key}", "Accept-Language": self._language, **headers}
        # The scheme was looked at when the client was made.
        request = urllib.request.Request(self.address + path, content, told, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                return int(answer.status), _plain(answer.read(MOST_ANSWER_BYTES), whole=True), None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _plain(error.read(MOST_ANSWER_BYTES)), _seconds(error.headers.get("Retry-After"))


def _plain(content: bytes, *, whole: bool = False) -> Answer:
    """The answer as JSON; a proxy's page of an error becomes a message, a broken answer an error to repeat."""
    try:
        plain: Any = json.loads(content)
    except ValueError:
        if whole:
            raise http.client.HTTPException("the answer is no JSON") from None
        return {"message": content[:200].decode(errors="replace").strip()}
    return plain if isinstance(plain, dict | list) else {"message": str(plain)}  # type: ignore[return-value]


def _seconds(given: str | None) -> float | None:
    """Seconds of a Retry-After; its other form, a date, is left to our own pauses."""
    return float(given) if given and given.isascii() and given.isdecimal() else None
