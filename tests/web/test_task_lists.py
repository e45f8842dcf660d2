"""A list of tasks comes back through the page: uploaded, looked at, taken over or left."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.exchanges.scenes import STRANGE, register
from tests.tasks.lists import PROGRESS, RESULT, edited, new_rows, saved
from tests.tasks.samples import given, reported
from tests.world import NOW, World
from thuocdo.exchanges.operations.importing import plan_received, write_agreed
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
    run = preview.context["run"]
    return client.post(reverse("tasks_import_decide", args=[run.pk]), {"viec": word, "dau": run.mark}, follow=True)


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
    assert Report.objects.count() == 1
    assert [one.event for one in Entry.objects.order_by("number")[before:]] == ["exchanges.import.received"]
    answer = decide(lan, preview, "ghi")
    assert "Đã nhập 1 báo cáo và 0 nhiệm vụ mới" in answer.text
    assert Report.objects.latest("pk").progress == 60
    # A second press finds it done.
    assert "đã được quyết định hoặc đang ghi" in decide(lan, preview, "ghi").text
    assert Report.objects.count() == 2


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
    for name in ("tasks_import_run", "tasks_import_part", "tasks_import_columns", "tasks_import_faults"):
        assert client.get(reverse(name, args=[1])).status_code == 403
    assert client.post(reverse("tasks_import_decide", args=[1]), {"viec": "ghi"}).status_code == 403


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x", "Chỉ nhập được tệp Excel"),
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
    shown = send(lan, saved(edited({(row, RESULT): f"Mới {row}" for row in range(20)})))
    with django_assert_max_num_queries(15):
        lan.get(reverse("tasks_import_run", args=[shown.context["run"].pk]))


def test_a_long_list_is_left_to_the_machine_and_followed(
    signed_in: Callable[[str], Client], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thuocdo.web.tasks.lists.views.SMALL", 0)
    thu = signed_in("thu")
    page = send(thu, saved(new_rows(GOOD, GOOD | {"Nhiệm vụ": "Việc hai", "Thời hạn": "mai kia"})))
    run = page.context["run"]
    assert "Đang đối chiếu 2 dòng; chưa ghi gì." in page.text
    assert "0/2" in page.text
    # Without JavaScript the page asks again by itself; with it a part does.
    assert '<meta http-equiv="refresh"' in page.text
    part = reverse("tasks_import_part", args=[run.pk])
    assert part in page.text
    assert thu.get(part).status_code == 200
    plan_received(at=NOW, number=run.pk)
    done = thu.get(part)
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")
    preview = thu.get(reverse("tasks_import_run", args=[run.pk]))
    working = decide(thu, preview, "giu-dong-dung")
    assert "Đang ghi danh sách 2 dòng." in working.text
    # Whoever comes back finds it in the list of what they brought.
    assert "đang ghi" in thu.get(reverse("tasks_import")).text
    write_agreed(at=NOW, number=run.pk)
    finished = thu.get(reverse("tasks_import_run", args=[run.pk]))
    assert "Đã nhập 0 báo cáo và 1 nhiệm vụ mới, bỏ 1 dòng có lỗi" in finished.text
    errors = thu.get(reverse("tasks_import_faults", args=[run.pk]))
    assert "mai kia" in errors.content.decode("utf-8-sig")
    # Nobody else sees it.
    assert signed_in("lan").get(reverse("tasks_import_run", args=[run.pk])).status_code == 404


def test_strange_columns_are_asked_for_once(signed_in: Callable[[str], Client], world: World) -> None:
    register(world)
    thu = signed_in("thu")
    content = saved([STRANGE, [1, "A-1", "Việc lạ", "2030", "Bộ Y tế", ""]])
    page = send(thu, content)
    for words in ("Ghép cột của danh-sach.xlsx", "Đầu việc được phân", "Việc lạ", "Danh sách lấy từ đâu"):
        assert words in page.text
    address = reverse("tasks_import_columns", args=[page.context["run"].pk])
    wrong = thu.post(address, {"ten": "Nơi lạ", "cot_2": "title", "cot_3": "title"})
    assert wrong.status_code == 422
    assert "mỗi nội dung chỉ lấy từ một cột" in wrong.text
    wrong = thu.post(address, {"ten": "Nơi lạ", "cot_1": "external", "cot_3": "deadline"})
    assert "Chọn hệ thống mà cột mã thuộc về" in wrong.text
    chosen = {"cot_1": "external", "cot_2": "title", "cot_3": "deadline", "cot_4": "lead", "he_thong": "ht57"}
    preview = thu.post(address, {"ten": "Nơi lạ", **chosen}, follow=True)
    for words in ("1 nhiệm vụ mới", "ghi thêm 1 mã của hệ thống khác", "theo cách ghép đã nhớ “Nơi lạ”"):
        assert words in preview.text
    decide(thu, preview, "ghi")
    again = send(thu, content)
    assert "theo cách ghép đã nhớ “Nơi lạ”" in again.text
    assert "0 báo cáo, 0 nhiệm vụ mới, 1 dòng không đổi" in again.text
    listed = thu.get(reverse("mappings"))
    assert "Đầu việc được phân → Nhiệm vụ" in listed.text
    number = again.context["run"].mapping_id
    assert "Nơi lạ" in thu.get(reverse("mapping", args=[number])).text
    changed = thu.post(reverse("mapping", args=[number]), {"ten": "Nơi quen", **chosen}, follow=True)
    assert "Nơi quen" in changed.text
    gone = thu.post(reverse("mapping_retire", args=[number]), follow=True)
    assert "Đã xóa cách ghép cột “Nơi quen”" in gone.text
    assert "Nơi quen" in thu.post(reverse("mapping_restore", args=[number]), follow=True).text
    # Another body neither sees nor changes it.
    an = signed_in("an")
    assert "Nơi quen" not in an.get(reverse("mappings")).text
    assert an.get(reverse("mapping", args=[number])).status_code == 404
