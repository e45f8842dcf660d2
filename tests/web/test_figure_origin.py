"""Where a number comes from: one page for every measurement, as it is and as it was known."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import SERVICE, load_figures, row, tell
from tests.world import NOW, World
from thuocdo.indicators.models import Input, Measurement
from thuocdo.indicators.operations import load_indicators, record_measurements


@pytest.fixture
def told(world: World) -> Any:
    load_figures(world)
    with time_machine.travel(NOW, tick=False):
        yield world


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def opened(world: World, username: str, number: int, query: str = "") -> Any:
    return signed_in(world, username).get(f"/so-lieu/{number}/{query}")


def declare(world: World, value: str, days: int, **changes: Any) -> Measurement:
    given = row(provenance="declared", source="Báo cáo", value=value, **changes)
    result = record_measurements(actor=world.machine, at=NOW + timedelta(days=days), rows=[given])
    assert result.accepted == 1, result.errors
    return Measurement.objects.latest("pk")


def test_a_figure_shows_who_told_it_its_four_sides_what_it_replaced_and_its_seal(
    told: World, django_assert_max_num_queries: Any
) -> None:
    first = declare(told, "90", -20, evidence="a" * 64)
    second = declare(told, "82.5", -10, reason="Đếm nhầm hồ sơ")
    machine = tell(told, value="79.5")
    client = signed_in(told, "thu")
    with django_assert_max_num_queries(15):
        page = client.get(f"/so-lieu/{second.pk}/").text
    for words in (
        "82,5%: cơ quan tự khai báo.", "nguồn mạnh hơn hoặc mới hơn", "Đếm nhầm hồ sơ", "−7,5", "Đã xác minh", "79,5%",
        "khớp với nhật ký, không dòng nào bị sửa", f"/so-lieu/{first.pk}/", f"/so-lieu/{machine.pk}/",
        "service_on_time/?co_quan=01&amp;ky=2026-08",
    ):  # fmt: skip
        assert words in page, words
    former = opened(told, "thu", first.pk).text
    assert "Số này đã được thay bằng số ghi sau." in former
    assert "a" * 64 in former
    assert "Đây là số đang dùng." in opened(told, "thu", machine.pk).text


def test_a_figure_of_a_sample_says_how_sure_it_is_and_one_of_everybody_says_so(told: World) -> None:
    """60 % of 100: ± 4.81, from 50.57 to 69.43; the dossiers of a system are all there are."""
    survey = {"indicator": "satisfaction", "period": "2026-Q3", "value": "60", "provenance": "independent"}
    asked = tell(told, **survey, sample_size=100)
    page = opened(told, "thu", asked.pk).text
    for words in ("± 4,81 điểm phần trăm, tính từ cỡ mẫu", "từ 50,57% đến 69,43%", "100, là một mẫu"):
        assert words in page, words
    weighted = tell(told, **survey, sample_size=100, standard_error="6.5", at=NOW + timedelta(minutes=1))
    page = opened(told, "thu", weighted.pk).text
    assert "± 6,5 điểm phần trăm, do nguồn tự báo" in page
    counted = tell(told, value="79.5", sample_size=1240)
    page = opened(told, "thu", counted.pk).text
    assert "1.240, là toàn bộ nên không có sai số chọn mẫu" in page
    assert "Khoảng tin cậy" not in page


def test_the_page_shows_what_was_known_on_a_day(told: World) -> None:
    first, second = declare(told, "90", -20), declare(told, "82.5", -10)
    then = opened(told, "thu", first.pk, "?luc=30/08/2026").text
    assert "Đây là số đang dùng." in then
    assert "82,5%" not in then
    assert "Khi đó chưa có số này." in opened(told, "thu", second.pk, "?luc=30/08/2026").text
    assert opened(told, "thu", second.pk, "?luc=hom-qua").status_code == 200


def test_a_computed_figure_leads_to_its_inputs_and_they_lead_to_it(told: World) -> None:
    base = tell(told, value="80")
    derived = record_measurements(
        actor=told.machine,
        at=NOW,
        rows=[row(indicator="satisfaction", period="2026-Q3", provenance="derived", inherits="system", value="8")],
    )
    assert derived.accepted == 1, derived.errors
    computed = Measurement.objects.latest("pk")
    Input.objects.create(measurement=computed, of=base)
    assert f"/so-lieu/{base.pk}/" in opened(told, "thu", computed.pk).text
    assert f"/so-lieu/{computed.pk}/" in opened(told, "thu", base.pk).text


def test_whoever_does_not_see_the_body_or_a_restricted_figure_sees_no_page(told: World) -> None:
    shown = tell(told, value="80")
    assert opened(told, "lan", shown.pk).status_code == 404
    assert opened(told, "binh", shown.pk).status_code in (403, 404)
    assert opened(told, "thu", shown.pk + 99).status_code == 404
    load_indicators(actor=told.machine, at=NOW, entries=[SERVICE | {"public": "restricted"}])
    assert opened(told, "thu", shown.pk).status_code == 200
    assert opened(told, "an", shown.pk).status_code in (403, 404)
