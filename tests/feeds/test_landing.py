"""Batches of raw events come in: each acknowledged event is there once, and whatever is wrong is said."""

import gzip
import io
import json
import sqlite3
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.db import OperationalError, connection

from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.accounts.queries import actor_for_key
from thuocdo.feeds.files import disk, manifests
from thuocdo.feeds.models import Batch, FeedState, Part
from thuocdo.feeds.operations import KeyUsedBefore, NoRoom, OutOfScope, load_feeds, note_silence
from thuocdo.feeds.queries import health_of, partition_files
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


def with_columns(**columns: Any) -> bytes:
    """Two dossiers as Parquet, some of their columns in other types."""
    table = pyarrow.Table.from_pylist([dossier("A"), dossier("B")])
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    return out.getvalue()


def twice_named() -> bytes:
    """A Parquet file with two columns of one name."""
    table = pyarrow.Table.from_pylist([dossier()])
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table([*table.columns, table["body"]], [*table.column_names, "body"]), out)
    return out.getvalue()


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
    ({"fee": "1" * 50}, "fee", "too_many_digits"),
    ({"fee": "0." + "1" * 50}, "fee", "too_many_decimals"),
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
        (twice_named(), "repeated_column"),
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


OTHER_TYPES: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "list": ({"account": pyarrow.array([["a"], ["b"]])}, {"not_text": 2}),
    "structure": ({"account": pyarrow.array([{"a": 1}, {"a": 2}])}, {"not_text": 2}),
    "bytes": ({"account": pyarrow.array([b"a", b"b"])}, {"not_text": 2}),
    "number for a code": ({"body": pyarrow.array([1, 1])}, {"not_text": 2}),
    "one text no UTF-8": ({"account": pyarrow.array([b"\xff", b"a"]).view(pyarrow.string())}, {"not_text": 1}),
    "seconds since 1970": ({"received_at": pyarrow.array([1_788_307_200, 1])}, {"not_a_timestamp": 2}),
    "one year beyond the calendar": (
        {"received_at": pyarrow.array([2**62, 1_788_307_200_000_000], pyarrow.timestamp("us"))},
        {"not_a_timestamp": 1},
    ),
    "unknown zone": (
        {"received_at": pyarrow.array([1_788_307_200_000_000] * 2, pyarrow.timestamp("us", tz="Mars/Phobos"))},
        {"not_a_timestamp": 2},
    ),
    "fifty digits": (
        {"fee": pyarrow.array([Decimal("1" * 50), Decimal(2)], pyarrow.decimal256(60, 2))},
        {"too_many_digits": 1},
    ),
    "whole numbers for yes and no": ({"paid_online": pyarrow.array([1, 0])}, {"not_a_boolean": 2}),
}


@pytest.mark.parametrize("name", OTHER_TYPES)
def test_a_column_of_another_type_costs_its_rows_and_nothing_else(world: World, feed: FeedState, name: str) -> None:
    columns, counts = OTHER_TYPES[name]
    batch = land(world, feed, with_columns(**columns)).batch
    assert batch.error_counts == counts
    assert batch.accepted == 2 - sum(counts.values())


def test_a_small_file_of_endless_texts_takes_no_endless_memory(world: World, feed: FeedState) -> None:
    many, long = 2_000, "x" * 1_000_000
    texts = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * many, pyarrow.int32()), pyarrow.array([long]))
    columns: dict[str, Any] = {key: pyarrow.array([value] * many) for key, value in dossier().items()}
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns | {"procedure": texts}), out)
    assert len(out.getvalue()) < 100_000
    before = pyarrow.default_memory_pool().max_memory()
    batch = land(world, feed, out.getvalue()).batch
    assert batch.error_counts == {"too_long": many}
    # Written out they would be two thousand megabytes.
    assert pyarrow.default_memory_pool().max_memory() - before < 100_000_000


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


class _FullOfSqlite(sqlite3.OperationalError):
    sqlite_errorcode = sqlite3.SQLITE_FULL


class _FullOfPostgres(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize("cause", [_FullOfSqlite, _FullOfPostgres, sqlite3.OperationalError])
def test_a_full_disk_of_the_database_is_said_and_takes_nothing(
    world: World, feed: FeedState, cause: type[Exception]
) -> None:
    def fails(execute: Any, sql: str, *given: Any) -> Any:
        if 'INSERT INTO "feeds_batch"' in sql:
            raise OperationalError("no room") from cause()
        return execute(sql, *given)

    for rows in ([dossier()], [dossier(rating=9)]):
        said = OperationalError if cause is sqlite3.OperationalError else NoRoom
        with connection.execute_wrapper(fails), pytest.raises(said):
            land(world, feed, rows)
    assert (Batch.objects.count(), Part.objects.count()) == (0, 0)
    assert land(world, feed, [dossier()]).batch.accepted == 1


def test_a_feed_that_has_ended_takes_nothing_newer_and_is_not_silent(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier()], at=NOW - timedelta(days=2))
    ended = feed.text.replace("valid_from = 2026-01-01", "valid_from = 2026-01-01\nvalid_to = 2026-09-05", 1)
    load_feeds(actor=world.machine, at=NOW, texts=[ended])
    feed.refresh_from_db()
    late = dossier("LATE", received_at="2026-09-05T00:00:00+07:00")
    batch = land(world, feed, [dossier("HN-2"), late], at=NOW - timedelta(days=1)).batch
    assert (batch.accepted, batch.error_counts) == (1, {"after_feed": 1})
    assert note_silence(actor=world.machine, at=NOW) == []
    [health] = health_of([feed], at=NOW)
    assert (health.has_ended, health.is_silent) == (True, False)


def test_a_clock_may_run_ahead_as_far_as_the_feed_allows(world: World, feed: FeedState) -> None:
    # NOW is 9:30 in Viet Nam, and the feed allows ten minutes.
    times = ["09:40:00", "09:40:01"]
    batch = land(world, feed, [dossier(at, updated_at=f"2026-09-14T{at}+07:00") for at in times]).batch
    assert (batch.accepted, batch.error_counts) == (1, {"in_future": 1})
    # Another zone is another way of writing the same moment.
    assert land(world, feed, [dossier("Z", updated_at="2026-09-14T02:40:00Z")]).batch.accepted == 1


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
