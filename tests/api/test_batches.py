"""Large batches and other forms of sending: lines, gzip, bounded reports, 202 and what follows, kills."""

import gzip
import json
import os
import signal
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connections
from django.test import Client
from django_tasks_db.models import DBTaskResult

from tests.indicators.figures import load_figures, row
from tests.world import NOW, World, recall_world
from thuocdo.accounts.operations import issue_key, revoke_key
from thuocdo.api.v1 import measurements as door
from thuocdo.indicators.jobs import record_landed, record_left_behind
from thuocdo.indicators.models import Batch, Landing, Measurement
from thuocdo.indicators.operations import landing, reading, recording
from thuocdo.indicators.queries import root_of
from thuocdo.ledger.models import Entry

LINES = "application/x-ndjson"


class Source:
    """A source system of Hà Nội."""

    def __init__(self, world: World, **conditions: Any) -> None:
        load_figures(world)
        self.key, self.token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Cổng", **conditions)

    def post(self, content: bytes, kind: str = LINES, query: str = "", **headers: str) -> Any:
        given = {"Authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        return Client().post(f"/api/v1/measurements{query}", content, content_type=kind, headers=given)

    def get(self, address: str) -> Any:
        return Client().get(address, headers={"Authorization": f"Bearer {self.token}"})


@pytest.fixture
def source(world: World) -> Iterator[Source]:
    with time_machine.travel(NOW, tick=False):
        yield Source(world)


def lines(*rows: Any) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in rows)


def do_jobs() -> None:
    """What the slow worker would do."""
    for entry in Entry.objects.filter(event="indicators.measurements.landed").order_by("number"):
        record_landed.func(entry=entry.number)


def codes(answer: Any) -> list[tuple[int, str]]:
    return [(error["row"], error["code"]) for error in answer.json()["errors"]]


# Forms


def test_lines_are_read_like_a_list_and_compressed_ones_too(source: Source) -> None:
    content = b"\xef\xbb\xbf" + lines(row(), row(period="2026-07")) + b"\r\n\n"
    assert source.post(content).json()["accepted"] == 2
    again = source.post(gzip.compress(lines(row(period="2026-06"))) + gzip.compress(lines(row(period="2026-05"))),
                        Content_Encoding="gzip")  # fmt: skip
    assert (again.status_code, again.json()["accepted"]) == (201, 2)


