"""A task is planned, turned and decided by its pages: every form once, and the lists that wait for decisions."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.tasks.samples import completed, evidence, given, taken_on
from tests.world import NOW, World
from thuocdo.tasks.models import Milestone, Product, Task
from thuocdo.tasks.operations import dispute, report_progress

Queries = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def signed_in(client: Client, world: World) -> Callable[[str], Client]:
    """`signed_in("lan")`: the client as one of the cast."""

    def as_person(name: str) -> Client:
        client.force_login(world.people[name])
        return client

    return as_person


def step(client: Any, task: Task, word: str, status: int = 302, **fields: Any) -> str:
    answer = client.post(reverse("task_step", args=[task.code, word]), fields)
    assert answer.status_code == status, word
    return str(client.get(answer["Location"]).text if status == 302 else answer.text)


def test_a_task_is_planned_by_its_page_and_tells_it_as_a_story(
    signed_in: Any, world: World, django_assert_max_num_queries: Queries
) -> None:
    task, other = taken_on(world), given(world, lead="BYT", title="Liên thông dữ liệu y tế")
    thu = signed_in("thu")
    assert "Đã ghi 2 sản phẩm" in step(thu, task, "san-pham", products="Danh mục; 1; bản\nDự thảo nghị định")
    assert "không phải là số" in step(thu, task, "san-pham", 422, products="Danh mục; nhiều; bản")
    step(thu, task, "cho", waits_for=other.code)
    assert "thành vòng" in step(thu, other, "cho", 422, waits_for=task.code)
    assert "Không tìm thấy nhiệm vụ NV-9" in step(thu, task, "cho", 422, waits_for="NV-9")
    step(thu, task, "kinh-phi", lines="KHCN-01; 2026; 5.000.000.000; Nền tảng")
    lan = signed_in("lan")
    step(lan, task, "them-moc", name="Trình dự thảo", due_on="30/9/2026")
    step(lan, task, "phu-trach", responsible="", post="Vụ trưởng Vụ Pháp luật")
    step(lan, task, "chia-viec", name="Soạn phần một", lead="BTP", due_on="1/10/2026")
    milestone = Milestone.objects.get()
    assert "Chưa có số quyết định" in step(
        signed_in("thu"), task, "doi-moc", 422, milestone=milestone.pk, new_due_on="5/10/2026", reason="Chờ"
    )
    report_progress(
        actor=world.actor("lan"), at=NOW, task=task, text="Có danh mục", progress=50, files=[evidence()],
        products=[Product.objects.get(position=1)], milestones=[milestone],
    )  # fmt: skip
    minh = signed_in("minh")
    step(minh, task, "nghiem-thu", product=Product.objects.get(position=1).pk, verdict="yes")
    minh.get(reverse("task", args=[task.code]))
    with django_assert_max_num_queries(15):
        text = minh.get(reverse("task", args=[task.code])).text
    for words in (
        "Đang chờ 1 điều chưa có", "Đã nghiệm thu 1/2 sản phẩm", "đạt ngày 14/09/2026", "KHCN-01",
        "0/1 phần việc đã xong", "Vụ trưởng Vụ Pháp luật", other.code,
    ):  # fmt: skip
        assert words in text, words


def test_more_time_is_asked_and_refused_by_the_page(signed_in: Any, world: World) -> None:
    task = taken_on(world)
    lan = signed_in("lan")
    assert "chọn ngày muộn hơn" in step(lan, task, "xin-gia-han", 422, wanted_on="1/10/2026", reason="Chờ")
    step(lan, task, "xin-gia-han", wanted_on="1/12/2026", reason="Chờ Luật")
    thu = signed_in("thu")
    assert "Xin đến 01/12/2026" in thu.get(reverse("task", args=[task.code])).text
    assert "Chờ Luật" in thu.get(reverse("tasks_waiting")).text
    step(thu, task, "khong-gia-han", answer="Điều thêm người")
    assert "không được chấp nhận: “Điều thêm người”" in signed_in("lan").get(reverse("task", args=[task.code])).text


def test_a_task_is_transferred_and_a_completed_one_opened_again(signed_in: Any, world: World) -> None:
    thu, task, done = signed_in("thu"), given(world), completed(world)
    assert "Bộ Y tế phải nhận việc" in step(thu, task, "chuyen", new_lead="BYT", reason="Đúng chức năng")
    assert "Đã mở lại" in step(thu, done, "mo-lai", decision_number="1-QĐ", reason="Sai số liệu")


def test_what_waits_for_a_decision_stands_on_one_page(
    signed_in: Any, world: World, django_assert_max_num_queries: Queries
) -> None:
    dispute(actor=world.actor("lan"), at=NOW, task=given(world), reason="Không thuộc chức năng")
    completed(world)
    assert "1 kiến nghị giao lại" in signed_in("thu").get(reverse("tasks_waiting")).text
    son = signed_in("son")
    son.get(reverse("tasks_waiting"))
    with django_assert_max_num_queries(15):
        assert "1 kết quả chưa đánh giá hiệu quả" in son.get(reverse("tasks_waiting")).text
    assert "Không thuộc chức năng" not in signed_in("an").get(reverse("tasks_waiting")).text
    wrong = signed_in("thu").post(reverse("tasks_inherit"), {"nhiem_vu": "NV-1", "ke_thua": "BTP"}, follow=True)
    assert "Chưa chọn nhiệm vụ" in wrong.text


def test_the_6_ro_list_counts_by_body_and_leads_to_where_it_is_mended(
    signed_in: Any, world: World, django_assert_max_num_queries: Queries
) -> None:
    task = given(world, title="Đẩy mạnh chuyển đổi số")
    thu = signed_in("thu")
    thu.get(reverse("tasks_clarity"))
    with django_assert_max_num_queries(15):
        text = thu.get(reverse("tasks_clarity"), {"thieu": "cach-viet"}).text
    assert reverse("task_planning", args=[task.code]) in text
    assert "không nói đẩy mạnh đến đâu là xong" in text
    assert task.code not in signed_in("an").get(reverse("tasks_clarity"), {"thieu": "cach-viet"}).text


def test_a_programme_is_drawn_up_approved_and_renewed(signed_in: Any, world: World) -> None:
    thu, task = signed_in("thu"), given(world)
    fields = {"code": "CTCT-2026", "title": "Chương trình 2026", "body": "VPTW", "due_on": "10/1/2026"}
    assert "1 chương trình quá ngày" in thu.post(reverse("programmes"), fields, follow=True).text

    def act(word: str, **given: str) -> str:
        return str(thu.post(reverse("programme_act", args=["CTCT-2026", word]), given, follow=True).text)

    assert "Không tìm thấy: NV-1" in act("dua-vao", codes="NV-1")
    act("dua-vao", codes=task.code, is_core="on")
    assert "Chưa có số quyết định" in act("phe-duyet", approved_on="1/9/2026")
    assert "đang có hiệu lực theo 01-QĐ" in act("phe-duyet", decision_number="01-QĐ", approved_on="1/9/2026")
    assert Task.objects.get(pk=task.pk).is_core
    act("ban-moi")
    text = act("dua-ra", ma=task.code)
    assert "Thay đổi so với bản 1" in text
    assert "Bỏ" in text
    lan = signed_in("lan")
    assert lan.get(reverse("programme", args=["CTCT-2026"])).status_code == 404


def test_a_deadline_on_a_holiday_says_so_and_stays(signed_in: Any, world: World) -> None:
    task = given(world, due_on=date(2027, 1, 1))
    text = signed_in("thu").get(reverse("task", args=[task.code])).text
    assert "rơi vào ngày nghỉ, hạn vẫn tính đúng ngày này; ngày làm việc tiếp theo là 04/01/2027" in text
