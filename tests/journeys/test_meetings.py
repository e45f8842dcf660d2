"""A meeting from its plan to the promise that the next one finds broken, as the standing office meets it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.meetings.scenes import confirmed, held, proposed
from tests.world import World, recall_world

pytestmark = pytest.mark.journey


@pytest.fixture
def nation(site: str) -> World:
    """The cast, whose first session thirty days ago ordered something of the Ministry of Justice that is late now."""
    world, now = recall_world(), timezone.now()
    then = now - timedelta(days=30)
    first = held(world, at=then, title="Giao ban lần thứ nhất", new_series="Giao ban")
    due = timezone.localdate() - timedelta(days=5)
    (line,) = proposed(world, first, f"Bộ Tư pháp trình Nghị định về dữ liệu mở trước ngày {due:%d/%m/%Y}.", at=then)
    confirmed(world, line, at=then)
    return world


def _no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_meeting_finds_the_broken_promise_and_gives_the_next_order(
    browser_page: Page, nation: World, sign_in: Callable[[Page, str], None], assert_accessible: Callable[[Page], None]
) -> None:
    page, today = browser_page, timezone.localdate()
    sign_in(page, "thu")
    page.goto("/cuoc-hop/moi/")
    page.get_by_label("Tên cuộc họp").fill("Giao ban lần thứ hai")
    page.get_by_label("Chuỗi phiên họp").select_option(label="Giao ban")
    page.get_by_label("Ngày họp").fill(f"{today:%d/%m/%Y}")
    page.get_by_label("Chương trình").fill("Lời hứa tại phiên trước\nViệc mới")
    assert_accessible(page)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giao ban lần thứ hai")
    page.get_by_role("link", name="Tài liệu họp").first.click()
    promise = page.locator("#loi-hua").get_by_role("row").filter(has_text="Nghị định về dữ liệu mở")
    expect(promise).to_contain_text("Sai hẹn")
    expect(page.locator("#qua-han")).to_contain_text("Bộ Tư pháp")
    assert_accessible(page)
    _no_sideways_scroll(page)
    page.get_by_role("link", name="Giao ban lần thứ hai").first.click()
    page.get_by_role("button", name="Khai mạc, chốt tài liệu").click()
    expect(page.get_by_text("Đã chốt tài liệu họp")).to_be_visible()
    due = today + timedelta(days=40)
    said = f"Bộ Y tế ban hành Hướng dẫn bệnh án điện tử trước ngày {due:%d/%m/%Y}."
    page.get_by_role("textbox", name="Kết luận", exact=True).fill(f"{said}\nGhi nhận ý kiến của các cơ quan.")
    page.get_by_role("button", name="Đọc và chờ xác nhận").click()
    card = page.locator("#dong-1")
    expect(card.get_by_label("Cơ quan chủ trì")).to_have_value("Bộ Y tế")
    expect(card.get_by_label("Thời hạn (ngày cuối cùng)")).to_have_value(f"{due - timedelta(days=1):%d/%m/%Y}")
    assert_accessible(page)
    _no_sideways_scroll(page)
    card.get_by_role("button", name="Ghi kết luận").click()
    expect(page.locator("#dong-1").get_by_role("link", name="NV-")).to_be_visible()
    page.locator("#dong-2").get_by_role("button", name="Ghi kết luận").click()
    expect(page.get_by_text("2 kết luận, thành 1 nhiệm vụ.")).to_be_visible()
    page.locator("#dong-1").get_by_role("link", name="NV-").click()
    expect(page.get_by_role("link", name="kết luận số 1, Giao ban lần thứ hai")).to_be_visible()
    page.get_by_role("link", name="kết luận số 1, Giao ban lần thứ hai").click()
    page.get_by_text("Sửa lời kết luận").click()
    sooner = due - timedelta(days=10)
    page.get_by_label("Câu kết luận").fill(said.replace(f"{due:%d/%m/%Y}", f"{sooner:%d/%m/%Y}"))
    page.get_by_label("Thời hạn (ngày cuối cùng)").fill(f"{sooner - timedelta(days=1):%d/%m/%Y}")
    page.get_by_role("button", name="Ghi lời mới").click()
    expect(page.get_by_text("1 nhiệm vụ chờ quyết định, chưa thay đổi gì.")).to_be_visible()
    assert_accessible(page)
    _no_sideways_scroll(page)
    page.get_by_label("Sửa nhiệm vụ theo kết luận mới").check()
    page.get_by_role("button", name="Quyết định").click()
    expect(page.get_by_text("Đã quyết định về nhiệm vụ")).to_be_visible()
    expect(page.get_by_text(f"{sooner - timedelta(days=1):%d/%m/%Y}").first).to_be_visible()
