"""The public home: what everybody may see and nothing else, quick, and leading somewhere."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.tasks.samples import given
from tests.web.judgement import Nation, judged
from tests.world import NOW, PEOPLE, TODAY, World
from thuocdo.tasks.lifecycle import Secrecy
from thuocdo.tasks.queries import public_tasks
from thuocdo.web.home.delivery import tally_and_delivery
from thuocdo.web.home.figures import map_of, public_figures


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


def opening_of(page: str) -> str:
    """The opening sentence as one reads it."""
    found = re.search(r'<p class="answer">(.*?)</p>', page, re.S)
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_anybody_reads_who_owes_what(client: Client, nation: Nation) -> None:
    page = client.get("/").text
    assert opening_of(page).startswith("1 nhiệm vụ công khai đang quá hạn, nhiều nhất là Đà Nẵng với 1")
    assert "Công khai bộ thủ tục hành chính" in page
    assert 'href="/co-quan/48/#viec"' in page
    assert "Quá hạn 8 ngày làm việc" in page


def test_nothing_internal_and_nobody_by_name_is_on_the_public_pages(client: Client, nation: Nation) -> None:
    for address in ("/", "/?ban-do=dung-han", "/ai-no-viec-gi/?muc=tat-ca", "/co-quan/BTP/", "/co-quan/48/"):
        page = client.get(address).text
        assert "Rà soát nội bộ" not in page, address
        for _, name, *_rest in PEOPLE:
            assert name not in page, (address, name)


def test_the_rulers_count_public_tasks_only(world: World, nation: Nation) -> None:
    counts, delivery = tally_and_delivery(public_tasks(), TODAY)
    assert (counts.all, counts.owed, counts.overdue, counts.due_soon, counts.done) == (3, 2, 1, 1, 1)
    assert (delivery.now.due, delivery.now.in_time, delivery.now.accepted) == (2, 1, 1)
    assert delivery.now.in_time_share == 50
    assert delivery.before is not None
    assert delivery.before.due == 0
    assert delivery.in_time_change is None


def test_in_january_there_is_no_quarter_before_in_the_year(world: World, nation: Nation) -> None:
    _, delivery = tally_and_delivery(public_tasks(), date(2027, 1, 4))
    assert delivery.before is None
    assert delivery.in_time_before is None


def test_trust_is_the_mean_of_what_was_surveyed(nation: Nation) -> None:
    trust = public_figures(TODAY).trust
    assert trust is not None
    assert (trust.now, trust.before, trust.number) == (70.0, 77.5, 2)


def test_the_map_holds_every_province_and_leads_to_each(client: Client, nation: Nation) -> None:
    page = client.get("/").text
    assert "Quần đảo Hoàng Sa" in page
    assert "Quần đảo Trường Sa" in page
    assert 'href="/co-quan/48/"' in page
    drawing = map_of(TODAY, "qua-han")
    assert ("Đà Nẵng", "1") in [tuple(row) for row in drawing.rows]
    assert len(drawing.rows) == 34


def test_the_map_switches_without_a_script(client: Client, nation: Nation) -> None:
    page = client.get("/?ban-do=dung-han").text
    assert "hoàn thành đúng hạn từ đầu năm" in page
    assert 'href="/#ban-do"' in page


def test_one_finds_a_commune_from_here(client: Client, nation: Nation) -> None:
    page = client.get("/").text
    assert 'action="/co-quan/"' in page
    assert "Phường Hoà Cường" in client.get("/co-quan/?q=hoa+cuong").text


def test_how_the_ranking_is_made_stands_on_the_page(client: Client, nation: Nation) -> None:
    page = client.get("/").text
    assert "3 chỉ số cộng thành 100 điểm" in page
    assert "Điểm Niềm tin dưới 70 thì không xếp loại trên Khá." in page


def test_before_anything_happened_the_page_says_so(client: Client, world: World) -> None:
    page = client.get("/").text
    assert opening_of(page) == "Chưa có nhiệm vụ nào được công khai."
    assert "Xếp hạng thế nào" not in page


def test_people_with_a_role_find_their_way_to_work(client: Client, world: World, nation: Nation) -> None:
    assert "/viec-cua-toi/" not in client.get("/").text
    client.force_login(world.people["lan"])
    assert 'href="/viec-cua-toi/"' in client.get("/").text
    client.force_login(world.people["binh"])
    assert "chưa được giao vai trò" in client.get("/").text


def test_what_happens_is_on_the_home_at_once(client: Client, world: World, nation: Nation) -> None:
    client.get("/")
    given(world, "01", at=NOW.replace(month=8), title="Mở dữ liệu giao thông", due_on=date(2026, 9, 3),
          secrecy=Secrecy.PUBLIC)  # fmt: skip
    assert opening_of(client.get("/").text).startswith("2 nhiệm vụ công khai đang quá hạn")


def test_english_readers_are_not_served_the_vietnamese_page(client: Client, nation: Nation) -> None:
    client.get("/")
    client.cookies["django_language"] = "en"
    english = client.get("/").text
    assert '<html lang="en"' in english
    assert "Đà Nẵng City" in english


def test_the_list_narrows_by_body_words_and_state(client: Client, nation: Nation) -> None:
    overdue = client.get("/ai-no-viec-gi/?muc=qua-han").text
    assert "Công khai bộ thủ tục hành chính" in overdue
    assert "Trình dự thảo nghị định" not in overdue
    soon = client.get("/ai-no-viec-gi/?muc=sap-den-han&co_quan=BTP").text
    assert "Trình dự thảo nghị định" in soon
    assert "Dự thảo nghị định" in soon
    done = client.get("/ai-no-viec-gi/?muc=hoan-thanh&tim=danh+muc+du+lieu").text
    assert "đã được chấp nhận ngày" in done
    assert "Không có nhiệm vụ công khai nào khớp." in client.get("/ai-no-viec-gi/?tim=khong+co+gi").text


@pytest.mark.parametrize("asked", ["muc=x", "co_quan=khong-co-that", "trang=99", "tim=%00%27"])
def test_nonsense_in_the_address_of_the_list_is_harmless(client: Client, nation: Nation, asked: str) -> None:
    assert client.get(f"/ai-no-viec-gi/?{asked}").status_code == 200


def test_the_home_asks_the_database_once_until_something_happens(
    client: Client, nation: Nation, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        client.get("/")
    with django_assert_max_num_queries(1):
        client.get("/")
    with django_assert_max_num_queries(4):
        client.get("/ai-no-viec-gi/")


def test_robots_keep_to_the_public_pages(client: Client, db: None) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert "Disallow: /api/" in answer.text
    assert client.get("/favicon.ico")["Location"].endswith("thuocdo.svg")
