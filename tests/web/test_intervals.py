"""Rank intervals and explanations on pages and in files: what is sure, what is not, and for whose eyes."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from tests.indicators.figures import tell
from tests.scorecards.method import score_provinces
from tests.web.judgement import CAPPED, Nation, judged, simulated
from tests.world import NOW, World
from thuocdo.engine.scoring.explain import game
from thuocdo.indicators.models import Indicator
from thuocdo.scorecards.models import Interval, Simulation
from thuocdo.scorecards.operations import simulate

RANKING, ANALYSIS = "/xep-hang/?nhom=provinces", "/co-quan/48/phan-tich/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation(world: World) -> Nation:
    return simulated(world)


@pytest.fixture
def lan(client: Client, world: World) -> Client:
    client.force_login(world.people["lan"])
    return client


def closer(nation: Nation) -> None:
    """Hà Nội and Đà Nẵng come so close that nobody can say who is ahead."""
    at = NOW + timedelta(minutes=1)
    tell(nation.world, at=at, body="48", period="2026-08", value="99")
    score_provinces(nation.world, nation.scorecard, at=at)
    simulate(actor=nation.world.machine, at=at, replicates=100)


def row_of(page: str, code: str) -> str:
    start = page.index(f'id="hang-{code}"')
    return page[start : page.index("</tr>", start)]


def test_a_row_shows_the_rank_with_its_interval_and_who_cannot_be_told_apart(lan: Client, nation: Nation) -> None:
    closer(nation)
    row = row_of(lan.get(RANKING).text, "01")
    assert "(1–2)" in row
    assert "chưa phân biệt được với 1 cơ quan" in row
    assert "≈ 1" in row


def test_the_sentence_says_whether_the_leader_is_told_apart(lan: Client, nation: Nation) -> None:
    page = lan.get(RANKING).text
    assert "đứng đầu với 84,00 điểm, tách hẳn khỏi các cơ quan còn lại" in page
    closer(nation)
    page = lan.get(RANKING).text
    assert ", chưa phân biệt được với <a" in page
    assert "tách hẳn" not in page


def test_the_page_explains_how_to_read_an_interval_and_where_it_comes_from(lan: Client, nation: Nation) -> None:
    page = lan.get(RANKING).text
    assert "trong 90% của 100 lần thử thay đổi trọng số và sai số của số liệu" in page
    assert 'href="/phuong-phap/#khoang-hang"' in page
    assert 'id="khoang-hang"' in lan.get("/phuong-phap/").text


def test_intervals_of_an_earlier_moment_are_marked_as_such(lan: Client, nation: Nation) -> None:
    at = NOW + timedelta(minutes=1)
    tell(nation.world, at=at, body="48", period="2026-08", value="73")
    score_provinces(nation.world, nation.scorecard, at=at)
    page = lan.get(RANKING).text
    assert "khoảng hạng tính đến 09:30 14/09/2026, đang tính lại" in page
    assert "(1–1)" in row_of(page, "01")
    # The leader may have changed since; the sentence does not vouch for it.
    assert "tách hẳn" not in page


def test_before_the_first_simulation_the_page_says_that_it_is_coming(lan: Client, nation: Nation) -> None:
    Interval.objects.all().delete()
    Simulation.objects.all().delete()
    page = lan.get(RANKING).text
    assert "khoảng hạng đang được tính" in page
    assert "(1–1)" not in page


def test_files_carry_the_interval_and_its_recipe(lan: Client, nation: Nation) -> None:
    closer(nation)
    rows = list(csv.DictReader(io.StringIO(lan.get("/xep-hang/tai-ve.csv?nhom=provinces").content.decode("utf-8-sig"))))
    assert [(row["Hạng"], row["Hạng từ"], row["Hạng đến"]) for row in rows] == [("1", "1", "2"), ("2", "1", "2")]
    told = json.loads(lan.get("/xep-hang/tai-ve.json?nhom=provinces").content)
    simulation = Simulation.objects.latest("pk")
    assert told["intervals"]["seed"] == simulation.seed
    assert told["intervals"]["digest"] == simulation.digest
    assert told["standings"][0]["interval"] == {"low": 1, "high": 2, "indistinguishable_from": 1}
    assert told["digests"]["inputs"] == simulation.run.inputs_digest


def test_comparing_two_bodies_says_how_sure_their_order_is(lan: Client, nation: Nation) -> None:
    assert "Thứ tự của hai cơ quan này vững chắc." in lan.get(f"{RANKING}&so-sanh=01,48").text
    closer(nation)
    page = lan.get(f"{RANKING}&so-sanh=01,48").text
    assert "Trong 100 lần thử thay đổi trọng số và sai số của số liệu" in page
    assert "vững" not in page


def test_a_body_shows_its_interval_now_and_before(lan: Client, nation: Nation) -> None:
    page = lan.get("/co-quan/48/").text
    assert "(khoảng hạng 2–2)" in page
    history = page[page.index('id="lich-su"') :]
    assert history.count('<span class="places">') == 2


def test_contributions_are_drawn_and_add_up(lan: Client, nation: Nation) -> None:
    page = lan.get("/co-quan/48/").text
    shares = page[page.index('id="dong-gop"') : page.index('id="viec"')]
    assert shares.count('class="share-bar"') == 2 + 3
    assert "40,25/60,00" in shares
    assert "30,00/40,00" in shares
    assert "trung vị của nhóm" in shares


def test_the_analysis_says_the_smallest_step_in_the_unit_of_the_indicator(lan: Client, nation: Nation) -> None:
    page = lan.get(ANALYSIS).text
    assert "Muốn lên 1 bậc, Thành phố Đà Nẵng cần thêm" in page
    assert "bước nhỏ nhất: đưa" in page


def test_the_analysis_divides_the_change_until_nothing_is_left(lan: Client, nation: Nation) -> None:
    page = lan.get(ANALYSIS).text
    change = page[page.index('id="thay-doi"') :]
    assert "Từ hạng 1 đến hạng 2: " in change
    total = change[change.index('class="total"') :]
    now = nation.now.standings.get(body__code="48")
    assert f"{now.change:+.2f}".replace(".", ",").replace("-", "−") in total


@pytest.mark.parametrize("is_sampled", [False, True])
def test_a_change_of_an_index_that_is_no_sum_is_told_with_what_others_caused(
    lan: Client, world: World, monkeypatch: pytest.MonkeyPatch, is_sampled: bool
) -> None:
    text = CAPPED.replace('method = "goalposts"\nscale = 100', 'method = "min_max"\nlower = 1\nupper = 100')
    nation = judged(world, text.replace('method = "arithmetic"', 'method = "harmonic"'))
    if is_sampled:
        monkeypatch.setattr(game, "_MOST_EXACT", 0)
    page = lan.get(ANALYSIS).text
    change = page[page.index('id="thay-doi"') :]
    assert "số liệu của các cơ quan khác" in change
    assert ("Ước tính bằng lấy mẫu" in change) == is_sampled
    total = change[change.index('class="total"') :]
    now = nation.now.standings.get(body__code="48")
    assert f"{now.change:+.2f}".replace(".", ",").replace("-", "−") in total


def test_who_leads_has_no_step_to_take(lan: Client, nation: Nation) -> None:
    page = lan.get("/co-quan/01/phan-tich/").text
    assert "Thành phố Hà Nội đang đứng đầu nhóm." in page
    assert "Không còn bậc nào ở trên" in page


def test_values_that_are_not_public_stay_with_those_who_may_see_them(
    client: Client, world: World, nation: Nation
) -> None:
    Indicator.objects.update(openness="restricted")
    # Hà works in Hà Nội: everybody's scores, but no figures of Đà Nẵng.
    client.force_login(world.people["ha"])
    page = client.get(ANALYSIS).text
    assert "72,5%" not in page
    assert "không công khai" in page
    assert "bước nhỏ nhất là ở" in page
    # An works in Đà Nẵng.
    client.force_login(world.people["an"])
    assert "72,5%" in client.get(ANALYSIS).text


def test_the_public_and_people_without_a_role_do_not_see_an_analysis(
    client: Client, world: World, nation: Nation
) -> None:
    assert client.get(ANALYSIS).status_code == 302
    client.force_login(world.people["binh"])
    assert client.get(ANALYSIS).status_code == 403


@pytest.mark.parametrize("address", ["/co-quan/99/phan-tich/", "/co-quan/TW/phan-tich/", "/co-quan/48/phan-tich/?ky=x"])
def test_bodies_without_a_score_have_no_analysis_and_odd_periods_are_the_newest(
    lan: Client, nation: Nation, address: str
) -> None:
    assert lan.get(address).status_code == (200 if "ky=" in address else 404)


def test_intervals_cost_the_ranking_no_query(
    client: Client, world: World, nation: Nation, django_assert_max_num_queries: Any
) -> None:
    client.force_login(world.people["thu"])
    for address, most in ((RANKING, 14), ("/co-quan/48/", 15), (ANALYSIS, 15), (f"{RANKING}&so-sanh=01,48", 15)):
        cache.clear()
        with django_assert_max_num_queries(most, info=address):
            client.get(address)
    for address, most in ((RANKING, 6), ("/co-quan/48/", 7)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
