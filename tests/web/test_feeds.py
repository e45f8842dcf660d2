"""The pages of feeds: how they fare, their batches and errors, computing anew, and where a figure comes from."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.feeds.dossiers import dossier, land, load_dossiers
from tests.world import NOW, World
from thuocdo.feeds.models import FeedState
from thuocdo.feeds.operations import note_silence, recompute
from thuocdo.indicators.models import Measurement
from thuocdo.ledger.models import Entry


@pytest.fixture
def feed(world: World, settings: Any, tmp_path: Path) -> Any:
    settings.FEEDS_FOLDER = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield load_dossiers(world)


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def test_the_list_says_how_each_feed_fares(world: World, feed: FeedState, django_assert_max_num_queries: Any) -> None:
    client = signed_in(world, "thu")
    assert "Chưa gửi lần nào" in client.get("/nguon-du-lieu/").text
    land(world, feed, [dossier(), dossier("HN-2", rating=9)], at=NOW - timedelta(hours=7))
    with django_assert_max_num_queries(15):
        shown = client.get("/nguon-du-lieu/").text
    assert "1 nguồn dữ liệu; 24 giờ qua nhận 1 sự kiện, 1 dòng lỗi." in shown
    assert "Đã ngừng gửi quá thời gian cho phép: Hồ sơ dịch vụ công." in shown
    note_silence(actor=world.machine, at=NOW)
    assert "Nguồn đã ngừng gửi." in client.get("/nguon-du-lieu/dossiers/").text
    land(world, feed, [dossier("HN-3")])
    shown = client.get("/nguon-du-lieu/phan/").text
    assert "Không nguồn nào ngừng gửi" in shown
    assert "<html" not in shown


@pytest.mark.parametrize("page", ["/viec-cua-toi/", "/thong-bao/"])
def test_who_has_to_see_to_a_silent_feed_is_told_until_it_speaks_again(
    world: World, feed: FeedState, page: str
) -> None:
    land(world, feed, [dossier()], at=NOW - timedelta(hours=7))
    clients = {name: signed_in(world, name) for name in ("thu", "quan", "lan", "thanh", "ha")}
    words = "Nguồn dữ liệu ngừng gửi: Hồ sơ dịch vụ công."
    assert not any(words in client.get(page).text for client in clients.values())
    note_silence(actor=world.machine, at=NOW)
    shown = {name: client.get(page).text for name, client in clients.items()}
    assert {name for name, text in shown.items() if words in text} == {"thu", "quan"}
    assert 'href="/nguon-du-lieu/dossiers/"' in shown["thu"]
    land(world, feed, [dossier("HN-2")])
    assert not any(words in client.get(page).text for client in clients.values())


def test_a_feed_of_which_every_batch_is_refused_falls_silent_and_says_why(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier()], at=NOW - timedelta(hours=7))
    land(world, feed, [dossier("HN-2", rating=9)])
    shown = signed_in(world, "thu").get("/nguon-du-lieu/dossiers/").text
    assert "Nguồn đã ngừng gửi." in shown
    assert "nguồn có gửi 1 lô nhưng bị từ chối" in shown


def test_one_feed_shows_its_batches_months_and_errors(
    world: World, feed: FeedState, django_assert_max_num_queries: Any
) -> None:
    bad = land(world, feed, [dossier(), dossier("HN-2", fee="1,5"), dossier("HN-3", body="=1+1")]).batch
    land(world, feed, [dossier("HN-4")])
    recompute(actor=world.machine, at=NOW, feed=feed)
    client = signed_in(world, "thanh")
    with django_assert_max_num_queries(15):
        shown = client.get("/nguon-du-lieu/dossiers/").text
    for words in ("Đang gửi", "Đã tính số liệu", "Tháng 9/2026", "Số liệu đã tính", "chỉ giữ mã băm"):
        assert words in shown
    assert "Tính lại toàn bộ" not in shown
    assert shown.count('data-key="batch-') == 2
    assert client.get("/nguon-du-lieu/dossiers/?chi=loi").text.count('data-key="batch-') == 1
    assert "<html" not in client.get("/nguon-du-lieu/dossiers/phan/").text
    with django_assert_max_num_queries(15):
        shown = client.get(f"/nguon-du-lieu/dossiers/lo/{bad.pk}/").text
    assert "3 dòng: nhận 1, trùng trong lô 0, lỗi 2." in shown
    assert "decimal_comma" in shown
    report = client.get(f"/nguon-du-lieu/dossiers/lo/{bad.pk}/loi.csv")
    assert "attachment" in report["Content-Disposition"]
    assert "2,fee,decimal_comma" in report.content.decode("utf-8-sig")
    assert client.get("/nguon-du-lieu/dossiers/lo/999/").status_code == 404
    assert client.get("/nguon-du-lieu/other/").status_code == 404


def test_only_who_manages_methods_may_have_it_computed_anew(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier()])
    address = "/nguon-du-lieu/dossiers/tinh-lai/"
    assert signed_in(world, "thu").post(address).status_code == 403
    keeper = signed_in(world, "quan")
    assert "Tính lại toàn bộ" in keeper.get("/nguon-du-lieu/dossiers/").text
    assert "Đã yêu cầu tính lại" in keeper.post(address, follow=True).text
    assert Entry.objects.filter(event="feeds.recompute.asked").count() == 1


@pytest.mark.parametrize("username", ["lan", "minh", "an", "binh"])
def test_others_do_not_see_feeds(world: World, feed: FeedState, username: str) -> None:
    batch = land(world, feed, [dossier()]).batch
    client = signed_in(world, username)
    for address in ("", "phan/", "dossiers/", "dossiers/phan/", f"dossiers/lo/{batch.pk}/"):
        assert client.get(f"/nguon-du-lieu/{address}").status_code == 403


def test_a_figure_tells_from_which_months_it_was_computed(world: World, feed: FeedState) -> None:
    land(world, feed, [dossier(), dossier("HN-2")])
    recompute(actor=world.machine, at=NOW, feed=feed)
    told = Measurement.objects.get(indicator__code="service_on_time", body__code="01")
    address = f"/nguon-du-lieu/so-lieu/{told.pk}/"
    shown = signed_in(world, "ha").get(address).text
    assert "Máy tính từ 2 dòng của nguồn Hồ sơ dịch vụ công" in shown
    assert "Tháng 9/2026" in shown
    assert 'href="/nguon-du-lieu/dossiers/"' not in shown
    assert 'href="/nguon-du-lieu/dossiers/"' in signed_in(world, "thu").get(address).text
    assert signed_in(world, "an").get(address).status_code == 404
