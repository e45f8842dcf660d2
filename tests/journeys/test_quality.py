"""From a body's data quality to the figure that counts against it, to where that figure comes from."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.indicators.figures import load_figures, row
from tests.world import NOW, recall_world
from thuocdo.indicators.operations import record_measurements

pytestmark = pytest.mark.journey


def test_a_fault_leads_to_the_figure_and_the_figure_to_its_origin(
    browser_page: Page, sign_in: Callable[[Page, str], None], assert_accessible: Callable[[Page], None]
) -> None:
    world = recall_world()
    load_figures(world)
    rows = [row(provenance="declared", source="Báo cáo", value="95"), row(provenance="system", value="79.5")]
    assert record_measurements(actor=world.machine, at=NOW - timedelta(days=5), rows=rows).accepted == len(rows)
    sign_in(browser_page, "thu")
    browser_page.goto("/co-quan/01/du-lieu/?ky=2026-Q3")
    expect(browser_page.get_by_role("heading", name="Sửa gì trước")).to_be_visible()
    assert_accessible(browser_page)
    for width in (1280, 390):
        browser_page.set_viewport_size({"width": width, "height": 844})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    rows = browser_page.locator("section[aria-labelledby=dong]")
    rows.get_by_role("link", name="95%", exact=True).first.click()
    expect(browser_page.get_by_role("heading", name="Niêm phong trong nhật ký")).to_be_visible()
    expect(browser_page.get_by_text("không dòng nào bị sửa")).to_be_visible()
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(browser_page)
    browser_page.get_by_role("link", name="Xem số đang dùng").click()
    expect(browser_page.get_by_text("Đây là số đang dùng.")).to_be_visible()
    # On a phone the main menu opens from a button, over the page, and Escape closes it.
    menu = browser_page.get_by_role("navigation", name="Mục chính")
    expect(menu).to_be_hidden()
    browser_page.get_by_role("button", name="Các mục").click()
    expect(menu).to_be_visible()
    assert_accessible(browser_page)
    browser_page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    browser_page.get_by_role("button", name="Các mục").press("Enter")
    menu.get_by_role("link", name="Chỉ số").click()
    expect(browser_page.get_by_role("heading", level=1, name="Chỉ số")).to_be_visible()
