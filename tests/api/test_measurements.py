"""A source system pushes figures: the contract of POST /api/v1/measurements."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.indicators.figures import load_figures, row
from tests.world import NOW, World, recall_world
from thuocdo.accounts.operations import issue_key, revoke_key
from thuocdo.indicators.models import Batch, Measurement
from thuocdo.ledger.queries import newest_number

ADDRESS = "/api/v1/measurements"


class Source:
    """A source system of Hà Nội with its key."""

    def __init__(self, world: World, **conditions: Any) -> None:
        load_figures(world)
        self.key, self.token = issue_key(
            actor=world.machine, at=NOW, body=world.body("01"), title="Cổng dịch vụ công", **conditions
        )

    def post(self, content: Any, *, raw: bytes | None = None, **headers: str) -> Any:
        return Client().post(
            ADDRESS,
            raw if raw is not None else json.dumps(content),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"} | {k.replace("_", "-"): v for k, v in headers.items()},
        )


@pytest.fixture
def source(world: World) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield Source(world)


def test_good_rows_are_recorded_and_answered_as_promised(source: Source) -> None:
    rows = [
        row(kind="final", provenance="system", source="Cổng dịch vụ công", external_id="HN-1"),
        row(period="2026-Q3", value="81"),
    ]
    answer = source.post({"rows": rows, "on_error": "refuse_all"})
    assert answer.status_code == 201
    assert answer.json() == {
        "accepted": 2, "rejected": 0, "errors": [], "counts": {}, "warnings": [], "warned": {},
        "batch": Batch.objects.get().pk, "ledger": newest_number(),
    }  # fmt: skip
    told = Measurement.objects.order_by("pk")[0]
    assert (told.source, told.external_id, told.recorded_by) == ("Cổng dịch vụ công", "HN-1", source.key.label)


def test_all_is_refused_with_row_field_code_and_remedy(source: Source) -> None:
    answer = source.post({"rows": [row(), row(period="2026-07", value="79,5"), row(body="48")]})
    assert answer.status_code == 422
    found = answer.json()
    assert (found["accepted"], found["rejected"], found["ledger"]) == (0, 3, None)
    assert [(e["row"], e["field"], e["code"]) for e in found["errors"]] == [
        (2, "value", "decimal_comma"), (3, "body", "out_of_scope"),
    ]  # fmt: skip
    assert "79.5" in found["errors"][0]["message"]
    assert not Measurement.objects.exists()


def test_good_rows_are_kept_when_asked(source: Source) -> None:
    answer = source.post({"rows": [row(), row(value="x")], "on_error": "keep_good"})
    assert answer.status_code == 201
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (1, 1)


def test_a_repeated_key_gets_the_first_answer_again(source: Source) -> None:
    first = source.post({"rows": [row()]}, Idempotency_Key="2026-09-14/1")
    again = source.post({"rows": [row()]}, Idempotency_Key="2026-09-14/1")
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (201, again.json())
    assert Measurement.objects.count() == 1
    other = source.post({"rows": [row(value="1")]}, Idempotency_Key="2026-09-14/1")
    assert (other.status_code, other.json()["code"]) == (409, "key_used_before")
    fresh = source.post({"rows": [row(value="1")]}, Idempotency_Key="2026-09-14/2")
    assert fresh.status_code == 201


def test_a_refusal_is_repeated_too(source: Source) -> None:
    first = source.post({"rows": [row(value="x")]}, Idempotency_Key="a")
    again = source.post({"rows": [row(value="x")]}, Idempotency_Key="a")
    assert again.status_code == 422
    assert again.json() == first.json()


def test_two_requests_with_one_key_at_once_are_recorded_once(own_database: str) -> None:
    with time_machine.travel(NOW, tick=False):
        source = Source(recall_world())

        def send(_number: int) -> Any:
            try:
                answer = source.post({"rows": [row()]}, Idempotency_Key="at-once")
                return answer.status_code, answer.json()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as senders:
            answers = list(senders.map(send, range(4)))
        assert answers == [answers[0]] * 4
        assert answers[0][0] == 201
        assert Measurement.objects.count() == Batch.objects.count() == 1


@pytest.mark.parametrize("token", ["", "tdk_000000000000_wrong", "nonsense"])
def test_without_a_key_nothing_opens(source: Source, token: str) -> None:
    source.token = token
    answer = source.post({"rows": [row()]})
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_or_expired_key_opens_nothing(source: Source, world: World) -> None:
    revoke_key(actor=world.machine, at=NOW, key=source.key)
    assert source.post({"rows": [row()]}).status_code == 401
    expiring = Source(world, expires_at=NOW + timedelta(days=1))
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert expiring.post({"rows": [row()]}).status_code == 401


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b'{"rows": [', "not_json"),
        (b"[]", "rows_missing"),
        (b'{"rows": 5}', "rows_missing"),
        (b'{"rows": []}', "no_rows"),
        (b'{"rows": [{}], "mode": 1}', "unknown_field"),
        (b'{"rows": [{}], "on_error": "ignore"}', "unknown_choice"),
        (b'{"rows": [{}], "on_error": ["keep_good"]}', "unknown_choice"),
        (b'{"rows": [null]}', "not_an_object"),
        (b'{"rows": [[1]]}', "not_an_object"),
    ],
)
def test_what_is_no_batch_is_refused_in_the_same_form(source: Source, raw: bytes, code: str) -> None:
    answer = source.post(None, raw=raw)
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_more_than_a_hundred_thousand_rows_are_refused_whole(source: Source) -> None:
    answer = source.post(None, raw=b'{"rows": [' + b"{}," * 100_000 + b"{}]}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "too_many_rows"
    assert answer.json()["rejected"] == 100_001


def test_a_request_of_many_megabytes_is_refused(source: Source, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    answer = source.post({"rows": [row()] * 100})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_vietnamese_is_spoken_unless_english_is_asked_for(source: Source) -> None:
    vietnamese = source.post({"rows": [row(value="x")]}).json()["errors"][0]["message"]
    assert "không phải là số" in vietnamese
    french = source.post({"rows": [row(value="x")]}, Accept_Language="fr")
    assert (french["Content-Language"], french.json()["errors"][0]["message"]) == ("vi", vietnamese)
    assert source.post({"rows": [row(value="x")]}, Accept_Language="en;q=0.9")["Content-Language"] == "en"


def test_the_number_of_queries_does_not_grow_with_the_rows(source: Source) -> None:
    # Whatever is looked up once and kept is looked up by the first.
    source.post({"rows": [row(period="2025-03")]})
    with CaptureQueriesContext(connection) as few:
        source.post({"rows": [row()]})
    rows = [row(period=f"2026-0{month}-{day:02}") for month in range(1, 8) for day in range(1, 29)]
    with CaptureQueriesContext(connection) as many:
        assert source.post({"rows": rows}).status_code == 201
    assert len(many) == len(few)