def test_a_line_cut_short_is_named_and_the_others_can_be_kept(source: Source) -> None:
    content = lines(row(), row(period="2026-07"))[:-20]
    refused = source.post(content)
    assert (refused.status_code, codes(refused)) == (422, [(2, "not_json")])
    kept = source.post(content, query="?on_error=keep_good")
    assert (kept.status_code, kept.json()["accepted"], codes(kept)) == (201, 1, [(2, "not_json")])


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"abc", {"Content_Encoding": "gzip"}, 422, "not_gzip"),
        (gzip.compress(lines(row()))[:-9], {"Content_Encoding": "gzip"}, 422, "truncated"),
        (b"\n", {}, 422, "no_rows"),
        (b"{}", {"Content_Encoding": "br"}, 415, "unsupported_encoding"),
        (b"{}", {"Idempotency_Key": "x" * 201}, 422, "too_long"),
    ],
    # Compressed bytes hold the time; two workers would know the test by different names.
    ids=["no gzip", "cut off", "no rows", "another encoding", "a long key"],
)
def test_what_cannot_be_read_is_said_so(
    source: Source, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = source.post(content, **headers)
    assert answer.status_code == status
    assert (answer.json()["code"] if status == 415 else codes(answer)[0][1]) == code


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_kind_of_content_is_not_guessed_at(source: Source, kind: str) -> None:
    answer = source.post(b"{}", kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_small_request_cannot_unpack_to_a_large_one(source: Source) -> None:
    bomb = zlib.compressobj(9, wbits=31)
    packed = b"".join(bomb.compress(b" " * 1_000_000) for _ in range(70)) + bomb.flush()
    assert len(packed) < 100_000
    answer = source.post(packed, Content_Encoding="gzip")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_ten_thousand_bad_rows_are_reported_within_bounds(source: Source) -> None:
    answer = source.post(lines(row()) + lines(*[row(body="99", value="x" * 50)] * 10_000), query="?on_error=keep_good")
    found = answer.json()
    assert (found["accepted"], found["rejected"], len(found["errors"])) == (1, 10_000, 1_000)
    assert found["counts"] == {"unknown_body": 10_000}
    assert len(answer.content) < 400_000


# Meaning


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"indicator": "Service-on-time"}, "indicator", "“service_on_time”"),
        ({"indicator": "satisfacton"}, "indicator", "“satisfaction”"),
        ({"body": "1"}, "body", "“01”"),
        ({"period": "Quý III/2026"}, "period", "2026-Q3"),
        ({"period": "08/2026"}, "period", "2026-08"),
        ({"period": "14/08/2026"}, "period", "2026-08-14"),
        ({"period": "20260814"}, "period", "2026-08-14"),
        ({"period": "Q2/2026"}, "period", "2026-Q2"),
        ({"period": "08/14/2026"}, "period", "2026-09-14"),
        ({"period": "2026-12"}, "period", "14/09/2026"),
        ({"value": "0.795", "unit": "tỷ lệ"}, "unit", "79.5"),
        ({"value": "795", "unit": "‰"}, "unit", "79.5"),
        ({"unit": "tỷ đồng"}, "unit", "không đổi được"),
        ({"value": "79,5"}, "value", "79.5"),
        ({"value": 10**5000}, "value", "quá nhiều chữ số"),
        ({"value": "😀"}, "value", "😀"),
        ({"standard_error": "-1"}, "standard_error", "không âm"),
        ({"standard_error": "1,5"}, "standard_error", "1.5"),
        ({"sample_size": 0.5}, "sample_size", "nguyên dương"),
        ({"reason": "x" * 201}, "reason", "200"),
    ],
)
def test_a_wrong_cell_is_answered_with_what_was_probably_meant(
    source: Source, change: dict[str, Any], field: str, words: str
) -> None:
    if change.get("value") == 10**5000:
        content = lines(row(value=0)).replace(b'"value": 0', b'"value": ' + b"9" * 4_000)
    else:
        content = lines(row(**change))
    (error,) = source.post(content).json()["errors"]
    assert error["field"] == field
    assert words.lower() in error["message"].lower()


def test_a_share_written_as_a_fraction_is_taken_with_a_warning(source: Source) -> None:
    found = source.post(lines(row(value="0.87"), row(period="2026-07", value="87", unit="%"))).json()
    assert (found["accepted"], found["warned"]) == (2, {"looks_like_fraction": 1})
    assert found["warnings"][0]["row"] == 1
    assert "87" in found["warnings"][0]["message"]


def test_a_part_of_what_is_counted_one_by_one_is_taken_with_a_warning(source: Source) -> None:
    """Twelve thousand databases written 12.345, as people in Việt Nam do; a whole number says nothing."""
    given = [row(indicator="databases", period=period, value=value)
             for period, value in (("2025", "12.345"), ("2024", "12345"), ("2023", "0.5"))]  # fmt: skip
    found = source.post(lines(*given, row(value="12.345"))).json()
    assert (found["accepted"], found["warned"]) == (4, {"looks_like_thousands": 2})
    first, second = found["warnings"]
    assert (first["row"], second["row"]) == (1, 3)
    assert "12345" in first["message"]
    assert "hàng nghìn" not in second["message"]


def test_a_hostile_code_beside_good_rows_stops_nothing(source: Source) -> None:
    """No database takes such characters, and none is asked for them."""
    bad = [row(indicator="nothing", body=body) for body in ("a\x00b", "x" * 50_000, "\u202e01")]
    bad += [row(indicator="r_\x00", body="01"), row(indicator="r_01_" + "x" * 5_000)]
    answer = source.post(lines(row(), *bad), query="?on_error=keep_good")
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (201, 1, 5)
    # As many as are looked up at once, and more.
    many = source.post(lines(row(period="2026-07"), *bad * 300), query="?on_error=keep_good")
    assert (many.status_code, many.json()["accepted"], many.json()["rejected"]) == (201, 1, 1_500)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", "-Infinity"])
