"""What source systems may read: the dictionary, the rankings, the description of the interface."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from syrupy.assertion import SnapshotAssertion

from tests.indicators.figures import tell
from tests.scorecards.method import VARIED, load_method, score_provinces
from tests.web.judgement import judged
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.scorecards.models import Interval, Simulation
from thuocdo.scorecards.operations import simulate


@pytest.fixture
def get(world: World) -> Any:
    _key, token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Cổng")

    def ask(address: str, **headers: str) -> Any:
        return Client().get(f"/api/v1{address}", headers={"Authorization": f"Bearer {token}"} | headers)

    with time_machine.travel(NOW, tick=False):
        yield ask


def test_the_dictionary_says_what_may_be_sent(world: World, get: Any) -> None:
    load_method(world)
    found = {one["code"]: one for one in get("/indicators").json()}
    assert found["service_on_time"]["upper"] == "100"
    assert found["service_on_time"]["title"] == "Hồ sơ giải quyết đúng hạn"
    assert found["databases"]["upper"] is None
    english = get("/indicators", **{"Accept-Language": "en"}).json()
    assert english[0]["title"] == "Dossiers settled in time"
    assert {one["code"] for one in get("/indicators?peer_group=wards").json()} == {"databases"}


def test_the_ranking_can_be_read_with_its_digests(world: World, get: Any) -> None:
    scorecard = load_method(world)
    tell(world, period="2026-Q3", value="80")
    run = score_provinces(world, scorecard)
    found = get("/scorecards/small-2026/ranking?peer_group=provinces").json()
    assert (found["period"], found["is_live"], found["outputs_digest"]) == ("2026-Q3", True, run.outputs_digest)
    assert [(one["body"], one["rank"], one["score"]) for one in found["standings"]] == [("01", 1, 80.0), ("48", 2, 0.0)]
    assert found["standings"][0]["parts"]["results"] == 80
    assert get("/scorecards/small-2026/ranking?peer_group=provinces&period=2026-Q3").status_code == 200


def test_a_standing_tells_between_which_places_it_lies_once_that_is_known(world: World, get: Any) -> None:
    address = "/scorecards/small-2026/ranking?peer_group=provinces"
    nation = judged(world, VARIED)
    waiting = get(address).json()
    assert waiting["intervals"] is None
    assert {(one["rank_low"], one["rank_high"], one["alike"]) for one in waiting["standings"]} == {(None, None, None)}
    simulate(actor=world.machine, at=NOW, replicates=100)
    found = get(address).json()
    simulation = Simulation.objects.get(run=nation.now)
    assert found["intervals"]["digest"] == simulation.digest
    assert (found["intervals"]["seed"], found["intervals"]["replicates"]) == (simulation.seed, 100)
    kept = dict(Interval.objects.filter(simulation=simulation).values_list("standing__body__code", "low"))
    assert {one["body"]: one["rank_low"] for one in found["standings"]} == kept
    assert all(one["rank_low"] <= one["rank"] <= one["rank_high"] for one in found["standings"])
    assert all(isinstance(one["alike"], int) for one in found["standings"])


@pytest.mark.parametrize(
    "address",
    [
        "/scorecards/nothing/ranking?peer_group=provinces",
        "/scorecards/small-2026/ranking?peer_group=nobody",
        "/scorecards/small-2026/ranking?peer_group=provinces&period=2020-Q1",
        "/scorecards/small-2026/ranking?peer_group=provinces&period=yesterday",
    ],
)
def test_what_is_not_there_is_not_found(world: World, get: Any, address: str) -> None:
    load_method(world)
    answer = get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_missing_parameter_is_named(get: Any) -> None:
    answer = get("/scorecards/small-2026/ranking")
    assert answer.status_code == 422
    assert "peer_group" in answer.json()["message"]


@pytest.mark.parametrize("address", ["/indicators", "/scorecards/small-2026/ranking?peer_group=provinces"])
def test_reading_needs_a_key(db: None, address: str) -> None:
    assert Client().get(f"/api/v1{address}").status_code == 401


def test_the_description_is_a_promise(db: None, snapshot: SnapshotAssertion) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == snapshot


def test_there_is_no_page_that_fetches_scripts_from_elsewhere(db: None) -> None:
    assert Client().get("/api/v1/docs").status_code == 404
