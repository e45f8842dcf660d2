"""Batches of raw events come in: each acknowledged event is there once, and whatever is wrong is said."""

import gzip
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.accounts.queries import actor_for_key
from thuocdo.feeds.files import disk, manifests
from thuocdo.feeds.models import Batch, FeedState, Part
from thuocdo.feeds.operations import KeyUsedBefore, NoRoom, OutOfScope
from thuocdo.feeds.queries import partition_files
from thuocdo.feeds.queries.files import folder_of
from thuocdo.ledger.models import Entry

from .dossiers import dossier, land, lines, load_dossiers, parquet, zipped


@pytest.fixture
def feed(world: World, settings: Any, tmp_path: Path) -> FeedState:
    settings.FEEDS_FOLDER = tmp_path
    return load_dossiers(world)


def rows_of(feed: FeedState, period: str = "2026-09") -> list[dict[str, Any]]:
    """Everything in force in a month."""
    tables = [pyarrow.parquet.read_table(path) for path in partition_files(feed.code, period)]
    return [row for table in tables for row in table.to_pylist()]


def test_events_are_landed_by_month_without_names_and_with_hashed_accounts(world: World, feed: FeedState) -> None:
    rows = [
        dossier(),
        dossier("HN-2", account="tk-001"),
        dossier("HN-3", received_at="2026-08-31T23:59:00+07:00", account="tk-002"),
    ]
    landed = land(world, feed, rows)
    batch = landed.batch
    assert (batch.state, batch.accepted, batch.rejected, batch.duplicates, batch.manifest) == ("landed", 3, 0, 0, 1)
    assert not landed.is_repeated
    september = rows_of(feed)
    assert [row["dossier"] for row in september] == ["HN-1", "HN-2"]
    assert [row["dossier"] for row in rows_of(feed, "2026-08")] == ["HN-3"]
    assert "applicant_name" not in september[0]
    assert september[0]["account"] == september[1]["account"] != rows_of(feed, "2026-08")[0]["account"]
    assert len(september[0]["account"]) == 32
    assert september[0]["received_at"].isoformat() == "2026-09-02T08:15:00"
    everything = b"".join(path.read_bytes() for path in folder_of("dossiers").rglob("*") if path.is_file())
    for secret in ("tk-001", "Nguyễn Văn Tèo", "0912345678"):
        assert secret.encode() not in everything
    manifest = manifests.current(folder_of("dossiers"))
    assert manifest["number"] == 1
    assert list(manifest["partitions"]) == ["2026-08", "2026-09"]  # type: ignore[call-overload]
    entry = Entry.objects.get(number=batch.ledger or 0)
    assert (entry.event, entry.subject) == ("feeds.batch.landed", batch.label)
    assert json.loads(entry.data)["accepted"] == 3
    feed.refresh_from_db()
    assert feed.last_event_at is not None


@pytest.mark.parametrize("form", [lines, zipped, parquet])
def test_ndjson_gzip_and_parquet_land_alike(world: World, feed: FeedState, form: Any) -> None:
    rows = [dossier(f"HN-{number}", rating=number % 5 + 1) for number in range(20)]
    assert land(world, feed, form(rows)).batch.accepted == 20
    kept = rows_of(feed)
    assert {row["dossier"]: row["rating"] for row in kept} == {row["dossier"]: row["rating"] for row in rows}
    assert {row["fee"] for row in kept} == {120000}


def test_a_replayed_batch_gets_the_same_answer_and_counts_once(world: World, feed: FeedState) -> None:
    content = lines([dossier(), dossier("HN-2")])
    first = land(world, feed, content, idempotency_key="a")
    for key in ("a", None, "b"):
        again = land(world, feed, content, idempotency_key=key)
        assert (again.is_repeated, again.batch.pk) == (True, first.batch.pk)
    with pytest.raises(KeyUsedBefore):
        land(world, feed, lines([dossier("HN-9")]), idempotency_key="a")
    assert len(rows_of(feed)) == 2
    assert Batch.objects.count() == 1


