"""What the data say about a method: who may read it, what is said first, figures with words beside every colour."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from tests.scorecards.method import TEXT
from tests.web.judgement import Nation, judged
from tests.world import NOW, World
from thuocdo.engine.scoring import Matrix, compute, load_spec
from thuocdo.engine.scoring.structure import analyse
from thuocdo.scorecards.queries import Run
from thuocdo.web.method import structure
from thuocdo.web.method.reading import Reading, reading_of

ADDRESS = "/phuong-phap/cau-truc/?nhom=provinces"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


@pytest.fixture
def quan(client: Client, world: World) -> Client:
    client.force_login(world.people["quan"])
    return client


def outcome_of(*, opposed: bool = False, alike: bool = True) -> Any:
    """Thirty bodies; service and databases say the same when alike, trust the opposite when opposed."""
    random = np.random.default_rng(3)
    service = np.linspace(10, 90, 30)
    databases = service / 10 + random.normal(0, 0.05, 30) if alike else random.uniform(0, 10, 30)
    trust = 100 - service + random.normal(0, 4, 30) if opposed else random.uniform(20, 80, 30)
    values = np.column_stack([service, databases, trust])
    spec = load_spec(TEXT.split("[[peer_group]]")[0])
    units = tuple(f"{number:02}" for number in range(30))
    return compute(spec, Matrix(units=units, indicators=tuple(one.code for one in spec.indicators), values=values))


def read(outcome: Any) -> Reading:
    return reading_of(analyse(outcome), outcome.spec)


def test_the_page_says_first_what_is_told_twice() -> None:
    reading = read(outcome_of())
    assert reading.sentence.startswith("Hai phần gần như trùng nhau: service_on_time và databases (r = 1,00).")
    assert reading.pairs[0].cell.word == "mạnh, cùng chiều"
    assert reading.pairs[0].is_within
    assert reading.pairs[0].units == 30


def test_pillars_that_move_against_each_other_are_named() -> None:
    reading = read(outcome_of(opposed=True, alike=False))
    assert any("Hai phần ngược chiều nhau: Kết quả và Niềm tin" in flag for flag in reading.flags)
    # The pillar against the other one: figure, word and ground say the same.
    cell = reading.parts[0].cells[1]
    assert cell.figure.startswith("−0,")
    assert "ngược chiều" in cell.word
    assert cell.ground.startswith("against-")


def test_correlations_are_those_of_the_engine_within_and_across() -> None:
    outcome = outcome_of()
    found, reading = analyse(outcome), read(outcome)
    results, trust = reading.parts
    assert results.title == "Kết quả"
    across = (found.between("service_on_time", "satisfaction") + found.between("databases", "satisfaction")) / 2
    assert results.cells[-1].figure == f"{across:.2f}".replace(".", ",").replace("-", "−")
    # One indicator alone has no correlation within its pillar.
    assert trust.cells[-2].figure == "–"
    assert [len(row.cells) for row in reading.matrix] == [0, 1, 2]


def test_influence_stands_beside_weight_and_adds_up() -> None:
    reading = read(outcome_of())
    shares = [float(one.effective.rstrip("%").replace(",", ".")) for one in reading.weighings]
    assert abs(sum(shares) - 100) < 0.2
    databases = next(one for one in reading.weighings if one.title == "databases")
    assert databases.weight == "10,0%"
    assert databases.word == "ảnh hưởng lớn hơn trọng số"
    assert 'aria-label="databases: ảnh hưởng' in databases.bar


def test_alpha_names_the_child_that_lowers_it() -> None:
    reading = read(outcome_of())
    top = {one.title: one for one in reading.consistencies}
    assert top["Kết quả"].word == "nhất quán"
    assert top["Điểm chung"].word == "chưa nhất quán"


def test_too_few_bodies_have_no_structure(quan: Client, nation: Nation) -> None:
    page = quan.get(ADDRESS)
    assert page.status_code == 200
    assert "Quá ít cơ quan để phân tích cấu trúc." in page.text


def test_the_page_shows_all_of_it_and_is_computed_once(
    quan: Client, nation: Nation, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    asked: list[int] = []

    def known(run: Run) -> Any:
        asked.append(run.pk)
        return analyse(outcome_of())

    monkeypatch.setattr(structure, "structure_of", known)
    page = quan.get(ADDRESS).text
    for part in ("xem-lai", "tuong-quan", "cap", "nhat-quan", "anh-huong", "du-so-lieu"):
        assert f'id="{part}"' in page, part
    assert "mạnh, cùng chiều" in page
    with django_assert_max_num_queries(8):
        quan.get(ADDRESS)
    assert asked == [nation.now.pk]


def test_before_any_run_the_page_says_so(quan: Client, world: World) -> None:
    assert "Chưa có bộ chỉ số nào có hiệu lực." in quan.get(ADDRESS).text


@pytest.mark.parametrize("person", ["lan", "thu", "minh", "binh"])
def test_only_keepers_of_methods_read_it(client: Client, world: World, nation: Nation, person: str) -> None:
    assert client.get(ADDRESS).status_code == 302
    client.force_login(world.people[person])
    assert client.get(ADDRESS).status_code == 403
    assert "/phuong-phap/cau-truc/" not in client.get("/phuong-phap/").text


def test_the_method_leads_its_keepers_there(quan: Client, nation: Nation) -> None:
    assert 'href="/phuong-phap/cau-truc/"' in quan.get("/phuong-phap/").text


@pytest.mark.parametrize("query", ["nhom=x", "ky=x", "nhom=provinces&ky=1999-Q1", "bo=%00"])
def test_odd_addresses_are_answered(quan: Client, nation: Nation, query: str) -> None:
    assert quan.get(f"/phuong-phap/cau-truc/?{query}").status_code == 200
