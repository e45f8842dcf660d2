"""Figures in a real browser: typed, sent as a spreadsheet, looked at on the indicator's page; and administration."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.indicators.figures import load_figures, tell
from tests.web.workbooks import filled, line, workbook
from tests.world import FOUNDED, NOW, recall_world
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.indicators.operations import keep_indicator

pytestmark = pytest.mark.journey

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]


@pytest.fixture
def figures(own_database: str) -> None:
    """A dictionary, and July as the source system told it; written before the server starts."""
    world = recall_world()
    load_figures(world)
    tell(world, period="2026-07", value="77.5")
    tell(world, period="2026-08", value="78")


def narrow_enough(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def on_a_phone(page: Page, address: str, check: Check) -> None:
    """The page at 360 px: nothing overflows, axe finds nothing serious."""
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address)
    assert narrow_enough(page), address
    check(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_ha_types_a_figure_and_finds_it_beside_the_verified_one(
    figures: None, browser_page: Page, sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page
    sign_in(page, "ha")
    page.goto("/so-lieu/?co_quan=01&ky=2026-08")
    assert_accessible(page)
    field = page.get_by_label("Hồ sơ giải quyết đúng hạn", exact=True)
    field.fill("101")
    expect(page.get_by_text("101 lớn hơn mức cao nhất 100")).to_be_visible()
    page.get_by_role("button", name="Nộp số liệu").click()
    expect(page.get_by_text("Giá trị phải nằm từ 0 đến 100")).to_be_visible()
    assert_accessible(page)
    field.fill("85,5")
    page.get_by_role("button", name="Nộp số liệu").click()
    page.wait_for_url("**/bien-nhan/**")
    expect(page.get_by_text("khớp với các dòng đang lưu")).to_be_visible()
    assert_accessible(page)
    page.goto("/chi-so/service_on_time/?co_quan=01&ky=2026-08")
    expect(page.get_by_role("alert")).to_contain_text("85,5% cao hơn 7,5 điểm phần trăm, vượt ngưỡng")
    expect(page.locator("svg.drawing").first).to_be_visible()
    assert_accessible(page)
    for address in ("/so-lieu/", "/chi-so/", "/chi-so/service_on_time/"):
        on_a_phone(page, address, assert_accessible)


def test_a_spreadsheet_goes_out_comes_back_and_is_recorded_after_a_look(
    figures: None, browser_page: Page, sign_in: SignIn, assert_accessible: Check, tmp_path: Path
) -> None:
    page = browser_page
    sign_in(page, "ha")
    page.goto("/so-lieu/?co_quan=01&ky=2026-08")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải biểu mẫu tháng 8/2026").click()
    template = Path(download.value.path()).read_bytes()
    file = tmp_path / "so-lieu.xlsx"

    file.write_bytes(b"%PDF-1.7")
    page.get_by_label("Biểu mẫu đã điền").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.get_by_text("Đây là tệp PDF")).to_be_visible()
    assert_accessible(page)

    file.write_bytes(workbook([line(81), line("x", code="satisfaction", period="2026-Q2")]))
    page.get_by_label("Biểu mẫu đã điền").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.get_by_role("rowheader", name="H6")).to_be_visible()
    assert_accessible(page)
    on_a_phone(page, "/so-lieu/xem-truoc/", assert_accessible)
    page.get_by_role("button", name="Không ghi gì, sửa tệp rồi tải lại").click()
    expect(page.get_by_text("không ghi gì. Sửa tệp")).to_be_visible()

    file.write_bytes(filled(template, {"H5": 82.25}))
    page.get_by_label("Biểu mẫu đã điền").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    expect(page.get_by_text("82,25%")).to_be_visible()
    page.get_by_role("button", name="Ghi 1 số liệu").click()
    page.wait_for_url("**/bien-nhan/**")
    on_a_phone(page, page.url, assert_accessible)


def test_quan_opens_an_account_issues_a_key_and_takes_a_role_back(
    figures: None, browser_page: Page, sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page
    sign_in(page, "quan")
    page.goto("/quan-tri/mo-tai-khoan/")
    assert_accessible(page)
    page.get_by_label("Họ và tên").fill("Nguyễn Văn Mới")
    page.get_by_label("Tên đăng nhập").fill("moi")
    page.get_by_label("Cơ quan", exact=True).fill("Bộ Nội vụ")
    page.get_by_label(re.compile("Đầu mối báo cáo")).check()
    page.get_by_role("button", name="Mở tài khoản").click()
    expect(page.locator(".secret code")).to_have_text(re.compile(r"^([a-z2-9]{4}-){3}[a-z2-9]{4}$"))
    assert_accessible(page)
    page.get_by_role("button", name="Thôi vai trò Đầu mối báo cáo tại Bộ Nội vụ").click()
    expect(page.get_by_text("Đã thôi vai trò Đầu mối báo cáo tại Bộ Nội vụ")).to_be_visible()
    page.locator(".notice.undo button").click()
    expect(page.get_by_text("Đã giao lại vai trò")).to_be_visible()

    page.goto("/quan-tri/khoa/")
    page.get_by_label("Tên hệ thống nguồn").fill("Kho bạc")
    page.get_by_label("Cơ quan", exact=True).fill("Bộ Nội vụ")
    page.get_by_role("button", name="Cấp khóa", exact=True).click()
    expect(page.locator(".secret code")).to_contain_text("tdk_")
    assert_accessible(page)
    page.get_by_label("Thu hồi khóa của Kho bạc").click()
    page.get_by_role("button", name="Thu hồi khóa này").click()
    expect(page.get_by_text("mọi lần gửi bằng khóa này bị từ chối")).to_be_visible()
    for address in ("/quan-tri/", "/quan-tri/khoa/", "/quan-tri/mo-tai-khoan/"):
        on_a_phone(page, address, assert_accessible)


@pytest.fixture
def the_way_up(own_database: str) -> None:
    """Four months of the city, an indicator of its own, and somebody who heads it."""
    world = recall_world()
    load_figures(world)
    for month, value in enumerate(("70", "71", "72", "73"), start=4):
        tell(world, period=f"2026-0{month}", value=value)
    grant_role(
        actor=world.machine, at=NOW, user=world.people["quan"], role=Role.HEAD, body=world.body("01"), over=None,
        valid_from=FOUNDED,
    )  # fmt: skip
    keep_indicator(
        actor=world.actor("ha"), at=NOW, body=world.body("01"), short="quay",
        fields={
            "title": "Số phường có quầy hỗ trợ", "definition": "Đếm số phường có quầy hỗ trợ.", "unit": "phường",
            "direction": 1, "comparator": ">=", "lower": "0", "frequency": "month",
        },
    )  # fmt: skip


def test_an_odd_figure_is_explained_returned_mended_and_signed_off_up_the_tree(
    the_way_up: None, browser_page: Page, sign_in: SignIn, assert_accessible: Check
) -> None:
    page = browser_page
    august = "/so-lieu/?co_quan=01&ky=2026-08"

    def now_is(name: str, address: str) -> None:
        page.context.clear_cookies()
        sign_in(page, name)
        page.goto(address)

    now_is("ha", august)
    figure = page.get_by_label("Hồ sơ giải quyết đúng hạn", exact=True)
    figure.fill("20")
    expect(page.get_by_text("khác xa 4 kỳ trước của cơ quan")).to_be_visible()
    page.get_by_label("Số phường có quầy hỗ trợ", exact=True).fill("12")
    page.get_by_role("button", name="Nộp số liệu").click()
    expect(page.get_by_text("ghi lý do vào ô giải trình")).to_be_visible()
    page.get_by_label("Giải trình về Hồ sơ giải quyết đúng hạn").fill("Sự cố hệ thống ba ngày")
    page.get_by_role("button", name="Nộp số liệu").click()
    page.wait_for_url("**/bien-nhan/**")

    # The head gives back one value; the other one stays closed.
    now_is("quan", "/so-lieu/duyet/")
    page.get_by_role("link", name="Thành phố Hà Nội").click()
    expect(page.get_by_text("Sự cố hệ thống ba ngày")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("row", name=re.compile("Hồ sơ giải quyết")).get_by_text("Trả lại", exact=False).first.click()
    page.get_by_label("Điều cần sửa").locator("visible=true").fill("Thiếu phường Ba Đình")
    page.get_by_role("button", name="Trả lại ô này").locator("visible=true").click()
    expect(page.get_by_text("chỉ ô này mở để cơ quan sửa")).to_be_visible()
    submission = page.url

    now_is("ha", august)
    expect(page.get_by_text("Thiếu phường Ba Đình")).to_be_visible()
    expect(page.get_by_label("Số phường có quầy hỗ trợ", exact=True)).to_have_count(0)
    page.get_by_label("Hồ sơ giải quyết đúng hạn", exact=True).fill("74,5")
    page.get_by_role("button", name="Nộp số liệu").click()
    page.wait_for_url("**/bien-nhan/**")

    # The difference stands beside the new value; signed off here, taken over above.
    now_is("quan", submission)
    expect(page.get_by_text("trước khi trả lại: 20%")).to_be_visible()
    page.get_by_role("button", name="Duyệt số liệu").click()
    expect(page.get_by_text("Đã duyệt; số liệu là chính thức.")).to_be_visible()
    on_a_phone(page, submission, assert_accessible)
    now_is("thu", submission)
    page.get_by_role("button", name="Tiếp nhận").click()
    expect(page.get_by_text("Đã tiếp nhận số liệu.")).to_be_visible()
    now_is("ha", august)
    expect(page.get_by_text("Cấp trên đã tiếp nhận.")).to_be_visible()
