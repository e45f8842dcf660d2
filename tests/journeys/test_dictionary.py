"""A browser story: a province keeps an indicator of its own, mends a wrong formula, and reads its definition."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.indicators.test_formulas import ONLINE, RECEIVED
from tests.world import NOW, recall_world
from thuocdo.indicators.operations import load_indicators

pytestmark = pytest.mark.journey


@pytest.fixture
def dossiers(own_database: str) -> None:
    """Two indicators of the programme over which a formula may be written, in the database that the site serves."""
    with time_machine.travel(NOW, tick=False):
        load_indicators(actor=recall_world().machine, at=NOW, entries=[RECEIVED, ONLINE])


def test_a_body_keeps_an_indicator_of_its_own(
    dossiers: None,
    browser_page: Page,
    sign_in: Callable[..., None],
    assert_accessible: Callable[..., None],
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, "ha")
    page.goto("/chi-so/")
    page.get_by_role("link", name="Thêm chỉ số riêng").click()
    page.get_by_label("Tên chỉ số").fill("Hồ sơ trực tuyến của thành phố")
    page.get_by_label("Đơn vị tính").fill("%")
    page.get_by_label("Công thức, nếu hệ thống tự tính").fill("online / recieved")
    page.get_by_role("button", name="Thêm chỉ số").click()
    expect(page.get_by_text("Không có chỉ số mã “recieved”").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Công thức, nếu hệ thống tự tính").fill("online / received")
    page.get_by_role("button", name="Thêm chỉ số").click()
    expect(page.get_by_text("tự tính chỉ số này từ 2 chỉ số khác")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
