"""A browser story: who verifies looks at a sign, opens the rows behind it and the task; on a desk and a phone."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.scorecards.test_monitors import LONG, reported
from tests.world import NOW, recall_world

pytestmark = pytest.mark.journey


@pytest.fixture
def copied_reports(own_database: str) -> None:
    """Two tasks of one ministry with the same report and the same file, in the database that the site serves."""
    with time_machine.travel(NOW, tick=False):
        world = recall_world()
        for _twice in range(2):
            reported(world, "BTP", LONG, by="lan", file="Cùng một tệp")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_sign_leads_to_the_rows_behind_it(
    copied_reports: None,
    browser_page: Page,
    sign_in: Callable[..., None],
    assert_accessible: Callable[..., None],
    width: int,
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "minh")
    page.goto("/dau-hieu/")
    expect(page.get_by_text("Dấu hiệu không phải kết luận.")).to_be_visible()
    section = page.locator("section", has=page.locator("#dung-lai"))
    expect(section).to_contain_text("là minh chứng của 2 nhiệm vụ")
    section.get_by_text("2 dòng làm căn cứ").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    section.get_by_role("link", name="NV-2026").first.click()
    page.wait_for_url("**/nhiem-vu/NV-2026-*/")
