"""Which of several figures counts, what was known when, and how claims differ from stronger sources."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.indicators.figures import load_figures, tell
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.queries import (
    batches_by,
    freshness,
    gap,
    indicators,
    indicators_for,
    last_recorded,
    level_due,
    matrix,
    path_of,
    series,
    sides_among,
    sides_of_value,
    standing,
    value_in_force,
)

AUGUST = parse_period("2026-08")
LATER = NOW + timedelta(days=1)


@pytest.fixture
def figures(world: World) -> World:
    load_figures(world)
    return world


def in_force(world: World, **conditions: Any) -> Decimal | None:
    indicator = indicators(codes=["service_on_time"]).get()
    found = value_in_force(indicator, world.body("01"), AUGUST, **conditions)
    return found.value if found else None


def cells(world: World, period: str, *codes: str, **conditions: Any) -> Any:
    bodies = [world.body(code) for code in codes or ("01", "48")]
    return matrix(indicators=list(indicators()), bodies=bodies, period=parse_period(period), **conditions)


def test_the_strongest_source_prevails_however_old(figures: World) -> None:
    tell(figures, provenance="system", value="70")
    tell(figures, provenance="declared", value="90", at=LATER)
    tell(figures, provenance="cross_checked", value="75", at=LATER)
    assert in_force(figures) == 70


def test_a_derived_value_is_as_strong_as_its_weakest_input(figures: World) -> None:
    tell(figures, provenance="derived", inherits="declared", value="90", at=LATER)
    tell(figures, provenance="independent", value="75")
    assert in_force(figures) == 75
    tell(figures, provenance="derived", inherits="system", value="72")
    assert in_force(figures) == 72


def test_final_prevails_over_a_later_provisional_figure(figures: World) -> None:
    tell(figures, kind="final", value="70")
    tell(figures, kind="provisional", value="71", at=LATER)
    assert in_force(figures) == 70


def test_what_was_known_at_a_moment_can_be_asked(figures: World) -> None:
    tell(figures, value="70")
    tell(figures, value="80", at=LATER)
    assert in_force(figures) == 80
    assert in_force(figures, known_at=NOW) == 70
    assert in_force(figures, known_at=NOW - timedelta(seconds=1)) is None
    assert cells(figures, "2026-08", known_at=NOW).values[0, 0] == 70


def test_a_withdrawn_figure_leaves_the_weaker_one_and_is_not_zero(figures: World) -> None:
    tell(figures, provenance="declared", value="90")
    tell(figures, value="70")
    tell(figures, value=None, state="null", at=LATER)
    assert in_force(figures) == 90
    assert cells(figures, "2026-08").values[0, 0] == 90


def test_the_matrix_tells_values_gaps_and_what_does_not_apply_apart(figures: World) -> None:
    measurement = tell(figures, value="0")
    tell(figures, body="48", value=None, state="not_applicable")
    tell(figures, body="48", indicator="satisfaction", period="2026-Q3", provenance="declared", value="90")
    found = cells(figures, "2026-08", "01", "48", "00004")
    assert found.values[0, 0] == 0
    assert found.measurement[0, 0] == measurement.pk
    assert found.not_applicable[:, 0].tolist() == [False, True, True]
    assert np.isnan(found.values[1, 0])
    # The quarter around the month stands for it.
    assert found.values[1, 1] == 90
    assert found.provenance(1, 1) == "declared"
    assert found.provenance(0, 1) == ""


def test_the_period_itself_prevails_then_the_newest_month_within_it(figures: World) -> None:
    tell(figures, period="2026-07", value="60")
    tell(figures, period="2026-08", value="65")
    tell(figures, period="2026", value="50")
    assert cells(figures, "2026-Q3").values[0, 0] == 65
    tell(figures, period="2026-Q3", provenance="declared", value="70")
    assert cells(figures, "2026-Q3").values[0, 0] == 70
    assert cells(figures, "2026-Q1").values[0, 0] == 50


def test_while_a_quarter_runs_the_last_known_figure_stands_in(figures: World) -> None:
    tell(figures, period="2026-Q2", indicator="satisfaction", value="88")
    running = cells(figures, "2026-Q3", carry_on=date(2026, 9, 14))
    assert (running.values[0, 1], running.carried[0, 1]) == (88, True)
    assert np.isnan(cells(figures, "2026-Q3").values[0, 1])
    # A survey owed every quarter does not stand in for a whole year.
    assert np.isnan(cells(figures, "2027-Q1", carry_on=date(2027, 1, 14)).values[0, 1])


def test_the_matrix_of_many_bodies_takes_one_query(figures: World) -> None:
    tell(figures)
    columns, bodies = list(indicators()), [figures.body(code) for code in ("01", "48", "BTP", "BYT")]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        matrix(indicators=columns, bodies=bodies, period=AUGUST)
    assert len(asked) == 1


def test_four_sides_of_a_figure_and_the_gap_between_claim_and_reality(figures: World) -> None:
    tell(figures, who="ha", value="90", at=NOW)
    tell(figures, who="ha", value="91.5", at=LATER, evidence="ab" * 32)
    tell(figures, who="son", value="88")
    indicator = indicators(codes=["service_on_time"]).get()
    sides = sides_of_value(indicator, figures.body("01"), AUGUST)
    assert sides.claimed is not None
    assert sides.claimed == sides.evidenced
    assert sides.claimed.value == Decimal("91.5")
    assert sides.verified == sides.in_force
    assert sides.cross_checked is None
    found = gap(sides, indicator)
    assert found is not None
    assert (found.difference, found.is_beyond) == (Decimal("3.5"), True)
    tell(figures, who="ha", value="88.9", at=LATER + timedelta(hours=1))
    within = gap(sides_of_value(indicator, figures.body("01"), AUGUST), indicator)
    assert within is not None
    assert not within.is_beyond


def test_a_series_has_one_value_for_each_period(figures: World) -> None:
    for month, value in (("2026-06", "60"), ("2026-08", "62"), ("2026-07", "61")):
        tell(figures, period=month, value=value)
    tell(figures, period="2026-07", value="99", provenance="declared")
    indicator = indicators(codes=["service_on_time"]).get()
    found = series(indicator, figures.body("01"))
    assert [one.period for one in found] == ["2026-06", "2026-07", "2026-08"]
    assert [int(one.value or 0) for one in found] == [60, 61, 62]


def test_freshness_tells_the_newest_figure_of_each_body(figures: World) -> None:
    tell(figures, period="2026-06")
    tell(figures, period="2026-08", at=LATER)
    tell(figures, period="2026-09", provenance="derived", inherits="system")
    (found,) = freshness(bodies=[figures.body("01")])
    assert (found.period_end, found.recorded_at) == (date(2026, 9, 1), LATER)


def test_the_level_due_lies_on_the_line_between_the_points(figures: World) -> None:
    points = path_of(indicators(codes=["service_on_time"]).get())
    assert level_due(points, date(2025, 12, 30)) is None
    assert level_due(points, date(2025, 12, 31)) == 80
    halfway = level_due(points, date(2028, 7, 1))
    assert halfway is not None
    assert halfway.quantize(Decimal("0.01")) == Decimal("85.00")
    assert level_due(points, date(2031, 1, 1)) == 90


def test_what_is_expected_of_a_body_is_what_applies_to_its_peers(figures: World) -> None:
    assert [one.code for one in indicators_for(figures.body("01"))] == ["service_on_time", "satisfaction"]
    assert indicators_for(figures.body("00004")) == []


def test_standing_rows_of_several_bodies_come_in_one_query_without_what_was_replaced(
    figures: World, django_assert_num_queries: Any
) -> None:
    tell(figures, value="70")
    tell(figures, value="71", at=LATER)
    tell(figures, value="72", who="ha")
    tell(figures, body="48", value="60")
    indicator = indicators(codes=["service_on_time"]).get()
    bodies = [figures.body("01"), figures.body("48")]
    with django_assert_num_queries(1):
        rows = list(standing(indicator=indicator, bodies=bodies, periods=["2026-08"]))
    assert sorted(one.value for one in rows if one.value) == [60, 71, 72]
    sides = sides_among(one for one in rows if one.body_id == figures.body("01").pk)
    assert sides == sides_of_value(indicator, figures.body("01"), AUGUST)
    assert [one.value for one in standing(indicator=indicator, bodies=bodies[:1], known_at=NOW)] != [71]


def test_batches_are_found_by_who_recorded_them(figures: World) -> None:
    tell(figures, who="ha")
    tell(figures, who="ha", period="2026-07", at=LATER)
    tell(figures)
    ha = figures.people["ha"].label
    assert [batch.recorded_at for batch in batches_by(ha)] == [LATER, NOW]
    assert last_recorded([ha, "key:7"]) == {ha: LATER}
