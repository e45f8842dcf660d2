"""An office takes its list out, edits it in a spreadsheet program and brings it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.exchanges.scenes import STRANGE, register
from tests.tasks.lists import FIRST, PROGRESS, RESULT, opened, saved
from tests.tasks.samples import reported
from tests.world import NOW, recall_world
from thuocdo.tasks.operations import report_progress

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
    world = recall_world()
    tasks = [reported(world, title=f"Rà soát nhóm văn bản thứ {number + 1}") for number in range(4)]
    sign_in(page, "lan")
    page.goto("/nhiem-vu/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel (Mẫu Chính phủ)").click()
    file = tmp_path / "danh-sach.xlsx"
    waiting.value.save_as(file)
    cells = opened(file.read_bytes())
    cells[FIRST][PROGRESS], cells[FIRST][RESULT] = 0.8, "Đã rà soát 80 văn bản"
    cells[FIRST + 1][PROGRESS] = 400
    cells[FIRST + 2][RESULT] = "Của tôi"
    file.write_bytes(saved(cells))
    # Somebody else reports on the third task before the list comes back.
    report_progress(actor=world.actor("lan"), at=NOW, task=tasks[2], text="Của người khác", progress=50)

    page.get_by_role("link", name="Nhập danh sách").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhập danh sách nhiệm vụ")
    assert_accessible(page)
    page.get_by_label("Danh sách đã sửa").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước danh-sach.xlsx")
    expect(page.get_by_text("4 dòng: 1 báo cáo, 0 nhiệm vụ mới, 1 dòng không đổi, 2 dòng có lỗi.")).to_be_visible()
    expect(page.get_by_role("table", name="Lỗi theo ô")).to_contain_text("Tiến độ phải từ 0 đến 100")
    expect(page.get_by_role("table", name="Lỗi theo ô")).to_contain_text("hiện nay ghi “Của người khác”")
    expect(page.get_by_role("table", name="Từng ô thay đổi")).to_contain_text("80%")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Ghi 1 dòng đúng, bỏ 2 dòng lỗi").click()
    expect(page.get_by_text("Đã nhập 1 báo cáo và 0 nhiệm vụ mới")).to_be_visible()
    page.get_by_role("link", name="Đến danh sách nhiệm vụ").click()
    page.get_by_role("link", name="Rà soát nhóm văn bản thứ 1").click()
    expect(page.get_by_text("Đã rà soát 80 văn bản").first).to_be_visible()


def test_a_long_list_of_another_system_is_mapped_once_and_written_while_one_looks_on(
    browser_page: Page,
    sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    register(recall_world())
    rows = [[row, f"A-{row}", f"Việc số {row}", "2030", "Bộ Y tế", ""] for row in range(1, 506)]
    rows[2][3] = "mai kia"
    file = tmp_path / "ht57.xlsx"
    file.write_bytes(saved([STRANGE, *rows]))
    sign_in(page, "thu")
    page.goto("/nhiem-vu/nhap/")
    page.get_by_label("Danh sách đã sửa").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ghép cột của ht57.xlsx")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    chosen = ("", "Mã ở hệ thống khác", "Nhiệm vụ", "Thời hạn", "Cơ quan chủ trì", "Tiến độ")
    for heading, ours in zip(STRANGE[1:], chosen[1:], strict=True):
        page.get_by_label(heading, exact=True).select_option(label=ours)
    page.get_by_label("Danh sách lấy từ đâu").fill("Hệ thống 57")
    page.get_by_label("Cột mã là mã ở hệ thống nào").select_option("ht57")
    page.get_by_role("button", name="Nhớ và đọc theo cách này").click()
    # The machine looks at the rows; the page follows it by itself.
    expect(page.get_by_text("505 dòng: 0 báo cáo, 504 nhiệm vụ mới, 0 dòng không đổi, 1 dòng có lỗi")).to_be_visible()
    expect(page.get_by_text("theo cách ghép đã nhớ “Hệ thống 57”")).to_be_visible()
    page.get_by_role("button", name="Ghi 504 dòng đúng, bỏ 1 dòng lỗi").click()
    expect(page.get_by_text("Đã nhập 0 báo cáo và 504 nhiệm vụ mới, ghi 504 mã của hệ thống khác")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Nhập danh sách khác").click()
    page.get_by_label("Danh sách đã sửa").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("505 dòng: 0 báo cáo, 0 nhiệm vụ mới, 504 dòng không đổi, 1 dòng có lỗi")).to_be_visible()
