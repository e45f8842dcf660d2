"""Pages about tasks ask the database no more than fifteen questions, with everything at once, too."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.indicators.figures import load_figures, row
from tests.indicators.test_formulas import ONLINE
from tests.indicators.test_parts import PAPER, WHOLE, record
from tests.tasks.samples import completed, evidence, given, pdf_file, taken_on
from tests.web.test_task_planning import step
from tests.world import NOW, TODAY, World
from thuocdo.indicators.operations import load_indicators
from thuocdo.organisations.models import Body, Descent
from thuocdo.organisations.operations import record_successions
from thuocdo.tasks.models import Milestone, Product, Task
from thuocdo.tasks.operations import Upload, dispute, remark, report_progress, submit
from thuocdo.tasks.operations.returning import Point, return_points

MOST = 15


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def as_person(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def questions(client: Client, address: str) -> int:
    """How often the page asks, once the bell is counted for this entry of the ledger."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def everything(world: World) -> Task:
    """A returned task with products, milestones, parts, dependencies, budget, indicators, requests, remarks, files."""
    load_figures(world)
    task, other = taken_on(world), given(world, lead="BYT", title="Liên thông dữ liệu y tế")
    thu, lan = as_person(world, "thu"), as_person(world, "lan")
    step(thu, task, "san-pham", products="Danh mục; 1; bản\nDự thảo nghị định\nTờ trình")
    step(thu, task, "cho", waits_for=other.code)
    step(thu, other, "cho", 422, waits_for=task.code)
    step(thu, task, "kinh-phi", lines="KHCN-01; 2026; 5.000.000.000; Nền tảng\nKHCN-02; 2026; 1.000.000; Khác")
    for number in range(4):
        step(lan, task, "them-moc", name=f"Mốc {number}", due_on=f"{20 + number}/9/2026")
        step(lan, task, "chia-viec", name=f"Soạn phần {number}", lead="BTP", due_on="1/10/2026")
    step(lan, task, "phu-trach", responsible="", post="Vụ trưởng Vụ Pháp luật")
    step(lan, task, "xin-gia-han", wanted_on="1/12/2026", reason="Chờ Luật")
    actor = world.actor("lan")
    for number in range(5):
        report_progress(
            actor=actor, at=NOW + timedelta(minutes=number), task=task, text=f"Báo cáo {number}", progress=50,
            files=[evidence(f"bao-cao-{number}.docx")], products=list(Product.objects.filter(task=task)),
            milestones=[Milestone.objects.filter(task=task, reached_on=None).first()] if number < 3 else (),  # type: ignore[list-item]
        )  # fmt: skip
        remark(
            actor=world.actor("thu"), at=NOW, task=task, text=f"Ý kiến {number}", people=[world.people["lan"].pk]
        )  # fmt: skip
    files = [evidence(), Upload("bien-ban.pdf", pdf_file())]
    submit(actor=actor, at=NOW + timedelta(hours=1), task=task, text="Đã ban hành", files=files)
    points = [Point("text", "Thiếu số văn bản"), Point("product", "Chưa ký", Product.objects.filter(task=task)[0].pk)]
    return_points(actor=world.actor("minh"), at=NOW + timedelta(hours=2), task=task, points=points)
    task.refresh_from_db()
    return task


def test_a_task_with_everything_at_once_asks_no_more_often(world: World) -> None:
    task = everything(world)
    counted = {
        (person, name): questions(as_person(world, person), reverse(name, args=[task.code]))
        for person in ("lan", "minh", "thu", "dung")
        for name in ("task", "task_planning", "task_evidence", "task_remarks")
    }
    assert {place: number for place, number in counted.items() if number > MOST} == {}


def test_what_waits_for_a_decision_asks_at_most_fifteen_times_with_ended_bodies(world: World) -> None:
    dispute(actor=world.actor("lan"), at=NOW, task=given(world), reason="Không thuộc chức năng")
    completed(world)
    wards = [given(world, lead="00004", title=f"Việc {number}") for number in range(3)]
    for code, heirs in (("00004", ("00025", "20194")), ("BYT", ("BNV",))):
        body = world.body(code)
        given(world, lead=code)
        Body.objects.filter(pk=body.pk).update(valid_to=TODAY)
        Descent.objects.filter(descendant=body).update(valid_to=TODAY)
        record_successions(
            actor="system:tests", at=NOW, on=TODAY,
            pairs=[(body, world.body(heir), Decimal(1) / len(heirs)) for heir in heirs],
        )  # fmt: skip
    assert wards
    counted = {name: questions(as_person(world, name), reverse("tasks_waiting")) for name in ("thu", "son", "lan")}
    assert {name: number for name, number in counted.items() if number > MOST} == {}


def test_the_definition_of_an_indicator_with_sums_up_the_tree_asks_at_most_fifteen_times(world: World) -> None:
    load_indicators(actor=world.machine, at=NOW, entries=[ONLINE, PAPER, WHOLE])
    figures = {"received": 100, "online": 60, "paper": 30}
    record(world, *(row(indicator=code, value=str(value), provenance="system") for code, value in figures.items()))
    wards = ("00004", "00025", "20194")
    record(world, *(row(body=ward, indicator="received", value="60", provenance="system") for ward in wards))
    addresses = ("/chi-so/received/dinh-nghia/", "/chi-so/received/?co_quan=01&ky=2026-08")
    counted = {
        (person, address): questions(as_person(world, person), address)
        for person in ("thu", "ha")
        for address in addresses
    }
    assert {place: number for place, number in counted.items() if number > MOST} == {}
