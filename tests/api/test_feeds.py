"""A source system sends raw events: the contract of /api/v1/feeds."""

import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.feeds.dossiers import dossier, lines, load_dossiers, parquet, zipped
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.feeds.files import disk
from thuocdo.feeds.models import Batch, FeedState

ADDRESS = "/api/v1/feeds/dossiers/batches"


class Source:
    """A source system of Hà Nội with its key."""

    def __init__(self, world: World, **scope: Any) -> None:
        self.key, self.token = issue_key(
            actor=world.machine, at=NOW, body=world.body("01"), title="Cổng dịch vụ công", **scope
        )

    def post(self, content: bytes, address: str = ADDRESS, **headers: str) -> Any:
        return Client().post(
            address,
            content,
            content_type="application/x-ndjson",
            headers={"Authorization": f"Bearer {self.token}"} | {k.replace("_", "-"): v for k, v in headers.items()},
        )

    def get(self, address: str, language: str = "vi") -> Any:
        return Client().get(address, headers={"Authorization": f"Bearer {self.token}", "Accept-Language": language})


@pytest.fixture
def source(world: World, settings: Any, tmp_path: Path) -> Any:
    settings.FEEDS_FOLDER = tmp_path
    load_dossiers(world)
    with time_machine.travel(NOW, tick=False):
        yield Source(world, feeds=["dossiers"])


@pytest.mark.parametrize("form", [lines, zipped, parquet])
def test_events_are_acknowledged_and_their_batch_can_be_asked_for(source: Source, form: Any) -> None:
    answer = source.post(form([dossier(), dossier("HN-2"), dossier("XX", body="48")]))
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"], told["accepted"], told["rejected"]) == ("landed", 2, 1)
    assert [(one["row"], one["field"], one["code"]) for one in told["errors"]] == [(3, "body", "out_of_scope")]
    assert answer["Location"] == f"{ADDRESS}/{told['batch']}"
    assert source.get(answer["Location"]).json() == told
    FeedState.objects.update(computed=1)
    assert source.get(answer["Location"]).json()["state"] == "computed"


def test_the_same_batch_again_gets_the_same_answer(source: Source) -> None:
    content = lines([dossier()])
    first = source.post(content, Idempotency_Key="k-1")
    again = source.post(content, Idempotency_Key="k-1")
    assert (again.status_code, again.json()) == (202, first.json())
    assert again["Idempotency-Replayed"] == "true"
    other = source.post(lines([dossier("HN-2")]), Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (409, "key_used_before")
    assert Batch.objects.count() == 1


def test_when_nothing_is_taken_the_answer_says_why(source: Source) -> None:
    for content, code in ((b"", "no_rows"), (parquet([dossier()])[:-9], "damaged"), (b"{", "not_json")):
        answer = source.post(content)
        assert answer.status_code == 422
        assert list(answer.json()["error_counts"]) == [code]
    assert source.post(lines([dossier(), dossier("x", rating=9)]), f"{ADDRESS}?on_error=refuse_all").status_code == 422
    assert source.post(lines([dossier()]), f"{ADDRESS}?on_error=perhaps").status_code == 422


def test_a_full_disk_is_said_and_nothing_acknowledged(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "sync", full)
    answer = source.post(lines([dossier()]))
    assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
    assert not Batch.objects.exists()


def test_who_may_not_send_is_told_so(source: Source, world: World, settings: Any) -> None:
    assert Client().post(ADDRESS, b"", content_type="application/x-ndjson").status_code == 401
    assert source.post(lines([dossier()]), "/api/v1/feeds/other/batches").status_code == 404
    narrow = Source(world, indicators=["service_on_time"])
    answer = narrow.post(lines([dossier()]))
    assert (answer.status_code, answer.json()["code"]) == (403, "out_of_scope")
    # A batch is its sender's own.
    mine = source.post(lines([dossier()]))
    assert Source(world, feeds=["dossiers"]).get(mine["Location"]).status_code == 404
    assert source.get(f"{ADDRESS}/{2**62}").status_code == 404
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert source.post(lines([dossier("HN-5")])).status_code == 413


def test_the_feeds_describe_themselves_in_both_languages(source: Source, world: World) -> None:
    (feed,) = source.get("/api/v1/feeds").json()
    assert (feed["code"], feed["name"], feed["key"]) == ("dossiers", "Hồ sơ dịch vụ công", ["dossier"])
    assert {one["name"]: one["personal"] for one in feed["columns"] if one["personal"]} == {
        "account": "hash", "applicant_name": "drop", "applicant_phone": "drop",
    }  # fmt: skip
    assert json.dumps(feed)
    assert source.get("/api/v1/feeds", "en").json()[0]["name"] == "Public-service dossiers"
    assert Source(world, feeds=["other"]).get("/api/v1/feeds").json() == []
