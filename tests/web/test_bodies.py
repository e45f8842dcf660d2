"""A body's page and the way down from its rank to the record behind it; search, tree, and who sees what."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import load_pack_dictionary, tell
from tests.tasks.samples import completed, given
from tests.web.judgement import Nation, judged
from tests.web.test_home import opening_of
from tests.web.test_method import pack_text
from tests.world import FOUNDED, NEW_MAP, NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.organisations.models import Appointment, Body
from thuocdo.organisations.operations import BodyDescription, establish_bodies, record_successions
from thuocdo.scorecards.operations import derive, load_scorecard, score


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


@pytest.fixture
def ha(client: Client, world: World) -> Client:
    client.force_login(world.people["ha"])
    return client


def plain(page: str) -> str:
    """The page as one reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def test_the_page_opens_with_rank_score_class_and_what_to_do(ha: Client, nation: Nation) -> None:
    sentence = opening_of(ha.get("/co-quan/01/").text)
    assert sentence.startswith("Đứng thứ 1/2")
    assert "với 84,00 điểm, xếp loại Khá, lên 1 bậc so với kỳ trước" in sentence
    assert "cải thiện được nhiều nhất ở" in sentence
    assert "(thêm tối đa 14,00 điểm)" in sentence


def test_pillars_stand_against_the_median_of_the_peers(ha: Client, nation: Nation) -> None:
    page = ha.get("/co-quan/01/").text
    assert "trung vị của nhóm 70,00" in page
    assert 'href="/co-quan/01/trust/?ky=2026-Q3"' in page
    assert "Niềm tin đạt 65,00, dưới 70" in page


def test_the_head_is_named_by_role_first_and_only_to_people_with_a_role(
    client: Client, world: World, nation: Nation
) -> None:
    Appointment.objects.create(
        body=world.body("01"), person="Trần Văn Hư Cấu", post="Chủ tịch Ủy ban nhân dân", valid_from=FOUNDED
    )
    assert "Hư Cấu" not in client.get("/co-quan/01/").text
    client.force_login(world.people["an"])
    assert "Chủ tịch Ủy ban nhân dân Trần Văn Hư Cấu" in plain(client.get("/co-quan/01/").text)


def test_the_public_sees_public_tasks_and_no_score(client: Client, nation: Nation) -> None:
    page = client.get("/co-quan/48/").text
    assert "Công khai bộ thủ tục hành chính" in page
    assert "Chỉ gồm những nhiệm vụ được công khai." in page
    assert "72,50" not in page
    assert "Hạng trong nhóm" not in page
    assert "/nhiem-vu/" not in page[page.index("<main") :]


def test_who_sees_nothing_of_a_ministry_sees_its_public_part(client: Client, world: World, nation: Nation) -> None:
    client.force_login(world.people["an"])
    page = client.get("/co-quan/BTP/").text
    assert "Trình dự thảo nghị định" in page
    assert "Rà soát nội bộ" not in page
    client.force_login(world.people["lan"])
    own = client.get("/co-quan/BTP/").text
    assert "Rà soát nội bộ" in own
    assert f'href="/nhiem-vu/{nation.tasks["internal overdue"].code}/"' in own


def test_claimed_and_verified_stand_side_by_side(ha: Client, world: World, nation: Nation) -> None:
    tell(world, who="ha", at=NOW - timedelta(days=1), period="2026-08", value="99.5")
    nation.now.delete()
    score(actor=world.machine, at=NOW, scorecard=nation.scorecard, period=parse_period("2026-Q3"), is_live=True,
          peer_groups=["provinces"])  # fmt: skip
    row = plain(ha.get("/co-quan/01/").text)
    assert "khai báo và xác minh lệch nhau 99,5% 96% 96%" in row


def test_a_figure_whose_successor_is_overdue_says_so(client: Client, world: World, nation: Nation) -> None:
    with time_machine.travel(NOW + timedelta(days=45), tick=False):
        client.force_login(world.people["ha"])
        for address in ("/co-quan/01/", "/co-quan/01/service_on_time/"):
            assert "quá hạn cập nhật" in client.get(address).text, address
    client.force_login(world.people["ha"])
    assert "quá hạn cập nhật" not in client.get("/co-quan/01/service_on_time/").text


