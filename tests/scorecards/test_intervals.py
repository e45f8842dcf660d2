"""How far a rank can be trusted: simulated beside the live ranking, kept with its recipe, never shown as newer."""

import json
import zlib
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.indicators.figures import load_figures, tell
from tests.scorecards.method import Q2, TEXT, VARIED, score_provinces, standing
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number
from thuocdo.scorecards import jobs
from thuocdo.scorecards.models import Interval, Run, Scorecard, Simulation
from thuocdo.scorecards.operations import load_scorecard, simulate
from thuocdo.scorecards.queries import (
    chance_ahead,
    history,
    intervals_of,
    latest_run,
    ranking,
    recompute,
    recompute_intervals,
    simulation_of,
    spec_of,
    spread_of,
)
from thuocdo.scorecards.queries.content import content_of
from thuocdo.scorecards.queries.intervals import _overlaps, _tiers, errors_of, seed_of


@pytest.fixture
def method(world: World) -> Scorecard:
    load_figures(world)
    return load_scorecard(actor=world.machine, at=NOW, text=VARIED)


def fill(world: World, *, hanoi: str = "80", danang: str = "81", **at: Any) -> None:
    """Two provinces so close that another weight turns them round."""
    for body, service, survey in (("01", hanoi, "60"), ("48", danang, "58")):
        tell(world, body=body, period="2026-Q3", value=service, **at)
        tell(world, body=body, period="2026-Q3", indicator="satisfaction", value=survey, provenance="independent", **at)


def computed(world: World, at: Any = NOW) -> list[Simulation]:
    return simulate(actor=world.machine, at=at, replicates=200)