def test_of_events_with_one_key_in_a_batch_the_latest_stays(world: World, feed: FeedState) -> None:
    late = dossier(status="returned", updated_at="2026-09-08T10:00:00+07:00", rating=1)
    landed = land(world, feed, [late, dossier(rating=5), dossier("HN-2")])
    assert (landed.batch.accepted, landed.batch.duplicates, landed.batch.rows) == (2, 1, 3)
    assert [row["rating"] for row in rows_of(feed) if row["dossier"] == "HN-1"] == [1]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"body": "99999"}, "body", "unknown_body"),
    ({"body": None}, "body", "missing"),
    ({"dossier": ""}, "dossier", "missing"),
    ({"dossier": 7}, "dossier", "not_text"),
    ({"received_at": "2027-01-01T00:00:00+07:00"}, "received_at", "in_future"),
    ({"updated_at": "2026-09-14T09:45:00+07:00"}, "updated_at", "in_future"),
    ({"received_at": "2025-12-31T10:00:00+07:00"}, "received_at", "before_feed"),
    ({"received_at": "02/09/2026 08:15"}, "received_at", "not_a_timestamp"),
    ({"received_at": "2026-09-31T08:15:00"}, "received_at", "not_a_timestamp"),
    ({"received_at": "9999-12-31T23:59:00-12:00"}, "received_at", "not_a_timestamp"),
    ({"fee": "120.000,50"}, "fee", "decimal_comma"),
    ({"fee": 0.5}, "fee", "too_many_decimals"),
    ({"fee": "1" * 16}, "fee", "too_many_digits"),
    ({"fee": -1}, "fee", "below_range"),
    ({"fee": float("nan")}, "fee", "not_finite"),
    ({"fee": "miễn phí"}, "fee", "not_a_number"),
    ({"rating": 6}, "rating", "above_range"),
    ({"rating": 4.5}, "rating", "not_an_integer"),
    ({"rating": True}, "rating", "not_an_integer"),
    ({"paid_online": "có"}, "paid_online", "not_a_boolean"),
    ({"channel": "fax"}, "channel", "unknown_choice"),
    ({"procedure": "x" * 500}, "procedure", "too_long"),
    ({"procedure": "a\u0000b"}, "procedure", "control_character"),
    ({"account": ["tk-001"]}, "account", "not_text"),
]


def test_each_wrong_value_is_named_with_its_row_and_the_good_ones_are_kept(world: World, feed: FeedState) -> None:
    rows = [dossier("GOOD-1")] + [dossier(f"BAD-{at}", **changes) for at, (changes, _f, _c) in enumerate(WRONG)]
    content = lines([*rows, dossier("GOOD-2")])
    batch = land(world, feed, content + b"{half a line\n[1]\n").batch
    found = [(error["row"], error["field"], error["code"]) for error in batch.errors]
    assert found[:2] == [(len(rows) + 2, "", "not_json"), (len(rows) + 3, "", "not_an_object")]
    assert found[2:] == [(at + 2, name, code) for at, (_changes, name, code) in enumerate(WRONG)]
    assert all(error["message"] for error in batch.errors)
    assert (batch.accepted, batch.rejected) == (2, len(WRONG) + 2)
    assert {row["dossier"] for row in rows_of(feed)} == {"GOOD-1", "GOOD-2"}
    assert not any("tk-001" in error["message"] for error in batch.errors)


def test_a_million_mistakes_are_counted_and_a_thousand_told(world: World, feed: FeedState) -> None:
    bad = lines([dossier(fee="1,5", rating=9)])
    batch = land(world, feed, bad * 1_500 + lines([dossier("GOOD")])).batch
    assert (batch.accepted, batch.rejected, len(batch.errors)) == (1, 1_500, 1_000)
    assert batch.error_counts == {"decimal_comma": 1_500, "above_range": 1_500}


