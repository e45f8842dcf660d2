"""Evidence from hand to hand: Lan hands in a photo, Minh looks at it, returns that one thing, sees what changed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.journeys.test_tasks import Check, SignIn, another, look_at
from tests.tasks.samples import description, evidence, pdf_file, picture_file
from tests.world import recall_world
from thuocdo.tasks.operations import Upload, accept_assignment, assign, submit

pytestmark = pytest.mark.journey


def handed_in() -> str:
    """The code of a task of the Ministry of Justice whose result Lan has handed in today."""
    world, now = recall_world(), timezone.now()
    today = timezone.localdate()
    task = assign(
        actor=world.actor("thu", on=today),
        at=now,
        task=description(world.body("BTP"), due_on=today + timedelta(days=30)),
    )
    lan = world.actor("lan", on=today)
    accept_assignment(actor=lan, at=now, task=task)
    files = [evidence(), Upload("ke-hoach.pdf", pdf_file(3)), Upload("anh.jpg", picture_file(1))]
    submit(actor=lan, at=now, task=task, text="Đã ban hành 40 văn bản", files=files)
    return task.code


def test_one_photo_is_returned_and_the_change_is_shown(
    browser: Browser, browser_page: Page, site: str, sign_in: SignIn, assert_accessible: Check
) -> None:
    code = handed_in()
    minh = browser_page
    sign_in(minh, "minh")
    minh.goto(f"/nhiem-vu/{code}/")
    section = minh.locator("#minh-chung")

    # Minh turns the pages of the plan by keyboard and closes up.
    section.get_by_role("link", name="ke-hoach.pdf").click()
    expect(minh.get_by_text("Trang 1/3", exact=True)).to_be_visible()
    picture = minh.get_by_role("img", name="Trang 1/3 của ke-hoach.pdf")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") == 1_000
    look_at(minh, assert_accessible)
    minh.keyboard.press("ArrowRight")
    expect(minh.get_by_text("Trang 2/3", exact=True)).to_be_visible()
    minh.keyboard.press("+")
    expect(minh.get_by_role("link", name="Thu nhỏ")).to_be_visible()

    # The photo is blurred, the number is wrong; everything else may stay.
    minh.goto(f"/nhiem-vu/{code}/")
    section.get_by_role("link", name="Trả lại từng phần").click()
    look_at(minh, assert_accessible)
    minh.get_by_label("Nội dung báo cáo").fill("Số văn bản không khớp")
    minh.get_by_label("Tệp: anh.jpg").fill("Ảnh mờ, chụp lại")
    minh.get_by_role("button", name="Trả lại các phần đã ghi ý kiến").click()
    expect(minh.get_by_text("Đã trả lại 2 phần")).to_be_visible()

    with another(browser, site, sign_in, "lan") as lan:
        lan.goto(f"/nhiem-vu/{code}/")
        lan.locator("#minh-chung").get_by_role("link", name="Sửa phần bị trả lại").click()
        look_at(lan, assert_accessible)
        lan.get_by_label("Nội dung báo cáo").fill("Đã ban hành 45 văn bản")
        lan.get_by_role("button", name="Trình lại").click()
        expect(lan.get_by_text("Chọn đúng một tệp thay cho tệp bị trả lại.")).to_be_visible()
        expect(lan.get_by_label("Nội dung báo cáo")).to_have_value("Đã ban hành 45 văn bản")
        # Large enough for the progress to be shown on the way.
        sharp: FilePayload = {
            "name": "ro.jpg",
            "mimeType": "image/jpeg",
            "buffer": picture_file(2) + bytes(1_200_000),
        }
        lan.get_by_label("Tệp thay thế").set_input_files(sharp)
        lan.get_by_role("button", name="Trình lại").click()
        expect(lan.get_by_text("Đã trình lại; người phê duyệt thấy đúng những chỗ đã sửa.")).to_be_visible()

    minh.goto(f"/nhiem-vu/{code}/")
    expect(section.locator("ins").first).to_contain_text("45")
    expect(section.locator("del").first).to_contain_text("40")
    expect(section.get_by_text("Thay tệp")).to_contain_text("ro.jpg")
    look_at(minh, assert_accessible)


def test_a_person_is_named_in_a_remark_with_a_few_keys(
    browser: Browser, browser_page: Page, site: str, sign_in: SignIn, assert_accessible: Check
) -> None:
    code = handed_in()
    minh = browser_page
    sign_in(minh, "minh")
    minh.goto(f"/nhiem-vu/{code}/")
    field = minh.get_by_label("Ý kiến của bạn")
    field.press_sequentially("@lan")
    expect(minh.get_by_role("option", name="Trần Thị Lan").first).to_be_visible()
    field.press("Enter")
    expect(field).to_have_value("@Trần Thị Lan ")
    field.press_sequentially("gửi thêm phụ lục nhé 🙏")
    with another(browser, site, sign_in, "lan") as lan:
        # Her open page hears of it.
        lan.goto(f"/nhiem-vu/{code}/")
        expect(lan.get_by_text("Chưa có trao đổi nào.")).to_be_visible()
        minh.get_by_role("button", name="Gửi ý kiến").click()
        expect(minh.locator("#trao-doi .said")).to_contain_text("gửi thêm phụ lục nhé 🙏")
        expect(lan.locator("#trao-doi .named")).to_have_text("@Trần Thị Lan")
    look_at(minh, assert_accessible)
    minh.get_by_role("button", name="Rút ý kiến").click()
    expect(minh.locator("#trao-doi")).to_contain_text("được người viết rút")
