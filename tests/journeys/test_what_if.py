"""Browser stories: weights moved by hand and by key, ranks that answer, an address that keeps the trial."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.web.judgement import judged
from tests.world import NOW, recall_world

pytestmark = pytest.mark.journey


@pytest.fixture
def judged_nation(own_database: str) -> None:
    """Two provinces with standings, in the database that the site serves."""
    with time_machine.travel(NOW, tick=False):
        judged(recall_world())


def test_moving_a_weight_turns_the_ranking_round(
    judged_nation: None, browser_page: Page, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    page = browser_page
    sign_in(page, "lan")
    page.goto("/thu-phuong-an/?nhom=provinces&ky=2026-Q3")
    expect(page.locator("#cau-mo-dau")).to_contain_text("Chưa đổi gì")
    slider = page.get_by_role("slider", name="Kết quả")
    slider.focus()
    slider.press("Home")
    expect(page.locator("#cau-mo-dau")).to_contain_text("trên 2 cơ quan đổi hạng")
    expect(page.locator("table.trial tbody tr").first).to_have_id("thu-48")
    expect(page.get_by_label("Kết quả", exact=True).first).to_have_value("0")
    expect(page.locator("#nhom\\.index .share").nth(1)).to_have_text("100,0%")
    expect(page.locator("#nhom\\.index .total")).to_have_text("40")
    page.wait_for_url("**/thu-phuong-an/?nhom=provinces&ky=2026-Q3&ts.results=0")
    # What stands in the address is the trial: loaded anew, it is the same.
    page.reload()
    expect(page.locator("table.trial tbody tr").first).to_have_id("thu-48")
    assert_accessible(page)
    page.get_by_role("link", name="Đặt lại").click()
    expect(page.locator("#cau-mo-dau")).to_contain_text("Chưa đổi gì")
    page.wait_for_url("**/thu-phuong-an/?nhom=provinces&ky=2026-Q3")


def test_numbers_are_typed_and_stepped_by_keys_faster_than_answers_come(
    judged_nation: None, browser_page: Page, sign_in: Callable[..., None]
) -> None:
    page = browser_page
    sign_in(page, "lan")
    page.goto("/thu-phuong-an/?nhom=provinces&ky=2026-Q3")
    number = page.locator("#ts\\.results")
    number.press("PageDown")
    expect(number).to_have_value("50")
    for _ in range(9):
        number.press("ArrowDown")
    expect(number).to_have_value("41")
    # Every press counts, although most of the states in between are never asked for.
    page.wait_for_url("**&ts.results=41")
    number.fill("1")
    expect(page.locator("#cau-mo-dau")).to_contain_text("đổi hạng")
    number.fill("-5")
    expect(page.locator("#ket-qua")).to_contain_text("Trọng số là một số từ 0 đến 1.000")
    number.fill("60")
    expect(page.locator("#cau-mo-dau")).to_contain_text("Chưa đổi gì")


def test_a_phone_shows_the_answer_while_a_finger_moves(
    judged_nation: None, browser_page: Page, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 360, "height": 720})
    sign_in(page, "ha")
    page.goto("/thu-phuong-an/?nhom=provinces&ky=2026-Q3&cq=01")
    expect(page.get_by_text("Số liệu của Hà Nội")).to_be_visible()
    satisfaction = page.locator("#gt\\.satisfaction")
    satisfaction.fill("20")
    expect(page.locator("#cau-mo-dau")).to_contain_text("Với số liệu này")
    expect(page.locator("#cau-mo-dau")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert_accessible(page)
