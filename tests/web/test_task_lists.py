"""A list of tasks comes back through the page: uploaded, looked at, taken over or left."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.tasks.lists import PROGRESS, RESULT, edited, new_rows, saved
from tests.tasks.samples import given, reported
from tests.world import NOW, World
from thuocdo.ledger.models import Entry
from thuocdo.tasks.models import Report, Task
from thuocdo.tasks.operations import report_progress


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


def send(client: Client, content: bytes, name: str = "danh-sach.xlsx") -> Any:
    return client.post(reverse("tasks_import"), {"tep": SimpleUploadedFile(name, content)}, follow=True)


def decide(client: Client, preview: Any, word: str) -> Any:
    mark = preview.context["plan"].mark
    return client.post(reverse("tasks_import_decide"), {"viec": word, "dau": mark}, follow=True)


GOOD = {"Nhiệm vụ": "Việc mới", "Thời hạn": "Quý II/2027", "Cơ quan chủ trì": "Bộ Y tế"}


def test_every_difference_is_shown_before_anything_is_written(signed_in: Callable[[str], Client], world: World) -> None:
    task = reported(world)
    lan = signed_in("lan")
    before = Entry.objects.count()
    preview = send(lan, saved(edited({(0, PROGRESS): 0.6, (0, RESULT): "Đã rà soát 60 văn bản"})))
    assert preview.status_code == 200
    for words in ("1 dòng: 1 báo cáo", "40%", "60%", "Đã rà soát 40 văn bản", "Đã rà soát 60 văn bản", task.code):
        assert words in preview.text
    assert "Chưa ghi gì." in preview.text
    assert (Entry.objects.count(), Report.objects.count()) == (before, 1)
    answer = decide(lan, preview, "ghi")
    assert "Đã nhập 1 báo cáo và 0 nhiệm vụ mới" in answer.text
    assert Report.objects.latest("pk").progress == 60
    # A second press finds nothing that waits.
    assert "Không có danh sách nào đang chờ nhập." in decide(lan, preview, "ghi").text


def test_new_tasks_are_shown_as_they_are_understood(signed_in: Callable[[str], Client], world: World) -> None:
    thu = signed_in("thu")
    preview = send(thu, saved(new_rows(GOOD)))
    for words in ("Việc mới", "Bộ Y tế", "Quý II/2027", "từ 01/04/2027 đến hết 30/06/2027"):
        assert words in preview.text
    assert "1 nhiệm vụ mới" in decide(thu, preview, "ghi").text
    assert Task.objects.get().assigned_by.code == "VPTW"


def test_errors_are_named_by_cell_and_a_person_chooses(signed_in: Callable[[str], Client], world: World) -> None:
    thu = signed_in("thu")
    content = saved(new_rows(GOOD, GOOD | {"Nhiệm vụ": "<b>Việc sai</b>", "Thời hạn": "mai kia"}))
    preview = send(thu, content)
    for words in ("B3", "Thời hạn", "“mai kia”", "Không hiểu thời hạn này", "Ghi 1 dòng đúng, bỏ 1 dòng lỗi"):
        assert words in preview.text
    assert "Chưa ghi dòng nào." in decide(thu, preview, "ghi").text
    assert Task.objects.count() == 0
    assert "1 nhiệm vụ mới" in decide(thu, preview, "giu-dong-dung").text
    assert Task.objects.get().title == "Việc mới"
    assert "không ghi gì" in decide(thu, send(thu, content), "bo").text


def test_what_moved_since_the_preview_is_shown_again(signed_in: Callable[[str], Client], world: World) -> None:
    task = reported(world)
    lan = signed_in("lan")
    preview = send(lan, saved(edited({(0, RESULT): "Của tôi"})))
    report_progress(actor=world.actor("lan"), at=NOW, task=task, text="Của người khác", progress=50)
    again = decide(lan, preview, "ghi")
    assert "Chưa ghi dòng nào." in again.text
    assert "hiện nay ghi “Của người khác”" in again.text
    assert Report.objects.count() == 2


def test_nobody_is_told_of_the_tasks_of_others(signed_in: Callable[[str], Client], world: World) -> None:
    reported(world)
    cells = edited({(0, RESULT): "Tò mò"})
    preview = send(signed_in("an"), saved(cells))
    assert "Không thấy nhiệm vụ NV-2026-000001" in preview.text
    assert "Đã rà soát 40 văn bản" not in preview.text


@pytest.mark.parametrize("person", ["minh", "dung", "thanh", "binh", "quan"])
def test_who_neither_reports_nor_assigns_imports_nothing(signed_in: Callable[[str], Client], person: str) -> None:
    client = signed_in(person)
    assert client.get(reverse("tasks_import")).status_code == 403
    assert client.get(reverse("tasks_import_preview")).status_code == 403
    assert client.post(reverse("tasks_import_decide"), {"viec": "ghi"}).status_code == 403


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x", "không thuộc loại được nhận"),
        (saved([["Họ tên"], ["A"]]), "Trong tệp thấy: “Họ tên”"),
        (saved(new_rows(GOOD)[:1]), "không có dòng nào"),
        (b"PK\x03\x04" + b"0" * 10_000_000, "quá lớn"),
    ],
)
def test_a_wrong_file_is_refused_beside_its_field(
    signed_in: Callable[[str], Client], content: bytes, words: str
) -> None:
    answer = send(signed_in("thu"), content)
    assert answer.status_code == 422
    assert words in answer.text


def test_without_a_file_it_says_what_to_choose(signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("thu").post(reverse("tasks_import"), {})
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in answer.text


def test_the_list_leads_there_only_whom_it_serves(signed_in: Callable[[str], Client], world: World) -> None:
    given(world)
    assert reverse("tasks_import") in signed_in("lan").get(reverse("tasks")).text
    assert reverse("tasks_import") not in signed_in("minh").get(reverse("tasks")).text


def test_a_preview_costs_few_queries(
    signed_in: Callable[[str], Client], world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        reported(world, title=f"Việc {number}")
    lan = signed_in("lan")
    send(lan, saved(edited({(row, RESULT): f"Mới {row}" for row in range(20)})))
    with django_assert_max_num_queries(15):
        lan.get(reverse("tasks_import_preview"))
