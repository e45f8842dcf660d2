"""How sure a rank is, in a real browser: from the ranking to the steps that would change it, wide and narrow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.indicators.figures import load_figures, tell
from tests.scorecards.method import Q2, Q3, VARIED
from tests.web.judgement import SUMMER, measure
from tests.world import NOW, World, recall_world
from thuocdo.scorecards.operations import load_scorecard, score, simulate

pytestmark = pytest.mark.journey
RANKING = "/xep-hang/?nhom=provinces&ky=2026-Q3"


@pytest.fixture
def nation(site: str) -> World:
    """Two provinces so close that nobody can say which is ahead; the worker may do parts of it first."""
    world = recall_world()
    load_figures(world)
    scorecard = load_scorecard(actor=world.machine, at=NOW, text=VARIED)
    measure(world)
    score(actor=world.machine, at=SUMMER, scorecard=scorecard, period=Q2, peer_groups=["provinces"])
    at = NOW + timedelta(minutes=1)
    tell(world, at=at, body="48", period="2026-08", value="99")
    score(actor=world.machine, at=at, scorecard=scorecard, period=Q3, peer_groups=["provinces"])
    simulate(actor=world.machine, at=at, replicates=100)
    return world


@pytest.mark.parametrize("width", [390, 1280])
def test_from_an_interval_to_the_step_that_would_change_the_rank(
    browser_page: Page,
    nation: World,
    sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    width: int,
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 900})
    sign_in(browser_page, "thu")
    browser_page.goto(RANKING)
    expect(browser_page.locator("#hang-48 .places")).to_contain_text("(1–2)")
    expect(browser_page.locator("#hang-48 .alike")).to_contain_text("chưa phân biệt được với 1 cơ quan")
    browser_page.locator("#hang-48 th a").click()
    expect(browser_page.locator(".answer")).to_contain_text("khoảng hạng 1–2")
    expect(browser_page.locator(".share-bar")).to_have_count(5)
    browser_page.get_by_role("link", name="Cần gì để lên 1, 3, 5 bậc").click()
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("Phân tích thứ hạng")
    expect(browser_page.locator(".answer")).to_contain_text("Muốn lên 1 bậc")
    expect(browser_page.locator("#chua-phan-biet")).to_be_visible()
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(browser_page)
    browser_page.get_by_role("link", name="So sánh với Hà Nội").click()
    expect(browser_page.locator(".sureness")).to_contain_text("lần thử thay đổi trọng số")
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(browser_page)
