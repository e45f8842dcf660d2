"""The figures of DuckDB are those of the definitions, whatever comes twice, late, in another order or not at all."""

import random
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thuocdo.feeds.metrics import MetricError, compute
from thuocdo.feeds.metrics.declared import Additive, read_metrics
from thuocdo.feeds.metrics.deduplication import deduplicated, latest_columns
from thuocdo.feeds.metrics.engines import Engine, engine_named

from .agreement import FLOATS, assert_agree, figures_of
from .events import FEED, PERIODS, land, random_rows
from .reference import above, expected, expected_above, latest_rows


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with engine_named(threads=1, memory_mb=256) as opened:
        yield opened


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(1, 250))
def test_figures_are_those_of_the_definitions(engine: Engine, seed: int, number: int) -> None:
    rows = random_rows(seed, number)
    with tempfile.TemporaryDirectory() as folder:
        found = compute(FEED, land(rows, Path(folder)), periods=PERIODS, engine=engine)
    assert_agree(FEED, figures_of(found), expected(FEED, rows, PERIODS))


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(1, 200))
def test_figures_of_a_whole_are_those_of_all_its_events(engine: Engine, seed: int, number: int) -> None:
    rows = random_rows(seed, number)
    with tempfile.TemporaryDirectory() as folder:
        found = compute(FEED, land(rows, Path(folder)), periods=PERIODS, engine=engine, above=above)
    assert_agree(FEED, figures_of(found), expected_above(FEED, rows, PERIODS))


def test_wholes_are_the_sums_of_their_parts_but_for_what_cannot_be_added(engine: Engine, tmp_path: Path) -> None:
    rows = random_rows(23, 300)
    found = {(one.indicator, one.body): one for one in
             compute(FEED, land(rows, tmp_path), periods=["2026-Q1"], engine=engine, above=above)}  # fmt: skip
    parts = ("00000", "00001", "00002")
    for metric in read_metrics(FEED):
        if isinstance(metric, Additive) and metric.code not in FLOATS:
            own = [found[metric.code, part] for part in parts if (metric.code, part) in found]
            whole = found[metric.code, "nation"]
            assert whole.numerator == sum(one.numerator for one in own), metric.code
            if whole.denominator is not None:
                assert whole.denominator == sum(one.denominator or 0 for one in own), metric.code


def test_another_hierarchy_counts_different_values_anew(engine: Engine, tmp_path: Path) -> None:
    partitions, kept = land(random_rows(9, 120), tmp_path / "files"), tmp_path / "kept"
    plain = compute(FEED, partitions, periods=["2026-Q1"], kept=kept, engine=engine)
    compute(FEED, partitions, periods=["2026-Q1"], kept=kept, engine=engine, above=above)
    assert compute(FEED, partitions, periods=["2026-Q1"], kept=kept, engine=engine) == plain


def test_the_order_of_rows_and_files_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    rows = random_rows(7, 120)
    first = compute(FEED, land(rows, tmp_path / "a", parts=1), engine=engine)
    random.Random(3).shuffle(rows)
    assert compute(FEED, land(rows, tmp_path / "b", parts=3), engine=engine) == first
    assert first


def test_the_latest_row_of_a_key_holds_and_ties_are_broken_alike(engine: Engine, tmp_path: Path) -> None:
    rows = random_rows(11, 200)
    for files in land(rows, tmp_path).values():
        own = [row for file in files for row in pq.read_table(file).to_pylist()]
        wanted = sorted(map(repr, latest_rows(FEED, own)))
        with engine.reading(files) as read:
            assert sorted(map(repr, engine.rows(deduplicated(FEED, read)).to_pylist())) == wanted
        with latest_columns(FEED, engine, files, tuple(FEED.types)) as quickly:
            assert sorted(map(repr, quickly.to_pyarrow().to_pylist())) == wanted


def test_a_late_event_restates_its_months_and_only_its_partition_is_read(engine: Engine, tmp_path: Path) -> None:
    rows = random_rows(5, 150)
    partitions, kept = land(rows, tmp_path / "files"), tmp_path / "kept"
    compute(FEED, partitions, periods=PERIODS, kept=kept, engine=engine)
    before = {file.name: file.stat().st_mtime_ns for file in kept.glob("2026-*.done")}

    late = rows[0] | {"changed": 99, "amount": Decimal("123456.78")}
    month = f"{late['opened_at']:%Y-%m}"
    [extra] = land([late], tmp_path / "late", parts=1).values()
    partitions[month] += extra
    again = compute(FEED, partitions, periods=PERIODS, kept=kept, engine=engine)

    assert_agree(FEED, figures_of(again), expected(FEED, [*rows, late], PERIODS))
    after = {file.name: file.stat().st_mtime_ns for file in kept.glob("2026-*.done")}
    untouched = {name for name in before if not name.startswith((month, "2026-Q1", "2026-" + "0" * 4))}
    months_untouched = {name for name in untouched if name[:7] in {"2026-01", "2026-02", "2026-03"}}
    assert {name: after.get(name) for name in months_untouched} == {name: before[name] for name in months_untouched}
    assert len(months_untouched) == 2
    assert not [name for name in before if name.startswith(month) and name in after]


def test_a_column_that_older_files_lack_is_null_there(engine: Engine, tmp_path: Path) -> None:
    rows = random_rows(2, 60)
    partitions = land(rows, tmp_path)
    old = partitions["2026-01"][0]
    pq.write_table(pq.read_table(old).drop_columns(["weight", "account"]), old)
    without = [row | ({"weight": None, "account": None} if row in _rows_of(old) else {}) for row in rows]
    found = compute(FEED, partitions, engine=engine)
    assert {(r.body, r.numerator) for r in found if r.indicator == "accounts" and r.period == "2026-01"} == {
        (body, Decimal(figure[0]))
        for (code, body, period), figure in expected(FEED, _with_nulls(partitions), ["2026-01"]).items()
        if code == "accounts"
    }
    assert without


def test_nothing_landed_gives_nothing(engine: Engine) -> None:
    assert compute(FEED, {}, periods=["2026-01"], engine=engine) == []
    assert compute(FEED, {"2026-01": []}, engine=engine) == []


@pytest.mark.parametrize("label", ["2026-01-05", "2026-W03"])
def test_other_periods_than_months_quarters_and_years_are_refused(engine: Engine, label: str) -> None:
    with pytest.raises(ValueError, match=label):
        compute(FEED, {}, periods=[label], engine=engine)


def test_an_unknown_engine_is_refused_with_what_to_write() -> None:
    with pytest.raises(MetricError, match="spark://host:port"), engine_named("hadoop"):
        pass


def _with_nulls(partitions: dict[str, list[Path]]) -> list[dict[str, object]]:
    return [
        dict.fromkeys(FEED.types) | row
        for files in partitions.values()
        for file in files
        for row in pq.read_table(file).to_pylist()
    ]


def _rows_of(file: Path) -> list[dict[str, object]]:
    return pq.read_table(file).to_pylist()  # type: ignore[no-any-return]
