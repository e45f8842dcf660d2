"""Whoever takes over only the periods that a changed partition can touch has the figures of computing everything."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from thuocdo.engine.calendars import parse_period
from thuocdo.feeds.metrics import Result, Standing, read_standing, update
from thuocdo.feeds.metrics.computing import Renewed, renewed
from thuocdo.feeds.metrics.engines import Engine, engine_named
from thuocdo.feeds.metrics.standing import Reach, Touched, touched

from .agreement import FLOATS, assert_agree, figures_of
from .events import FEED, PERIODS, land, random_rows
from .reference import above, expected_above


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with engine_named(threads=1, memory_mb=256) as opened:
        yield opened


def some_rows(seed: int, number: int = 60) -> list[dict[str, Any]]:
    """Random events, of which those of January are closed in January or still open."""
    return [
        row
        for row in random_rows(seed, number)
        if row["opened_at"].month > 1 or row["closed_at"] is None or row["closed_at"].month == 1
    ]


def late_rows(seed: int, month: int) -> list[dict[str, Any]]:
    """Events of one month that come late or are corrected, some of them by naming another body."""
    return [row for row in some_rows(seed) if row["opened_at"].month == month]


def test_after_each_change_the_touched_periods_bring_all_figures_to_those_of_the_definitions(
    engine: Engine, tmp_path: Path
) -> None:
    rows = some_rows(1)
    partitions = land(rows, tmp_path / "files")
    stored: dict[tuple[str, str], list[Result]] = {}
    written: dict[str, Any] | None = None
    # Never more than what an update gives is taken over; the hierarchy is another one from March on.
    for number, month in enumerate((None, 3, 1, 2)):
        if month is not None:
            late = late_rows(number + 7, month)
            rows += late
            [files] = land(late, tmp_path / f"late-{number}", parts=1).values()
            partitions[f"2026-{month:02}"] += files
        since = None if written is None else read_standing(json.loads(json.dumps(written)))
        done = update(FEED, partitions, since=since, kept=tmp_path / "kept", engine=engine, above=above)
        # January knows nothing of February; what was opened in January and not closed counts as open ever after.
        whole = [int(period[-2:]) for period in done.periods if period not in done.stocks]
        assert whole == {None: [1, 2, 3], 3: [3], 1: [1], 2: [2, 3]}[month]
        assert sorted(done.stocks) == (["2026-02", "2026-03"] if month == 1 else [])
        for period in done.periods:
            for code in done.months(period):
                stored[period, code] = [one for one in done.results(period) if one.indicator == code]
        assert done.figures == sum(len(stored[period, code]) for period in done.periods for code in done.months(period))
        written = done.standing.written()
        found = [one for figures in stored.values() for one in figures]
        assert_agree(FEED, figures_of(found), expected_above(FEED, rows, partitions))


def exactly(made: Renewed) -> set[tuple[Any, ...]]:
    """Metric, body, period, numerator and denominator of all figures that are no sums of floats."""
    return {
        (code, row["body"], row["period"], row["numerator"], row["denominator"])
        for code, table in made.tables.items()
        if code not in FLOATS
        for row in table.to_pylist()
    }


def test_quarters_and_years_are_touched_by_their_months(engine: Engine, tmp_path: Path) -> None:
    rows = random_rows(5, 90)
    partitions, kept = land(rows, tmp_path / "files"), tmp_path / "kept"
    first = renewed(FEED, partitions, periods=PERIODS, kept=kept, engine=engine)
    assert list(first.periods) == [one.label for one in sorted(map(parse_period, PERIODS))]
    again = renewed(FEED, partitions, since=first.standing, periods=PERIODS, kept=kept, engine=engine)
    assert (again.periods, again.tables) == ((), {})
    # An event of March is settled in March or later, and open from then on: neither January nor February can know it.
    [extra] = land(late_rows(6, 3), tmp_path / "late", parts=1).values()
    partitions["2026-03"] += extra
    later = renewed(FEED, partitions, since=first.standing, periods=PERIODS, kept=kept, engine=engine)
    assert set(later.periods) == {"2026-03", "2026-04", "2026-Q1", "2026"}
    assert not later.stocks
    whole = renewed(FEED, partitions, periods=PERIODS, kept=kept, engine=engine)
    assert exactly(later) == {row for row in exactly(whole) if row[2] in later.periods}


def standing(meaning: str = "m", hierarchy: str = "h", **reaches: Reach) -> Standing:
    months = {f"2026-{name[1:]}": reach for name, reach in reaches.items()}
    return Standing(meaning, months, dict.fromkeys(YEAR, hierarchy))


YEAR = [f"2026-{number:02}" for number in range(1, 13)]
ASKED = [parse_period(label) for label in YEAR]
JANUARY = 2026 * 12


def months(found: Touched) -> tuple[list[int], list[int]]:
    """The months of which everything, and those of which only stocks may differ."""
    return [period.start.month for period in found.whole], [period.start.month for period in found.stocks]


def test_a_flow_touches_its_months_before_and_after_a_stock_the_stocks_of_all_later_ones() -> None:
    before = standing(m03=Reach("a", (JANUARY + 2, JANUARY + 6), ()), m04=Reach("b", (JANUARY + 3,), ()))
    after = standing(m03=Reach("c", (JANUARY + 2, JANUARY + 4), ()), m04=Reach("b", (JANUARY + 3,), ()))
    assert months(touched(before, after, ASKED)) == ([3, 5, 7], [])
    assert months(touched(before, after, ASKED, {ASKED[0]})) == ([1, 3, 5, 7], [])
    with_stock = standing(m03=Reach("d", (JANUARY + 2,), (JANUARY + 9, JANUARY + 10)))
    assert months(touched(before, with_stock, ASKED)) == ([3, 4, 7], [10, 11, 12])


def test_without_a_former_standing_or_of_other_metrics_all_is_touched() -> None:
    now = standing(m03=Reach("a", (JANUARY + 2,), ()))
    assert touched(None, now, ASKED) == Touched(ASKED, [])
    assert touched(standing(meaning="other", m03=now.partitions["2026-03"]), now, ASKED) == Touched(ASKED, [])
    assert touched(standing(hierarchy="other", m03=now.partitions["2026-03"]), now, ASKED) == Touched(ASKED, [])
    assert touched(now, now, ASKED) == Touched([], [])
