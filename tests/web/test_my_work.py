"""My work today: what waits for each role, with the one action that moves it, and nothing of what is not theirs."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.directives.samples import found_in, load_sample_groups, receive_notice
from tests.tasks.samples import completed, given, reported, submitted, taken_on
from tests.world import NOW, TODAY, World
from thuocdo.ledger.queries import newest_number
from thuocdo.tasks.operations import dispute, remark, return_result

LATE: dict[str, Any] = {"due_on": TODAY - timedelta(days=4), "assigned_on": date(2026, 8, 1)}


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def work_of(client: Client, world: World) -> Callable[[str], str]:
    """`work_of("lan")`: the page as one of the cast sees it."""

    def read(name: str) -> str:
        client.force_login(world.people[name])
        answer = client.get(reverse("my_work"))
        assert answer.status_code == 200
        return str(answer.text)

    return read


def sections_in(text: str) -> list[str]:
    return [word for word in ("late", "due_soon", "returned", "accept", "decide", "approve", "urge", "documents")
            if f'<section id="{word}"' in text]  # fmt: skip


def test_the_focal_point_sees_late_due_returned_and_new(work_of: Any, world: World) -> None:
    late = reported(world, title="Việc muộn", **LATE)
    soon = taken_on(world, title="Việc sắp đến hạn", due_on=TODAY + timedelta(days=3))
    back = submitted(world, title="Việc bị trả lại", due_on=TODAY + timedelta(days=40))
    return_result(actor=world.actor("minh"), at=NOW, task=back, note="Thiếu")
    fresh = given(world, title="Việc mới", due_on=TODAY + timedelta(days=60))
    text = work_of("lan")
    assert sections_in(text) == ["late", "due_soon", "returned", "accept"]
    for task, step in ((late, "trinh-ket-qua"), (soon, "bao-cao"), (back, "trinh-ket-qua"), (fresh, "nhan-viec")):
        assert f'href="{reverse("task", args=[task.code])}#buoc-{step}"' in text
        assert f'id="buoc-{step}"' in str(page(work_of, world, task))
    for said in ("việc quá hạn", "việc đến hạn trong 7 ngày tới", "việc bị trả lại", "việc chờ nhận"):
        assert f">1</a> {said}" in text


def page(work_of: Any, world: World, task: Any) -> str:
    client = Client()
    client.force_login(world.people["lan"])
    return str(client.get(reverse("task", args=[task.code])).text)


def test_a_task_stands_in_one_section_only(work_of: Any, world: World) -> None:
    task = given(world, title="Muộn mà chưa nhận", **LATE)
    text = work_of("lan")
    assert sections_in(text) == ["late"]
    assert text.count(f'href="{reverse("task", args=[task.code])}#buoc-nhan-viec"') == 1


def test_what_waits_for_others_has_no_button(work_of: Any, world: World) -> None:
    task = submitted(world, title="Đã trình, nay quá hạn", **LATE)
    text = work_of("lan")
    assert f"{reverse('task', args=[task.code])}#buoc" not in text
    assert "Chờ duyệt" in text


def test_the_head_submits_but_does_not_report(work_of: Any, world: World) -> None:
    task = taken_on(world, due_on=TODAY + timedelta(days=2))
    text = work_of("dung")
    assert sections_in(text) == ["due_soon"]
    assert f"{reverse('task', args=[task.code])}#buoc-trinh-ket-qua" in text


def test_the_verifier_approves(work_of: Any, world: World) -> None:
    task = submitted(world)
    text = work_of("minh")
    assert sections_in(text) == ["approve"]
    assert f"{reverse('task', args=[task.code])}#buoc-phe-duyet" in text
    assert "Bộ Tư pháp" in text


def test_the_standing_office_reviews_decides_approves_and_urges(work_of: Any, world: World) -> None:
    load_sample_groups(world)
    found_in(world, receive_notice(world))
    dispute(actor=world.actor("lan"), at=NOW, task=given(world, title="Bị kiến nghị"), reason="Không đúng chức năng")
    submitted(world, title="Chờ duyệt")
    given(world, title="Quá hạn, phải đôn đốc", **LATE)
    text = work_of("thu")
    assert sections_in(text) == ["decide", "approve", "urge", "documents"]
    assert "đã xem 0/4 nhiệm vụ" in text
    assert ">1</a> văn bản chờ rà soát" in text


def test_nobody_sees_the_work_of_others(work_of: Any, world: World) -> None:
    given(world, title="Việc của Bộ Tư pháp")
    given(world, "48", title="Việc của Đà Nẵng")
    text = work_of("an")
    assert "Việc của Đà Nẵng" in text
    assert "Bộ Tư pháp" not in text
    for person in ("son", "thanh", "hoa", "quan", "binh"):
        assert sections_in(work_of(person)) == []


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("lan", "Việc hiện ra ở đây khi được giao"),
        ("son", "đánh giá hiệu quả các nhiệm vụ đã hoàn thành"),
        ("hoa", "Vai trò của bạn là công bố kết quả"),
        ("quan", "Vai trò của bạn là quản trị hệ thống"),
        ("binh", "chưa có vai trò ở cơ quan nào"),
    ],
)
def test_nothing_to_do_is_said_in_a_friendly_way(work_of: Any, world: World, person: str, words: str) -> None:
    completed(world)
    text = work_of(person)
    assert "Hôm nay không có việc nào chờ bạn." in text
    assert words in text


def test_long_lists_lead_to_the_whole(work_of: Any, world: World) -> None:
    for number in range(15):
        given(world, title=f"Việc {number}", due_on=TODAY + timedelta(days=30 + number))
    text = work_of("lan")
    assert "Xem cả 15 nhiệm vụ" in text
    assert f"{reverse('tasks')}?muc=chua-nhan" in text
    assert text.count("#buoc-nhan-viec") == 12


@pytest.mark.parametrize("person", ["thu", "lan", "minh"])
def test_the_page_costs_few_queries(
    work_of: Any, client: Client, world: World, person: str, django_assert_max_num_queries: Any
) -> None:
    load_sample_groups(world)
    found_in(world, receive_notice(world))
    for number in range(14):
        dispute(
            actor=world.actor("lan"), at=NOW, task=given(world, title=f"Kiến nghị {number}"), reason="Sai chức năng"
        )
        submitted(world, title=f"Trình {number}")
        given(world, title=f"Muộn {number}", **LATE)
    client.force_login(world.people[person])
    with django_assert_max_num_queries(15):
        client.get(reverse("my_work"))


def test_the_part_is_fetched_alone(client: Client, world: World) -> None:
    given(world)
    client.force_login(world.people["lan"])
    assert reverse("my_work_part") in client.get(reverse("my_work")).text
    part = client.get(reverse("my_work_part")).text
    assert "<html" not in part
    assert 'id="accept"' in part


def test_who_watches_more_than_the_own_body_sees_how_it_stands(work_of: Any, world: World) -> None:
    given(world, title="Việc muộn", **LATE)
    assert "Trong phạm vi bạn theo dõi" not in work_of("lan")
    for person in ("thu", "minh", "thanh"):
        text = work_of(person)
        assert ">1</a> nhiệm vụ quá hạn, đều của Bộ Tư pháp." in text
    assert "Trong phạm vi bạn theo dõi" not in work_of("quan")


def test_work_falling_due_stands_under_its_days(work_of: Any, world: World) -> None:
    for days in (0, 1, 2, 3, 6):
        taken_on(
            world, title=f"Việc còn {days} ngày", due_on=TODAY + timedelta(days=days), assigned_on=date(2026, 8, 1)
        )
    text = work_of("lan")
    order = [
        "Hôm nay, ngày mai", "Việc còn 0", "Việc còn 1", ">Trong 3 ngày", "Việc còn 2", "Việc còn 3", ">Trong 7 ngày",
        "Việc còn 6",
    ]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_a_remark_that_names_somebody_waits_on_their_page(work_of: Any, world: World) -> None:
    task = taken_on(world, title="Việc có trao đổi")
    remark(actor=world.actor("thu"), at=NOW, task=task, text="Nhờ xem giúp", people=[world.people["lan"].pk])
    text = work_of("lan")
    assert '<section id="mentioned"' in text
    assert "Nguyễn Thị Thu: Nhờ xem giúp" in text
    assert ">1</a> lần bạn được nhắc tên" in text
    assert '<section id="mentioned"' not in work_of("an")


def test_what_was_read_is_gone_from_the_page_at_once(client: Client, work_of: Any, world: World) -> None:
    task = taken_on(world)
    remark(actor=world.actor("thu"), at=NOW, task=task, text="Nhờ xem giúp", people=[world.people["lan"].pk])
    assert '<section id="mentioned"' in work_of("lan")
    # Reading is nobody's business: the ledger does not grow, and the page is another all the same.
    before = newest_number()
    client.get(reverse("task_remarks_part", args=[task.code]))
    assert newest_number() == before
    assert '<section id="mentioned"' not in client.get(reverse("my_work")).text


def test_one_reports_in_the_row_or_on_a_page_of_its_own(client: Client, world: World) -> None:
    task = taken_on(world, due_on=TODAY + timedelta(days=3))
    client.force_login(world.people["lan"])
    address = f"{reverse('my_work_report', args=[task.code])}?viec=bao-cao"
    assert f'href="{address}"' in client.get(reverse("my_work")).text
    part = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "<html" in client.get(address).text
    typed = {"progress": "40", "text": "Đã rà soát 40 văn bản"}
    wrong = client.post(address, typed | {"progress": "140"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 200
    assert "Tiến độ không được lớn hơn 100" in wrong.text
    assert "Đã rà soát 40 văn bản" in wrong.text
    assert client.post(address, typed | {"text": ""}).status_code == 422
    assert client.post(address, typed, headers={"HX-Request": "true"})["HX-Redirect"] == reverse("my_work")
    task.refresh_from_db()
    assert (task.progress, task.state) == (40, "in_progress")
    # Nothing else is done in place, and nobody reports for others.
    assert client.get(f"{reverse('my_work_report', args=[task.code])}?viec=huy").status_code == 404
    client.force_login(world.people["an"])
    assert client.get(address).status_code == 404
    client.force_login(world.people["thu"])
    assert client.post(address, typed).status_code in (403, 404)