def test_what_json_should_not_know_is_no_number(source: Source, value: str) -> None:
    content = lines(row(value=0)).replace(b'"value": 0', f'"value": {value}'.encode())
    assert codes(source.post(content)) == [(1, "not_a_number")]


def test_of_rows_that_contradict_each_other_none_is_taken(source: Source) -> None:
    answer = source.post(
        lines(row(value="80"), row(period="2026-07"), row(value="81"), row(period="2026-07")),
        query="?on_error=keep_good",
    )
    assert answer.json()["accepted"] == 1
    assert codes(answer) == [(1, "duplicate_differs"), (3, "duplicate_differs"), (4, "duplicate")]
    assert Measurement.objects.get().period == "2026-07"


def test_precision_and_reason_are_kept_and_sealed(source: Source) -> None:
    told = row(indicator="satisfaction", period="2026-Q2", value="81", unit="%", standard_error="1.40",
               sample_size=800, reason="Bổ sung phiếu")  # fmt: skip
    source.post(lines(told, row()))
    kept = Measurement.objects.get(indicator__code="satisfaction")
    assert (str(kept.standard_error), kept.sample_size, kept.reason) == ("1.40000000", 800, "Bổ sung phiếu")
    batch = Batch.objects.get()
    assert root_of(batch) == batch.root
    plain = Measurement.objects.get(indicator__code="service_on_time")
    assert (plain.standard_error, plain.sample_size, plain.reason) == (None, None, None)


# Acknowledged first


def test_a_large_batch_is_acknowledged_then_recorded(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "AT_ONCE", 1)
    content = gzip.compress(lines(row(), row(period="2026-07"), row(value="x", period="2026-06")))
    answer = source.post(content, query="?on_error=keep_good", Content_Encoding="gzip", Idempotency_Key="a")
    assert answer.status_code == 202
    address = answer["Location"]
    assert answer.json() == {"batch": Batch.objects.get().pk, "state": "waiting", "address": address}
    assert not Measurement.objects.exists()
    recording = DBTaskResult.objects.filter(queue_name="slow", task_path__endswith=".record_landed")
    assert recording.count() == 1
    again = source.post(content, query="?on_error=keep_good", Content_Encoding="gzip", Idempotency_Key="a")
    assert (again.status_code, again["Location"]) == (202, address)
    waiting = source.get(address).json()
    assert (waiting["state"], waiting["rows"], waiting["checked"]) == ("waiting", 3, 0)
    do_jobs()
    do_jobs()
    done = source.get(address).json()
    assert (done["state"], done["accepted"], done["rejected"], done["checked"]) == ("recorded", 2, 1, 3)
    assert [error["code"] for error in done["errors"]] == ["not_a_number"]
    assert Measurement.objects.count() == 2
    assert {one.recorded_by for one in Measurement.objects.all()} == {source.key.label}
    final = source.post(content, query="?on_error=keep_good", Content_Encoding="gzip", Idempotency_Key="a")
    assert (final.status_code, final.json()["accepted"]) == (201, 2)
    assert source.post(lines(row()), Idempotency_Key="a").status_code == 409


def test_a_caller_may_ask_for_it_with_few_rows(source: Source) -> None:
    answer = source.post(lines(row(value="x")), Prefer="respond-async, wait=1")
    assert (answer.status_code, answer["Preference-Applied"]) == (202, "respond-async")
    do_jobs()
    found = source.get(answer["Location"]).json()
    assert (found["state"], found["counts"]) == ("refused", {"not_a_number": 1})


def test_what_was_acknowledged_is_recorded_though_the_key_is_revoked(source: Source, world: World) -> None:
    source.post(lines(row()), Prefer="respond-async")
    revoke_key(actor=world.machine, at=NOW, key=source.key)
    with time_machine.travel(NOW.replace(hour=NOW.hour + 1), tick=False):
        record_left_behind.func()
    assert Measurement.objects.count() == 1


def test_a_batch_that_was_recorded_at_once_can_be_asked_for_too(source: Source) -> None:
    number = source.post(lines(row())).json()["batch"]
    found = source.get(f"/api/v1/batches/{number}").json()
    assert (found["state"], found["accepted"]) == ("recorded", 1)


