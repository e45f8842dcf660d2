"""A directive in a real browser: it is uploaded, the page fills itself, every step is taken from the keyboard."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.directives.samples import NOTICE

pytestmark = pytest.mark.journey

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]


def receive(page: Page, folder: Path, data: bytes) -> None:
    """Upload a document and wait until the page shows what was found in it, without loading it by hand."""
    file = folder / "thong-bao.txt"
    file.write_bytes(data)
    page.goto("/van-ban/")
    page.get_by_label("Tệp văn bản").set_input_files(file)
    page.get_by_role("button", name="Nhận và tìm nhiệm vụ").click()
    expect(page.locator(".card").first).to_be_visible(timeout=60_000)
    # The page loads itself again when its cards are there; keys and selections count once its scripts have run.
    page.wait_for_load_state("load")


def is_in_view(page: Page, selector: str) -> bool:
    """Whether the element lies within the window, and within the pane that may hide it."""
    return bool(
        page.evaluate(
            """(selector) => {
                const element = document.querySelector(selector);
                const box = element.getBoundingClientRect();
                const pane = element.closest(".text")?.getBoundingClientRect() ?? {top: 0, bottom: innerHeight};
                return box.top >= Math.max(0, pane.top) - 1 && box.top + 20 <= Math.min(innerHeight, pane.bottom);
            }""",
            selector,
        )
    )


def narrow_enough(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_thu_reviews_a_notice_from_the_keyboard(
    browser_page: Page, sign_in: SignIn, assert_accessible: Check, tmp_path: Path
) -> None:
    page, press = browser_page, browser_page.keyboard.press
    sign_in(page, "thu")
    receive(page, tmp_path, NOTICE.encode())
    cards = page.locator(".card")
    expect(cards).to_have_count(4)
    assert_accessible(page)
    assert narrow_enough(page)

    press("j")
    expect(cards.nth(0)).to_be_focused()
    expect(page.locator("mark.active")).to_contain_text("Bộ Tư pháp chủ trì")
    press("j")
    press("k")
    expect(cards.nth(0)).to_be_focused()
    assert is_in_view(page, ".card.active")
    assert is_in_view(page, "mark.active")

    press("x")
    expect(cards.nth(0)).to_have_attribute("data-state", "confirmed")
    expect(cards.nth(0).get_by_role("link", name="NV-")).to_be_visible()
    expect(page.locator("#tien-do .progress b")).to_have_text("1/4")
    expect(page.locator("mark.confirmed")).to_contain_text("Bộ Tư pháp chủ trì")
    # The next one that waits has taken its place.
    expect(cards.nth(1)).to_be_focused()

    press("r")
    expect(cards.nth(1)).to_have_attribute("data-state", "rejected")
    expect(page.locator("mark.rejected")).to_contain_text("Bộ trưởng Bộ Y tế")
    press("z")
    expect(cards.nth(1)).to_have_attribute("data-state", "proposed")

    press("e")
    day = cards.nth(1).get_by_label("Thời hạn", exact=True)
    day.fill("31/2/2027")
    cards.nth(1).get_by_role("button", name="Lưu").click()
    expect(cards.nth(1).get_by_text("không phải là một ngày có trong lịch")).to_be_visible()
    assert_accessible(page)
    day.fill("28/2/2027")
    cards.nth(1).get_by_role("button", name="Lưu").click()
    expect(cards.nth(1)).to_contain_text("28/02/2027")

    press("s")
    cuts = cards.nth(1).get_by_role("checkbox")
    expect(cards.nth(1).get_by_role("heading", name="Tách nhiệm vụ")).to_be_visible()
    assert_accessible(page)
    cuts.last.check()
    cards.nth(1).get_by_role("button", name="Tách").click()
    expect(cards).to_have_count(5)
    expect(cards.nth(1)).to_be_focused()
    press("m")
    expect(cards).to_have_count(4)

    press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_contain_text("gộp với nhiệm vụ sau")


def test_another_body_is_chosen_while_typing(browser_page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    page = browser_page
    sign_in(page, "thu")
    receive(page, tmp_path, NOTICE.encode())
    card = page.locator(".card").nth(0)
    card.get_by_role("link", name="Chọn cơ quan khác").click()
    field = card.get_by_label("Cơ quan chủ trì")
    expect(field).to_be_focused()
    field.press_sequentially("noi vu")
    card.get_by_label("Bộ Nội vụ").check()
    card.get_by_role("button", name="Xác nhận").click()
    expect(card).to_have_attribute("data-state", "confirmed")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_selection_becomes_an_assignment_to_the_letter(
    browser_page: Page, sign_in: SignIn, tmp_path: Path, form: str
) -> None:
    page = browser_page
    wanted = "Hà Nội báo cáo kết quả thí điểm"
    text = (
        "😀 <b>&amp;</b>\t" + NOTICE.replace("\n", "\r\n") + "\r\nGhi chú: thành phố " + wanted + " thêm lần nữa.\r\n"
    )
    sign_in(page, "thu")
    receive(page, tmp_path, unicodedata.normalize(form, text).encode())  # type: ignore[arg-type]
    page.evaluate(
        """(wanted) => {
            const walker = document.createTreeWalker(document.querySelector(".text"), NodeFilter.SHOW_TEXT);
            let last = null;
            while (walker.nextNode()) if (walker.currentNode.data.includes(wanted)) last = walker.currentNode;
            const start = last.data.lastIndexOf(wanted);
            getSelection().setBaseAndExtent(last, start, last, start + wanted.length);
        }""",
        unicodedata.normalize(form, wanted),  # type: ignore[arg-type]
    )
    page.keyboard.press("a")
    field = page.get_by_label("Đoạn giao nhiệm vụ")
    expect(field).to_have_value(unicodedata.normalize(form, wanted))  # type: ignore[arg-type]
    page.get_by_role("button", name="Thêm nhiệm vụ").click()
    added = page.locator(".card").last
    expect(added).to_contain_text("Người rà soát đánh dấu")
    number = added.get_attribute("data-c")
    assert page.locator(f"mark[data-c~='{number}']").all_inner_texts() == [unicodedata.normalize(form, wanted)]  # type: ignore[arg-type]


def test_on_a_phone_the_text_and_the_cards_stand_below_each_other(
    browser_page: Page, sign_in: SignIn, assert_accessible: Check, tmp_path: Path
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, "thu")
    page.goto("/van-ban/")
    assert narrow_enough(page)
    assert_accessible(page)
    receive(page, tmp_path, NOTICE.encode())
    assert narrow_enough(page)
    assert_accessible(page)
    page.get_by_role("link", name="Nhiệm vụ 3", exact=True).click()
    page.wait_for_function("location.hash.startsWith('#k')")
    assert is_in_view(page, ".card:target")
    page.locator(".card:target .no").click()
    page.wait_for_function("location.hash.startsWith('#c')")
    assert is_in_view(page, ".n:target")
    page.set_viewport_size({"width": 360, "height": 740})
    assert narrow_enough(page)


def test_everything_works_without_javascript(
    browser: Browser, site: str, sign_in: SignIn, tmp_path: Path, browser_page: Page
) -> None:
    sign_in(browser_page, "thu")
    receive(browser_page, tmp_path, NOTICE.encode())
    address = browser_page.url
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    sign_in(page, "thu")
    page.goto(address)
    page.locator(".card").nth(0).get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text("Đã xác nhận: tạo nhiệm vụ")).to_be_visible()
    page.locator(".card").nth(1).get_by_role("link", name="Tách").click()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Tách").click()
    expect(page.locator(".card")).to_have_count(5)
    page.locator(".card").nth(4).get_by_role("button", name="Loại").click()
    page.get_by_role("status").get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã khôi phục nhiệm vụ 5")).to_be_visible()
    page.get_by_role("link", name="Thêm nhiệm vụ").click()
    page.get_by_label("Đoạn giao nhiệm vụ").fill("Kết luận của Thường trực Ban Chỉ đạo")
    page.get_by_role("button", name="Thêm nhiệm vụ").click()
    expect(page.locator(".card")).to_have_count(6)
    context.close()
