"""The stream of what happens, over real HTTP: in order, once, after what was missed, and to each their own."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from django.test import Client

from tests.serving import site
from tests.world import NOW, PASSWORD
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import newest_number
from thuocdo.web import live
from thuocdo.web.live import _number

SOON = 5.0


@dataclass
class Told:
    """One server-sent event as a browser reads it."""

    id: int
    event: str
    data: dict[str, Any]


@pytest.fixture
def address(own_database: str) -> Iterator[str]:
    with site(own_database) as running:
        yield running


def _append(event: Event = Event.SCORES_COMPUTED, subject: str = "scorecard:nq57") -> int:
    return append(actor="system:tests", at=NOW, event=event, subject=subject).number


def _listen(
    address: str,
    *,
    count: int,
    cookies: httpx.Cookies | None = None,
    ready: list[str] | None = None,
    after: int | None = None,
) -> list[Told]:
    """The first events of a stream; `ready` gets the first line once the stream is open."""
    asked = {} if after is None else {"Last-Event-ID": str(after)}
    told: list[Told] = []
    fields: dict[str, str] = {}
    with httpx.stream("GET", f"{address}/live", headers=asked, cookies=cookies, timeout=SOON) as stream:
        assert stream.status_code == 200
        assert stream.headers["Content-Type"] == "text/event-stream"
        for line in stream.iter_lines():
            if ready is not None and not ready:
                ready.append(line)
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "id" in fields:
                told.append(Told(int(fields["id"]), fields["event"], json.loads(fields["data"])))
                fields = {}
            if len(told) == count:
                break
    return told


def _wait_until_open(ready: list[str]) -> None:
    give_up = time.monotonic() + SOON
    while not ready:
        assert time.monotonic() < give_up, "The stream did not open."
        time.sleep(0.02)


def _signed_in(address: str, username: str) -> httpx.Cookies:
    with httpx.Client(base_url=address) as client:
        client.get("/tai-khoan/login/")
        answer = client.post(
            "/tai-khoan/login/",
            data={"login": username, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]},
            headers={"Referer": f"{address}/tai-khoan/login/"},
        )
        assert answer.status_code == 302
        return client.cookies


def test_whoever_was_away_is_told_what_was_missed_in_order_and_once(address: str) -> None:
    first, second, third = _append(), _append(), _append()
    told = _listen(address, count=2, after=first)
    assert [event.id for event in told] == [second, third]
    assert told[0].event == "scorecards.scores.computed"


def test_an_open_page_hears_within_a_moment(address: str) -> None:
    ready: list[str] = []
    with ThreadPoolExecutor(2) as threads:
        listening = [threads.submit(_listen, address, count=3, ready=ready if n == 0 else None) for n in range(2)]
        _wait_until_open(ready)
        time.sleep(0.3)
        begun = time.monotonic()
        numbers = [_append() for _ in range(3)]
        heard = [future.result() for future in listening]
        assert time.monotonic() - begun < 1.5
    assert [[event.id for event in events] for events in heard] == [numbers, numbers]


def test_the_public_hears_of_scores_and_the_signed_in_that_something_happened_but_not_to_what(address: str) -> None:
    before = newest_number()
    changed = _append(Event.TASK_CHANGED, "task:12")
    _append(Event.ROLE_GRANTED, "user:3")
    scored = _append(Event.SCORES_COMPUTED, "run:7")

    def told_of(number: int, event: Event) -> Told:
        return Told(number, event.value, {"number": number, "event": event.value, "subject": ""})

    assert _listen(address, count=1, after=before) == [told_of(scored, Event.SCORES_COMPUTED)]
    assert _listen(address, count=2, cookies=_signed_in(address, "lan"), after=before) == [
        told_of(changed, Event.TASK_CHANGED),
        told_of(scored, Event.SCORES_COMPUTED),
    ]


def test_who_reads_the_ledger_hears_everything(address: str) -> None:
    cookies = _signed_in(address, "thanh")
    before = newest_number()
    changed = _append(Event.TASK_CHANGED, "task:12")
    told = _listen(address, count=1, cookies=cookies, after=before)
    assert told == [
        Told(changed, "tasks.task.changed", {"number": changed, "event": "tasks.task.changed", "subject": "task:12"})
    ]


@pytest.mark.parametrize("nonsense", ["-1", "abc", "1 OR 1=1", "9" * 30, "²"])
def test_nonsense_for_a_number_means_from_now_on(nonsense: str) -> None:
    assert _number(nonsense) is None
    assert _number("17") == 17


def test_a_process_bears_only_so_many_listeners(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_LISTENERS", 0)
    answer = client.get("/live")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_the_server_ends_at_once_although_pages_listen(own_database: str) -> None:
    with ThreadPoolExecutor(1) as threads, site(own_database) as running:
        ready: list[str] = []
        listening = threads.submit(_listen, running, count=1, ready=ready)
        _wait_until_open(ready)
        leaving = time.monotonic()
    # The stream was ended by the server, not torn: the listener saw an orderly end without any event.
    assert listening.result() == []
    assert time.monotonic() - leaving < SOON
