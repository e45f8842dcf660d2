"""Rankings: who stands where and why, two side by side, files, what the method holds back, who may look."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.indicators.figures import tell
from tests.scorecards.method import score_provinces
from tests.web.judgement import Nation, judged
from tests.world import NOW, World
from thuocdo.engine.scoring import load_spec
from thuocdo.scorecards.operations import load_scorecard
from thuocdo.web.rankings.marks import reasons


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


@pytest.fixture
def lan(client: Client, world: World) -> Client:
    client.force_login(world.people["lan"])
    return client


def test_the_page_opens_with_who_leads_and_who_climbed(lan: Client, nation: Nation) -> None:
    page = lan.get("/xep-hang/").text
    opening = page[page.index('<p class="answer">') : page.index("</p>", page.index('<p class="answer">'))]
    assert "Hà Nội" in opening
    assert "đứng đầu với 84,00 điểm" in opening
    assert "tiến 1 bậc" in opening


def test_a_row_tells_rank_score_pillars_class_and_change(lan: Client, nation: Nation) -> None:
    page = lan.get("/xep-hang/?nhom=provinces").text
    row = page[page.index('id="hang-01"') : page.index("</tr>", page.index('id="hang-01"'))]
    for shown in ("84,00", "lên 1 bậc", "96,67", "65,00", 'href="/co-quan/01/results/?ky=2026-Q3"', "Khá"):
        assert shown in row, shown


def test_the_cap_says_where_it_bites(lan: Client, nation: Nation) -> None:
    page = lan.get("/xep-hang/").text
    assert "Niềm tin đạt 65,00, dưới 70: không xếp loại trên Khá" in page
    row = page[page.index('id="hang-48"') :]
    assert "không xếp loại trên" not in row


def test_every_move_names_its_causes_and_they_add_up(lan: Client, nation: Nation) -> None:
    page = lan.get("/xep-hang/").text
    moves = page[page.index('class="moves"') :]
    assert "Hồ sơ giải quyết đúng hạn" in moves or "service_on_time" in moves
    now = nation.now.standings.get(body__code="01")
    before = nation.before.standings.get(body__code="01")
    causes = reasons(load_spec(nation.scorecard.text), now, before)
    assert sum(one.difference for one in causes) == pytest.approx((now.score or 0) - (before.score or 0))


def test_two_bodies_side_by_side_differ_by_what_their_parts_differ(lan: Client, nation: Nation) -> None:
    page = lan.get("/xep-hang/?nhom=provinces&so-sanh=01,48").text
    compared = page[page.index('class="compared"') : page.index("</section>", page.index('class="compared"'))]
    first, second = (nation.now.standings.get(body__code=code) for code in ("01", "48"))
    assert first.rounded is not None
    assert second.rounded is not None
    assert f"+{first.rounded - second.rounded:.2f}".replace(".", ",") in compared
    assert "Hà Nội" in compared
    assert "Đà Nẵng" in compared


def test_ticks_become_an_address_that_can_be_shared(lan: Client, nation: Nation) -> None:
    answer = lan.get("/xep-hang/?nhom=provinces&ky=2026-Q3&so-sanh=01&so-sanh=48")
    assert answer.status_code == 302
    assert answer["Location"].endswith("nhom=provinces&ky=2026-Q3&so-sanh=01,48")


@pytest.mark.parametrize("asked", ["so-sanh=01", "so-sanh=01,99", "so-sanh=BTP,01"])
def test_half_a_comparison_says_what_to_do(lan: Client, nation: Nation, asked: str) -> None:
    page = lan.get(f"/xep-hang/?nhom=provinces&{asked}").text
    assert "Cần hai cơ quan trong cùng nhóm" in page
    assert 'class="compared"' not in page


def test_an_earlier_period_is_asked_for_by_its_label(lan: Client, nation: Nation) -> None:
    page = lan.get("/xep-hang/?nhom=provinces&ky=2026-Q2").text
    assert page.index('id="hang-48"') < page.index('id="hang-01"')
    assert "Bảng xếp hạng Quý II/2026" in page


@pytest.mark.parametrize("asked", ["nhom=khong-co", "ky=2026-Q9", "ky=%00", "xep=drop", "trang=-1", "trang=abc"])
def test_nonsense_in_the_address_shows_the_ranking_all_the_same(lan: Client, nation: Nation, asked: str) -> None:
    answer = lan.get(f"/xep-hang/?{asked}")
    assert answer.status_code == 200
    assert 'id="hang-01"' in answer.text


def test_the_order_stands_in_the_address(lan: Client, nation: Nation) -> None:
    by_name = lan.get("/xep-hang/?nhom=provinces&xep=-hang").text
    assert by_name.index('id="hang-48"') < by_name.index('id="hang-01"')
    by_trust = lan.get("/xep-hang/?nhom=provinces&xep=-trust").text
    assert by_trust.index('id="hang-48"') < by_trust.index('id="hang-01"')


def test_words_narrow_the_table_without_accents(lan: Client, nation: Nation) -> None:
    page = lan.get("/xep-hang/?nhom=provinces&tim=da+nang").text
    assert 'id="hang-48"' in page
    assert 'id="hang-01"' not in page
    assert "Bỏ lọc" in page
    nothing = lan.get("/xep-hang/?nhom=provinces&tim=khong+co").text
    assert "Không có cơ quan nào khớp với bộ lọc." in nothing


def test_what_one_draws_never_carries_the_address_of_another(lan: Client, nation: Nation) -> None:
    lan.get("/xep-hang/?nhom=provinces&so-sanh=01,48&la=bi-mat")
    assert "bi-mat" not in lan.get("/xep-hang/bang/?nhom=provinces").text


def test_equal_scores_share_a_rank_and_say_so(lan: Client, world: World, nation: Nation) -> None:
    for body in ("01", "48"):
        for indicator, period in (("service_on_time", "2026-08"), ("satisfaction", "2026-Q3"), ("databases", "2026")):
            value = "9" if indicator == "databases" else "80"
            tell(world, at=NOW, indicator=indicator, body=body, period=period, value=value)
    score_provinces(world, nation.scorecard, at=NOW)
    assert lan.get("/xep-hang/?nhom=provinces").text.count("đồng hạng") == 2


def test_the_csv_is_what_the_page_shows(lan: Client, nation: Nation) -> None:
    answer = lan.get("/xep-hang/tai-ve.csv?nhom=provinces&ky=2026-Q3")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "xep-hang-provinces-2026-Q3.csv" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Mã cơ quan"] for row in rows] == ["01", "48"]
    assert rows[0]["Điểm chung"] == "84.0"
    assert rows[0]["Xếp loại"] == "Khá"
    assert rows[0]["Thay đổi hạng"] == "1"


def test_the_sheet_says_by_which_method_it_was_ranked(lan: Client, nation: Nation) -> None:
    answer = lan.get("/xep-hang/tai-ve.xlsx?nhom=provinces")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Xếp hạng: Tỉnh, thành phố, Quý III/2026"
    assert nation.now.method_digest in str(rows[2][0])
    assert [rows[5][column] for column in (0, 4, 5, 6)] == [1.0, "01", "Thành phố Hà Nội", 84.0]


def test_a_file_of_another_kind_is_not_there(lan: Client, nation: Nation) -> None:
    assert lan.get("/xep-hang/tai-ve.pdf").status_code == 404


def test_without_a_method_the_page_says_how_to_get_one(lan: Client) -> None:
    answer = lan.get("/xep-hang/")
    assert answer.status_code == 200
    assert "Chưa có bộ chỉ số nào có hiệu lực." in answer.text
    assert lan.get("/xep-hang/bang/").status_code == 204
    assert lan.get("/xep-hang/tai-ve.csv").status_code == 404


def test_before_the_first_score_the_page_says_what_to_do(lan: Client, world: World) -> None:
    from tests.indicators.figures import load_figures
    from tests.web.judgement import CAPPED

    load_figures(world)
    load_scorecard(actor=world.machine, at=NOW, text=CAPPED)
    answer = lan.get("/xep-hang/?nhom=provinces")
    assert "Chưa có kết quả cho nhóm này." in answer.text


def test_rankings_are_for_people_with_a_role(client: Client, world: World, nation: Nation) -> None:
    assert client.get("/xep-hang/").status_code == 302
    client.force_login(world.people["binh"])
    for address in ("/xep-hang/", "/xep-hang/bang/", "/xep-hang/diem/", "/xep-hang/tai-ve.csv"):
        assert client.get(address).status_code == 403, address


@pytest.mark.parametrize("person", ["thu", "lan", "dung", "minh", "son", "thanh", "hoa", "quan", "ha", "an"])
def test_everybody_with_a_role_sees_the_ranking(client: Client, world: World, nation: Nation, person: str) -> None:
    client.force_login(world.people[person])
    assert 'id="hang-01"' in client.get("/xep-hang/?nhom=provinces").text


def test_the_part_alone_carries_the_new_sentence(lan: Client, nation: Nation) -> None:
    part = lan.get("/xep-hang/bang/?nhom=provinces").text
    assert "<html" not in part
    assert 'id="cau-mo-dau" hx-swap-oob="true"' in part
    assert 'data-key="01-score"' in part


def test_a_new_score_is_shown_at_once(lan: Client, world: World, nation: Nation) -> None:
    assert "84,00" in lan.get("/xep-hang/bang/?nhom=provinces").text
    tell(world, at=NOW, body="01", period="2026-08", value="48")
    score_provinces(world, nation.scorecard, at=NOW)
    part = lan.get("/xep-hang/bang/?nhom=provinces").text
    assert "84,00" not in part
    assert part.index('id="hang-48"') < part.index('id="hang-01"')


def test_the_page_costs_few_queries(lan: Client, nation: Nation, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15):
        lan.get("/xep-hang/?nhom=provinces")
    with django_assert_max_num_queries(9):
        lan.get("/xep-hang/?nhom=provinces")
