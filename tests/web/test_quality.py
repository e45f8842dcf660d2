"""The data quality of a body and of all bodies: six rulers, what to mend first, the rows behind, what is verified."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import load_pack_dictionary, row
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.models import Measurement
from thuocdo.indicators.operations import record_measurements
from thuocdo.indicators.queries.verified import Support, supports
from thuocdo.organisations.models import Body
from thuocdo.scorecards.operations import derive


@pytest.fixture
def measured(world: World) -> Any:
    load_pack_dictionary(world)
    given = [
        row(period="2026-07", provenance="declared", source="Báo cáo", value="95", evidence="b" * 64),
        row(period="2026-07", provenance="system", value="79.5"),
        row(period="2026-08", provenance="declared", source="Báo cáo", value="80"),
        row(period="2026-08", provenance="declared", source="Báo cáo", value="80", body="BTP"),
        row(indicator="full_process_online", period="2026-07", provenance="declared", source="Báo cáo", value="41"),
    ]
    result = record_measurements(actor=world.machine, at=NOW - timedelta(days=30), rows=given, on_error="keep_good")
    assert result.accepted >= 4, result.errors
    with time_machine.travel(NOW, tick=False):
        yield world


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def test_the_page_of_a_body_says_what_to_mend_first_and_shows_the_rows(
    measured: World, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(measured, "thu")
    client.get("/co-quan/01/du-lieu/")
    with django_assert_max_num_queries(15):
        page = client.get("/co-quan/01/du-lieu/").text
    for words in (
        "Sửa gì trước",
        "chưa có số",
        "lệch nguồn mạnh hơn",
        "95%</a> so với <a",
        ">79,5%</a>, lệch +15,5 điểm phần trăm",
        "/so-lieu/?co_quan=",
    ):
        assert words in page, words
    claimed = Measurement.objects.get(value=95)
    assert f"/so-lieu/{claimed.pk}/" in page
    # Each count of what is verified leads to the figures that it counts, each of these to where it comes from.
    assert "?ky=2026-Q3&amp;nguon=xac-minh#so-lieu" in page
    verified = client.get("/co-quan/01/du-lieu/?ky=2026-Q3&nguon=xac-minh").text
    assert "Các số liệu được đếm: đã xác minh <small>1</small>" in verified
    assert ">79,5%</a>" in verified
    assert f"/so-lieu/{claimed.pk}/" not in verified
    assert "Các dòng chưa đạt của “" in client.get("/co-quan/01/du-lieu/?ky=2026-Q3&chi-so=service_on_time").text
    only = client.get("/co-quan/01/du-lieu/?chat-luong=accuracy").text
    assert "Các dòng chưa đạt yêu cầu “đúng”" in only
    assert only.count("lệch nguồn mạnh hơn") < page.count("chưa có số") + 5
    assert client.get("/co-quan/01/du-lieu/?chat-luong=x&ky=2030-Q1&trang=99").status_code == 200


def test_nobody_sees_the_data_of_bodies_that_are_not_theirs_to_see(measured: World) -> None:
    assert signed_in(measured, "lan").get("/co-quan/01/du-lieu/").status_code == 403
    assert signed_in(measured, "lan").get("/co-quan/BTP/du-lieu/").status_code == 200
    assert signed_in(measured, "binh").get("/chat-luong-du-lieu/").status_code == 403
    assert signed_in(measured, "thu").get("/co-quan/KHONG/du-lieu/").status_code == 404
    assert Client().get("/chat-luong-du-lieu/").status_code == 302


def test_the_overview_ranks_bodies_by_what_was_recorded(measured: World, django_assert_max_num_queries: Any) -> None:
    client = signed_in(measured, "thu")
    assert "Chưa có cơ quan nào được chấm" in client.get("/chat-luong-du-lieu/?nhom=provinces").text
    derive(actor=measured.machine, at=NOW, with_qualities=True)
    client.get("/chat-luong-du-lieu/?nhom=provinces")
    with django_assert_max_num_queries(15):
        page = client.get("/chat-luong-du-lieu/?nhom=provinces").text
    assert "/co-quan/01/du-lieu/" in page
    assert "được chấm" in page
    assert "Không có cơ quan nào khớp" in client.get("/chat-luong-du-lieu/?nhom=provinces&tim=khong-co-ten-nay").text
    assert client.get("/chat-luong-du-lieu/?nhom=provinces&sap=-accuracy&tim=ha noi").status_code == 200
    assert "/co-quan/01/du-lieu/" not in signed_in(measured, "lan").get("/chat-luong-du-lieu/").text


def test_support_counts_each_cell_once_by_its_strongest_source(measured: World) -> None:
    found = supports(parse_period("2026-Q3"), Body.objects.filter(code__in=["01", "BTP"]))
    own = found.by_body[measured.body("01").pk]
    assert own == Support(claimed=2, evidenced=0, cross_checked=0, verified=1)
    assert own.share_verified == pytest.approx(1 / 3)
    assert found.all.told == sum(one.told for one in found.by_indicator.values())
    assert Support().share_verified is None
