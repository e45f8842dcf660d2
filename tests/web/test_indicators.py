"""The pages of indicators: the dictionary, both values and their gap, corrections, the others, downloads, rights."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import load_figures, load_pack_dictionary, tell
from tests.world import NOW, World
from thuocdo.indicators.models import Indicator, Openness
from thuocdo.ledger.queries import newest_number
from thuocdo.web.indicators.words import briefly, compared, difference, with_unit

Queries = Callable[[int], Any]
ONE = "/chi-so/service_on_time/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        yield


@pytest.fixture
def figures(world: World) -> World:
    load_figures(world)
    return world


def as_person(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


# The dictionary


def test_the_dictionary_is_grouped_by_pillar_and_target_and_found_without_accents(world: World) -> None:
    load_pack_dictionary(world)
    page = as_person(world, "thu").get("/chi-so/")
    assert "53 chỉ số và chỉ tiêu, trong đó 31 chỉ tiêu của Nghị quyết" in page.text
    assert "Chỉ tiêu của Nghị quyết, đến năm 2030" in page.text
    assert "Tầm nhìn của Nghị quyết, sau năm 2030" in page.text
    assert "trên 55%" in page.text
    assert "hạng 50 thế giới hoặc tốt hơn" in page.text
    assert "từ 3% tổng chi ngân sách trở lên" in page.text
    assert "hằng năm, từ 2025" in page.text
    assert "đánh giá bằng nhận định" in page.text
    found = as_person(world, "thu").get("/chi-so/", {"tim": "phu song"})
    assert found.context["found"].found == 1
    assert "Phủ sóng 5G" in found.text
    nothing = as_person(world, "thu").get("/chi-so/", {"tim": "không có từ này"})
    assert "Không có chỉ số nào khớp" in nothing.text


def test_a_target_shows_whether_the_level_due_today_is_reached(world: World) -> None:
    load_pack_dictionary(world)
    tell(world, indicator="T14", body="BTC", period="2026", value="2.1", provenance="independent")
    page = as_person(world, "thu").get("/chi-so/")
    (line,) = [one for group in page.context["found"].groups for one in group.lines if one.code == "T14"]
    assert (line.value, line.provenance, line.is_reached) == (2.1, "independent", False)
    assert "1 chưa đạt" in page.text
    # Lan answers for Justice and sees nothing of the Ministry of Finance.
    (hidden,) = [
        one
        for group in as_person(world, "lan").get("/chi-so/").context["found"].groups
        for one in group.lines
        if one.code == "T14"
    ]
    assert hidden.value is None


def test_restricted_indicators_are_for_whoever_sees_every_body(figures: World) -> None:
    Indicator.objects.filter(code="databases").update(openness=Openness.RESTRICTED)
    assert "Số cơ sở dữ liệu" in as_person(figures, "thu").get("/chi-so/").text
    assert "Số cơ sở dữ liệu" not in as_person(figures, "lan").get("/chi-so/").text
    assert as_person(figures, "lan").get("/chi-so/databases/").status_code == 404
    assert as_person(figures, "thanh").get("/chi-so/databases/").status_code == 200


def test_an_empty_dictionary_says_where_it_comes_from(world: World) -> None:
    assert "Chưa có danh mục chỉ số" in as_person(world, "thu").get("/chi-so/").text


@pytest.mark.parametrize("address", ["/chi-so/", ONE, f"{ONE}so-lieu.csv"])
def test_without_a_right_to_figures_nothing_opens(figures: World, address: str) -> None:
    assert Client().get(address).status_code == 302
    for name in ("binh", "quan"):
        assert as_person(figures, name).get(address).status_code == 403


def test_an_unknown_indicator_is_not_found(figures: World) -> None:
    assert as_person(figures, "thu").get("/chi-so/khong_co/").status_code == 404


# One indicator


def test_claim_and_verified_value_stand_side_by_side_with_the_gap(figures: World) -> None:
    tell(figures, who="ha", value="85", source="Báo cáo tháng")
    tell(figures, value="79.5", source="Cổng dịch vụ công", external_id="HN-8")
    page = as_person(figures, "ha").get(ONE)
    assert page.context["body"].code == "01"
    assert "Thành phố Hà Nội, tháng 8/2026: 79,5% (hệ thống ghi nhận)" in page.text
    assert "Số tự khai báo 85% cao hơn 5,5 điểm phần trăm, vượt ngưỡng 1 điểm phần trăm." in page.text
    assert "Khai báo lệch thực tế" in page.text
    assert "HN-8" in page.text
    assert page.context["stage"].due == pytest.approx(Decimal("81.33"), abs=Decimal("0.01"))
    assert "thấp hơn mức phải đạt 81,33% là 1,83 điểm phần trăm" in page.text
    assert "<svg" in str(page.context["drawing"].svg)


def test_a_gap_within_the_tolerance_is_no_alarm(figures: World) -> None:
    tell(figures, who="ha", value="80")
    tell(figures, value="79.5")
    page = as_person(figures, "ha").get(ONE)
    assert "trong ngưỡng" in page.text
    assert "Khai báo lệch thực tế" not in page.text


def test_corrections_stay_readable_and_the_past_can_be_asked(figures: World) -> None:
    tell(figures, who="ha", value="70")
    tell(figures, who="ha", value="75", at=NOW + timedelta(days=1))
    now = as_person(figures, "ha").get(ONE)
    assert [one.shown for one in now.context["told_rows"]] == ["75%", "70%"]
    assert now.context["told_rows"][1].replaced_by is not None
    assert "<del>70%</del>" in now.text
    then = as_person(figures, "ha").get(ONE, {"luc": "14/09/2026"})
    assert then.context["stage"].shown == "70%"
    assert "Đang xem quá khứ" in then.text
    assert as_person(figures, "ha").get(ONE, {"luc": "13/09/2026"}).context["stage"] is None


@pytest.mark.parametrize("words", [{"luc": "31/2/2026"}, {"ky": "2026-Q9"}, {"ky": "2020"}, {"trang": "x", "xep": "y"}])
def test_nonsense_in_the_address_breaks_nothing(figures: World, words: dict[str, str]) -> None:
    tell(figures, who="ha")
    page = as_person(figures, "ha").get(ONE, words)
    assert page.status_code == 200
    if "luc" in words:
        assert "Không có ngày 31/2/2026 trong lịch" in page.text


def test_an_sees_nothing_of_the_others(figures: World) -> None:
    tell(figures, value="61.25", body="01", source="Nguồn Hà Nội")
    tell(figures, value="62.75", body="48")
    an = as_person(figures, "an")
    for page in (an.get(ONE), an.get(ONE, {"co_quan": "01"}), an.get(ONE, {"co_quan": "Hà Nội", "co_quan_ma": "01"})):
        assert "61,25" not in page.text
        assert "Nguồn Hà Nội" not in page.text
    assert "Không có cơ quan này trong phạm vi" in an.get(ONE, {"co_quan": "01"}).text
    assert "61.25" not in an.get(f"{ONE}so-lieu.csv", {"bang": "co-quan"}).content.decode()
    assert an.get(f"{ONE}so-lieu.csv", {"co_quan": "01"}).status_code == 404


def test_bodies_are_compared_best_first_within_their_peer_group(figures: World) -> None:
    tell(figures, body="01", value="79.5")
    tell(figures, body="48", value="88")
    tell(figures, body="BTP", value="91")
    thu = as_person(figures, "thu")
    page = thu.get(ONE, {"co_quan": "01"})
    assert [peer.body.code for peer in page.context["peers"].page.object_list] == ["48", "01"]
    assert "2 trong 2 cơ quan bạn được xem đã có số liệu" in page.text
    worst = thu.get(ONE, {"co_quan": "01", "xep": "gia_tri"})
    assert [peer.body.code for peer in worst.context["peers"].page.object_list] == ["01", "48"]
    ministries = thu.get(ONE, {"co_quan": "01", "nhom": "ministries_with_services"})
    assert [peer.body.code for peer in ministries.context["peers"].page.object_list] == ["BTP", "BNV", "BYT", "VPCP"]


def test_not_applicable_and_withdrawn_are_not_zero(figures: World) -> None:
    tell(figures, who="ha", value=None, state="not_applicable")
    page = as_person(figures, "ha").get(ONE)
    assert "Chỉ số này không áp dụng cho Thành phố Hà Nội" in page.text
    tell(figures, who="ha", value=None, state="null", at=NOW + timedelta(hours=1))
    gone = as_person(figures, "ha").get(ONE)
    assert "đã rút số liệu của tháng 8/2026" in gone.text


def test_silence_says_how_figures_come(figures: World) -> None:
    page = as_person(figures, "ha").get(ONE)
    assert "Chưa có số liệu nào của Thành phố Hà Nội" in page.text
    assert 'href="/so-lieu/"' in page.text


def test_only_auditors_get_the_link_to_the_ledger(figures: World) -> None:
    tell(figures, who="ha")
    link = f'href="/nhat-ky/{newest_number()}/"'
    assert link in as_person(figures, "thu").get(ONE, {"co_quan": "01"}).text
    assert link not in as_person(figures, "ha").get(ONE).text


def test_the_history_comes_as_csv_with_what_was_replaced(figures: World) -> None:
    first = tell(figures, who="ha", value="70", source="=nguồn")
    second = tell(figures, who="ha", value="75", source="=nguồn", at=NOW + timedelta(days=1))
    answer = as_person(figures, "ha").get(f"{ONE}so-lieu.csv", {"bang": "lich-su"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="service_on_time-01.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(one["value"], one["measurement"], one["supersedes"]) for one in rows] == [
        ("70", str(first.pk), ""), ("75", str(second.pk), str(first.pk)),
    ]  # fmt: skip
    assert rows[0]["source"] == "'=nguồn"
    together = as_person(figures, "thu").get(f"{ONE}so-lieu.csv", {"bang": "co-quan", "ky": "2026-08"})
    assert len(together.content.decode().splitlines()) == 2


def test_hostile_text_stays_text(figures: World) -> None:
    tell(figures, who="ha", source="<script>alert(1)</script>")
    assert "<script>alert" not in as_person(figures, "ha").get(ONE).text


def test_pages_ask_the_database_a_dozen_times_however_much_there_is(
    figures: World, django_assert_max_num_queries: Queries
) -> None:
    for month in range(1, 9):
        for code in ("01", "48", "BTP", "BNV", "BYT"):
            tell(figures, body=code, period=f"2026-0{month}", value=str(60 + month))
    thu = as_person(figures, "thu")
    with django_assert_max_num_queries(15):
        thu.get("/chi-so/")
    with django_assert_max_num_queries(15):
        thu.get(ONE, {"co_quan": "01", "nhom": "ministries_with_services"})


# Words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (Decimal("79.50000000"), "%", "79,5%"),
        (Decimal("21.2"), "% GDP", "21,2% GDP"),
        (67, "hạng thế giới", "hạng 67 thế giới"),
        (67, "world rank", "world rank 67"),
        (0.5, "tỷ lệ từ 0 đến 1", "0,5"),
        (1234, "doanh nghiệp", "1.234 doanh nghiệp"),
        (None, "%", "–"),
    ],
)
def test_values_are_written_with_their_units(value: Any, unit: str, words: str) -> None:
    assert with_unit(value, unit) == words


def test_narrow_cells_and_distances() -> None:
    assert briefly(10, "người trên một vạn dân") == "10"
    assert difference(Decimal("-1.50"), "%", sign=True) == "−1,5 điểm phần trăm"
    assert compared("<=", 5, "ngày") == "không quá 5 ngày"
