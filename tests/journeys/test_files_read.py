"""Real files through the browser: a Word file as Word writes it, a PDF as a browser prints it, and what is refused."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]

ROWS = [
    ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"),
    ("1", "Sửa đổi quy định về chia sẻ dữ liệu", "Bộ Tư pháp", "30/11/2026"),
    ("2", "Mở lớp tập huấn về dữ liệu", "Bộ Y tế", "15/12/2026"),
]
ORDERS = [
    "Bộ Tư pháp chủ trì rà soát các quy định về dữ liệu, báo cáo Ban Chỉ đạo trước ngày 01/12/2026.",
    "Bộ Y tế kết nối cơ sở dữ liệu khám bệnh, hoàn thành trước ngày 20/12/2026.",
]


def word_file() -> bytes:
    """A plan with automatic numbers, a table and a running head, as python-docx writes it."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Kế hoạch năm 2026"
    for line in ("BAN CHỈ ĐẠO TRUNG ƯƠNG", "Số: 15-KH/BCĐ", "Hà Nội, ngày 01 tháng 9 năm 2026", "", "KẾ HOẠCH"):
        document.add_paragraph(line)
    document.add_paragraph("Triển khai dữ liệu dùng chung")
    document.add_paragraph("")
    for order in ORDERS:
        document.add_paragraph(order, style="List Number")
    table = document.add_table(rows=len(ROWS), cols=4)
    for row, texts in enumerate(ROWS):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_file(browser: Browser) -> bytes:
    """The same plan as a browser prints it: head in two blocks, a title in the middle, a table with rules."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    orders = "".join(f"<p class='b'>{number}. {order}</p>" for number, order in enumerate(ORDERS, start=1))
    page = browser.new_page()
    page.set_content(
        "<meta charset='utf-8'><style>body{font:13pt serif}table{border-collapse:collapse;width:100%}"
        ".r td{border:1px solid;padding:4px}.h td{text-align:center;width:50%;vertical-align:top}"
        ".b{text-align:justify;text-indent:1cm}h1{text-align:center;font-size:14pt}</style>"
        "<table class='h'><tr><td>BAN CHỈ ĐẠO TRUNG ƯƠNG<br>Số: 15-KH/BCĐ</td>"
        "<td>ĐẢNG CỘNG SẢN VIỆT NAM<br>Hà Nội, ngày 01 tháng 9 năm 2026</td></tr></table>"
        f"<h1>KẾ HOẠCH<br>Triển khai dữ liệu dùng chung</h1>{orders}<table class='r'>{rows}</table>"
    )
    data = page.pdf(format="A4", margin={"top": "2cm", "left": "3cm", "right": "2cm", "bottom": "2cm"})
    page.close()
    return data


def upload(page: Page, file: Path) -> None:
    page.goto("/van-ban/")
    page.get_by_label("Tệp văn bản").set_input_files(file)
    page.get_by_role("button", name="Nhận và tìm nhiệm vụ").click()


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_real_file_is_read_with_its_numbers_and_its_table(
    kind: str, browser: Browser, browser_page: Page, sign_in: SignIn, assert_accessible: Check, tmp_path: Path
) -> None:
    page, file = browser_page, tmp_path / f"ke-hoach.{kind}"
    file.write_bytes(word_file() if kind == "docx" else pdf_file(browser))
    sign_in(page, "thu")
    upload(page, file)
    cards = page.locator(".card")
    expect(cards).to_have_count(4, timeout=60_000)
    page.wait_for_load_state("load")
    expect(page.get_by_role("heading", level=1)).to_have_text("Triển khai dữ liệu dùng chung")
    expect(page.locator(".known-of")).to_contain_text("15-KH/BCĐ")
    expect(page.locator(".known-of")).to_contain_text("ban hành 01/09/2026")
    for number, lead in enumerate(("Bộ Tư pháp", "Bộ Y tế", "Bộ Tư pháp", "Bộ Y tế")):
        expect(cards.nth(number)).to_contain_text(lead)
    expect(cards.nth(2)).to_contain_text("30/11/2026")
    expect(cards.first).to_contain_text("trang 1, đoạn" if kind == "pdf" else "đoạn")
    expect(page.locator(".source .text")).to_contain_text("1. Bộ Tư pháp chủ trì")
    assert_accessible(page)


def test_what_cannot_be_read_is_said_beside_the_field(browser_page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    page, file = browser_page, tmp_path / "cu.doc"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000))
    sign_in(page, "thu")
    upload(page, file)
    expect(page.get_by_text("lưu thành docx rồi tải lại")).to_be_visible()
