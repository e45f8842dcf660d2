"""The pages of definitions: formula, parts, versions, paths, own indicators, and what hangs together with nothing."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import SERVICE, row
from tests.indicators.test_formulas import ONLINE, SHARE
from tests.indicators.test_parts import PAPER, WHOLE
from tests.tasks.samples import given
from tests.world import NOW, World
from thuocdo.indicators.models import Indicator
from thuocdo.indicators.operations import evaluate, load_indicators, record_measurements
from thuocdo.indicators.queries import path_of, versions_of
from thuocdo.tasks.operations import set_indicators

Queries = Callable[[int], Any]
OWN = {
    "title": "Tỷ lệ hộ có mã định danh", "short": "ho_co_ma", "definition": "Số hộ có mã chia cho số hộ.", "unit": "%",
    "direction": "1", "frequency": "month", "due_days": "5", "target": "95,5", "lower": "0", "upper": "100",
    "tolerance": "", "provenance_expected": "declared", "public": "internal", "formula": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        yield


@pytest.fixture
def defined(world: World) -> World:
    """A share computed from parts that do not add up, and a task that should move it."""
    load_indicators(actor=world.machine, at=NOW, entries=[ONLINE, PAPER, WHOLE, SHARE, SERVICE])
    figures = {"received": 2000, "online": 1500, "paper": 300}
    rows = [row(indicator=name, value=str(value), provenance="system") for name, value in figures.items()]
    record_measurements(actor=world.machine, at=NOW, rows=rows)
    evaluate(actor=world.machine, at=NOW)
    set_indicators(actor=world.actor("thu"), at=NOW, task=given(world), codes=["online_share"])
    return world


def as_person(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def test_a_definition_tells_formula_inputs_tasks_and_versions(
    defined: World, django_assert_max_num_queries: Queries
) -> None:
    load_indicators(actor=defined.machine, at=NOW, entries=[SHARE | {"tolerance": 3}])
    client = as_person(defined, "thu")
    with django_assert_max_num_queries(15):
        page = client.get("/chi-so/online_share/dinh-nghia/")
    assert "tự tính chỉ số này từ 2 chỉ số khác; 1 nhiệm vụ gắn" in page.text
    assert 'href="/chi-so/received/dinh-nghia/"' in page.text
    assert "<code>online / received</code>" in page.text
    assert "Ngưỡng chênh lệch" in page.text
    assert "<del>1</del> <ins>3</ins>" in page.text
    used = client.get("/chi-so/received/dinh-nghia/", {"co_quan": "Thành phố Hà Nội"})
    assert "Dùng trong công thức của" in used.text
    assert "Các phần không khớp tổng." in used.text
    assert "Tổng ghi 2.000 hồ sơ, các phần cộng lại 1.800 hồ sơ, lệch 200 hồ sơ" in used.text


def test_a_body_keeps_changes_and_retires_its_own_indicator(defined: World) -> None:
    ha = as_person(defined, "ha")
    wrong = ha.post("/chi-so/rieng/them/", OWN | {"formula": "nobody / received"})
    assert wrong.status_code == 422
    assert "Không có chỉ số mã “nobody”" in wrong.text
    assert 'value="Tỷ lệ hộ có mã định danh"' in wrong.text
    assert ha.post("/chi-so/rieng/them/", OWN, follow=True).status_code == 200
    own = Indicator.objects.get(code="r_01_ho_co_ma")
    assert (str(own.kept_by.code if own.kept_by else ""), own.due_days, own.comparator) == ("01", 5, ">=")
    assert "Chỉ số riêng của Thành phố Hà Nội" in ha.get("/chi-so/").text
    changes = {name: value for name, value in OWN.items() if name != "short"} | {"due_days": "8"}
    assert "bản định nghĩa 2" in ha.post(f"/chi-so/{own.code}/sua/", changes, follow=True).text
    assert len(versions_of(own)) == 2
    assert "đã ngừng dùng" in ha.post(f"/chi-so/{own.code}/thoi-dung/", follow=True).text
    assert "được dùng lại" in ha.post(f"/chi-so/{own.code}/dung-lai/", follow=True).text
    # Đà Nẵng learns nothing of it, and nobody but its keepers changes it.
    assert as_person(defined, "an").get(f"/chi-so/{own.code}/").status_code == 404
    assert as_person(defined, "an").get(f"/chi-so/{own.code}/dinh-nghia/").status_code == 404
    assert as_person(defined, "minh").get("/chi-so/rieng/them/").status_code == 403
    assert as_person(defined, "minh").get(f"/chi-so/{own.code}/sua/").status_code == 403
    assert as_person(defined, "ha").get("/chi-so/online_share/sua/").status_code == 404
    # The standing office chooses whose it is.
    thu = as_person(defined, "thu")
    assert "Cơ quan" in thu.get("/chi-so/rieng/them/").text
    kept = {"co_quan": "Thành phố Đà Nẵng", "co_quan_ma": "48", "short": "khac"}
    assert thu.post("/chi-so/rieng/them/", OWN | kept).status_code == 302
    assert Indicator.objects.filter(code="r_48_khac").exists()


def test_the_levels_of_a_body_are_typed_and_wrong_lines_named(defined: World) -> None:
    thu, address = as_person(defined, "thu"), "/chi-so/service_on_time/duong-muc-tieu/?co_quan=01"
    assert "đang theo đường mục tiêu chung" in thu.get(address).text
    for points, words in [
        ("Quý nào; 5", "Dòng 1: không đọc được kỳ"),
        ("2026; 50\n2027; nhiều", "Dòng 2: “nhiều” không phải là số"),
        ("2026; 50\n2027; 40", "Mốc 2: Mức 40 ngược chiều"),
        ("2026; 150", "nằm ngoài khoảng giá trị"),
    ]:
        wrong = thu.post(address, {"shape": "linear", "points": points})
        assert wrong.status_code == 422
        assert words in wrong.text
    thu.post(address, {"shape": "given", "points": "Quý III/2026; 47,5\n2027; 60"})
    indicator = Indicator.objects.get(code="service_on_time")
    points = [(one.period, one.value, one.shape) for one in path_of(indicator, defined.body("01"))]
    assert [(period, float(value), shape) for period, value, shape in points] == [
        ("2026-Q3", 47.5, "given"), ("2027", 60, "given"),
    ]  # fmt: skip
    shown = thu.get("/chi-so/service_on_time/dinh-nghia/").text
    assert "mức riêng cho từng kỳ" in shown
    assert as_person(defined, "ha").get(address).status_code == 403
    # The common path is the administrator's.
    common = "/chi-so/service_on_time/duong-muc-tieu/"
    assert thu.post(common, {"shape": "step", "points": "2026; 50"}).status_code == 403
    assert as_person(defined, "quan").post(common, {"shape": "step", "points": "2026; 50"}).status_code == 302


def test_what_hangs_together_with_nothing_is_shown_and_taken_away(
    defined: World, django_assert_max_num_queries: Queries
) -> None:
    other = given(defined)
    client = as_person(defined, "thu")
    with django_assert_max_num_queries(15):
        page = client.get("/chi-so/chua-gan-ket/")
    assert "4 chỉ số chưa có nhiệm vụ nào làm thay đổi; 1 nhiệm vụ đang mở chưa nêu" in page.text
    assert other.code in page.text
    rows = list(csv.reader(io.StringIO(client.get("/chi-so/chua-gan-ket.csv").content.decode("utf-8-sig"))))
    assert ["Nhiệm vụ chưa gắn chỉ số", other.code] in [one[:2] for one in rows]
    assert as_person(defined, "binh").get("/chi-so/chua-gan-ket/").status_code == 403