def test_history_and_mergers(client: Client, world: World, nation: Nation) -> None:
    establish_bodies(
        actor="system:tests", at=NOW,
        bodies=[
            BodyDescription(code="63-49", bloc="local", kind="province", name="Tỉnh Quảng Nam", name_en="Quảng Nam",
                            superior="TW", valid_from=FOUNDED, valid_to=NEW_MAP),
        ],
    )  # fmt: skip
    former = Body.objects.get(code="63-49")
    record_successions(actor="system:tests", at=NOW, on=NEW_MAP, pairs=[(former, world.body("48"), Decimal(1))])
    client.force_login(world.people["thu"])
    page = client.get("/co-quan/48/").text
    assert "Tỉnh Quảng Nam" in page
    assert "Điểm chung qua các kỳ" in page
    assert "Quý II/2026" in page
    asked = client.get("/co-quan/48/?ban-do=cu").text
    assert "Chưa tính được theo bản đồ cũ" in asked
    tell(world, at=NOW, body="63-49", period="2026-08", value="50")
    old = client.get("/co-quan/63-49/").text
    assert "Từ ngày 01/07/2025 nhiệm vụ được chuyển cho" in plain(old)
    assert 'href="/co-quan/48/"' in old


def test_above_and_below(ha: Client, nation: Nation) -> None:
    city = ha.get("/co-quan/01/").text
    assert "Phường Ba Đình" in city[city.index('id="truc-thuoc"') :]
    ward = ha.get("/co-quan/00004/").text
    assert "Trực thuộc" in ward
    assert 'href="/co-quan/01/"' in ward


def test_a_pillar_is_the_sum_of_its_parts(ha: Client, nation: Nation) -> None:
    page = ha.get("/co-quan/01/results/").text
    assert "Thành phố Hà Nội đạt 96,67/100" in plain(page)
    standing = nation.now.standings.get(body__code="01")
    parts = [standing.parts[code]["points"] for code in ("service_on_time", "databases")]
    assert sum(parts) == pytest.approx(standing.parts["results"]["points"])
    for points in parts:
        assert f"{points:.2f}".replace(".", ",") in page


def test_an_indicator_is_explained_to_the_measurement(ha: Client, world: World, nation: Nation) -> None:
    page = plain(ha.get("/co-quan/01/service_on_time/?ky=2026-Q3").text)
    for said in (
        "Số hồ sơ đúng hạn chia cho số hồ sơ.",
        "0 được 0 điểm, 100 được 100 điểm",
        "Nhân hệ số tin cậy của nguồn “hệ thống ghi nhận”: 1",
        "Nhân trọng số 50,00/100 48,00 điểm trong điểm chung",
        "Tháng 8/2026",
        "14/09/2026 09:30:00 (UTC+7)",
        "được tính",
    ):
        assert said in page, said


def test_a_declared_value_counts_by_its_factor(client: Client, world: World, nation: Nation) -> None:
    tell(world, who="an", at=NOW, body="48", period="2026-09", value="80")
    score(actor=world.machine, at=NOW, scorecard=nation.scorecard, period=parse_period("2026-Q3"), is_live=True,
          peer_groups=["provinces"])  # fmt: skip
    client.force_login(world.people["an"])
    page = plain(client.get("/co-quan/48/service_on_time/").text)
    assert "ở giữa tính theo tỷ lệ 80,00 điểm" in page
    assert "“tự khai báo”: 0,8 64,00 điểm" in page


def test_sources_are_told_to_whom_the_figures_belong(client: Client, world: World, nation: Nation) -> None:
    tell(world, at=NOW, body="48", period="2026-08", value="72.5", source="Cổng dịch vụ công")
    client.force_login(world.people["an"])
    assert "Cổng dịch vụ công" in client.get("/co-quan/48/service_on_time/").text
    client.force_login(world.people["ha"])
    seen = client.get("/co-quan/48/service_on_time/").text
    assert "72,5" in seen
    assert "Cổng dịch vụ công" not in seen


def test_what_is_not_public_stays_with_its_owner(client: Client, world: World, nation: Nation) -> None:
    from thuocdo.indicators.models import Indicator

    Indicator.objects.filter(code="databases").update(openness="internal")
    client.force_login(world.people["ha"])
    page = plain(client.get("/co-quan/48/databases/").text)
    assert "không công khai; bạn chỉ xem được điểm" in page
    assert "4 cơ sở dữ liệu" not in page
    assert "không công khai" in plain(client.get("/co-quan/48/").text)
    assert "4 cơ sở dữ liệu" in plain(client.get("/co-quan/01/databases/").text) or "10 cơ sở dữ liệu" in plain(
        client.get("/co-quan/01/databases/").text
    )


@pytest.fixture
def scored_by_pack(world: World) -> World:
    """The whole scorecard of the pack over derived figures: the ministries' tasks are what it knows."""
    load_pack_dictionary(world)
    scorecard = load_scorecard(actor=world.machine, at=NOW, text=pack_text())
    early = NOW - timedelta(days=60)
    completed(world, at=early, title="Ban hành danh mục dữ liệu mở", due_on=date(2026, 8, 20))
    given(world, at=early, title="Rà soát nội bộ quy chế làm việc", due_on=date(2026, 8, 25))
    derive(actor=world.machine, at=NOW, with_qualities=True)
    score(actor=world.machine, at=NOW, scorecard=scorecard, period=parse_period("2026-Q3"), is_live=True)
    return world


