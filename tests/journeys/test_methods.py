"""Browser stories: a draft is written with a fault, mended, compared with the past, approved; on a desk and a phone."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.scorecards.test_drafts import TRUSTING
from tests.web.judgement import judged
from tests.world import NOW, recall_world

pytestmark = pytest.mark.journey


@pytest.fixture
def judged_nation(own_database: str) -> None:
    """Two provinces with standings of two quarters, in the database that the site serves."""
    with time_machine.travel(NOW, tick=False):
        judged(recall_world())


def test_a_draft_is_written_compared_and_approved(
    judged_nation: None, browser_page: Page, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    page = browser_page
    sign_in(page, "quan")
    page.goto("/phuong-phap/cac-ban/")
    page.get_by_role("link", name="Soạn dự thảo").first.click()
    text = page.get_by_label("Nội dung", exact=True)
    text.fill(TRUSTING.replace("weight = 90", "weight = -90"))
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_text("Còn 1 chỗ phải sửa")).to_be_visible()
    assert_accessible(page)
    text.fill(TRUSTING)
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_text("Đây là dự thảo.")).to_be_visible()
    page.get_by_role("button", name="Tính lại các kỳ đã qua").click()
    # The worker computes; the page follows it by itself.
    expect(page.get_by_role("link", name="Tỉnh, thành phố").first).to_be_visible(timeout=60_000)
    assert_accessible(page)
    page.get_by_role("link", name="Tỉnh, thành phố").first.click()
    expect(page.get_by_text("Tính lại theo dự thảo, không phải bảng xếp hạng.")).to_be_visible()
    expect(page.locator("table.trial tbody tr").first).to_contain_text("Đà Nẵng")
    assert_accessible(page)
    page.go_back()
    page.get_by_label("Văn bản phê duyệt").fill("Quyết định số 12-QĐ/BCĐ")
    page.get_by_label("Có hiệu lực từ ngày").fill("01/01/2099")
    page.get_by_role("button", name="Phê duyệt thành phiên bản mới").click()
    expect(page.get_by_text("Dự thảo đã thành phiên bản 2")).to_be_visible()
    expect(page.get_by_text("Quyết định số 12-QĐ/BCĐ")).to_be_visible()


def test_on_a_phone_a_draft_is_read_let_go_and_brought_back(
    judged_nation: None, browser_page: Page, sign_in: Callable[..., None], assert_accessible: Callable[..., None]
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 360, "height": 720})
    sign_in(page, "quan")
    page.goto("/phuong-phap/du-thao/moi/")
    page.get_by_label("Nội dung", exact=True).fill(TRUSTING)
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_text("Đây là dự thảo.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert_accessible(page)
    page.get_by_role("button", name="Bỏ dự thảo").click()
    expect(page.get_by_text("Đã bỏ dự thảo.")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã khôi phục dự thảo.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
