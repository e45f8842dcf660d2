"""Two reviewers at one document of sixty assignments: each sees the other's work, and nothing is lost on the way."""

import io
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
    expect(cards).to_have_count(60, timeout=40_000)
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