def test_a_derived_figure_leads_to_the_tasks_it_counts(client: Client, scored_by_pack: World) -> None:
    client.force_login(scored_by_pack.people["lan"])
    page = plain(client.get("/co-quan/BTP/on_time/").text)
    assert "50%" in page
    assert "tính từ dữ liệu khác" in page
    assert "Ban hành danh mục dữ liệu mở" in page
    assert "Rà soát nội bộ quy chế làm việc" in page
    assert "2 nhiệm vụ trong phạm vi bạn được xem." in page


def test_others_see_the_figure_but_not_the_tasks_behind(client: Client, scored_by_pack: World) -> None:
    client.force_login(scored_by_pack.people["an"])
    page = plain(client.get("/co-quan/BTP/on_time/").text)
    assert "50%" in page
    assert "Rà soát nội bộ" not in page
    assert "Không có nhiệm vụ nào được đếm trong phần bạn được xem." in page


@pytest.mark.parametrize("code", ["on_time", "delay_severity", "accepted_products", "effective_share"])
def test_every_figure_from_tasks_can_be_opened(client: Client, scored_by_pack: World, code: str) -> None:
    client.force_login(scored_by_pack.people["lan"])
    assert "Những nhiệm vụ được đếm" in client.get(f"/co-quan/BTP/{code}/").text


def test_a_quality_leads_to_what_was_delivered(client: Client, scored_by_pack: World) -> None:
    client.force_login(scored_by_pack.people["lan"])
    page = plain(client.get("/co-quan/BTP/quality_completeness/").text)
    assert "Những số liệu được xét" in page
    # A month that is over is late, a quarter that runs is not due.
    assert "chưa nộp" in page
    assert "chưa đến hạn 15/10/2026" in page


def test_missing_and_not_applicable_are_told_apart(client: Client, scored_by_pack: World) -> None:
    client.force_login(scored_by_pack.people["lan"])
    page = client.get("/co-quan/BTP/")
    assert "Chất lượng dữ liệu" in page.text
    missing = plain(client.get("/co-quan/BTP/effective_share/").text)
    assert "không áp dụng" in missing


@pytest.mark.parametrize(
    "address", ["/co-quan/KHONGCO/", "/co-quan/01/khong-co/", "/co-quan/TW/results/", "/co-quan/KHONGCO/trust/"]
)
def test_what_does_not_exist_is_not_found(ha: Client, nation: Nation, address: str) -> None:
    assert ha.get(address).status_code == 404


def test_the_way_down_is_for_people_with_a_role(client: Client, world: World, nation: Nation) -> None:
    assert client.get("/co-quan/01/trust/").status_code == 302
    client.force_login(world.people["binh"])
    assert client.get("/co-quan/01/trust/").status_code == 403
    assert "84,00" not in client.get("/co-quan/01/").text


@pytest.mark.parametrize("period", ["2026-Q9", "abc", "1999", "2026-Q1"])
def test_a_period_that_was_not_scored_shows_the_newest(ha: Client, nation: Nation, period: str) -> None:
    assert "84,00" in ha.get(f"/co-quan/01/?ky={period}").text


@pytest.mark.parametrize("words", ["da nang", "Đà Nẵng", "ĐÀ NẴNG", "48", "nang"])
def test_search_finds_a_body_by_any_spelling(client: Client, world: World, words: str) -> None:
    page = client.get("/co-quan/", {"q": words}).text
    assert "Thành phố Đà Nẵng" in page


def test_search_without_a_hit_says_what_to_try(client: Client, world: World) -> None:
    page = client.get("/co-quan/", {"q": "<script>alert(1)</script>"}).text
    assert "Không có cơ quan nào khớp." in page
    assert "<script>alert" not in page


def test_the_tree_holds_every_bloc_and_ranks_for_those_who_may_know(
    client: Client, world: World, nation: Nation
) -> None:
    public = client.get("/co-quan/").text
    assert public.index("Cơ quan Đảng") < public.index("Chính phủ, bộ, ngành") < public.index("Tỉnh, thành phố")
    assert "hạng 1/2" not in public
    client.force_login(world.people["lan"])
    assert "hạng 1/2, 84,00 điểm" in client.get("/co-quan/").text
    below = client.get("/co-quan/?tinh=01").text
    assert "Thành phố Hà Nội có 2 cơ quan cấp dưới." in below
    assert "Phường Giảng Võ" in below


def test_the_pages_cost_few_queries(
    client: Client, world: World, nation: Nation, django_assert_max_num_queries: Any
) -> None:
    client.force_login(world.people["thu"])
    for address in ("/co-quan/01/", "/co-quan/01/results/", "/co-quan/01/service_on_time/", "/co-quan/?q=ha+noi"):
        with django_assert_max_num_queries(15):
            client.get(address)
