"""Landed events become measurements: late and corrected ones restate them, and each knows its partitions."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import time_machine

from tests.world import NOW, World
from thuocdo.feeds.declaration import FeedRefused
from thuocdo.feeds.files import manifests
from thuocdo.feeds.metrics import update
from thuocdo.feeds.models import Contribution, FeedState, Part
from thuocdo.feeds.operations import ask_recompute, compact, load_feeds, note_silence, recompute, sweep
from thuocdo.feeds.queries import partition_files, partitions_of
from thuocdo.feeds.queries.files import folder_of
from thuocdo.feeds.queries.health import health_of
from thuocdo.indicators.models import Indicator, Measurement
from thuocdo.ledger.models import Entry
from thuocdo.organisations.models import Body

from .dossiers import dossier, land, load_dossiers

LATE = "2026-09-12T10:00:00+07:00"


@pytest.fixture
def feed(world: World, settings: Any, tmp_path: Path) -> FeedState:
    settings.FEEDS_FOLDER = tmp_path
    return load_dossiers(world)


def compute(world: World, feed: FeedState, minutes: int = 1) -> Any:
    return recompute(actor=world.machine, at=NOW + timedelta(minutes=minutes), feed=feed)


def in_force(indicator: str = "service_on_time", period: str = "2026-09", body: str = "01") -> Measurement:
    return Measurement.objects.get(
        indicator__code=indicator, period=period, body__code=body, superseded_by__isnull=True
    )


def test_dossiers_of_a_commune_count_for_its_province_and_the_nation(world: World, feed: FeedState) -> None:
    land(
        world, feed,
        [
            dossier("HN-1"), dossier("X-1", body="00004"),
            dossier("X-2", body="00004", finished_at=LATE, updated_at=LATE),
        ],
    )  # fmt: skip
    compute(world, feed)
    commune, province, nation = (in_force(body=code) for code in ("00004", "01", "TW"))
    assert (commune.value, commune.sample_size) == (Decimal(50), 2)
    # Two of three, not the mean of 100 and 50.
    assert (province.value, province.sample_size) == (Decimal("66.66666667"), 3)
    assert (nation.value, nation.sample_size) == (province.value, 3)


def test_a_late_and_a_corrected_event_restate_the_figure(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier("HN-1"), dossier("HN-2")])
    assert compute(world, feed).recorded >= 2
    first = in_force()
    assert (first.value, first.provenance, first.source) == (Decimal(100), "system", "feed:dossiers")
    # The second dossier was settled late after all, and a third one comes in late.
    land(
        world,
        feed,
        [dossier("HN-2", finished_at=LATE, updated_at=LATE), dossier("HN-3", finished_at=LATE, updated_at=LATE),
         dossier("HN-4")],
    )  # fmt: skip
    compute(world, feed)
    second = in_force()
    assert (second.value, second.supersedes_id) == (Decimal(50), first.pk)
    origin = partitions_of(second)
    assert origin is not None
    assert (origin.manifest, [part["period"] for part in origin.partitions]) == (2, ["2026-09"])
    assert origin.partitions[0]["rows"] == 5
    assert second.external_id == "dossiers@2"
    assert second.evidence != first.evidence
    feed.refresh_from_db()
    assert not feed.is_behind


def test_only_figures_of_changed_partitions_are_recorded_again(world: World, feed: FeedState) -> None:
    august = {"received_at": "2026-08-10T08:00:00+07:00", "due_at": "2026-08-20T17:00:00+07:00",
              "finished_at": "2026-08-12T08:00:00+07:00", "updated_at": "2026-08-12T08:00:00+07:00"}  # fmt: skip
    land(world, feed, [dossier("A-1", **august), dossier("S-1")])
    compute(world, feed)
    counted = Measurement.objects.count()
    land(world, feed, [dossier("S-2")])
    compute(world, feed)
    changed = Measurement.objects.all()[counted:]
    assert {row.period for row in changed} == {"2026-09"}
    assert in_force(period="2026-08").kind == "final"
    assert in_force(period="2026-09").kind == "provisional"
    assert in_force(period="2026-09").recorded_at == NOW + timedelta(minutes=1)
    assert compute(world, feed).recorded == 0


def received_in(month: str, code: str, **changes: Any) -> dict[str, Any]:
    """A dossier of the month, settled in time in the same month."""
    return dossier(
        code, received_at=f"{month}-08T08:00:00+07:00", due_at=f"{month}-12T08:00:00+07:00",
        finished_at=f"{month}-11T08:00:00+07:00", updated_at=f"{month}-11T08:00:00+07:00",
    ) | changes  # fmt: skip


def test_after_any_batches_computing_everything_finds_nothing_new(world: World, feed: FeedState) -> None:
    august = {"finished_at": "2026-08-13T08:00:00+07:00", "updated_at": "2026-08-13T08:00:00+07:00"}
    batches = [
        [received_in("2026-07", "J-1"), received_in("2026-07", "J-2", body="00004"), received_in("2026-08", "A-1")],
        # Settled in the month after, and late; then a dossier of July was another body's all the time.
        [received_in("2026-07", "J-3", **august), received_in("2026-09", "S-1", body="00004")],
        [received_in("2026-07", "J-2", updated_at="2026-09-01T08:00:00+07:00")],
    ]
    for minute, rows in enumerate(batches):
        land(world, feed, rows)
        assert compute(world, feed, minute).recorded > 0
    assert recompute(actor=world.machine, at=NOW + timedelta(minutes=9), feed=feed, everything=True).recorded == 0


def test_a_figure_that_rests_on_more_cases_is_told_again(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier("S-1")])
    compute(world, feed)
    first = in_force()
    land(world, feed, [dossier("S-2")])
    compute(world, feed)
    second = in_force()
    assert (first.value, first.sample_size) == (Decimal(100), 1)
    assert (second.value, second.sample_size, second.supersedes_id) == (Decimal(100), 2, first.pk)


def test_figures_without_any_event_left_are_withdrawn_up_the_tree(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier("X-1", body="00004"), dossier("X-2", body="00004"), dossier("T-1", body="TW")])
    compute(world, feed)
    commune, province = in_force(body="00004"), in_force(body="01")
    # Both dossiers of the commune were another body's: neither it nor its province has any left in September.
    moved = "2026-09-08T08:00:00+07:00"
    land(world, feed, [dossier(code, body="TW", updated_at=moved) for code in ("X-1", "X-2")])
    assert compute(world, feed, minutes=2).refused == 0
    for former, body in ((commune, "00004"), (province, "01")):
        row = in_force(body=body)
        assert (row.state, row.value, row.sample_size, row.supersedes_id) == ("null", None, None, former.pk)
        assert (former.state, former.value) == ("value", Decimal(100))
        origin = partitions_of(row)
        assert origin is not None
        assert origin.manifest == 2
    assert (in_force(body="TW").value, in_force(body="TW").sample_size) == (Decimal(100), 3)
    entry = Entry.objects.get(subject=in_force(body="01").batch.label)
    assert entry.event == "indicators.measurements.recorded"
    # All the nation's dossiers are still there, so that nothing is said of it.
    assert '"bodies":["00004","01"]' in entry.data
    # Withdrawn once; and when the dossiers come back, so does the figure.
    assert compute(world, feed, minutes=3).recorded == 0
    land(world, feed, [dossier("X-1", body="00004", updated_at="2026-09-09T08:00:00+07:00")])
    compute(world, feed, minutes=4)
    assert (in_force(body="01").state, in_force(body="01").value) == ("value", Decimal(100))


def test_only_what_a_change_can_touch_is_computed_as_far_as_it_is_known(
    world: World, feed: FeedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thuocdo.feeds.operations import computing

    computed: list[tuple[str, ...]] = []

    def noted(*given: Any, **named: Any) -> Any:
        done = update(*given, **named)
        computed.append(done.periods)
        return done

    monkeypatch.setattr(computing, "update", noted)
    for minute, month in enumerate(("2026-07", "2026-09", "2026-09")):
        land(world, feed, [received_in(month, f"D{minute}")])
        compute(world, feed, minute)
    assert computed == [("2026-07",), ("2026-09",), ("2026-09",)]
    # Another body is one more to record for, and a month that has ended is recorded in another way.
    Body.objects.filter(code="00004").update(peer_group="other")
    compute(world, feed, 5)
    compute(world, feed, 60 * 24 * 20)
    compute(world, feed, 60 * 24 * 20 + 1)
    assert computed[3:] == [("2026-07", "2026-09"), ("2026-09",), ()]


def test_what_could_not_be_recorded_is_tried_again(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier()])
    Indicator.objects.filter(code="service_on_time").update(upper=99)
    done = compute(world, feed)
    assert (done.refused, done.recorded) == (2, 2)
    Indicator.objects.filter(code="service_on_time").update(upper=100)
    done = compute(world, feed, minutes=2)
    assert (done.refused, done.recorded) == (0, 2)


def test_a_month_that_has_ended_makes_its_figures_final(
    world: World, feed: FeedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thuocdo.feeds import jobs

    land(world, feed, [dossier()])
    compute(world, feed)
    assert in_force().kind == "provisional"
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        jobs.tend.func()
    final = Measurement.objects.get(indicator__code="service_on_time", body__code="01", period="2026-09", kind="final")
    assert final.value == Decimal(100)


def test_the_first_batch_of_a_month_makes_the_figures_of_the_former_final(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier()])
    compute(world, feed)
    october = NOW + timedelta(days=20)
    with time_machine.travel(october, tick=False):
        land(world, feed, [received_in("2026-10", "O-1", finished_at=None)], at=october)
        recompute(actor=world.machine, at=october, feed=feed)
    finals = Measurement.objects.filter(period="2026-09", kind="final", body__code="01")
    assert {row.indicator.code for row in finals} == {"service_on_time", "full_process_online"}


def test_a_computation_that_ends_late_does_not_bring_old_figures_back(
    world: World, feed: FeedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thuocdo.feeds.operations import computing

    land(world, feed, [dossier("HN-1")])
    real = computing._updated

    def overtaken(*given: Any) -> Any:
        figures = real(*given)
        monkeypatch.setattr(computing, "_updated", real)
        land(world, feed, [dossier("HN-2", finished_at=LATE, updated_at=LATE)])
        compute(world, feed)
        return figures

    monkeypatch.setattr(computing, "_updated", overtaken)
    assert compute(world, feed, minutes=2).recorded == 0
    assert in_force().value == Decimal(50)


def test_putting_files_together_changes_no_figure(world: World, feed: FeedState) -> None:
    for number in range(4):
        land(world, feed, [dossier("SAME", rating=number + 1, updated_at=f"2026-09-07T1{number}:00:00+07:00"),
                           dossier(f"HN-{number}")])  # fmt: skip
    compute(world, feed)
    before = in_force().pk
    assert compact(actor=world.machine, at=NOW, feed=feed, many=4) == ["2026-09"]
    assert compact(actor=world.machine, at=NOW, feed=feed, many=4) == []
    (path,) = partition_files("dossiers", "2026-09")
    rows = pyarrow.parquet.read_table(path).to_pylist()
    assert sorted(row["dossier"] for row in rows) == ["HN-0", "HN-1", "HN-2", "HN-3", "SAME"]
    assert [row["rating"] for row in rows if row["dossier"] == "SAME"] == [4]
    feed.refresh_from_db()
    assert not feed.is_behind
    assert manifests.newest(folder_of("dossiers")) == feed.manifest == 5
    # The keys are known in the new file, too.
    moved = dossier("SAME", received_at="2026-08-01T08:00:00+07:00")
    assert land(world, feed, [moved]).batch.error_counts == {"event_time_moved": 1}
    # What was replaced goes after a day, what nobody ever claimed after two hours; the rest stays.
    (folder_of("dossiers") / "period=2026-09" / "part-left.parquet").write_bytes(b"left by a crash")
    assert sweep(actor=world.machine, at=NOW, feed=feed) == 0
    import os

    for file in folder_of("dossiers").glob("period=*/*"):
        os.utime(file, (NOW.timestamp() - 90_000, NOW.timestamp() - 90_000))
    Part.objects.filter(until__isnull=False).update(replaced_at=NOW - timedelta(hours=23))
    assert sweep(actor=world.machine, at=NOW, feed=feed) == 1
    assert sweep(actor=world.machine, at=NOW + timedelta(hours=2), feed=feed) == 8
    assert path.exists()
    assert recompute(actor=world.machine, at=NOW, feed=feed, everything=True).recorded == 0
    assert in_force().pk == before


def test_a_feed_that_falls_silent_raises_an_alarm_once_and_is_heard_again(world: World, feed: FeedState) -> None:
    assert note_silence(actor=world.machine, at=NOW) == []  # It never spoke.
    land(world, feed, [dossier()])
    assert note_silence(actor=world.machine, at=NOW + timedelta(hours=6)) == []
    late = NOW + timedelta(hours=7)
    assert [one.code for one in note_silence(actor=world.machine, at=late)] == ["dossiers"]
    assert note_silence(actor=world.machine, at=late) == []
    feed.refresh_from_db()
    assert feed.silent_since == NOW + timedelta(hours=6)
    (health,) = health_of([feed], at=late)
    assert health.is_silent
    assert health.lag is not None
    land(world, feed, [dossier("HN-2")], at=late)
    feed.refresh_from_db()
    assert feed.silent_since is None
    told = Entry.objects.filter(subject="feed:dossiers").order_by("number").values_list("event", flat=True)
    assert list(told) == ["feeds.feed.declared", "feeds.feed.silenced", "feeds.feed.resumed"]


def test_trouble_with_the_disk_of_one_feed_does_not_keep_the_alarm_nor_the_others(
    world: World, feed: FeedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thuocdo.feeds import jobs, operations

    other = feed.text.replace('code = "dossiers"', 'code = "zeal"', 1)
    load_feeds(actor=world.machine, at=NOW, texts=[other])
    land(world, feed, [dossier()])
    land(world, FeedState.objects.get(code="zeal"), [dossier()])
    tended: list[str] = []
    real = operations.sweep

    def sweeping(**given: Any) -> int:
        if given["feed"].code == "dossiers":
            raise OSError(28, "No space left on device")
        tended.append(given["feed"].code)
        return real(**given)

    monkeypatch.setattr(operations, "sweep", sweeping)
    with time_machine.travel(NOW + timedelta(hours=7), tick=False):
        jobs.tend.func()
    assert tended == ["zeal"]
    assert not FeedState.objects.get(code="zeal").is_behind
    assert FeedState.objects.filter(silent_since__isnull=False).count() == 2


def test_many_batches_are_computed_by_one_job(world: World, feed: FeedState, monkeypatch: pytest.MonkeyPatch) -> None:
    from thuocdo.feeds import jobs, operations

    entries = [land(world, feed, [dossier(f"HN-{number}")]).batch.ledger or 0 for number in range(3)]
    runs: list[int] = []

    def counted(**given: Any) -> Any:
        runs.append(1)
        return recompute(**given)

    monkeypatch.setattr(operations, "recompute", counted)
    for entry in entries:
        jobs.recompute.func(entry)
    assert len(runs) == 1
    assert Contribution.objects.count() >= 1
    ask_recompute(actor=world.machine, at=NOW, feed=feed)
    jobs.recompute_all.func(Entry.objects.order_by("-number")[0].number)
    assert len(runs) == 2


def test_a_declaration_may_grow_but_not_break_what_is_landed(world: World, feed: FeedState) -> None:
    text = feed.text
    assert load_feeds(actor=world.machine, at=NOW, texts=[text]) == []
    land(world, feed, [dossier()])
    grown = text.replace("# metrics", '[[column]]\nname = "district"\ntype = "text"\n\n# metrics', 1)
    assert [one.code for one in load_feeds(actor=world.machine, at=NOW, texts=[grown])] == ["dossiers"]
    feed.refresh_from_db()
    assert land(world, feed, [dossier("HN-2", district="Ba Đình")]).batch.accepted == 1
    assert compute(world, feed).figures > 0
    for broken in (
        grown.replace('key = ["dossier"]', 'key = ["dossier", "body"]'),
        grown.replace('type = "decimal(15,0)"', 'type = "integer"'),
        grown.replace('personal = "hash"', 'personal = "drop"'),
    ):
        with pytest.raises(FeedRefused):
            load_feeds(actor=world.machine, at=NOW, texts=[broken])
