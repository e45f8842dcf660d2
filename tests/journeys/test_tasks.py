"""A task from hand to hand: Thu gives it, Lan submits its result, Minh approves, Thu's open page hears of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.tasks.samples import word_file

pytestmark = pytest.mark.journey

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}


def look_at(page: Page, assert_accessible: Check) -> None:
    """Accessible at the desk and on the phone, where nothing stands beyond the edge."""
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert_accessible(page)
    page.set_viewport_size(DESK)


@contextmanager
def another(browser: Browser, site: str, sign_in: SignIn, person: str) -> Iterator[Page]:
    """A browser of somebody else."""
    context = browser.new_context(base_url=site, locale="vi-VN", viewport=DESK)
    page = context.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, person)
    yield page
    context.close()


def test_a_task_goes_from_hand_to_hand(
    browser: Browser, browser_page: Page, site: str, sign_in: SignIn, assert_accessible: Check
) -> None:
    thu = browser_page
    sign_in(thu, "thu")
    due = timezone.localdate() + timedelta(days=40)

    # Thu gives the task; names are found while she types, without accents.
    thu.goto("/nhiem-vu/")
    look_at(thu, assert_accessible)
    thu.get_by_role("link", name="Giao nhiệm vụ").click()
    thu.get_by_label("Việc phải làm").fill("Kết nối kho án lệ với Cổng dữ liệu quốc gia")
    thu.get_by_label("Cơ quan chủ trì").press_sequentially("tu ph")
    thu.get_by_role("radio", name="Bộ Tư pháp").check()
    thu.get_by_label("Cơ quan phối hợp").press_sequentially("van phong")
    thu.get_by_role("checkbox", name="Văn phòng Chính phủ").check()
    thu.get_by_label("Sản phẩm phải giao nộp").fill("Kho án lệ đã kết nối")
    thu.get_by_label("Thời hạn").fill("31/2/2027")
    thu.get_by_role("button", name="Giao nhiệm vụ").click()
    expect(thu.get_by_text("Không có ngày 31/2/2027 trong lịch")).to_be_visible()
    expect(thu.get_by_label("Sản phẩm phải giao nộp")).to_have_value("Kho án lệ đã kết nối")
    expect(thu.get_by_role("radio", name="Bộ Tư pháp")).to_be_checked()
    look_at(thu, assert_accessible)
    thu.get_by_label("Thời hạn").fill(f"{due:%d/%m/%Y}")
    thu.get_by_role("button", name="Giao nhiệm vụ").click()
    expect(thu.get_by_text("Bộ Tư pháp sẽ nhận việc hoặc kiến nghị giao lại")).to_be_visible()
    story = thu.locator(".story")
    expect(story).to_contain_text("Kho án lệ đã kết nối")

    # Lan finds it in her work, takes it on and hands in the result with a real document.
    with another(browser, site, sign_in, "lan") as lan:
        lan.goto("/viec-cua-toi/")
        look_at(lan, assert_accessible)
        lan.get_by_role("link", name=re.compile("^Nhận việc(?! tại chỗ)")).click()
        lan.get_by_role("button", name="Nhận việc").click()
        expect(lan.get_by_text("Đã nhận việc. Tiếp theo")).to_be_visible()

        # Thu's page, open all the while, hears of it.
        expect(story.get_by_text("Nhiệm vụ vừa có diễn biến mới.")).to_be_visible()
        expect(story).to_contain_text("Bộ Tư pháp nhận việc")

        lan.locator("summary", has_text="Trình kết quả").click()
        form = lan.locator("#buoc-trinh-ket-qua")
        form.get_by_label("Kết quả đạt được").fill("Kho án lệ đã mở cho người dân tra cứu")
        form.get_by_role("button", name="Trình kết quả để phê duyệt").click()
        expect(lan.get_by_text("Chưa có minh chứng; đính kèm")).to_be_visible()
        expect(form.get_by_label("Kết quả đạt được")).to_have_value("Kho án lệ đã mở cho người dân tra cứu")
        look_at(lan, assert_accessible)
        files: list[FilePayload] = [
            {"name": "Biên bản nghiệm thu.docx", "mimeType": "application/octet-stream", "buffer": word_file()},
            {"name": "so-lieu.csv", "mimeType": "text/csv", "buffer": "án lệ,số\nđã mở,72".encode()},
        ]
        form.get_by_label("Minh chứng").set_input_files(files)
        form.get_by_role("button", name="Trình kết quả để phê duyệt").click()
        expect(lan.get_by_text("Đã trình kết quả.")).to_be_visible()

    # Minh, of another body, reads the evidence and approves.
    with another(browser, site, sign_in, "minh") as minh:
        minh.goto("/viec-cua-toi/")
        minh.get_by_role("link", name=re.compile("^Xem và phê duyệt")).click()
        minh.locator(".story").get_by_role("link", name="Biên bản nghiệm thu.docx").click()
        with minh.expect_download() as started:
            minh.get_by_role("link", name="Tải tệp gốc").click()
        assert started.value.suggested_filename == "Biên bản nghiệm thu.docx"
        minh.go_back()
        minh.get_by_role("button", name="Phê duyệt kết quả").click()
        expect(minh.get_by_text("Đã phê duyệt, nhiệm vụ hoàn thành.")).to_be_visible()
        look_at(minh, assert_accessible)
        minh.goto("/viec-cua-toi/")
        expect(minh.get_by_text("Hôm nay không có việc nào chờ bạn.")).to_be_visible()

    expect(story).to_contain_text("Phê duyệt kết quả")
    thu.goto("/nhiem-vu/?muc=hoan-thanh")
    expect(thu.get_by_role("link", name="Kết nối kho án lệ với Cổng dữ liệu quốc gia")).to_be_visible()
    look_at(thu, assert_accessible)


def test_the_list_is_narrowed_without_a_mouse(browser_page: Page, sign_in: SignIn, assert_accessible: Check) -> None:
    page = browser_page
    sign_in(page, "thu")
    page.goto("/nhiem-vu/moi/?co_quan=BYT")
    page.get_by_label("Việc phải làm").fill("Công bố danh sách cơ sở khám chữa bệnh")
    page.get_by_role("button", name="Giao nhiệm vụ").click()
    page.goto("/nhiem-vu/")
    page.keyboard.press("/")
    page.keyboard.type("kham chua benh")
    page.keyboard.press("Tab")
    page.keyboard.type("y te")
    page.get_by_role("radio", name="Bộ Y tế").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**tim=kham*")
    expect(page.get_by_role("link", name="Công bố danh sách cơ sở khám chữa bệnh")).to_be_visible()
    expect(page.get_by_label("Cơ quan chủ trì")).to_have_value("Bộ Y tế")
    look_at(page, assert_accessible)
