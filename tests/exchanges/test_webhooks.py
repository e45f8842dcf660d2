"""Machines are told of what happens: signed, once, with patience, only of what they may see, and never into our net."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.tasks.samples import given, taken_on
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.client import sign, verify
from thuocdo.exchanges import sending
from thuocdo.exchanges.models import Dispatch, Receiver
from thuocdo.exchanges.operations import webhooks
from thuocdo.exchanges.operations.webhooks import (
    ReceiverRefused,
    note_entries,
    pause_receiver,
    register_receiver,
    rotate_secret,
    send_again,
    send_waiting,
)
from thuocdo.exchanges.queries.webhooks import receivers_within
from thuocdo.exchanges.sending import NotSent, Reply, post, refusal_of
from thuocdo.ledger.events import Event

MINUTE = timedelta(minutes=1)
STATE = Dispatch.State


@pytest.fixture(autouse=True)
def _secret(settings: Any) -> None:
    settings.WEBHOOK_SECRET = lambda: "bí mật của bản thử"


def receiver(
    world: World, body: str = "BTP", address: str = "https://nhan.example.gov.vn/su-kien"
) -> tuple[Receiver, str]:
    return register_receiver(
        actor=world.actor("quan"), at=NOW, body=world.body(body), title="Hệ thống điều hành", address=address,
        events=[Event.TASK_CHANGED, Event.TASKS_ASSIGNED],
    )  # fmt: skip


class Ear:
    """A receiver that answers as it is told and remembers what it heard."""

    def __init__(self, *statuses: int | str) -> None:
        self.statuses, self.heard = list(statuses), []  # type: ignore[var-annotated]

    def __call__(self, address: str, body: bytes, headers: dict[str, str]) -> Reply:
        self.heard.append((address, body, headers))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if isinstance(status, str):
            raise NotSent(status)
        return Reply(status, "x")


def test_a_change_reaches_its_receiver_once_signed_and_without_names(world: World) -> None:
    _row, secret = receiver(world)
    task = taken_on(world, title="Việc của Nguyễn Văn A")
    assert note_entries(at=NOW) == 2
    assert note_entries(at=NOW) == 0
    ear = Ear(200)
    assert send_waiting(at=NOW, call=ear).sent == 2
    assert send_waiting(at=NOW + MINUTE, call=ear).sent == 0
    (_address, body, headers), _second = ear.heard
    plain = json.loads(body)
    assert (plain["event"], plain["data"]["code"], plain["data"]["step"]) == ("tasks.task.changed", task.code, "assign")
    assert "Nguyễn" not in body.decode()
    assert "user:" not in body.decode()
    moment = NOW.timestamp()
    assert verify(secret, headers["Thuocdo-Signature"], body, now=moment)
    assert not verify(secret, headers["Thuocdo-Signature"], body + b" ", now=moment)
    assert not verify(secret, headers["Thuocdo-Signature"], body, now=moment + 301)
    assert not verify("tds_khac", headers["Thuocdo-Signature"], body, now=moment)
    assert secret not in json.dumps(list(Receiver.objects.values()), default=str)


def test_a_receiver_is_told_only_what_its_body_may_see_when_it_is_sent(world: World) -> None:
    receiver(world, "BTP")
    given(world, "BNV")
    seen = given(world, "BTP")
    note_entries(at=NOW)
    ear = Ear(200)
    done = send_waiting(at=NOW, call=ear)
    assert (done.sent, done.withheld) == (1, 1)
    assert json.loads(ear.heard[0][1])["data"]["code"] == seen.code
    assert Dispatch.objects.filter(state=STATE.WITHHELD).count() == 1


def test_a_failing_receiver_is_tried_again_and_at_last_waits_for_a_person(world: World) -> None:
    receiver(world)
    given(world)
    note_entries(at=NOW)
    ear = Ear(400)
    now, tries = NOW, 0
    while Dispatch.objects.get().state == STATE.WAITING:
        tries += send_waiting(at=now, call=ear).put_off
        now += timedelta(minutes=30)
        assert now < NOW + timedelta(days=4)
    row = Dispatch.objects.get()
    assert (row.state, row.status, row.failure) == (STATE.PARKED, 400, "status_400")
    assert 8 < len(ear.heard) < 25
    assert now > NOW + timedelta(days=2)
    send_again(actor=world.actor("quan"), at=now, dispatch=row)
    assert send_waiting(at=now, call=Ear(200)).sent == 1


def test_where_nobody_answers_the_others_are_not_tried_and_one_bad_message_holds_none(world: World) -> None:
    receiver(world)
    taken_on(world)
    note_entries(at=NOW)
    silent = Ear("unreachable")
    assert send_waiting(at=NOW, call=silent).put_off == 2
    assert len(silent.heard) == 1
    assert list(Dispatch.objects.order_by("entry").values_list("attempts", flat=True)) == [1, 0]
    picky = Ear(422, 200)
    done = send_waiting(at=NOW + 10 * MINUTE, call=picky)
    assert (done.put_off, done.sent) == (1, 1)


def test_a_new_secret_overlaps_with_the_one_before(world: World) -> None:
    row, first = receiver(world)
    _row, second = rotate_secret(actor=world.actor("quan"), at=NOW, receiver=row)
    given(world)
    note_entries(at=NOW)
    ear = Ear(500, 200)
    send_waiting(at=NOW, call=ear)
    later = NOW + timedelta(days=8)
    Dispatch.objects.update(began_at=later)
    send_waiting(at=later, call=ear)
    for secret, is_kept in ((first, False), (second, True)):
        _address, body, headers = ear.heard[0]
        assert verify(secret, headers["Thuocdo-Signature"], body, now=NOW.timestamp())
        _address, body, headers = ear.heard[1]
        assert verify(secret, headers["Thuocdo-Signature"], body, now=later.timestamp()) is is_kept


def test_a_paused_receiver_keeps_its_messages(world: World) -> None:
    row, _secret = receiver(world)
    pause_receiver(actor=world.actor("quan"), at=NOW, receiver=row, is_paused=True)
    given(world)
    note_entries(at=NOW)
    ear = Ear(200)
    assert send_waiting(at=NOW, call=ear).sent == 0
    pause_receiver(actor=world.actor("quan"), at=NOW, receiver=row, is_paused=False)
    assert send_waiting(at=NOW, call=ear).sent == 1


def test_receivers_belong_to_whoever_manages_their_bodys_exchanges(world: World) -> None:
    receiver(world)
    with pytest.raises(NotAllowed):
        register_receiver(
            actor=world.actor("an"), at=NOW, body=world.body("BTP"), title="x", address="https://a.example",
            events=[Event.TASK_CHANGED],
        )  # fmt: skip
    assert receivers_within(world.actor("an")).count() == 0
    assert receivers_within(world.actor("lan")).count() == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://nhan.example.gov.vn", "not_https"),
        ("https://127.0.0.1/x", "private_address"),
        ("https://10.1.2.3", "private_address"),
        ("https://169.254.169.254/latest/meta-data", "private_address"),
        ("https://[::1]/", "private_address"),
        ("https://[::ffff:10.0.0.1]/", "private_address"),
        ("https://[64:ff9b::a00:1]/", "private_address"),
        ("https://0.0.0.0", "private_address"),
        ("https://nguoi:khau@nhan.example.gov.vn", "address"),
        ("https://nhan.example.gov.vn:0", "address"),
        ("https://nhan.example.gov.vn/a b", "address"),
        ("ftp://nhan.example.gov.vn", "not_https"),
        ("https://", "address"),
    ],
)
def test_an_address_of_our_own_net_is_refused(world: World, address: str, code: str) -> None:
    with pytest.raises(ReceiverRefused) as refusal:
        receiver(world, address=address)
    assert (refusal.value.code, refusal.value.field) == (code, "address")


def test_a_name_that_leads_into_our_net_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_host: str, port: int, **_named: Any) -> list[Any]:
        return [(2, 1, 6, "", (place, port)) for place in ("93.184.216.34", "10.0.0.7")]

    monkeypatch.setattr("socket.getaddrinfo", found)
    with pytest.raises(NotSent) as refusal:
        post("https://nhan.example.gov.vn/x", b"{}", {}, allowed=())
    assert refusal.value.code == "private_address"
    assert refusal_of("http://noi-bo:8080/x", allowed={"noi-bo:8080"}) == ""
    assert refusal_of("http://noi-bo:8081/x", allowed={"noi-bo:8080"}) == "not_https"


@contextmanager
def ear_at(answer: Any) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_redirects_are_not_followed_and_of_a_long_answer_little_is_kept() -> None:
    def away(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "http://127.0.0.1:1/other")
        handler.end_headers()
        handler.wfile.write(b"y" * 100_000)

    with ear_at(away) as place:
        reply = post(f"http://{place}/x", b"{}", {}, allowed={place})
    assert (reply.status, len(reply.answer)) == (302, 500)


def test_a_receiver_that_drips_its_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.4)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        try:
            for _number in range(60):
                handler.wfile.write(b"H")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    began = time.monotonic()
    with ear_at(drip) as place, pytest.raises(NotSent) as refusal:
        post(f"http://{place}/x", b"{}", {}, allowed={place})
    assert refusal.value.code == "too_slow"
    assert time.monotonic() - began < 3


def test_a_slow_receiver_delays_no_other(world: World) -> None:
    receiver(world)
    receiver(world, address="https://khac.example.gov.vn/")
    given(world)
    note_entries(at=NOW)
    met = threading.Barrier(2, timeout=10)

    def together(_address: str, _body: bytes, _headers: dict[str, str]) -> Reply:
        # Each waits until the other is being called as well: one after the other this would break.
        met.wait()
        return Reply(204, "")

    assert send_waiting(at=NOW, call=together).sent == 2


def test_the_verifying_function_refuses_what_is_no_signature() -> None:
    good = f"t=100,v1={sign('s', b'x', 100)}"
    assert verify("s", good, b"x", now=100)
    for bad in ("", "t=100", "v1=ab", "t=x,v1=ab", good + ",t=100", f"t=100,v1={'é' * 3}", "t=99999999999999,v1=a"):
        assert not verify("s", bad, b"x", now=100)


def test_the_round_ends_for_a_receiver_that_takes_too_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "LONGEST_ROUND", -1.0)
    receiver(world)
    given(world)
    note_entries(at=NOW)
    assert send_waiting(at=NOW, call=Ear(200)).put_off == 1
    assert Dispatch.objects.get().attempts == 0
