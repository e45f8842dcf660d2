"""Lists that are kept, the board, the timeline, the calendar, own fields and acts for many, as people meet them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]


@pytest.fixture
def owed(own_database: str) -> list[str]:
    """Three tasks of the Ministry of Justice; gives their codes."""
    from tests.world import recall_world
    from thuocdo.tasks.operations import TaskDescription, assign

    world, now = recall_world(), timezone.now()
    today = timezone.localdate(now)
    return [
        assign(
            actor=world.actor("thu", on=today),
            at=now,
            task=TaskDescription(
                title=f"Rà soát văn bản nhóm {number}", lead=world.body("BTP"), due_on=today + timedelta(days=number)
            ),
        ).code
        for number in (3, 9, 20)
    ]


def assert_fits(page: Page) -> None:
    """Nothing reaches beyond a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_list_is_kept_and_many_tasks_are_taken_on_and_given_back(
    browser_page: Page, owed: list[str], sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page
    sign_in(page, "lan")
    page.goto("/nhiem-vu/?cot=ma&cot=han&cot=tinh_trang&tim=nhom")
    expect(page.get_by_role("columnheader", name="Minh chứng")).to_have_count(0)
    page.get_by_text("Lưu danh sách này").click()
    page.get_by_label("Tên danh sách").fill("Rà soát")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("link", name="Rà soát", exact=True)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    # The keyboard: tick the first, then the last with shift, which takes all between.
    page.get_by_label(f"Chọn {owed[0]}").click()
    page.get_by_label(f"Chọn {owed[2]}").click(modifiers=["Shift"])
    expect(page.get_by_text("Đã chọn 3 nhiệm vụ")).to_be_visible()
    page.get_by_label("Việc cần làm").select_option("nhan-viec")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Nhận việc").click()
    expect(page.get_by_text("Đã nhận 3 nhiệm vụ.").first).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác 3 nhiệm vụ")).to_be_visible()


def test_board_timeline_and_calendar_show_the_same_tasks(
    browser_page: Page, owed: list[str], sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page
    sign_in(page, "lan")
    page.goto("/nhiem-vu/")
    for way in ("Bảng việc", "Tiến trình", "Lịch"):
        page.get_by_role("navigation", name="Cách xem").get_by_role("link", name=way).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(way)
        expect(page.get_by_role("link", name="Rà soát văn bản nhóm 3").first).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
    page.goto("/nhiem-vu/bang/")
    page.get_by_role("link", name=f"Nhận việc: {owed[0]}").press("Enter")
    page.wait_for_url("**/nhiem-vu/*/#buoc-nhan-viec")


def test_a_body_adds_a_field_and_sees_it_summed(
    browser_page: Page, owed: list[str], sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page
    sign_in(page, "thu")
    page.goto("/co-quan/BTP/truong-rieng/")
    page.get_by_label("Tên trường").fill("Số văn bản")
    page.get_by_label("Kiểu dữ liệu").select_option("number")
    page.get_by_role("button", name="Thêm trường").click()
    expect(page.get_by_role("rowheader", name="Số văn bản")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.goto(f"/nhiem-vu/{owed[0]}/truong-rieng/")
    page.get_by_label("Số văn bản").fill("1.234,5")
    page.get_by_role("button", name="Ghi", exact=True).click()
    page.goto("/co-quan/BTP/nhiem-vu/")
    expect(page.get_by_role("cell", name="1.234,5").first).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
