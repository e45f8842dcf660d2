"""A document of sixty assignments, docx and pdf: reviewed from the keyboard, by two at once, and nothing is lost."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as WordDocument
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]

BODIES = ("Bộ Tư pháp", "Bộ Nội vụ", "Bộ Y tế")
SUBJECTS = (
    "đất đai",
    "hộ tịch",
    "giáo dục",
    "y tế",
    "xây dựng",
    "giao thông",
    "thuế",
    "lao động",
    "môi trường",
    "du lịch",
)
PRODUCTS = ("danh mục dữ liệu", "kế hoạch số hóa")


def notice_of_sixty() -> bytes:
    """A real docx with sixty numbered assignments, each to one body, no two alike."""
    document = WordDocument()
    for line in (
        "BAN CHỈ ĐẠO TRUNG ƯƠNG",
        "Số: 77-TB/BCĐTW",
        "Hà Nội, ngày 01 tháng 9 năm 2026",
        "THÔNG BÁO",
        "Kết luận",
    ):
        document.add_paragraph(line)
    wanted = [(body, product, subject) for product in PRODUCTS for subject in SUBJECTS for body in BODIES]
    for number, (body, product, subject) in enumerate(wanted, 1):
        document.add_paragraph(f"{number}. {body} xây dựng {product} về {subject}, hoàn thành trước ngày 15/12/2026.")
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_sixty_assignments_are_reviewed_by_two_from_the_keyboard(
    browser: Browser, site: str, browser_page: Page, sign_in: SignIn, assert_accessible: Check, tmp_path: Path
) -> None:
    page, press = browser_page, browser_page.keyboard.press
    file = tmp_path / "thong-bao-77.docx"
    file.write_bytes(notice_of_sixty())
    sign_in(page, "thu")
    page.goto("/van-ban/")
    page.get_by_label("Tệp văn bản").set_input_files(file)
    page.get_by_role("button", name="Nhận và tìm nhiệm vụ").click()
    cards = page.locator(".card")
    expect(cards).to_have_count(60, timeout=60_000)
    page.wait_for_load_state("load")
    assert_accessible(page)

    context = browser.new_context(base_url=site, locale="vi-VN")
    other = context.new_page()
    sign_in(other, "thu")
    other.goto(page.url)
    expect(other.locator(".card")).to_have_count(60)
    other.wait_for_load_state("load")

    # Three by hand, each seen on the other screen without loading it again.
    press("j")
    for number in range(3):
        expect(cards.nth(number)).to_be_focused()
        press("x")
        expect(cards.nth(number)).to_have_attribute("data-state", "confirmed")
        expect(other.locator(".card").nth(number)).to_have_attribute("data-state", "confirmed")
    expect(other.locator("#tien-do .progress b")).to_have_text("3/60")
    expect(cards.nth(3)).to_be_focused()

    # The last one is undone from the keyboard; the withdrawn task frees its sentence.
    press("z")
    expect(cards.nth(2)).to_have_attribute("data-state", "proposed")
    expect(other.locator(".card").nth(2)).to_have_attribute("data-state", "proposed")

    # What leaves no doubt is confirmed together, fifty at a time; a closed browser loses nothing.
    page.close()
    for left in (58, 8):
        other.get_by_role("link", name="Xác nhận cùng lúc").click()
        expect(other.get_by_role("checkbox").first).to_be_checked()
        other.get_by_role("button", name="Xác nhận").click()
        expect(other.get_by_text(f"Đã xác nhận {min(left, 50)} nhiệm vụ.")).to_be_visible()
    expect(other.locator("#tien-do .progress b")).to_have_text("60/60")
    context.close()


def resolution_of_sixty(browser: Browser) -> bytes:
    """A real pdf, printed by the browser: forty numbered orders in two columns, and an annex of twenty rows."""
    orders = "".join(
        f"<p>{number}. Giao {BODIES[number % 3]} chủ trì, phối hợp với Bộ Tài chính xây dựng nền tảng số {subject} "
        f"{place}, hoàn thành trước ngày {10 + number % 18}/12/2026.</p>"
        for number, (place, subject) in enumerate(
            [
                (place, subject)
                for place in ("của trung ương", "cấp tỉnh", "cấp xã", "cho người dân")
                for subject in SUBJECTS
            ],
            1,
        )
    )
    rows = "".join(
        f"<tr><td>{number}<td>Số hóa hồ sơ {SUBJECTS[number % 10]} giai đoạn {1 + number // 10}"
        f"<td>{BODIES[number % 3]}<td>31/12/2026</tr>"
        for number in range(20)
    )
    page = browser.new_page()
    page.set_content(
        "<style>.two { columns: 2; column-gap: 1cm; text-align: justify } td, th { border: 1px solid }</style>"
        "<p>CHÍNH PHỦ<p>Số: 92/NQ-CP<p>Hà Nội, ngày 01 tháng 9 năm 2026<p>NGHỊ QUYẾT<p>Về kết nối dữ liệu"
        f"<div class=two>{orders}</div><p>Phụ lục"
        f"<table><tr><th>TT<th>Nhiệm vụ<th>Chủ trì<th>Thời hạn</tr>{rows}</table>"
    )
    printed = page.pdf(format="A4", margin={"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"})
    page.close()
    return printed


def receive_pdf(browser: Browser, page: Page, folder: Path) -> None:
    """Upload the resolution and wait for its cards."""
    file = folder / "nghi-quyet-92.pdf"
    file.write_bytes(resolution_of_sixty(browser))
    page.goto("/van-ban/")
    page.get_by_label("Tệp văn bản").set_input_files(file)
    page.get_by_role("button", name="Nhận và tìm nhiệm vụ").click()
    expect(page.locator(".card")).to_have_count(60, timeout=60_000)
    page.wait_for_load_state("load")


def test_a_pdf_of_sixty_is_reviewed_with_few_keys(
    browser: Browser, browser_page: Page, sign_in: SignIn, assert_accessible: Check, tmp_path: Path
) -> None:
    page, cards = browser_page, browser_page.locator(".card")
    pressed = 0

    def press(*keys: str) -> None:
        nonlocal pressed
        for key in keys:
            page.keyboard.press(key)
            pressed += 1

    sign_in(page, "thu")
    receive_pdf(browser, page, tmp_path)
    expect(cards.first.locator(".why")).to_contain_text("trang 1, đoạn")

    # The place of a cut is set by the arrows, told on the card, and cut; the split is taken back by one key.
    press("j", "ArrowRight", "Shift+ArrowRight")
    expect(cards.first).to_be_focused()
    expect(cards.first.locator(".cut-at")).to_contain_text("trước “phối hợp với Bộ Tài…”")
    assert_accessible(page)
    press("s")
    expect(cards).to_have_count(61)
    expect(page.get_by_text("Đã tách thành 2 nhiệm vụ.")).to_be_visible()
    expect(cards.first).to_have_class(re.compile("active"))
    page.wait_for_load_state("load")
    press("z")
    expect(cards).to_have_count(60)
    expect(page.get_by_text("Đã hoàn tác tách, gộp.")).to_be_visible()
    page.wait_for_load_state("load")

    # Two become one and two again.
    press("m")
    expect(cards).to_have_count(59)
    expect(page.get_by_text("Đã gộp hai nhiệm vụ thành một.")).to_be_visible()
    page.wait_for_load_state("load")
    press("z")
    expect(cards).to_have_count(60)
    expect(page.get_by_text("Đã hoàn tác tách, gộp.")).to_be_visible()
    page.wait_for_load_state("load")

    # A correction that was begun outlives the page; it is saved from the keyboard, and the place goes on.
    expect(cards.first).to_have_class(re.compile("active"))
    press("e")
    expect(page.get_by_label("Việc phải làm")).to_be_focused()
    page.get_by_label("Việc phải làm").fill("xây dựng nền tảng số đất đai")
    page.reload()
    page.wait_for_load_state("load")
    page.get_by_role("link", name="Sửa tiếp").press("Enter")
    expect(page.get_by_text("nội dung bạn nhập dở lần trước")).to_be_visible()
    expect(page.get_by_label("Việc phải làm")).to_have_value("xây dựng nền tảng số đất đai")
    expect(page.get_by_label("Việc phải làm")).to_be_focused()
    press("Control+Enter")
    expect(cards.first.locator(".action")).to_have_text("xây dựng nền tảng số đất đai")
    expect(page.get_by_role("link", name="Sửa tiếp")).to_have_count(0)

    # Somebody else is to lead: a name is typed, without accents.
    expect(cards.first).to_be_focused()
    press("c")
    field = page.get_by_role("textbox", name="Cơ quan chủ trì")
    expect(field).to_be_focused()
    page.keyboard.type("bo noi vu")
    expect(page.get_by_role("radio", name="Bộ Nội vụ")).to_be_visible()
    press("Enter")
    expect(cards.first).to_have_attribute("data-state", "confirmed")

    # One key for each assignment, as fast as a person presses; then one is rejected.
    for number in range(1, 9):
        expect(cards.nth(number)).to_be_focused()
        press("x")
        expect(cards.nth(number)).to_have_attribute("data-state", "confirmed")
    expect(cards.nth(9)).to_be_focused()
    press("r")
    expect(cards.nth(9)).to_have_attribute("data-state", "rejected")

    # The rest together, from a confidence that is chosen.
    press("b")
    page.wait_for_url("**/cung-luc/")
    page.get_by_role("link", name="từ 90%").click()
    page.wait_for_url("**/cung-luc/?tu=90")
    expect(page.get_by_text("50 nhiệm vụ có độ chắc chắn từ 90%")).to_be_visible()
    assert_accessible(page)
    expect(page.get_by_role("checkbox").first).to_be_focused()
    press("Enter")
    expect(page.get_by_text("Đã xác nhận 50 nhiệm vụ.")).to_be_visible()
    expect(page.locator("#tien-do .progress b")).to_have_text("60/60")
    assert pressed < 40


def test_what_one_types_is_kept_when_the_other_splits(
    browser: Browser, site: str, browser_page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    page, cards = browser_page, browser_page.locator(".card")
    sign_in(page, "thu")
    receive_pdf(browser, page, tmp_path)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_label("Việc phải làm")).to_be_focused()
    page.get_by_label("Việc phải làm").fill("xây dựng nền tảng số đất đai dùng chung")

    context = browser.new_context(base_url=site, locale="vi-VN")
    other = context.new_page()
    sign_in(other, "thu")
    other.goto(page.url)
    expect(other.locator(".card")).to_have_count(60)
    other.wait_for_load_state("load")
    for key in ("j", "Shift+ArrowRight", "s"):
        other.keyboard.press(key)
    expect(other.locator(".card")).to_have_count(61)
    context.close()

    # The one who types is told and keeps the words; the card that is worked on does not go away.
    expect(page.get_by_text("Người khác vừa tách, gộp hoặc thêm nhiệm vụ.")).to_be_visible()
    expect(page.get_by_label("Việc phải làm")).to_have_value("xây dựng nền tảng số đất đai dùng chung")
    page.get_by_label("Việc phải làm").press("Control+Enter")
    expect(page.get_by_text("người khác đã tách hoặc gộp nhiệm vụ này")).to_be_visible()
    expect(cards.first).to_contain_text("xây dựng nền tảng số đất đai dùng chung")
    page.get_by_role("button", name="Dùng nội dung đã nhập cho nhiệm vụ 2").click()
    expect(page.get_by_role("heading", name="Nhiệm vụ 2", exact=True)).to_be_visible()
    expect(page.get_by_label("Việc phải làm")).to_have_value("xây dựng nền tảng số đất đai dùng chung")
    page.get_by_role("button", name="Lưu").click()
    expect(cards.nth(1).locator(".action")).to_have_text("xây dựng nền tảng số đất đai dùng chung")
