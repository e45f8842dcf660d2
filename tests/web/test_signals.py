"""The page of signs: sentences, meanings, limits, doors to the rows; who may open it and what it holds back."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.scorecards.test_monitors import LONG, reported
from tests.world import NOW, World

HERE = "/dau-hieu/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_without_signs_every_kind_says_so(client: Client, world: World) -> None:
    client.force_login(world.people["minh"])
    page = client.get(HERE).text
    assert "Chưa thấy dấu hiệu nào cần xem lại" in page
    for said in (
        "Không tệp nào được dùng cho hơn một nhiệm vụ.",
        "Không báo cáo nào giống",
        "Không chỉ số nào dồn lên trần.",
    ):
        assert said in page


def test_signs_say_what_they_mean_what_they_do_not_prove_and_lead_to_the_rows(
    client: Client, world: World, django_assert_max_num_queries: object
) -> None:
    reported(world, "BTP", LONG, by="lan", file="Cùng một tệp")
    reported(world, "BTP", LONG, by="lan", file="Cùng một tệp")
    client.force_login(world.people["minh"])
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page = client.get(HERE).text
    assert "Dấu hiệu không phải kết luận." in page
    assert "là minh chứng của 2 nhiệm vụ, của Bộ Tư pháp" in page
    assert "2 báo cáo của Bộ Tư pháp giống hệt nhau, từng chữ." in page
    assert "Không chứng minh gian dối" in page
    assert page.count('href="/nhiem-vu/NV-2026-') >= 4
    for word in ("gian lận", "vi phạm", "khai man"):
        assert word not in page


@pytest.mark.parametrize("person", ["lan", "dung", "an", "ha", "hoa", "quan", "binh"])
def test_who_does_not_verify_is_refused(client: Client, world: World, person: str) -> None:
    client.force_login(world.people[person])
    assert client.get(HERE).status_code == 403


def test_visitors_are_asked_to_sign_in(client: Client, world: World) -> None:
    assert client.get(HERE).status_code == 302


def test_what_one_sees_is_not_kept_for_another(client: Client, world: World) -> None:
    """Minh sees signs of the ministry; the verifier's page is his own, although nothing happened in between."""
    reported(world, "BTP", LONG, by="lan")
    reported(world, "BTP", LONG, by="lan")
    client.force_login(world.people["minh"])
    assert "giống hệt nhau" in client.get(HERE).text
    client.force_login(world.people["lan"])
    answer = client.get(HERE)
    assert answer.status_code == 403
    assert "giống hệt nhau" not in answer.text
