"""Pages of what is exchanged with other instances and machines: who sees them, what they say, what a person does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.tasks.samples import given
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.exchanges.models import Dispatch, Outgoing, Parent, Receiver
from thuocdo.exchanges.operations.children import note_child
from thuocdo.exchanges.operations.webhooks import note_entries, send_waiting
from thuocdo.exchanges.sending import Reply

PAIRING = {"address": "https://tren.example.gov.vn", "title": "Bản trung ương", "body": "01", "key": "tdk_1_2"}
RECEIVING = {
    "title": "Hệ thống điều hành", "address": "https://nhan.example.gov.vn/x", "body": "01",
    "events": ["tasks.task.changed"], "dau": "một",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _house(settings: Any, tmp_path: Path) -> Any:
    settings.PARTNERS_FOLDER = tmp_path
    settings.WEBHOOK_SECRET = lambda: "bí mật của bản thử"
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    return client


def test_somebody_pairs_sees_what_waits_and_pauses(world: World, django_assert_max_num_queries: Any) -> None:
    quan = signed_in(world, "quan")
    assert "chưa nối với bản cấp trên nào" in quan.get("/trao-doi/").content.decode()
    assert quan.post("/trao-doi/", PAIRING).status_code == 302
    parent = Parent.objects.get()
    Outgoing.objects.create(parent=parent, entry=1, kind="acceptance", at=NOW)
    Parent.objects.update(failure="unreachable", tried_at=NOW, failure_detail="Connection refused")
    with django_assert_max_num_queries(15):
        page = quan.get("/trao-doi/").content.decode()
    assert "Chưa trao đổi được với Bản trung ương; 1 báo cáo đang chờ gửi, không mất." in page
    assert "Không gọi được bản cấp trên" in page
    assert "tdk_1_2" not in page
    assert quan.post(f"/trao-doi/cap-tren/{parent.pk}/tam-dung/").status_code == 302
    assert Parent.objects.get().is_paused
    assert "tren.example" not in signed_in(world, "an").get("/trao-doi/").content.decode()
    assert signed_in(world, "an").post(f"/trao-doi/cap-tren/{parent.pk}/tam-dung/").status_code == 404


def test_a_wrong_pairing_stays_in_the_form_with_its_remedy(world: World) -> None:
    answer = signed_in(world, "quan").post("/trao-doi/", PAIRING | {"address": "http://tren.example.gov.vn"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "phải bắt đầu bằng https://" in page
    assert "http://tren.example.gov.vn" in page
    assert Parent.objects.count() == 0


def test_the_parent_sees_how_far_behind_a_child_is(world: World) -> None:
    key, _token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Bản Hà Nội")
    from thuocdo.accounts.queries import actor_for_key

    note_child(actor=actor_for_key(key, on=NOW.date()), at=NOW - timedelta(hours=1), protocol=1, version="x", told=0)
    given(world, "01")
    page = signed_in(world, "thu").get("/trao-doi/").content.decode()
    assert "Bản Hà Nội" in page
    assert "đang im lặng" in page


def test_somebody_registers_a_receiver_and_the_secret_is_shown_once(
    world: World, django_assert_max_num_queries: Any
) -> None:
    ha = signed_in(world, "ha")
    assert "Chưa có hệ thống nào được báo tự động" in ha.get("/trao-doi/thong-bao-may/").content.decode()
    made = ha.post("/trao-doi/thong-bao-may/", RECEIVING).content.decode()
    assert "tds_" in made
    # The same form again makes no second secret.
    assert ha.post("/trao-doi/thong-bao-may/", RECEIVING).status_code == 302
    receiver = Receiver.objects.get()
    address = f"/trao-doi/thong-bao-may/{receiver.pk}/"
    assert "tds_" not in ha.get("/trao-doi/thong-bao-may/").content.decode()
    given(world, "01")
    note_entries(at=NOW)
    send_waiting(at=NOW, call=lambda *_given: Reply(400, "không hiểu"))
    with django_assert_max_num_queries(15):
        page = ha.get(address).content.decode()
    assert "trả lời mã 400" in page
    assert "không hiểu" in page
    entry = Dispatch.objects.get().entry
    Dispatch.objects.update(state="parked")
    assert "3 thông báo" not in ha.get(address).content.decode()
    assert ha.post(f"{address}gui-lai/{entry}/").status_code == 302
    assert Dispatch.objects.get().state == "waiting"
    assert "tds_" in ha.post(f"{address}doi-ma/", {"dau": "hai"}).content.decode()
    assert ha.post(f"{address}tam-dung/").status_code == 302
    assert Receiver.objects.get().is_paused
    assert signed_in(world, "an").get(address).status_code == 404
    assert ha.post(f"{address}thoi-gui/").status_code == 302
    assert ha.get(address).status_code == 404


def test_an_address_in_our_own_net_is_refused_beside_its_field(world: World) -> None:
    answer = signed_in(world, "ha").post("/trao-doi/thong-bao-may/", RECEIVING | {"address": "https://10.0.0.1/"})
    assert answer.status_code == 422
    assert "mạng nội bộ" in answer.content.decode()
    assert Receiver.objects.count() == 0


def test_a_key_for_a_child_instance_is_issued_on_the_page_of_keys(world: World) -> None:
    quan = signed_in(world, "quan")
    form = {"title": "Bản Hà Nội", "body": "01", "scopes": ["tasks:report", "figures:write"], "dau": "ba"}
    page = quan.post("/quan-tri/khoa/", form).content.decode()
    assert "tdk_" in page
    assert "nhận việc, báo cáo, nộp kết quả" in page
    refused = quan.post("/quan-tri/khoa/", form | {"scopes": ["tasks:judge"], "dau": "bốn"})
    assert refused.status_code == 422
    assert "phải có người chịu trách nhiệm" in refused.content.decode()
    unknown = quan.post("/quan-tri/khoa/", form | {"holder": "khong-co", "dau": "năm"})
    assert "Không có tài khoản mang tên đăng nhập này" in unknown.content.decode()