def test_refusing_all_takes_nothing_when_one_row_is_wrong(world: World, feed: FeedState) -> None:
    batch = land(world, feed, [dossier(), dossier("HN-2", rating=9)], on_error="refuse_all").batch
    assert (batch.state, batch.accepted, batch.rejected) == ("refused", 0, 2)
    assert partition_files("dossiers", "2026-09") == []
    # What was refused may be sent again when it is mended elsewhere.
    assert land(world, feed, [dossier(), dossier("HN-2", rating=9)]).batch.accepted == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_rows"),
        (b" \n\n", "no_rows"),
        (zipped([dossier()])[:-9], "truncated"),
        (b"\x1f\x8bgarbage", "damaged"),
        (parquet([dossier()])[:-20], "damaged"),
        (b"PAR1", "damaged"),
        (parquet([{"other": 1}]), "no_columns"),
        (parquet([]), "no_columns"),
        ("Đây là một bức thư.".encode(), "not_json"),
        ("dossier;body\nHN-1;01\n".encode("utf-16"), "not_json"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_in_words(
    world: World, feed: FeedState, content: bytes, code: str
) -> None:
    batch = land(world, feed, content).batch
    assert (batch.state, batch.accepted) == ("refused", 0)
    assert code in batch.error_counts
    assert Part.objects.count() == 0


def test_a_batch_that_unpacks_without_end_is_refused(
    world: World, feed: FeedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thuocdo.feeds.files.formats.LARGEST_UNPACKED", 10_000)
    assert "too_large" in land(world, feed, gzip.compress(b" " * 200_000)).batch.error_counts
    monkeypatch.setattr("thuocdo.feeds.files.formats.MOST_ROWS", 5)
    rows = [dossier(str(number)) for number in range(6)]
    assert "too_many_rows" in land(world, feed, lines(rows)).batch.error_counts


def test_a_changed_schema_loses_nothing_declared_and_keeps_nothing_undeclared(world: World, feed: FeedState) -> None:
    batch = land(world, feed, [dossier(citizen_id="001200012345")]).batch
    assert [(one["field"], one["code"]) for one in batch.warnings] == [("citizen_id", "unknown_column")]
    assert "citizen_id" not in rows_of(feed)[0]
    without = dossier("HN-2")
    del without["received_at"]
    batch = land(world, feed, [without]).batch
    assert (batch.state, batch.error_counts) == ("refused", {"missing": 1})
    table = pyarrow.Table.from_pylist([{k: v for k, v in dossier("HN-3").items() if k != "rating"}])
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    assert land(world, feed, out.getvalue()).batch.accepted == 1
    assert {row["rating"] for row in rows_of(feed)} == {5, None}


def test_an_event_never_moves_to_another_month(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier(), dossier("HN-2")])
    moved = dossier(received_at="2026-08-30T08:00:00+07:00", updated_at="2026-09-10T08:00:00+07:00")
    batch = land(world, feed, [moved, dossier("HN-3", received_at="2026-08-30T08:00:00+07:00")]).batch
    assert (batch.accepted, batch.rejected) == (1, 1)
    assert [(error["row"], error["code"]) for error in batch.errors] == [(1, "event_time_moved")]
    assert "2026-09" in batch.errors[0]["message"]
    assert [row["dossier"] for row in rows_of(feed, "2026-08")] == ["HN-3"]
    # Within its month a correction is welcome.
    assert land(world, feed, [dossier(received_at="2026-09-03T08:00:00+07:00")]).batch.accepted == 1
    batch = land(world, feed, [moved]).batch
    assert (batch.state, batch.accepted, batch.rejected) == ("refused", 0, 1)


def test_equal_events_of_two_senders_are_one_file(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier()])
    other = land(world, feed, lines([dossier()]) + b"\n").batch
    assert (other.accepted, other.manifest) == (1, 1)
    assert len(partition_files("dossiers", "2026-09")) == 1


def test_a_full_disk_takes_nothing_and_leaves_nothing(
    world: World, feed: FeedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(world, feed, [dossier("BEFORE")])
    real = disk.sync
    for failing in range(1, 4):
        calls = iter(range(1, 100))

        def full(file: Any, calls: Any = calls, failing: int = failing) -> None:
            if next(calls) == failing:
                raise OSError(28, "No space left on device")
            real(file)

        monkeypatch.setattr(disk, "sync", full)
        with pytest.raises(NoRoom):
            land(world, feed, [dossier()])
        monkeypatch.setattr(disk, "sync", real)
        assert Batch.objects.count() == 1
        assert [row["dossier"] for row in rows_of(feed)] == ["BEFORE"]
    assert land(world, feed, [dossier()]).batch.accepted == 1
    assert not list(folder_of("dossiers").rglob(".*"))


def test_keys_send_only_their_feeds_and_only_for_their_bodies(world: World, feed: FeedState) -> None:
    def sender(**scope: Any) -> Any:
        key, _token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Cổng", **scope)
        return actor_for_key(key, on=date(2026, 9, 14))

    batch = land(world, feed, [dossier(), dossier("DN-1", body="48"), dossier("BD-1", body="00004")],
                 actor=sender(feeds=["dossiers"])).batch  # fmt: skip
    assert (batch.accepted, batch.error_counts) == (2, {"out_of_scope": 1})
    narrow: list[dict[str, Any]] = [{"feeds": ["other"]}, {"indicators": ["service_on_time"]}]
    for narrowed in narrow:
        with pytest.raises(OutOfScope):
            land(world, feed, [dossier()], actor=sender(**narrowed))
    with pytest.raises(NotAllowed):
        land(world, feed, [dossier()], actor=world.actor("an"))
