"""The pages of findings and samples: a story from the gap to the judgement, everybody's rights, bad input."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.evaluations.scenes import a_gap, dictionary, told
from tests.evaluations.test_findings import quarters
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.evaluations.models import Finding, Sample, SampleUnit
from thuocdo.evaluations.operations import draw_sample, review

Most = Callable[[int], AbstractContextManager[object]]


def signed_in(client: Client, world: World, who: str) -> Client:
    client.force_login(world.people[who])
    return client


def test_the_list_says_what_waits_and_leads_to_each(
    client: Client, world: World, django_assert_max_num_queries: Most
) -> None:
    finding = a_gap(world)
    signed_in(client, world, "minh")
    with django_assert_max_num_queries(15):
        page = client.get("/phat-hien/").content.decode()
    assert "phát hiện chưa khép" in page
    assert f"/phat-hien/{finding.pk}/" in page
    assert "khai cao hơn 15 điểm phần trăm" in page
    assert "/phat-hien/mau-kiem-tra/" in page
    assert "Không có phát hiện nào như vậy" in client.get("/phat-hien/?loai=round").content.decode()
    assert f"/phat-hien/{finding.pk}/" in client.get("/phat-hien/?co_quan=BTP&muc=open").content.decode()


def test_a_body_sees_its_own_and_strangers_see_nothing(client: Client, world: World) -> None:
    finding = a_gap(world)
    assert signed_in(client, world, "lan").get(f"/phat-hien/{finding.pk}/").status_code == HTTPStatus.OK
    assert signed_in(client, world, "an").get(f"/phat-hien/{finding.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert signed_in(client, world, "binh").get("/phat-hien/").status_code == HTTPStatus.FORBIDDEN
    assert "khớp" in signed_in(client, world, "an").get("/phat-hien/").content.decode()
    assert signed_in(client, world, "lan").get("/phat-hien/mau-kiem-tra/").status_code == HTTPStatus.FORBIDDEN


def test_from_the_gap_to_the_judgement(client: Client, world: World, django_assert_max_num_queries: Most) -> None:
    finding = a_gap(world)
    address = f"/phat-hien/{finding.pk}/"
    signed_in(client, world, "minh")
    with django_assert_max_num_queries(15):
        page = client.get(address).content.decode()
    assert "Hai số liệu cạnh nhau" in page
    assert "Phát hiện không phải kết luận" in page
    given = {"owner": world.people["lan"].pk, "answer_by": "01/10/2099", "note": "Đối chiếu bảng gốc."}
    assert (
        client.post(f"{address}giao/", given | {"answer_by": "hôm qua"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    )
    assert client.post(f"{address}giao/", given).status_code == HTTPStatus.FOUND
    signed_in(client, world, "lan")
    empty = client.post(f"{address}tra-loi/", {"answer-text": " "})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "nêu căn cứ" in empty.content.decode()
    assert client.post(f"{address}tra-loi/", {"answer-text": "Gồm cả hồ sơ nộp lại."}).status_code == HTTPStatus.FOUND
    assert client.post(f"{address}xac-nhan/", {"confirm-text": "Tự kết luận."}).status_code == HTTPStatus.FORBIDDEN
    signed_in(client, world, "minh")
    assert client.post(f"{address}xac-nhan/", {"confirm-text": "Không được tính lại."}).status_code == HTTPStatus.FOUND
    page = client.get(address).content.decode()
    assert "Xác nhận có sai lệch" in page
    assert "Gồm cả hồ sơ nộp lại." in page
    assert "Trần Thị Lan" in page
    # Somebody else was quicker: what was asked is told, nothing is written.
    again = client.post(f"{address}xac-nhan/", {"confirm-text": "Lần nữa."}, follow=True)
    assert "trạng thái" in again.content.decode()
    assert client.post(f"{address}bay/", {}).status_code == HTTPStatus.NOT_FOUND


def test_every_kind_is_told_as_a_story(client: Client, world: World) -> None:
    quarters(world)
    review(actor=world.machine, at=NOW)
    signed_in(client, world, "minh")
    pages = [client.get(f"/phat-hien/{row.pk}/") for row in Finding.objects.all()]
    assert [page.status_code for page in pages] == [HTTPStatus.OK] * 3
    text = " ".join(page.content.decode() for page in pages)
    for words in ("khối lượng từ 40 đến 70", "ngưỡng cần xem 20%", "gấp 3,0 lần", "Qua các kỳ"):
        assert words in text


@pytest.fixture
def drawn(world: World) -> Sample:
    """Twelve declared values of the second quarter, of which Minh draws six."""
    dictionary(world)
    for body in ("BTP", "BNV", "BYT", "01"):
        for month in ("2026-04", "2026-05", "2026-06"):
            told(world, "90.5", body=body, period=month)
    return draw_sample(actor=world.actor("minh"), at=NOW, period=parse_period("2026-Q2"), size=6)


def test_a_sample_is_drawn_checked_and_closed(
    client: Client, world: World, drawn: Sample, django_assert_max_num_queries: Most
) -> None:
    units = list(SampleUnit.objects.filter(sample=drawn).order_by("pk"))
    assert (drawn.frame_size, len(units)) == (12, 6)
    signed_in(client, world, "minh")
    address = f"/phat-hien/mau-kiem-tra/{drawn.pk}/"
    bad = client.post(f"{address}{units[0].pk}/", {f"{units[0].pk}-found_value": "nhiều"})
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "không đọc được thành số" in bad.content.decode()
    nothing = client.post(f"{address}{units[0].pk}/", {})
    assert "Chưa có giá trị kiểm tra được" in nothing.content.decode()
    for place, unit in enumerate(units):
        value = "70,5" if place == 0 else "90,5"
        assert client.post(f"{address}{unit.pk}/", {f"{unit.pk}-found_value": value}).status_code == HTTPStatus.FOUND
    with django_assert_max_num_queries(15):
        page = client.get(address).content.decode()
    assert "Đã kiểm tra 6 giá trị, 1 sai" in page
    assert drawn.seed in page
    finding = Finding.objects.get()
    assert (finding.kind, finding.claimed_value, finding.stronger_value) == ("checked", finding.claimed_value, 70.5)
    # Checked again and found right: the finding goes, the rate follows.
    client.post(f"{address}{units[0].pk}/", {f"{units[0].pk}-found_value": "90,5"})
    finding.refresh_from_db()
    assert finding.state == "corrected"
    assert "Đã kiểm tra 6 giá trị, 0 sai" in client.get(address).content.decode()
    sheet = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{address}phieu.xlsx").content))
    assert len(sheet.get_sheet_by_index(0).to_python()) == 7
    client.post(f"{address}khep/")
    closed = client.post(f"{address}{units[0].pk}/", {f"{units[0].pk}-found_value": "1"}, follow=True)
    assert "đã khép lại" in closed.content.decode()
    with django_assert_max_num_queries(20):
        page = client.get("/phat-hien/mau-kiem-tra/").content.decode()
    assert "Đã khép" in page


def test_drawing_says_what_is_missing(client: Client, world: World) -> None:
    dictionary(world)
    signed_in(client, world, "minh")
    given = {"period": "2026-Q2", "size": 5, "random_part": 30}
    quarter = client.get("/phat-hien/mau-kiem-tra/").content.decode().split('<option value="')[1][:7]
    answer = client.post("/phat-hien/mau-kiem-tra/", given | {"period": quarter})
    assert "không có số liệu tự khai nào" in answer.content.decode()
    for wrong, words in (({"size": 0}, "từ 1 đến 500"), ({"random_part": 0}, "lớn hơn 0")):
        answer = client.post("/phat-hien/mau-kiem-tra/", given | {"period": quarter} | wrong)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert words in answer.content.decode()
    signed_in(client, world, "thanh")
    assert client.post("/phat-hien/mau-kiem-tra/", given).status_code == HTTPStatus.FORBIDDEN


def test_the_chart_of_inflation_names_the_bodies(client: Client, world: World) -> None:
    a_gap(world)
    signed_in(client, world, "minh")
    page = client.get("/phat-hien/mau-kiem-tra/").content.decode()
    assert "Khai tốt hơn số kiểm chứng bao nhiêu" in page
    assert "1 cặp" in page
