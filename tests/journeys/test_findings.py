"""From a gap to a judgement, and from a sample drawn to the error rate that everybody may read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.evaluations.scenes import a_gap, told
from tests.world import NOW, recall_world

pytestmark = pytest.mark.journey


def test_a_gap_is_verified_and_judged_and_a_sample_gives_an_error_rate(
    browser_page: Page, sign_in: Callable[[Page, str], None], assert_accessible: Callable[[Page], None]
) -> None:
    world, page = recall_world(), browser_page
    finding = a_gap(world)
    for month in ("2026-04", "2026-05", "2026-06"):
        told(world, "90.5", body="BYT", period=month, at=NOW - timedelta(days=3))
    # The verifier names who answers.
    sign_in(page, "minh")
    page.goto("/phat-hien/")
    assert_accessible(page)
    page.locator(f"a[href='/phat-hien/{finding.pk}/']").click()
    expect(page.get_by_role("heading", name="Hai số liệu cạnh nhau")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Người trả lời").select_option(label="Trần Thị Lan")
    page.get_by_role("button", name="Giao", exact=True).click()
    expect(page.get_by_text("Đã giao xác minh.")).to_be_visible()
    # The body answers.
    page.context.clear_cookies()
    sign_in(page, "lan")
    page.goto(f"/phat-hien/{finding.pk}/")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Chưa có nội dung").or_(page.get_by_text("nêu căn cứ")).first).to_be_visible()
    page.locator("#tra-loi textarea").fill("Số khai gồm cả hồ sơ nộp lại.")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Cơ quan đã trả lời").first).to_be_visible()
    # The verifier judges.
    page.context.clear_cookies()
    sign_in(page, "minh")
    page.goto(f"/phat-hien/{finding.pk}/")
    confirming = page.locator("#ket-luan details").filter(has_text="Xác nhận có sai lệch")
    confirming.locator("summary").click()
    confirming.locator("textarea").fill("Hồ sơ nộp lại không tính theo định nghĩa.")
    confirming.get_by_role("button", name="Xác nhận có sai lệch").click()
    expect(page.get_by_text("Hồ sơ nộp lại không tính theo định nghĩa.")).to_be_visible()
    expect(page.locator("dl.facts").get_by_text("Xác nhận có sai lệch").first).to_be_visible()
    # A sample of declared values: drawn, checked, published.
    page.goto("/phat-hien/mau-kiem-tra/")
    assert_accessible(page)
    page.get_by_label("Kỳ", exact=True).select_option("2026-Q2")
    page.get_by_label("Số giá trị").fill("3")
    page.get_by_role("button", name="Chọn mẫu").click()
    expect(page.locator("ul.sheet > li")).to_have_count(3)
    for place, value in enumerate(("70,5", "90,5", "90,5")):
        unit = page.locator("ul.sheet > li").nth(place)
        unit.locator("summary").click()
        unit.get_by_label("Giá trị kiểm tra được").fill(value)
        unit.get_by_role("button", name="Ghi", exact=True).click()
        expect(page.get_by_text(f"Đã kiểm tra {place + 1} giá trị, 1 sai").first).to_be_visible()
    page.get_by_role("button", name="Khép đợt kiểm tra").click()
    expect(page.get_by_text("Đã khép đợt kiểm tra mẫu.")).to_be_visible()
    assert_accessible(page)
    page.goto("/phat-hien/mau-kiem-tra/")
    expect(page.get_by_text("Đã khép").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/phat-hien/", f"/phat-hien/{finding.pk}/", "/phat-hien/mau-kiem-tra/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
