"""Notices, the report in place and the urging note, as people meet them in the browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.alerts.scenes import load_the_ladder
from tests.tasks.samples import description
from tests.world import World, recall_world
from thuocdo.accounts.permissions import machine
from thuocdo.alerts.operations import review
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import accept_assignment, assign

pytestmark = pytest.mark.journey


@pytest.fixture
def nation(site: str) -> World:
    """The cast with a ladder, one task of the Ministry of Justice nine days late and one due the day after tomorrow."""
    world, now = recall_world(), timezone.now()
    today = timezone.localdate()
    load_the_ladder(world)
    for title, days in (("Sửa đổi nghị định về dữ liệu", -9), ("Lập danh mục văn bản", 2)):
        task = assign(
            actor=world.actor("thu", on=today), at=now,
            task=description(
                world.body("BTP"), title=title, due_on=today + timedelta(days=days),
                assigned_on=today - timedelta(days=60),
            ),
        )  # fmt: skip
        accept_assignment(actor=world.actor("lan", on=today), at=now, task=task)
    review(actor=machine("alerts", today), at=now)
    return world


def no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_notices_are_read_acknowledged_with_a_key_and_taken_back(
    browser_page: Page, nation: World, sign_in: Callable[[Page, str], None], assert_accessible: Callable[[Page], None]
) -> None:
    page = browser_page
    sign_in(page, "lan")
    page.goto("/thong-bao/")
    late = page.get_by_role("row").filter(has_text="Sửa đổi nghị định về dữ liệu")
    expect(late).to_contain_text("Quá hạn 9 ngày")
    assert_accessible(page)
    no_sideways_scroll(page)
    before = page.locator("table.notices tbody tr").count()
    page.keyboard.press("x")
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận 1 thông báo")
    expect(page.locator("table.notices tbody tr")).to_have_count(before - 1)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("table.notices tbody tr")).to_have_count(before)
    page.get_by_role("button", name="Xác nhận cả").click()
    expect(page.get_by_text("Không có thông báo nào chờ bạn xác nhận")).to_be_visible()
    page.get_by_role("link", name="Cách nhận thông báo", exact=True).first.click()
    page.get_by_label("Được giao việc").select_option("application")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu cách nhận thông báo")).to_be_visible()
    assert_accessible(page)


def test_a_report_is_made_in_the_row(
    browser_page: Page, nation: World, sign_in: Callable[[Page, str], None], assert_accessible: Callable[[Page], None]
) -> None:
    page = browser_page
    sign_in(page, "lan")
    page.goto("/viec-cua-toi/")
    code = Task.objects.get(title="Lập danh mục văn bản").code
    page.get_by_role("link", name=f"Báo cáo tiến độ tại chỗ: {code}").click()
    form = page.locator(f"form#tai-cho-{code}")
    expect(form).to_be_visible()
    assert_accessible(page)
    no_sideways_scroll(page)
    form.get_by_label("Tiến độ (%)").fill("140")
    form.get_by_label("Việc đã làm được").fill("Đã rà soát 60 văn bản")
    form.get_by_role("button", name="Gửi báo cáo").click()
    expect(form).to_contain_text("Tiến độ không được lớn hơn 100")
    expect(form.get_by_label("Việc đã làm được")).to_have_value("Đã rà soát 60 văn bản")
    form.get_by_label("Tiến độ (%)").fill("60")
    form.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_text("Đã ghi báo cáo, tiến độ 60%")).to_be_visible()
    expect(page.locator(f"#viec-{code}")).to_contain_text("báo cáo đạt 60%")


def test_an_urging_note_goes_out_and_is_answered(
    browser_page: Page, nation: World, sign_in: Callable[[Page, str], None], assert_accessible: Callable[[Page], None]
) -> None:
    page = browser_page
    sign_in(page, "thu")
    page.goto("/don-doc/")
    proposal = page.get_by_role("row").filter(has_text="Bộ Tư pháp")
    proposal.get_by_role("link", name="Lập phiếu").click()
    assert_accessible(page)
    no_sideways_scroll(page)
    page.get_by_label("Yêu cầu thêm").fill("Nêu rõ đầu mối")
    page.get_by_role("button", name="Lưu dự thảo").click()
    page.get_by_role("button", name="Phát hành").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phiếu đôn đốc số 1/")
    with page.expect_download() as download:
        page.get_by_role("link", name="pdf").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert_accessible(page)
    no_sideways_scroll(page)
    page.context.clear_cookies()
    sign_in(page, "lan")
    page.goto("/thong-bao/")
    page.get_by_role("link", name="Phiếu đôn đốc số 1/").click()
    page.get_by_label("Nội dung trả lời").fill("Hoàn thành trong tháng này")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("đã trả lời").first).to_be_visible()