def test_a_key_sees_its_own_batches_only(source: Source, world: World) -> None:
    number = source.post(lines(row())).json()["batch"]
    source.key, source.token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Khác")
    assert source.get(f"/api/v1/batches/{number}").status_code == 404
    assert source.get("/api/v1/batches/99999999999999999999").status_code == 422


def test_a_full_disk_acknowledges_nothing(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    answer = source.post(lines(row()), Prefer="respond-async", Idempotency_Key="a")
    assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
    assert not Batch.objects.exists()
    monkeypatch.undo()
    assert source.post(lines(row()), Prefer="respond-async", Idempotency_Key="a").status_code == 202


def test_bytes_that_are_not_those_acknowledged_are_never_recorded(source: Source) -> None:
    address = source.post(lines(row()), Prefer="respond-async")["Location"]
    with open(default_storage.path(Landing.objects.get().address), "ab") as file:  # noqa: PTH123
        file.write(b"x")
    do_jobs()
    assert source.get(address).json()["counts"] == {"content_lost": 1}
    assert not Measurement.objects.exists()


def test_a_batch_that_never_succeeds_is_given_up(source: Source) -> None:
    address = source.post(lines(row()), Prefer="respond-async")["Location"]
    Landing.objects.update(attempts=landing.MOST_ATTEMPTS)
    do_jobs()
    assert source.get(address).json()["counts"] == {"given_up": 1}


def test_a_key_that_calls_too_often_is_told_when_to_come_again(source: Source, world: World) -> None:
    source.key, source.token = issue_key(
        actor=world.machine, at=NOW, body=world.body("01"), title="Nhanh", calls_per_minute=6
    )
    assert source.get("/api/v1/indicators").status_code == 200
    answer = source.get("/api/v1/indicators")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "too_many_calls", "10")


def test_a_key_for_a_feed_sends_no_figures(source: Source, world: World) -> None:
    source.key, source.token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="L", feeds=["ho_so"])
    assert codes(source.post(lines(row()))) == [(1, "out_of_scope")]


# Killed

STEPS: dict[str, tuple[Any, str]] = {
    "the bytes are read": (landing, "read_batch"),
    "the rows are checked": (landing, "check"),
    "the rows are stored": (recording, "store_rows"),
    "the entry is appended": (recording, "append"),
    "all is written, but not committed": (landing, "write"),
    "all is committed": (landing, "record_landed"),
}


def killed(act: Callable[[], Any], place: Any, name: str) -> None:
    """Do something in a process of its own, which is killed right after one of its steps."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        step = getattr(place, name)

        def last(*given: Any, **named: Any) -> Any:
            step(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(place, name, last)
        try:
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the step was never reached"


def test_killed_at_any_step_nothing_acknowledged_is_lost_or_counted_twice(own_database: str) -> None:
    with time_machine.travel(NOW, tick=False):
        source = Source(recall_world())
        content = lines(row(), row(period="2026-07"), row(value="x", period="2026-06"))

        def send() -> Any:
            return source.post(content, query="?on_error=keep_good", Prefer="respond-async", Idempotency_Key="a")

        # Before the promise is committed nothing is acknowledged, and the same call may simply come again.
        for place, name in ((default_storage, "save"), (landing, "append")):
            killed(send, place, name)
            assert not Batch.objects.exists()
        address = send()["Location"]
        number = Batch.objects.get().pk
        machine = recall_world().machine
        for place, name in STEPS.values():
            killed(lambda: landing.record_landed(actor=machine, at=NOW, number=number), place, name)
            rows = Measurement.objects.count()
            assert rows == (2 if name == "record_landed" else 0), name
        assert landing.record_landed(actor=machine, at=NOW, number=number) is None
        assert Measurement.objects.count() == 2
        assert Entry.objects.filter(event="indicators.measurements.recorded").count() == 1
        assert source.get(address).json()["accepted"] == 2


def test_the_bounds_are_those_that_the_page_names() -> None:
    assert (reading.MOST_BYTES, recording.MOST_ROWS_OF_KEY, door.AT_ONCE) == (64_000_000, 100_000, 20_000)
