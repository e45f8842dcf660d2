"""Judgement in a real browser: a ranking that changes while one looks, ranks that lead to records, narrow pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.indicators.figures import load_figures, tell
from tests.scorecards.method import Q2, Q3
from tests.web.judgement import CAPPED, SUMMER, measure, owing
from tests.world import NOW, World, recall_world
from thuocdo.scorecards.models import Scorecard
from thuocdo.scorecards.operations import load_scorecard, score

pytestmark = pytest.mark.journey
RANKING = "/xep-hang/?nhom=provinces&ky=2026-Q3"


@pytest.fixture
def nation(site: str) -> World:
    """The small nation of the page tests, really committed; the worker may score parts of it first."""
    world = recall_world()
    load_figures(world)
    scorecard: Scorecard = load_scorecard(actor=world.machine, at=NOW, text=CAPPED)
    measure(world)
    for period, at in ((Q2, SUMMER), (Q3, NOW)):
        score(actor=world.machine, at=at, scorecard=scorecard, period=period, peer_groups=["provinces"])
    owing(world)
    return world


def test_the_ranking_changes_under_ones_eyes(
    browser_page: Page, nation: World, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(browser_page, "lan")
    with browser_page.expect_response("**/live?after=*"):
        browser_page.goto(RANKING)
    cell = browser_page.locator("[data-key='48-score']")
    expect(cell).to_contain_text("70,25")
    browser_page.evaluate(
        """() => { window.flashed = new Set();
            document.addEventListener('animationstart', (event) => window.flashed.add(event.target.dataset.key)); }"""
    )
    now = timezone.now()
    tell(nation, at=now - timedelta(seconds=1), body="48", period="2026", indicator="databases", value="9")
    tell(nation, at=now, body="48", period="2026-08", value="100")
    expect(cell).to_contain_text("89,00", timeout=60_000)
    browser_page.wait_for_function("window.flashed.has('48-score')")
    expect(browser_page.locator("tbody tr[id^=hang-]").first).to_have_id("hang-48")
    expect(browser_page.locator("#cau-mo-dau")).to_contain_text("Đà Nẵng đứng đầu với 89,00 điểm")


def test_from_rank_to_measurement_with_four_presses(
    browser_page: Page, nation: World, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(browser_page, "ha")
    browser_page.goto(RANKING)
    browser_page.locator("#hang-01 th a").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Thành phố Hà Nội")
    browser_page.locator("table.pillars").get_by_role("link", name="Kết quả").first.click()
    browser_page.locator("table.pillars tbody th a").first.click()
    main = browser_page.locator("main")
    expect(main).to_contain_text("Điểm được tính thế nào")
    expect(main).to_contain_text("hệ thống ghi nhận")
    expect(main).to_contain_text("Tháng 8/2026")


def test_two_provinces_are_ticked_and_compared_with_the_keyboard(
    browser_page: Page, nation: World, sign_in: Callable[[Page, str], None]
) -> None:
    sign_in(browser_page, "lan")
    browser_page.goto(RANKING)
    for code in ("01", "48"):
        browser_page.locator(f"#chon-{code}").focus()
        browser_page.keyboard.press("Space")
    browser_page.get_by_role("button", name="So sánh hai cơ quan đã chọn").press("Enter")
    browser_page.wait_for_url("**so-sanh=01,48")
    expect(browser_page.get_by_role("heading", name="Hà Nội và Đà Nẵng")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_judgement_are_accessible_and_narrow_enough(
    browser_page: Page,
    nation: World,
    sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    width: int,
    scheme: str,
) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    browser_page.set_viewport_size({"width": width, "height": 900})

    def look(*addresses: str) -> None:
        for address in addresses:
            browser_page.goto(address)
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert_accessible(browser_page)

    look("/", "/ai-no-viec-gi/", "/co-quan/", "/co-quan/48/", "/phuong-phap/")
    sign_in(browser_page, "thu")
    look(
        "/tong-quan/",
        f"{RANKING}&so-sanh=01,48",
        "/co-quan/01/",
        "/co-quan/01/results/",
        "/co-quan/01/service_on_time/",
        "/co-quan/?q=ha",
    )


def test_without_a_script_everything_can_be_read_and_switched(browser_page: Page, site: str, nation: World) -> None:
    context = browser_page.context.browser.new_context(  # type: ignore[union-attr]
        base_url=site, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="tỷ lệ đúng hạn").click()
    expect(page.locator("figcaption").first).to_contain_text("đúng hạn từ đầu năm")
    page.get_by_label("Tìm xã, phường, tỉnh hoặc cơ quan").fill("da nang")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("link", name="Thành phố Đà Nẵng", exact=True).click()
    expect(page.locator("main")).to_contain_text("Công khai bộ thủ tục hành chính")
    context.close()
