"""Why a place changed: parts that add up to what is shown, and steps that are enough."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.indicators.figures import tell
from tests.web.judgement import CAPPED, Nation, judged
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.scoring import compute
from thuocdo.scorecards.models import Standing
from thuocdo.scorecards.operations import score
from thuocdo.scorecards.queries import changing, explained_change, parts_of_change, rank_shift, ways_up
from thuocdo.scorecards.queries.changing import adding_up
from thuocdo.scorecards.queries.content import content_of
from thuocdo.scorecards.queries.methods import spec_of


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


def standing(nation: Nation, code: str, *, before: bool = False) -> Standing:
    run = nation.before if before else nation.now
    return Standing.objects.select_related("run__scorecard", "body").get(run=run, body__code=code)


@pytest.mark.parametrize("code", ["01", "48"])
def test_the_parts_of_a_change_add_up_to_the_change_that_is_shown(nation: Nation, code: str) -> None:
    now, before = standing(nation, code), standing(nation, code, before=True)
    parts = parts_of_change(now, before)
    assert round(sum(part.total for part in parts), 9) == round((now.rounded or 0) - (before.rounded or 0), 9)
    assert all(part.by_weight == 0 for part in parts)


def test_what_ceases_to_apply_moves_weight_not_scores(nation: Nation) -> None:
    tell(
        nation.world, at=NOW + timedelta(hours=1), body="01", indicator="satisfaction", period="2026-Q3",
        value=None, state="not_applicable", provenance="independent",
    )  # fmt: skip
    (run,) = score(
        actor=nation.world.machine, at=NOW + timedelta(hours=2), scorecard=nation.scorecard,
        period=parse_period("2026-Q3"), peer_groups=["provinces"], is_live=True,
    )  # fmt: skip
    now = Standing.objects.select_related("run__scorecard", "body").get(run=run, body__code="01")
    parts = {part.code: part for part in parts_of_change(now, standing(nation, "01", before=True))}
    assert parts["satisfaction"].by_score == 0
    assert parts["satisfaction"].by_weight == -32
    assert parts["service_on_time"].by_weight > 0
    before = standing(nation, "01", before=True)
    total = sum(part.total for part in parts.values())
    assert round(total, 9) == round((now.rounded or 0) - (before.rounded or 0), 9)


@pytest.mark.parametrize("code", ["01", "48"])
def test_a_change_of_rank_divides_between_the_body_and_its_peers(nation: Nation, code: str) -> None:
    now = standing(nation, code)
    shift = rank_shift(now)
    assert shift is not None
    assert shift.own + shift.others == shift.before - shift.now == (1 if code == "01" else -1)


def test_each_step_up_is_enough_and_a_smaller_one_is_not(nation: Nation) -> None:
    now = standing(nation, "48")
    (way,) = ways_up(now)
    assert (way.rank, way.target) == (2, 1)
    matrix, spec = content_of(now.run).matrix, spec_of(now.run.scorecard)
    row = matrix.units.index("48")

    def rank_with(code: str, value: float) -> float:
        values = matrix.values.copy()
        values[row, matrix.indicators.index(code)] = value
        outcome = compute(spec, replace(matrix, values=values))
        return float(outcome.ranks_of(spec.top)[outcome.units.index("48")])

    enough = [one for one in way.singles if one.needed is not None]
    assert enough
    for one in enough:
        assert one.now is not None
        assert one.needed is not None
        assert rank_with(one.indicator, one.needed) == 1
        assert rank_with(one.indicator, one.needed - 0.02) == 2
    assert ways_up(standing(nation, "01")) == []


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20))
def test_rounded_parts_add_up_and_stay_beside_their_exact_values(values: list[float]) -> None:
    exact = [round(value, 9) for value in values]
    total = round(sum(exact), 2)
    shown = adding_up(exact, total, 2)
    assert round(sum(shown), 6) == total
    assert all(abs(one - other) <= 0.0100001 for one, other in zip(shown, exact, strict=True))
    assert all(one == 0 for one, other in zip(shown, exact, strict=True) if other == 0 and any(exact))


GEOMETRIC = CAPPED.replace('method = "arithmetic"', 'method = "geometric"')
COMPARED = CAPPED.replace('method = "goalposts"\nscale = 100', 'method = "min_max"\nlower = 1\nupper = 100').replace(
    'method = "arithmetic"', 'method = "geometric"'
)


@pytest.mark.parametrize("text", [GEOMETRIC, COMPARED], ids=["geometric", "compared with peers"])
@pytest.mark.parametrize("code", ["01", "48"])
def test_an_index_that_is_no_sum_is_explained_as_well(world: World, text: str, code: str) -> None:
    nation = judged(world, text)
    now, before = standing(nation, code), standing(nation, code, before=True)
    assert parts_of_change(now, before) == []
    change = explained_change(now, before)
    assert change is not None
    total = sum(part.total for part in change.parts) + change.by_weights + change.by_method + change.by_peers
    assert round(total, 9) == round((now.rounded or 0) - (before.rounded or 0), 9)
    assert change.by_method == change.by_weights == 0
    if text is GEOMETRIC:
        assert change.by_peers == 0
    assert change.shift is not None
    shift = change.shift
    assert (shift.before, shift.now) == (now.previous_rank, now.rank)
    assert round(shift.own + shift.others + shift.method, 9) == shift.before - shift.now


def test_a_sum_of_points_is_explained_without_computing_a_run(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("The points stand in the standings.")

    monkeypatch.setattr(changing, "decompose_change", never)
    now, before = standing(nation, "48"), standing(nation, "48", before=True)
    change = explained_change(now, before)
    assert change is not None
    assert change.parts == parts_of_change(now, before)
    assert change.shift == rank_shift(now)


def test_without_a_score_before_there_is_nothing_to_explain(nation: Nation) -> None:
    now, before = standing(nation, "48"), standing(nation, "48", before=True)
    before.rounded = None
    assert explained_change(now, before) is None