def test_a_run_gets_intervals_that_hold_its_ranks_and_anybody_gets_them_again(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    (simulation,) = computed(world)
    assert (simulation.run_id, simulation.replicates, simulation.seed) == (run.pk, 200, seed_of(run))
    found = latest_run(method, "provinces")
    assert found is not None
    rows = list(ranking(found))
    assert [(row.interval.low, row.interval.high) for row in rows] == [(1, 2), (1, 2)]
    assert {row.interval.alike for row in rows} == {1}
    # Drawn on the scale of scores: from the score at the last place to that at the first.
    assert {(row.interval.score_low, row.interval.score_high) for row in rows} == {(rows[1].rounded, rows[0].rounded)}
    again = recompute_intervals(Run.objects.select_related("scorecard").get(pk=run.pk))
    assert again is not None
    assert again.is_equal
    Simulation.objects.update(seed=simulation.seed + 1)
    other = recompute_intervals(Run.objects.select_related("scorecard").get(pk=run.pk))
    assert other is not None
    assert not other.is_equal


def survey(world: World, *, size: int | None, at: Any = NOW, **more: Any) -> None:
    """Two provinces some points apart whose surveys asked so many people; what the system counts is alike."""
    for body, share in (("01", "60"), ("48", "66")):
        given = {"value": share, "provenance": "independent", **({"sample_size": size} if size else {}), **more}
        tell(world, at=at, body=body, period="2026-Q3", indicator="satisfaction", **given)
        tell(world, at=at, body=body, period="2026-Q3", value="80")


def widths(world: World, method: Scorecard, at: Any = NOW) -> tuple[int, float]:
    """How many known errors were drawn, and the sum of the errors in points behind the newest intervals."""
    score_provinces(world, method, at=at)
    (simulation,) = computed(world, at)
    run = Run.objects.select_related("scorecard", "simulation").get(pk=simulation.run_id)
    again = recompute_intervals(run)
    assert again is not None
    assert again.is_equal
    errors = errors_of(spec_of(run.scorecard), content_of(run))
    (told,) = json.loads(Entry.objects.latest("number").data)["runs"]
    assert told["inputs"] == run.inputs_digest
    return told["known_errors"], float(errors.sum())


def test_the_fewer_people_were_asked_the_wider_the_interval(world: World, method: Scorecard) -> None:
    """Root of squares: 2 points for an independent source, and what 40 or 4,000 answers leave open."""
    survey(world, size=None)
    silent = widths(world, method)
    found = {}
    for minute, size in enumerate((4000, 40), start=1):
        at = NOW + timedelta(minutes=minute)
        survey(world, size=size, at=at)
        known, found[size] = widths(world, method, at)
        assert known == 2
        shares = [(size * one + 200) / (size + 4) for one in (60, 66)]
        expected = [np.hypot(2, np.sqrt(p * (100 - p) / (size + 4))) for p in shares]
        # Beside them the two system figures, half a point each.
        assert found[size] == pytest.approx(sum(expected) + 2 * 0.5, rel=1e-9)
    assert silent == (0, 2 * 2 + 2 * 0.5)
    assert silent[1] < found[4000] < found[40]


def test_few_answers_make_provinces_indistinguishable_that_many_tell_apart(world: World, method: Scorecard) -> None:
    survey(world, size=100_000)
    widths(world, method)
    many = sum(Interval.objects.values_list("alike", flat=True))
    at = NOW + timedelta(minutes=1)
    survey(world, size=5, at=at)
    widths(world, method, at)
    few = sum(Interval.objects.filter(simulation=Simulation.objects.latest("pk")).values_list("alike", flat=True))
    assert (many, few) == (0, 2)


def test_a_count_of_everybody_has_no_error_of_a_sample(world: World, method: Scorecard) -> None:
    """The dossiers of a system are all there are, however few: the definition says so, not the size."""
    for body, share in (("01", "60"), ("48", "64")):
        tell(world, body=body, period="2026-Q3", value=share, sample_size=7)
    run = score_provinces(world, method)
    assert content_of(run).error is None
    assert b"thuocdo inputs 2" in zlib.decompress(bytes(run.inputs))
    (simulation,) = computed(world)
    assert json.loads(Entry.objects.latest("number").data)["runs"][0]["known_errors"] == 0
    assert simulation.run_id == run.pk


def test_what_the_source_says_of_its_error_comes_before_what_the_size_says(world: World, method: Scorecard) -> None:
    survey(world, size=5, standard_error="1.5")
    known, total = widths(world, method)
    assert (known, total) == (2, pytest.approx(2 * np.hypot(2, 1.5) + 2 * 0.5))


def test_a_corrected_error_alone_makes_a_new_run_with_the_same_scores(world: World, method: Scorecard) -> None:
    survey(world, size=400)
    first = score_provinces(world, method)
    at = NOW + timedelta(minutes=1)
    survey(world, size=50, at=at)
    second = score_provinces(world, method, at=at)
    assert (second.inputs_digest != first.inputs_digest, second.outputs_digest) == (True, first.outputs_digest)
    recomputed = recompute(Run.objects.select_related("scorecard").get(pk=second.pk))
    assert recomputed.is_equal
    assert seed_of(second) != seed_of(first)


def test_a_method_that_states_no_errors_draws_none_of_samples_either(world: World) -> None:
    load_figures(world)
    text = VARIED.replace("error = { system = 0.5, independent = 2, declared = 5 }", "")
    scorecard = load_scorecard(actor=world.machine, at=NOW, text=text)
    survey(world, size=5)
    assert widths(world, scorecard) == (0, 0.0)


def test_what_is_far_apart_is_told_apart(world: World, method: Scorecard) -> None:
    fill(world, hanoi="95", danang="20")
    score_provinces(world, method)
    computed(world)
    assert sorted(Interval.objects.values_list("low", "high", "alike", "tier")) == [(1, 1, 0, 1), (2, 2, 0, 2)]


def test_the_ledger_tells_the_recipe_once_for_all(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    before = newest_number()
    (simulation,) = computed(world)
    (entry,) = Entry.objects.filter(number__gt=before)
    assert entry.event == "scorecards.intervals.computed"
    assert json.loads(entry.data)["runs"] == [
        {"run": run.pk, "peer_group": "provinces", "period": "2026-Q3", "replicates": 200, "seed": simulation.seed,
         "inputs": run.inputs_digest, "known_errors": 0, "intervals": simulation.digest}
    ]  # fmt: skip
    # Everything is covered: nothing is computed or told a second time.
    assert computed(world) == []
    assert newest_number() == entry.number


def test_only_the_newest_run_of_a_group_is_simulated(world: World, method: Scorecard) -> None:
    fill(world)
    first = score_provinces(world, method)
    tell(world, at=NOW + timedelta(hours=1), body="01", period="2026-Q3", value="85")
    second = score_provinces(world, method, at=NOW + timedelta(hours=2))
    assert [one.run_id for one in computed(world)] == [second.pk]
    assert not Run.objects.filter(pk=first.pk).exists()


def test_a_method_that_varies_nothing_has_no_intervals(world: World) -> None:
    load_figures(world)
    scorecard = load_scorecard(actor=world.machine, at=NOW, text=TEXT)
    fill(world)
    score_provinces(world, scorecard)
    assert computed(world) == []


def test_nobody_but_the_machine_and_administrators_simulates(world: World, method: Scorecard) -> None:
    with pytest.raises(NotAllowed):
        simulate(actor=world.actor("lan"), at=NOW)


def test_a_live_run_shows_the_last_intervals_of_the_day_as_of_their_moment(world: World, method: Scorecard) -> None:
    fill(world, hanoi="95", danang="20")
    score_provinces(world, method)
    computed(world)
    earlier = latest_run(method, "provinces")
    later = NOW + timedelta(minutes=5)
    tell(world, at=later, body="48", period="2026-Q3", value="21")
    score_provinces(world, method, at=later)
    run = latest_run(method, "provinces")
    assert run is not None
    assert earlier is not None
    spread = spread_of(run)
    assert spread.earlier == earlier
    assert simulation_of(run) is None
    rows = list(ranking(run))
    carried = intervals_of(spread, rows)
    assert [(carried[row.body_id].low, carried[row.body_id].high) for row in rows] == [(1, 1), (2, 2)]
    # Both change places: what was computed before no longer holds for either of them.
    last = later + timedelta(minutes=5)
    fill(world, hanoi="20", danang="95", at=last)
    score_provinces(world, method, at=last)
    run = latest_run(method, "provinces")
    assert run is not None
    assert spread_of(run).earlier == earlier
    assert intervals_of(spread_of(run), ranking(run)) == {}
    # With its own intervals there is nothing to carry, and the next score lets go of the earlier run.
    computed(world, last)
    run = latest_run(method, "provinces")
    assert run is not None
    assert spread_of(run).earlier is None
    assert len(intervals_of(spread_of(run), ranking(run))) == 2
    tell(world, at=last + timedelta(minutes=1), body="48", period="2026-Q3", value="96")
    score_provinces(world, method, at=last + timedelta(minutes=1))
    assert not Run.objects.filter(pk=earlier.pk).exists()


def test_yesterdays_intervals_are_not_carried_into_today(world: World, method: Scorecard) -> None:
    fill(world)
    score_provinces(world, method)
    computed(world)
    tomorrow = NOW + timedelta(days=1)
    tell(world, at=tomorrow, body="48", period="2026-Q3", value="20")
    score_provinces(world, method, at=tomorrow)
    run = latest_run(method, "provinces")
    assert run is not None
    assert spread_of(run).simulation is None


@time_machine.travel(NOW, tick=False)
def test_scores_are_followed_by_intervals_in_a_queue_of_their_own(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    (waiting,) = DBTaskResult.objects.filter(task_path="thuocdo.scorecards.jobs.simulate")
    assert waiting.queue_name == "slow"
    jobs.simulate.func(run.ledger or 0)
    assert Simulation.objects.get().run_id == run.pk
    # Covered: the same job again leaves at once.
    before = newest_number()
    jobs.simulate.func(run.ledger or 0)
    assert newest_number() == before


@time_machine.travel(NOW, tick=False)
def test_while_values_pour_in_intervals_follow_at_a_distance(world: World, method: Scorecard) -> None:
    fill(world)
    jobs.simulate.func(score_provinces(world, method).ledger or 0)
    tell(world, at=NOW, body="48", period="2026-Q3", value="90")
    second = score_provinces(world, method)
    jobs.simulate.func(second.ledger or 0)
    assert simulation_of(Run.objects.get(pk=second.pk)) is None
    postponed = DBTaskResult.objects.filter(task_path="thuocdo.scorecards.jobs.simulate").earliest("run_after")
    assert postponed.run_after == timezone.now() + jobs.PAUSE
    with time_machine.travel(NOW + jobs.PAUSE, tick=False):
        jobs.simulate.func(second.ledger or 0)
    assert simulation_of(Run.objects.get(pk=second.pk)) is not None


def test_the_chance_that_one_is_ahead_of_the_other_adds_up(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    assert chance_ahead(run, "01", "48") is None
    computed(world)
    run = Run.objects.select_related("scorecard", "simulation").get(pk=run.pk)
    chance, other = chance_ahead(run, "01", "48"), chance_ahead(run, "48", "01")
    assert chance is not None
    assert other is not None
    assert chance.ahead + chance.behind + chance.level == pytest.approx(1)
    assert (chance.ahead, chance.behind) == (other.behind, other.ahead)
    assert 0.05 < chance.ahead < 0.95
    assert chance_ahead(run, "01", "99") is None


def test_the_history_reads_one_run_of_each_period_with_its_interval(world: World, method: Scorecard) -> None:
    fill(world)
    spring = NOW - timedelta(days=90)
    tell(world, at=spring, body="01", period="2026-Q2", value="70")
    score_provinces(world, method, Q2, at=spring, is_live=False)
    for day in range(4):
        at = NOW + timedelta(days=day)
        tell(world, at=at, body="01", period="2026-Q3", value=str(80 + day))
        newest = score_provinces(world, method, at=at)
    computed(world)
    with CaptureQueriesContext(connection) as queries:
        found = history(standing(newest, "01").body, scorecard=method)
        read = [(row.run.period, row.rank, row.interval.low) for row in found]
    assert [period for period, _, _ in read] == ["2026-Q2", "2026-Q3"]
    assert found[-1].run_id == newest.pk
    # The body itself, and everything else.
    assert len(queries) == 2


def test_intervals_overlap_where_they_share_a_place() -> None:
    low, high = np.array([1, 2, 2, 5]), np.array([1, 3, 4, 5])
    assert _overlaps(low, high).tolist() == [0, 1, 1, 0]
    assert _tiers(low, high).tolist() == [1, 2, 2, 3]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30))
def test_within_a_tier_nobody_is_told_apart_and_the_next_one_is_from_somebody(reach: list[tuple[int, int]]) -> None:
    places = np.arange(1, len(reach) + 1)
    low = np.maximum(places - np.array([below for below, _ in reach]), 1)
    high = np.minimum(places + np.array([above for _, above in reach]), len(reach))
    tiers = _tiers(low, high)
    share = (low[:, None] <= high[None, :]) & (low[None, :] <= high[:, None])
    assert _overlaps(low, high).tolist() == (share.sum(axis=1) - 1).tolist()
    for tier in range(1, tiers.max() + 1):
        members = np.flatnonzero(tiers == tier)
        assert share[np.ix_(members, members)].all()
        following = members[-1] + 1
        if following < len(places):
            assert not share[following, members].all()
