"""Lists of tasks in the official layouts, fetched from the list and from a document."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from docx import Document as WordDocument
from python_calamine import CalamineWorkbook

from tests.directives.samples import found_in, receive_notice
from tests.tasks.samples import given, reported
from tests.world import NOW, World
from thuocdo.tasks.operations import assign_from_candidate
from thuocdo.web.tasks import layouts

EVERY = [(layout, ending) for layout in ("chinh-phu", "dang") for ending in ("xlsx", "docx")]


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


def rows_of(answer: Any) -> list[list[Any]]:
    """The rows below the headings, of either kind of file."""
    assert answer.status_code == 200
    if answer["Content-Type"].endswith("document"):
        return [
            [cell.text for cell in row.cells] for row in WordDocument(io.BytesIO(answer.content)).tables[1].rows[1:]
        ]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)[8:]


@pytest.mark.parametrize(("layout", "ending"), EVERY)
def test_the_list_is_fetched_as_it_is_narrowed(
    signed_in: Callable[[str], Client], world: World, layout: str, ending: str
) -> None:
    reported(world)
    given(world, "BYT", title="Tích hợp hồ sơ sức khỏe điện tử")
    thu = signed_in("thu")
    assert len(rows_of(thu.get(reverse("tasks_layout", args=[layout, ending])))) == 2
    answer = thu.get(reverse("tasks_layout", args=[layout, ending]), {"co_quan": "BYT"})
    (row,) = rows_of(answer)
    assert row[1] == "Tích hợp hồ sơ sức khỏe điện tử"
    assert f"nhiem-vu-{layout}-20260914.{ending}" in answer["Content-Disposition"]


def test_everybody_gets_what_they_may_see_and_no_more(signed_in: Callable[[str], Client], world: World) -> None:
    reported(world)
    address = reverse("tasks_layout", args=["chinh-phu", "xlsx"])
    assert len(rows_of(signed_in("lan").get(address))) == 1
    assert rows_of(signed_in("an").get(address)) == []
    assert signed_in("binh").get(address).status_code == 403


def test_the_list_offers_the_layouts_with_its_filters(signed_in: Callable[[str], Client], world: World) -> None:
    reported(world)
    page = signed_in("thu").get(reverse("tasks"), {"co_quan": "BTP", "trang": "1"}).text
    for layout, ending in EVERY:
        assert f'{reverse("tasks_layout", args=[layout, ending])}?co_quan=BTP"' in page


def test_a_document_gives_what_was_confirmed_from_it_in_its_order(
    signed_in: Callable[[str], Client], world: World
) -> None:
    document = receive_notice(world)
    candidates = found_in(world, document)
    thu = signed_in("thu")
    page = reverse("directive", args=[document.pk])
    assert "nhiem-vu/chinh-phu.xlsx" not in thu.get(page).text
    early = thu.get(reverse("directive_tasks", args=[document.pk, "chinh-phu", "xlsx"]), follow=True)
    assert "Chưa có nhiệm vụ nào được xác nhận từ văn bản này." in early.text
    for candidate in (candidates[1], candidates[0]):
        assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidate)
    given(world, title="Việc của văn bản khác")
    shown = thu.get(page).text
    for layout, ending in EVERY:
        address = reverse("directive_tasks", args=[document.pk, layout, ending])
        assert f'"{address}"' in shown
        rows = rows_of(thu.get(address))
        assert [row[-1][:14] if ending == "docx" else row[-2] for row in rows] == ["NV-2026-000002", "NV-2026-000001"]


def test_a_document_one_may_not_see_gives_nothing(signed_in: Callable[[str], Client], world: World) -> None:
    document = receive_notice(world)
    assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=found_in(world, document)[0])
    for person in ("lan", "an"):
        client = signed_in(person)
        assert client.get(reverse("directive_tasks", args=[document.pk, "dang", "docx"])).status_code == 404


@pytest.mark.parametrize(("layout", "ending"), [("chinh-phu", "pdf"), ("quoc-hoi", "xlsx")])
def test_there_are_two_layouts_and_two_kinds_of_file(
    signed_in: Callable[[str], Client], layout: str, ending: str
) -> None:
    assert signed_in("thu").get(reverse("tasks_layout", args=[layout, ending])).status_code == 404


def test_a_list_too_long_for_word_is_sent_back_with_the_way_out(
    signed_in: Callable[[str], Client], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(world)
    given(world, title="Việc khác")
    monkeypatch.setitem(layouts._MOST, "docx", 1)
    answer = signed_in("thu").get(reverse("tasks_layout", args=["dang", "docx"]), follow=True)
    assert "tệp Word chỉ nhận 1 dòng" in answer.text
    assert "Tải tệp Excel" in answer.text


def test_lists_cost_few_queries(
    signed_in: Callable[[str], Client], world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        given(world, title=f"Việc {number}")
    thu = signed_in("thu")
    with django_assert_max_num_queries(15):
        thu.get(reverse("tasks_layout", args=["chinh-phu", "xlsx"]))
