"""From measurements to a ranking that says why, can be computed again, and changes when they do."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.indicators.figures import row, tell
from tests.scorecards.method import Q2, Q3, TEXT, load_method, score_provinces, standing
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.indicators.operations import record_measurements
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.models import Body, Succession
from thuocdo.scorecards.models import Run, Scorecard, Standing
from thuocdo.scorecards.operations import ScorecardRefused, load_scorecard, rescore, score
from thuocdo.scorecards.operations.keeping import GRACE
from thuocdo.scorecards.queries import (
    drill_down,
    history,
    latest_run,
    movers,
    periods_scored,
    ranking,
    recompute,
    scorecard_by_code,
    scorecards_on,
    standing_of,
    under_both_maps,
    what_to_fix_first,
)


@pytest.fixture
def method(world: World) -> Scorecard:
    return load_method(world)


def fill(world: World, period: str = "2026-Q3", **at: Any) -> None:
    """Hà Nội and Đà Nẵng in every indicator: 80·50 + 5·10 … as the comments of the tests compute."""
    for body, service, survey, count in (("01", "80", "90", "5"), ("48", "90", "45", "10")):
        tell(world, body=body, period=period, value=service, **at)
        tell(world, body=body, period=period, indicator="satisfaction", value=survey, provenance="independent", **at)
        tell(world, body=body, period=period[:4], indicator="databases", value=count, provenance="declared", **at)


def test_scores_ranks_and_classes_are_those_of_a_calculation_by_hand(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    hanoi, danang = standing(run, "01"), standing(run, "48")
    # 80 % of 50 points, 5 of 10 databases declared (0.8) of 10 points, 90 % of 40 points.
    assert hanoi.rounded == 40 + 4 + 36
    assert danang.rounded == 45 + 8 + 18
    assert [(one.body.code, one.rank) for one in ranking(run)] == [("01", 1), ("48", 2)]
    # With 80 points the class is good; without people's trust no more than fair.
    assert (hanoi.score_class, danang.score_class) == ("tot", "kha")
    assert run.medians["satisfaction"] == 67.5
    assert run.points == {
        "service_on_time": 50, "databases": 10, "satisfaction": 40, "results": 60, "trust": 40, "index": 100,
    }  # fmt: skip


def test_every_score_says_what_it_is_made_of(world: World, method: Scorecard) -> None:
    fill(world)
    parts = standing(score_provinces(world, method), "01").parts
    assert parts["service_on_time"]["points"] == 40
    assert parts["service_on_time"]["provenance"] == "system"
    assert parts["databases"]["score"] == 40
    assert parts["results"] == {"score": pytest.approx(44 / 60 * 100), "points": 44, "of": 60}
    assert parts["index"]["points"] == 80


def test_what_is_not_applicable_gives_its_points_to_the_rest(world: World, method: Scorecard) -> None:
    fill(world)
    later: dict[str, Any] = {"at": NOW + timedelta(hours=1), "provenance": "independent"}
    tell(world, indicator="satisfaction", period="2026-Q3", value=None, state="not_applicable", **later)
    parts = standing(score_provinces(world, method), "01").parts
    assert parts["satisfaction"] == {"score": None, "points": 0, "of": 0, "gap": "not_applicable"}
    assert parts["service_on_time"]["of"] == pytest.approx(50 / 60 * 100)


def test_a_missing_figure_counts_nothing_until_its_grace_is_over_and_zero_then(world: World, method: Scorecard) -> None:
    tell(world, period="2026-08", value="80")
    running = standing(score_provinces(world, method), "01")
    assert running.rounded == 80
    assert running.parts["satisfaction"]["gap"] == "grace"
    # Đà Nẵng owed the monthly figure of July since 10 August.
    assert standing(running.run, "48").parts["service_on_time"]["gap"] == "missing"
    assert standing(running.run, "48").rounded == 0
    late = score_provinces(world, method, at=NOW + timedelta(days=60), is_live=False)
    after = standing(late, "01")
    assert after.parts["satisfaction"]["gap"] == "missing"
    assert after.parts["databases"]["gap"] == "grace"
    assert after.rounded == 48


def test_a_run_can_be_computed_again_from_what_it_kept(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    assert recompute(run).is_equal
    entry = Entry.objects.get(number=run.ledger or 0)
    assert run.outputs_digest in entry.data
    # Later figures change nothing about it.
    tell(world, value="10", period="2026-Q3", at=NOW + timedelta(hours=1))
    assert recompute(run).is_equal


def test_a_forged_run_is_found(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    tell(world, value="10", period="2026-Q3", at=NOW + timedelta(hours=1))
    other = score_provinces(world, method, at=NOW + timedelta(hours=2))
    other.inputs = run.inputs or Run.objects.get(pk=run.pk).inputs
    found = recompute(other)
    assert not found.is_equal
    assert found.outputs_digest == run.outputs_digest


def test_the_same_inputs_give_no_new_run(world: World, method: Scorecard) -> None:
    fill(world)
    run = score_provinces(world, method)
    before = newest_number()
    again = score(
        actor=world.machine, at=NOW + timedelta(hours=1), scorecard=method, period=Q3, peer_groups=["provinces"],
        is_live=True,
    )  # fmt: skip
    assert again == []
    assert newest_number() == before
    run.refresh_from_db()
    assert run.known_at == NOW + timedelta(hours=1)


def test_a_posted_figure_changes_the_ranking_and_only_that_of_its_peers(world: World, method: Scorecard) -> None:
    fill(world)
    rescore(actor=world.machine, at=NOW)
    ministries = latest_run(method, "ministries_with_services", Q3)
    later = NOW + timedelta(minutes=5)
    tell(world, body="48", period="2026-Q3", indicator="satisfaction", value="100", provenance="independent", at=later)
    (run,) = rescore(actor=world.machine, at=later)
    assert [(one.body.code, one.rank) for one in ranking(run)] == [("48", 1), ("01", 2)]
    assert run.is_live
    assert latest_run(method, "ministries_with_services", Q3) == ministries
    assert rescore(actor=world.machine, at=later) == []


def test_a_new_version_of_the_method_scores_everybody_again(world: World, method: Scorecard) -> None:
    fill(world)
    first = rescore(actor=world.machine, at=NOW)
    later = NOW + timedelta(minutes=5)
    second = load_scorecard(actor=world.machine, at=later, text=TEXT.replace("weight = 40", "weight = 140"))
    runs = rescore(actor=world.machine, at=later)
    assert [run.peer_group for run in runs] == [run.peer_group for run in first]
    assert {run.scorecard for run in runs} == {second}


def test_a_new_quarter_begins_with_what_is_known(world: World, method: Scorecard) -> None:
    fill(world)
    rescore(actor=world.machine, at=NOW)
    october = NOW + timedelta(days=20)
    tell(world, body="BTP", period="2026-10", value="50", at=october)
    runs = {run.peer_group: run for run in rescore(actor=world.machine, at=october)}
    assert runs["provinces"].period == "2026-Q4"
    hanoi = standing(runs["provinces"], "01")
    assert hanoi.parts["service_on_time"]["carried"]
    assert hanoi.rounded == 80


def test_a_correction_of_an_earlier_quarter_scores_that_quarter_again(world: World, method: Scorecard) -> None:
    fill(world, "2026-Q2")
    score_provinces(world, method, Q2, is_live=False)
    fill(world)
    rescore(actor=world.machine, at=NOW)
    later = NOW + timedelta(minutes=5)
    tell(world, period="2026-Q2", value="60", at=later)
    periods = {run.period for run in rescore(actor=world.machine, at=later)}
    # The running quarter has its own figure, so nothing changes there.
    assert periods == {"2026-Q2"}
    run = latest_run(method, "provinces", Q2)
    assert run is not None
    assert standing(run, "01").rounded == 70


def test_replaced_live_runs_go_but_the_last_of_each_day_stays(world: World, method: Scorecard) -> None:
    for hours, value in ((-25, "50"), (-24, "55"), (-1, "60"), (0, "65")):
        at = NOW + timedelta(hours=hours)
        tell(world, period="2026-Q3", value=value, at=at)
        rescore(actor=world.machine, at=at)
    kept = Run.objects.filter(peer_group="provinces").order_by("pk")
    assert [standing(run, "01").parts["service_on_time"]["value"] for run in kept] == [55, 65]
    assert Standing.objects.filter(run__peer_group="provinces").count() == 4


def test_a_run_that_a_page_may_still_be_reading_stays_for_a_moment(world: World, method: Scorecard) -> None:
    for seconds, value in ((0, "50"), (1, "55"), (GRACE.seconds, "60")):
        at = NOW + timedelta(seconds=seconds)
        tell(world, period="2026-Q3", value=value, at=at)
        rescore(actor=world.machine, at=at)
    kept = Run.objects.filter(peer_group="provinces").order_by("pk")
    assert [standing(run, "01").parts["service_on_time"]["value"] for run in kept] == [55, 60]


def test_changes_are_told_against_the_quarter_before(world: World, method: Scorecard) -> None:
    fill(world, "2026-Q2")
    score_provinces(world, method, Q2, is_live=False)
    fill(world)
    tell(world, period="2026-Q3", value="20", at=NOW + timedelta(minutes=1))
    run = score_provinces(world, method)
    hanoi = standing(run, "01")
    assert (hanoi.rank, hanoi.previous_rank, hanoi.rank_change) == (2, 1, -1)
    assert hanoi.change == -30
    assert [one.body.code for one in movers(run)] == ["01", "48"]
    assert [one.run.period for one in history(world.body("01"), scorecard=method)] == ["2026-Q2", "2026-Q3"]
    assert periods_scored(method, "provinces") == [Q3, Q2]
    found = standing_of(world.body("01"), scorecard=method, period=Q2)
    assert found is not None
    assert found.rank == 1


def test_a_score_leads_down_to_the_measurement_behind_it(world: World, method: Scorecard) -> None:
    fill(world)
    claimed = tell(world, who="ha", period="2026-Q3", value="95")
    run = score_provinces(world, method)
    found = drill_down(standing(run, "01"), "service_on_time")
    assert found is not None
    assert found.measurement is not None
    assert found.measurement.value == 80
    assert found.measurement.provenance == "system"
    assert found.sides.claimed == claimed
    assert claimed in found.behind
    assert found.peer_median == 85
    assert drill_down(standing(run, "01"), "nothing") is None


def test_what_would_help_most_comes_first(world: World, method: Scorecard) -> None:
    fill(world)
    found = what_to_fix_first(standing(score_provinces(world, method), "48"))
    assert [(one.code, one.gain, one.reason) for one in found] == [
        ("satisfaction", 22, "value"), ("service_on_time", 5, "value"), ("databases", 2, "unverified"),
    ]  # fmt: skip


def test_a_merged_province_is_shown_under_both_maps(world: World, method: Scorecard) -> None:
    fill(world)
    old = [
        Body.objects.create(
            code=f"63-{code}", bloc="local", kind="province", name=f"Tỉnh {code}", name_en=code, short_name=code,
            valid_from="2020-01-01", valid_to="2025-07-01",
        )
        for code in ("48", "49")
    ]  # fmt: skip
    for body in old:
        Succession.objects.create(predecessor=body, successor=world.body("48"), on="2025-07-01")
    run = score_provinces(world, method)
    assert under_both_maps(standing(run, "48")).under_old is None
    rows = [
        row(body="63-48", period="2026-Q3", value="60", provenance="system"),
        row(body="63-49", period="2026-Q3", value="80", provenance="system"),
    ]
    assert record_measurements(actor=world.machine, at=NOW, rows=rows).accepted == 2
    both = under_both_maps(standing(run, "48"))
    # Only service is measured, and nothing else is due yet on the day of the run.
    assert [score for _body, score in both.predecessors] == [60, 80]
    assert both.under_old == 70
    assert both.under_new == 71
    assert under_both_maps(standing(run, "01")).predecessors == ()


def test_the_ranking_takes_two_queries_however_many_bodies(world: World, method: Scorecard) -> None:
    fill(world)
    score_provinces(world, method)
    with CaptureQueriesContext(connection) as asked:
        run = latest_run(method, "provinces")
        assert run is not None
        assert [(one.body.name, one.score_class) for one in ranking(run)]
    assert len(asked) == 2


def test_a_method_is_loaded_once_and_changed_by_a_new_version(world: World, method: Scorecard) -> None:
    assert load_scorecard(actor=world.machine, at=NOW, text=TEXT) == method
    second = load_scorecard(actor=world.machine, at=NOW, text=TEXT.replace("weight = 40", "weight = 140"))
    assert (second.version, scorecard_by_code("small-2026"), scorecards_on(Q3.start)) == (2, second, [second])
    assert scorecards_on(Q3.start.replace(year=2025)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "databases"', 'code = "unheard_of"', "unheard_of"),
        ("levels = 3", "levels = 7", "levels"),
        ("valid_from = 2026-01-01", "", "valid_from"),
        ("[normalise]", '[rounding]\nties = "average"\n[normalise]', "whole numbers"),
    ],
)
def test_a_method_that_cannot_be_used_is_refused(
    world: World, method: Scorecard, old: str, new: str, message: str
) -> None:
    with pytest.raises(ScorecardRefused, match=message):
        load_scorecard(actor=world.machine, at=NOW, text=TEXT.replace(old, new))


def test_nobody_but_the_machine_and_administrators_scores(world: World, method: Scorecard) -> None:
    with pytest.raises(NotAllowed):
        rescore(actor=world.actor("lan"), at=NOW)
