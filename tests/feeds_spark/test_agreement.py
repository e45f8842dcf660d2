"""The same events on Spark and on DuckDB: the same figures, and those of the definitions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feeds.metrics.agreement import assert_agree, figures_of
from tests.feeds.metrics.events import FEED, PERIODS, land, random_rows
from tests.feeds.metrics.reference import above, expected, expected_above
from thuocdo.feeds.metrics import compute, update
from thuocdo.feeds.metrics.deduplication import deduplicated
from thuocdo.feeds.metrics.engines import Engine, engine_named

pytestmark = [
    pytest.mark.spark,
    # PySpark 4 says of every newer pandas that it is not tested with it; Arrow alone carries data here.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    with engine_named(threads=1, memory_mb=256) as engine:
        yield engine


def test_spark_and_duckdb_agree_with_the_definitions(spark: Engine, duckdb: Engine, tmp_path: Path) -> None:
    rows = random_rows(1, 400)
    partitions = land(rows, tmp_path)
    on_spark = figures_of(compute(FEED, partitions, periods=PERIODS, engine=spark))
    assert_agree(FEED, on_spark, expected(FEED, rows, PERIODS))
    assert_agree(FEED, on_spark, figures_of(compute(FEED, partitions, periods=PERIODS, engine=duckdb)))


def test_after_a_change_spark_makes_anew_what_the_change_touches(spark: Engine, tmp_path: Path) -> None:
    rows = random_rows(2, 200)
    partitions = land(rows, tmp_path / "files")
    first = update(FEED, partitions, since=None, kept=tmp_path / "kept", engine=spark)
    assert first.periods == ("2026-01", "2026-02", "2026-03")
    late = [row for row in random_rows(5, 200) if row["opened_at"].month == 2]
    [files] = land(late, tmp_path / "late", parts=1).values()
    partitions["2026-02"] += files
    later = update(FEED, partitions, since=first.standing, kept=tmp_path / "kept", engine=spark)
    assert (later.periods, later.stocks) == (("2026-02", "2026-03"), frozenset())
    found = [one for period in later.periods for one in later.results(period)]
    assert_agree(FEED, figures_of(found), expected(FEED, rows + late, later.periods))


def test_figures_of_wholes_agree_too(spark: Engine, duckdb: Engine, tmp_path: Path) -> None:
    rows = random_rows(6, 300)
    partitions = land(rows, tmp_path)
    on_spark = figures_of(compute(FEED, partitions, periods=PERIODS, engine=spark, above=above))
    assert_agree(FEED, on_spark, expected_above(FEED, rows, PERIODS))
    on_duckdb = figures_of(compute(FEED, partitions, periods=PERIODS, engine=duckdb, above=above))
    assert_agree(FEED, on_spark, on_duckdb)


def test_equally_late_rows_of_a_key_are_chosen_alike(spark: Engine, duckdb: Engine, tmp_path: Path) -> None:
    files = land(random_rows(3, 300), tmp_path)["2026-02"]
    chosen = []
    for engine in (spark, duckdb):
        with engine.reading(files) as read:
            chosen.append(sorted(map(repr, engine.rows(deduplicated(FEED, read)).to_pylist())))
    assert chosen[0] == chosen[1]
    assert chosen[0]


def test_sums_kept_by_one_engine_serve_the_other(spark: Engine, duckdb: Engine, tmp_path: Path) -> None:
    partitions = {"2026-01": land(random_rows(4, 100), tmp_path / "files")["2026-01"]}
    first = compute(FEED, partitions, kept=tmp_path / "kept", engine=spark)
    made = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "kept").glob("*.done")}
    assert compute(FEED, partitions, kept=tmp_path / "kept", engine=duckdb) == first
    assert {file.name: file.stat().st_mtime_ns for file in (tmp_path / "kept").glob("*.done")} == made


def test_both_workers_ran_executors(spark: Engine, cluster: tuple[str, Path]) -> None:
    _, folder = cluster
    started = sorted(path.parent.parent.parent.name for path in folder.glob("worker-*/app-*/*/stderr"))
    assert set(started) == {"worker-0", "worker-1"}
