"""`thuocdo feeds`: files and a watched folder instead of the interface."""

import os
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner

from tests.feeds.dossiers import dossier, lines, load_dossiers, parquet
from tests.world import NOW, World
from thuocdo.cli.feeds import feeds
from thuocdo.feeds.files import disk
from thuocdo.feeds.models import Batch
from thuocdo.indicators.models import Measurement


@pytest.fixture
def drop(world: World, settings: Any, tmp_path: Path) -> Any:
    """A watched folder with the feed's own beside the files of the instance."""
    settings.FEEDS_FOLDER = tmp_path / "home"
    load_dossiers(world)
    folder = tmp_path / "drop" / "dossiers"
    folder.mkdir(parents=True)
    with time_machine.travel(NOW, tick=False):
        yield folder


def put(folder: Path, name: str, content: bytes, age: float = 60) -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (NOW.timestamp() - age, NOW.timestamp() - age))
    return path


def watch(folder: Path) -> Any:
    return CliRunner().invoke(feeds, ["watch", str(folder.parent), "--once"])


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_are_landed_and_moved_with_a_report_beside_those_with_errors(drop: Path) -> None:
    put(drop, "1.ndjson", lines([dossier()]))
    put(drop, "2.parquet", parquet([dossier("HN-2"), dossier("HN-3", body="=cmd")]))
    put(drop, "3.ndjson", "không phải JSON".encode())
    put(drop, "4.ndjson.part", lines([dossier("HN-4")]))
    put(drop, "5.ndjson", lines([dossier("HN-5")]), age=0.5)
    assert watch(drop).exit_code == 0
    assert names(drop) == [
        "4.ndjson.part", "5.ndjson", "done/1.ndjson", "done/2.parquet", "done/2.parquet.errors.csv",
        "refused/3.ndjson", "refused/3.ndjson.errors.csv",
    ]  # fmt: skip
    report = (drop / "done" / "2.parquet.errors.csv").read_text("utf-8-sig")
    assert "2,body,unknown_body" in report
    # The same file once more is the same batch, and takes nobody's place.
    put(drop, "1.ndjson", lines([dossier()]))
    assert "từ trước" in watch(drop).output
    assert "done/2-1.ndjson" in names(drop)
    assert Batch.objects.filter(state="landed").count() == 2


def test_a_full_disk_leaves_the_file_where_it_is(drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: Any) -> None:
        raise OSError(28, "No space left on device")

    put(drop, "1.ndjson", lines([dossier()]))
    monkeypatch.setattr(disk, "sync", full)
    assert watch(drop).exit_code == 1
    assert names(drop) == ["1.ndjson"]


def test_who_watches_goes_on_when_there_is_room_again(drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Exception):
        pass

    def full(_file: Any) -> None:
        raise OSError(28, "No space left on device")

    rounds = 0

    def pause(_seconds: float) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            raise Stopped
        monkeypatch.setattr(disk, "sync", sync)

    sync = disk.sync
    put(drop, "1.ndjson", lines([dossier()]))
    monkeypatch.setattr(disk, "sync", full)
    monkeypatch.setattr("thuocdo.cli.feeds.time.sleep", pause)
    monkeypatch.setattr("thuocdo.cli.feeds.close_old_connections", lambda: None)
    answer = CliRunner().invoke(feeds, ["watch", str(drop.parent)])
    assert isinstance(answer.exception, Stopped)
    assert "hết chỗ lưu" in answer.output
    assert names(drop) == ["done/1.ndjson"]


def test_one_file_is_landed_and_computed_by_hand(drop: Path) -> None:
    file = put(drop, "1.ndjson", lines([dossier(), dossier("HN-2", rating=9)]))
    answer = CliRunner().invoke(feeds, ["land", "dossiers", str(file)])
    assert answer.exit_code == 1
    assert "2\trating\tabove_range" in answer.output
    assert CliRunner().invoke(feeds, ["compute", "dossiers"]).exit_code == 0
    computed = Measurement.objects.filter(source="feed:dossiers", indicator__code="service_on_time")
    # The province, and the nation above it, for which events of those below count.
    assert set(computed.values_list("body__code", flat=True)) == {"01", "TW"}
    unknown = CliRunner().invoke(feeds, ["land", "other", str(file)])
    assert unknown.exit_code == 2
    assert "dossiers" in unknown.output
