"""The six qualities: within bounds, whatever the order of rows, never better for a figure that is missing."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thuocdo.engine.quality.accuracy import DENIED, accuracy
from thuocdo.engine.quality.cleanliness import OUT_OF_RANGE, REPEATED, cleanliness
from thuocdo.engine.quality.completeness import WITHDRAWN, completeness, timeliness
from thuocdo.engine.quality.consistency import LEVELS, PARTS, Breakdown, Levels, consistency
from thuocdo.engine.quality.delivered import (
    NONE,
    NOT_APPLICABLE,
    NULL,
    VALUE,
    Columns,
    Owed,
    Quality,
    Rows,
)
from thuocdo.engine.quality.liveness import NEVER, STALE, liveness
from thuocdo.engine.quality.sharing import NOT_REUSED, sharing

BODIES, INDICATORS, JANUARY, APRIL = 3, 2, 739_000, 739_090
EXPECTED = np.ones((BODIES, INDICATORS), dtype=np.bool_)
DESCRIBED = Columns(
    tolerance=np.array([0.5, 0.0]),
    lower=np.array([0.0, np.nan]),
    upper=np.array([100.0, np.nan]),
    cycle=np.array([31, 31]),
    term=np.array([10, 10]),
)
OWED = Owed(np.array([0, 1]), np.array([JANUARY, JANUARY]), np.array([JANUARY + 31] * 2), np.array([JANUARY + 41] * 2))


def told(**given: Any) -> dict[str, Any]:
    plain = {
        "body": 0, "indicator": 0, "start": JANUARY, "end": JANUARY + 31, "recorded": JANUARY + 35, "at": 0,
        "strength": 0, "state": VALUE, "value": 50.0, "declared": True, "fed": False, "final": False,
        "standing": True, "repeats": False,
    }  # fmt: skip
    return plain | given


def rows_of(*lines: dict[str, Any]) -> Rows:
    flags = {"declared", "fed", "final", "standing", "repeats"}
    kinds: dict[str, Any] = {"value": np.float64} | dict.fromkeys(flags, np.bool_)
    kinds |= dict.fromkeys(("strength", "state"), np.int8)
    return Rows(
        **{
            one.name: np.array([row[one.name] for row in lines], dtype=kinds.get(one.name, np.int64))
            for one in fields(Rows)
        }
    )


@st.composite
def any_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for at in range(draw(st.integers(0, 12))):
        state = draw(st.sampled_from([VALUE, VALUE, NOT_APPLICABLE, NULL]))
        strength = draw(st.integers(0, 3))
        start = JANUARY + 31 * draw(st.integers(0, 2))
        found.append(
            told(
                body=draw(st.integers(0, BODIES - 1)), indicator=draw(st.integers(0, INDICATORS - 1)), start=start,
                end=start + 31, at=at, strength=strength, state=state, declared=strength == 0, fed=strength == 3,
                value=draw(st.floats(-10, 150)) if state == VALUE else np.nan, final=draw(st.booleans()),
                standing=draw(st.booleans()), repeats=draw(st.booleans()), recorded=start + draw(st.integers(31, 60)),
            )
        )  # fmt: skip
    return found


def judged(rows: Rows) -> list[Quality]:
    levels = Levels((0,), np.array([NONE, 0, 0]), EXPECTED)
    served = np.zeros((BODIES, INDICATORS), dtype=np.bool_)
    served[rows.body[rows.fed], rows.indicator[rows.fed]] = True
    newest = np.zeros((BODIES, INDICATORS), dtype=np.int64)
    np.maximum.at(newest, (rows.body, rows.indicator), rows.end)
    return [
        accuracy(rows, DESCRIBED, EXPECTED),
        completeness(rows, OWED, EXPECTED),
        timeliness(rows, OWED, EXPECTED),
        cleanliness(rows, DESCRIBED, EXPECTED, np.ones(BODIES)),
        liveness(newest, DESCRIBED, EXPECTED, APRIL),
        consistency(rows, DESCRIBED, EXPECTED, breakdowns=[Breakdown(0, (1,), 1.0)], levels=levels),
        sharing(served, None, EXPECTED),
    ]


@settings(max_examples=60, deadline=None)
@given(any_rows(), st.randoms(use_true_random=False))
def test_shares_stay_within_bounds_faults_explain_them_and_order_does_not_matter(lines: Any, chance: Any) -> None:
    shuffled = list(lines)
    chance.shuffle(shuffled)
    for quality, again in zip(judged(rows_of(*lines)), judged(rows_of(*shuffled)), strict=True):
        shares = quality.of_bodies
        assert np.all(np.isnan(shares) | ((shares >= 0) & (shares <= 1)))
        np.testing.assert_allclose(again.met, quality.met)
        np.testing.assert_allclose(again.judged, quality.judged)
        # What is lost is told, case by case.
        lost = np.zeros((BODIES, INDICATORS))
        np.add.at(lost, (quality.faults.body, quality.faults.indicator), quality.faults.loss)
        np.testing.assert_allclose(lost, quality.judged - quality.met, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(any_rows(), st.integers(0, BODIES - 1), st.integers(0, INDICATORS - 1))
def test_a_cell_that_arrives_never_lowers_completeness(lines: Any, body: int, indicator: int) -> None:
    before = completeness(rows_of(*lines), OWED, EXPECTED).of_bodies
    after = completeness(rows_of(*lines, told(body=body, indicator=indicator, at=99)), OWED, EXPECTED).of_bodies
    assert np.all(after >= before)


def test_a_figure_that_its_owner_calls_not_applicable_but_a_machine_measures_is_not_accurate() -> None:
    found = accuracy(
        rows_of(told(state=NOT_APPLICABLE, value=np.nan), told(strength=3, declared=False, at=1)), DESCRIBED, EXPECTED
    )
    assert (found.of_bodies[0], list(found.faults.reason)) == (0, [DENIED])


def test_binary_fractions_do_not_make_a_difference_within_the_tolerance_a_fault() -> None:
    rows = rows_of(told(value=80.4), told(value=79.9, strength=2, declared=False, at=1))
    assert accuracy(rows, DESCRIBED, EXPECTED).of_bodies[0] == 1


def test_a_withdrawn_figure_is_missing_again_but_was_in_time() -> None:
    rows = rows_of(told(standing=False), told(state=NULL, value=np.nan, at=1))
    found = completeness(rows, OWED, EXPECTED)
    assert found.of_cells[0, 0] == 0
    assert found.faults.reason[(found.faults.body == 0) & (found.faults.indicator == 0)] == [WITHDRAWN]
    assert timeliness(rows, OWED, EXPECTED).of_cells[0, 0] == 1


def test_repetitions_ranges_and_refusals_count_against_cleanliness() -> None:
    rows = rows_of(told(), told(repeats=True), told(value=101))
    found = cleanliness(rows, DESCRIBED, EXPECTED, np.array([1.0, 0, 0]))
    assert found.of_bodies[0] == pytest.approx(1 / 4)
    assert sorted(found.faults.reason) == [OUT_OF_RANGE, REPEATED]


def test_data_dies_evenly_over_one_cycle_after_its_successor_was_due() -> None:
    due = APRIL + 31 + 10
    newest = np.array([[APRIL, APRIL], [0, APRIL], [APRIL, 0]])
    for late, left in ((0, 1.0), (10, 1 - 10 / 31), (31, 0.0), (400, 0.0)):
        found = liveness(newest, DESCRIBED, EXPECTED, due + late)
        assert found.of_cells[0, 0] == pytest.approx(left)
        assert found.of_cells[1, 0] == 0
        assert set(found.faults.reason) <= {NEVER, STALE}


def test_parts_and_levels_must_add_up_once_all_are_told_or_when_they_exceed_the_whole() -> None:
    whole, part = told(value=10), told(value=9, indicator=1, at=1)
    breakdowns = [Breakdown(0, (1,), 0.5)]
    found = consistency(rows_of(whole, part), DESCRIBED, EXPECTED, breakdowns=breakdowns)
    assert list(found.faults.reason) == [PARTS]
    levels = Levels((0,), np.array([NONE, 0, 0]), EXPECTED)
    below = [told(value=6, body=1, at=2), told(value=4, body=2, at=3)]
    assert consistency(rows_of(whole, *below), DESCRIBED, EXPECTED, levels=levels).of_cells[0, 0] == 1
    assert np.isnan(consistency(rows_of(whole, below[0]), DESCRIBED, EXPECTED, levels=levels).of_cells[0, 0])
    exceeding = [told(value=11, body=1, at=2)]
    found = consistency(rows_of(whole, *exceeding), DESCRIBED, EXPECTED, levels=levels)
    assert (found.of_cells[0, 0], list(found.faults.reason)) == (0, [LEVELS])


def test_what_is_served_counts_half_until_another_body_reads_it() -> None:
    served, reused = EXPECTED.copy(), np.zeros_like(EXPECTED)
    reused[0, 0] = True
    found = sharing(served, reused, EXPECTED)
    assert (found.of_cells[0, 0], found.of_cells[0, 1]) == (1, 0.5)
    assert set(found.faults.reason) == {NOT_REUSED}
    assert sharing(served, None, EXPECTED).of_bodies[0] == 1
