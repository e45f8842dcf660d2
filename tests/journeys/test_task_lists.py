"""An office takes its list out, edits it in a spreadsheet program and brings it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.tasks.lists import FIRST, PROGRESS, RESULT, opened, saved
from tests.tasks.samples import reported
from tests.world import recall_world

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("width", [1280, 390])
def test_lan_reports_by_spreadsheet(
    browser_page: Page,
    sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    tmp_path: Path,
    width: int,
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 844})
    for number in range(3):
        reported(recall_world(), title=f"Rà soát nhóm văn bản thứ {number + 1}")
    sign_in(page, "lan")
    page.goto("/nhiem-vu/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel (Mẫu Chính phủ)").click()
    file = tmp_path / "danh-sach.xlsx"
    waiting.value.save_as(file)
    cells = opened(file.read_bytes())
    cells[FIRST][PROGRESS], cells[FIRST][RESULT] = 0.8, "Đã rà soát 80 văn bản"
    cells[FIRST + 1][PROGRESS] = 400
    file.write_bytes(saved(cells))

    page.get_by_role("link", name="Nhập danh sách").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhập danh sách nhiệm vụ")
    assert_accessible(page)
    page.get_by_label("Danh sách đã sửa").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước danh-sach.xlsx")
    expect(page.get_by_text("3 dòng: 1 báo cáo, 0 nhiệm vụ mới, 1 dòng không đổi, 1 dòng có lỗi.")).to_be_visible()
    expect(page.get_by_role("table", name="Lỗi theo ô")).to_contain_text("Tiến độ phải từ 0 đến 100")
    expect(page.get_by_role("table", name="Từng ô thay đổi")).to_contain_text("80%")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Ghi 1 dòng đúng, bỏ 1 dòng lỗi").click()
    expect(page.get_by_text("Đã nhập 1 báo cáo và 0 nhiệm vụ mới")).to_be_visible()
    page.get_by_role("link", name="Rà soát nhóm văn bản thứ 1").click()
    expect(page.get_by_text("Đã rà soát 80 văn bản").first).to_be_visible()
