"""The method, explained from its own file to anybody, and the file itself."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import load_pack_dictionary
from tests.world import NOW, World
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.scoring import load_spec
from thuocdo.scorecards.models import Scorecard
from thuocdo.scorecards.operations import load_scorecard
from thuocdo.web.method.views import share_of


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def pack_text() -> str:
    return files("thuocdo").joinpath("packs", "nq57", "scorecard.toml").read_text(encoding="utf-8")


@pytest.fixture
def scorecard(world: World) -> Scorecard:
    load_pack_dictionary(world)
    return load_scorecard(actor=world.machine, at=NOW, text=pack_text())


def test_anybody_reads_how_points_are_given(client: Client, scorecard: Scorecard) -> None:
    page = client.get("/phuong-phap/").text
    for said in (
        "22 chỉ số trong 5 trụ cột cộng thành 100 điểm; nặng nhất là Kết quả (35 điểm).",
        "60 được 0 điểm, 0 được 100 điểm, ở giữa tính theo tỷ lệ",
        "càng thấp càng tốt",
        "Điểm Niềm tin dưới 50 thì không xếp loại trên Khá",
        "sau 10 ngày chờ",
        "cùng điểm thì cùng hạng, hạng sau bỏ qua số cơ quan đồng hạng (1, 2, 2, 4)",
        "Mặc định của Thước Đo",
        "0,8",
        "theo nguồn yếu nhất của số liệu gốc",
        scorecard.digest,
        "Đặc khu",
    ):
        assert said in page, said


def test_every_indicator_has_its_definition_and_a_place_to_link_to(client: Client, scorecard: Scorecard) -> None:
    page = client.get("/phuong-phap/").text
    for one in load_spec(scorecard.text).indicators:
        assert f'id="{one.code}"' in page
        assert one.title.vi in page
    assert "chia cho số đến hạn trong kỳ" in page


def test_shares_are_those_of_the_weights_from_the_top() -> None:
    spec = load_spec(pack_text())
    shares = [share_of(spec, one) for one in spec.indicators]
    assert sum(share or 0 for share in shares) == pytest.approx(100)
    assert share_of(spec, spec.indicators[0]) == 7


def test_the_file_is_the_one_that_the_digest_seals(client: Client, scorecard: Scorecard) -> None:
    answer = client.get("/phuong-phap/tep.toml")
    assert digest_of_bytes(answer.content) == scorecard.digest
    assert "nq57-2026-1.toml" in answer["Content-Disposition"]


def test_an_earlier_version_can_still_be_read(client: Client, world: World, scorecard: Scorecard) -> None:
    load_scorecard(actor=world.machine, at=NOW, text=pack_text().replace("below = 50", "below = 55"))
    assert "dưới 55" in client.get("/phuong-phap/").text
    assert "dưới 50" in client.get("/phuong-phap/?ban=1").text
    assert client.get("/phuong-phap/?ban=9").status_code == 404
    assert client.get("/phuong-phap/tep.toml?ban=9").status_code == 404
    assert "dưới 55" in client.get("/phuong-phap/?ban=x").text


def test_without_a_method_the_page_says_how_to_get_one(client: Client, db: None) -> None:
    assert "Chưa có bộ chỉ số nào có hiệu lực." in client.get("/phuong-phap/").text
    assert client.get("/phuong-phap/tep.toml").status_code == 404


def test_english_readers_get_english_titles(client: Client, scorecard: Scorecard) -> None:
    client.cookies["django_language"] = "en"
    page = client.get("/phuong-phap/").text
    assert "Severity of delay" in page
    assert "Working days of lateness" in page


def test_the_method_costs_few_queries(client: Client, scorecard: Scorecard, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        client.get("/phuong-phap/")
