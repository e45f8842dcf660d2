"""The overview: what matters today as far as one's rights reach, and nothing of others."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import tell
from tests.scorecards.method import score_provinces
from tests.tasks.samples import given
from tests.web.judgement import Nation, judged
from tests.web.test_home import opening_of
from tests.world import NOW, World


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


def page_for(client: Client, world: World, person: str, address: str = "/tong-quan/") -> str:
    client.force_login(world.people[person])
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_the_sentence_says_what_is_late_and_whose_and_who_moved(client: Client, world: World, nation: Nation) -> None:
    sentence = opening_of(page_for(client, world, "thu"))
    assert sentence.startswith("2 nhiệm vụ quá hạn")
    assert "1 nhiệm vụ đến hạn trong 7 ngày tới" in sentence
    assert "tiến 1 bậc" in sentence


def test_rulers_stand_beside_those_of_the_period_before(client: Client, world: World, nation: Nation) -> None:
    page = page_for(client, world, "thu")
    figures = page[page.index('id="cac-thuoc"') : page.index("</dl>", page.index('id="cac-thuoc"'))]
    assert "1 trong 3 việc đến hạn từ đầu năm" in figures
    assert "70,00" in figures  # The median of trust: between 65 and 75.
    assert "giảm 7,50 điểm" in figures


def test_what_is_newly_overdue_has_an_address(client: Client, world: World, nation: Nation) -> None:
    given(world, "BYT", at=NOW.replace(month=8), title="Liên thông hồ sơ sức khỏe", due_on=NOW.date().replace(day=10))
    page = page_for(client, world, "thu")
    newly = page[page.index("Mới quá hạn từ 07/09/2026") : page.index("Thay đổi nhiều nhất và vì sao")]
    assert "Liên thông hồ sơ sức khỏe" in newly
    assert 'href="/co-quan/BYT/"' in newly
    assert "Công khai bộ thủ tục" not in newly


def test_moves_come_with_their_causes(client: Client, world: World, nation: Nation) -> None:
    page = page_for(client, world, "thu")
    moves = page[page.index("Thay đổi nhiều nhất và vì sao") : page.index('id="vua-co"')]
    assert "lên 1 bậc" in moves
    assert 'href="/co-quan/01/service_on_time/?ky=2026-Q3"' in moves


def test_the_map_switches_between_scores_and_overdue_tasks(client: Client, world: World, nation: Nation) -> None:
    assert "Hà Nội: 84,00 điểm" in page_for(client, world, "thu")
    late = page_for(client, world, "thu", "/tong-quan/?ban-do=qua-han")
    assert "Đà Nẵng: 1 nhiệm vụ" in late
    assert "Hà Nội: 0 nhiệm vụ" in late


def test_one_who_sees_one_province_counts_only_its_tasks(client: Client, world: World, nation: Nation) -> None:
    page = page_for(client, world, "an", "/tong-quan/?ban-do=qua-han")
    assert "Đà Nẵng: 1 nhiệm vụ" in page
    assert "Hà Nội: chưa có số liệu" in page
    assert opening_of(page).startswith("1 nhiệm vụ quá hạn")
    assert "Rà soát nội bộ" not in page
    assert "Trình dự thảo nghị định" not in page


def test_what_changed_is_told_of_what_one_may_see(client: Client, world: World, nation: Nation) -> None:
    told = page_for(client, world, "thu")
    assert "Tư pháp hoàn thành" in told
    assert "Tính lại điểm" in told
    quiet = page_for(client, world, "an")
    assert "Tư pháp hoàn thành" not in quiet
    assert "Tính lại điểm" in quiet


def test_the_ledger_is_offered_to_whom_it_opens(client: Client, world: World, nation: Nation) -> None:
    assert "Xem nhật ký" in page_for(client, world, "thu")
    assert "Xem nhật ký" not in page_for(client, world, "lan")


def test_freshness_counts_bodies_whose_next_value_is_not_due(client: Client, world: World, nation: Nation) -> None:
    page = page_for(client, world, "thu")
    fresh = page[page.index('id="do-moi"') :]
    assert "2/2" in fresh
    assert "14/09/2026" in fresh


def test_a_publisher_without_tasks_sees_scores_all_the_same(client: Client, world: World, nation: Nation) -> None:
    page = page_for(client, world, "hoa")
    assert "Mới quá hạn" not in page
    assert "Thay đổi nhiều nhất" in page


def test_an_empty_instance_has_a_sentence_too(client: Client, world: World) -> None:
    assert opening_of(page_for(client, world, "thu")).startswith("Chưa có nhiệm vụ và chưa có kết quả")


def test_the_part_follows_the_ledger(client: Client, world: World, nation: Nation) -> None:
    page_for(client, world, "thu")
    tell(world, at=NOW, body="01", period="2026-08", value="10")
    score_provinces(world, nation.scorecard, at=NOW)
    part = client.get("/tong-quan/phan/").text
    assert "<html" not in part
    for place in ("cau-mo-dau", "cac-thuoc", "vua-co"):
        assert f'id="{place}"' in part
        assert part.count("hx-swap-oob") == 3
    assert "Hà Nội" in part


def test_the_overview_is_for_people_with_a_role(client: Client, world: World) -> None:
    assert client.get("/tong-quan/").status_code == 302
    client.force_login(world.people["binh"])
    assert client.get("/tong-quan/").status_code == 403
    assert client.get("/tong-quan/phan/").status_code == 403


def test_the_overview_costs_few_queries(
    client: Client, world: World, nation: Nation, django_assert_max_num_queries: Any
) -> None:
    client.force_login(world.people["thu"])
    # Whoever comes first after a run pays for the map, the moves, what is overdue and the freshness of everybody.
    with django_assert_max_num_queries(19):
        client.get("/tong-quan/")
    with django_assert_max_num_queries(13):
        client.get("/tong-quan/")
