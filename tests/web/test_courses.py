"""Small multiples and the judgement of one indicator's data, as the page of the indicator shows them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.safestring import SafeString

from tests.indicators.figures import tell
from tests.web.judgement import Nation, judged
from tests.world import NOW, World
from thuocdo.indicators.models import Indicator
from thuocdo.indicators.queries import courses
from thuocdo.web.charts.multiples import Panel, multiples

ONE = "/chi-so/service_on_time/"


@pytest.fixture
def nation(world: World) -> Iterator[Nation]:
    with time_machine.travel(NOW, tick=False):
        yield judged(world)


def reads(world: World, person: str, **words: str) -> str:
    client = Client()
    client.force_login(world.people[person])
    return client.get(ONE, words).text


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_every_body_has_its_curve_on_one_scale_with_the_change_in_words(nation: Nation) -> None:
    page = reads(nation.world, "thu", nhom="provinces")
    figure = page[page.index('<figure class="chart multiples-chart">') :]
    figure = figure[: figure.index("</figure>")]
    assert figure.count('class="multiple"') == 2
    said = plain(figure)
    # 40 and 96 per cent in Hà Nội, 70 and 72.5 in Đà Nẵng, in May and in August.
    assert "Mọi đường cùng một thang, từ 40% đến 96%; bên trái là tháng 5/2026, bên phải là tháng 8/2026." in said
    assert "Hà Nội 96% tăng 56" in said
    assert "Đà Nẵng 72,5% tăng 2,5" in said
    assert "(điểm phần trăm)" in said
    assert 'href="/chi-so/service_on_time/?co_quan=01"' in figure


def test_who_sees_one_body_only_gets_no_comparison(nation: Nation) -> None:
    assert "multiples-chart" not in reads(nation.world, "ha", co_quan="01")


def test_gaps_stay_gaps_and_what_does_not_apply_is_no_zero(nation: Nation, django_assert_num_queries: Any) -> None:
    world, service = nation.world, Indicator.objects.get(code="service_on_time")
    tell(world, at=NOW, body="01", period="2026-07", state="not_applicable", value=None)
    bodies = [world.body("01"), world.body("48")]
    with django_assert_num_queries(1):
        found = courses(service, bodies, since=NOW.date() - timedelta(days=300))
    assert found[world.body("01").pk].values == {"2026-05": 40.0, "2026-07": None, "2026-08": 96.0}
    drawn = multiples(
        [
            Panel("Một", "/mot/", [1.0, None, 3.0, 4.0], "4", SafeString("")),
            Panel("Hai", "/hai/", [2.0, 2.0, 2.0, 2.0], "2", SafeString("")),
            Panel("Mới", "/moi/", [None, None, None, 9.0], "9", SafeString("")),
        ],
        title="Thử", first="đầu", last="cuối", words=lambda value: f"{value:g}", level=3.0,
    )  # fmt: skip
    runs = re.findall(r'class="run" d="([^"]+)"', drawn)
    # One value alone is a point, two are a line; whoever has only one value has no curve at all.
    assert [run.count("M") for run in runs] == [2, 1]
    assert "Mới" not in drawn
    assert drawn.count('class="level"') == 2
    assert "Vạch vàng: mức phải đạt, 3." in drawn
    assert multiples([], title="", first="", last="", words=str) == ""


def test_the_data_of_an_indicator_are_judged_on_its_page(nation: Nation) -> None:
    world = nation.world
    tell(world, who="ha", at=NOW, body="01", period="2026-08", value="99.5")
    said = plain(reads(world, "ha", co_quan="01"))
    # May, June, July and August are due by the middle of September; two of them are there.
    assert "Đủ đã có số của 2 trong 4 kỳ gần nhất đã đến hạn" in said
    assert "Sống số mới nhất là của tháng 8/2026, còn trong hạn cập nhật" in said
    assert "Đúng số tự khai khớp số kiểm chứng ở 0 trong 1 kỳ có cả hai" in said
    assert "cao hơn tháng 5/2026 56 điểm phần trăm" in said
    page = reads(world, "ha", co_quan="01")
    assert 'href="/co-quan/01/du-lieu/?ky=2026-Q3&amp;chi-so=service_on_time#dong"' in page
    with time_machine.travel(NOW + timedelta(days=45), tick=False):
        assert "số mới nhất là của tháng 8/2026, quá hạn cập nhật 19 ngày" in plain(reads(world, "ha", co_quan="01"))
