"""The design in a real browser: accessible, narrow enough for a phone, usable from the keyboard and on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_serious_on_the_style_page(
    browser_page: Page, assert_accessible: Callable[[Page], None], scheme: str, width: int
) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto("/thiet-ke/")
    assert_accessible(browser_page)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_to_press_on_a_phone_is_large_enough(browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 800})
    browser_page.goto("/thiet-ke/")
    small = browser_page.evaluate(
        """() => [...document.querySelectorAll('button, .button, select, nav.menu a, nav.tabs a, nav.pages a, thead a')]
            .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5)
            .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_a_person_with_a_keyboard_only_skips_to_the_content_and_finds_the_keys(browser_page: Page) -> None:
    browser_page.goto("/thiet-ke/")
    browser_page.keyboard.press("Tab")
    skip = browser_page.locator(":focus")
    assert skip.inner_text() == "Đến nội dung chính"
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "noi-dung"
    browser_page.keyboard.press("?")
    keys = browser_page.get_by_role("dialog", name="Phím tắt")
    assert keys.is_visible()
    browser_page.keyboard.press("Escape")
    assert not keys.is_visible()


def test_figures_of_a_column_stand_under_each_other(browser_page: Page) -> None:
    browser_page.goto("/thiet-ke/")
    widths = browser_page.evaluate(
        """async () => {
            await document.fonts.ready;
            const cell = document.querySelector('td.figure');
            return ['11111', '44444', '80808'].map((text) => {
                const probe = document.createElement('span');
                probe.textContent = text;
                cell.append(probe);
                return probe.getBoundingClientRect().width;
            });
        }"""
    )
    assert max(widths) - min(widths) < 0.1
    assert browser_page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"')")


def test_without_javascript_the_page_is_whole(browser_page: Page, site: str) -> None:
    context = browser_page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(f"{site}/thiet-ke/")
    page.get_by_role("button", name="Phím tắt").click()
    assert page.get_by_role("dialog", name="Phím tắt").is_visible()
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("link", name="Sign in").is_visible()
    context.close()
