"""Lists of tasks in the official layouts: what stands where, in Excel and in Word, and that nothing in them runs."""

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from docx import Document as WordDocument
from docx.enum.section import WD_ORIENT
from python_calamine import CalamineWorkbook

from tests.world import TODAY, World
from thuocdo.tasks.files import LAYOUTS, Cover, Line, word_document, workbook
from thuocdo.tasks.files.layouts import STAMPED, parted, shown, typed, with_request
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import for_list, lines

from .samples import completed, given, reported

GOVERNMENT = ["STT", "Nhiệm vụ", "Kết quả yêu cầu/Sản phẩm", "Thời hạn", "Cơ quan chủ trì", "Tiến độ"]
GOVERNMENT += ["Kết quả hiện tại", "Mã nhiệm vụ", "Dấu dòng"]
PARTY = ["STT", "Nhiệm vụ", "Văn bản giao", "Thời hạn", "Tiến độ", "Kết quả hiện tại", "Đề xuất, kiến nghị"]
PARTY += ["Mã nhiệm vụ", "Dấu dòng"]
COVER = Cover("Văn phòng Trung ương Đảng", TODAY, subject="Theo văn bản số 07-TB/CQTTBCĐ ngày 05/03/2025")


def line(**fields: Any) -> Line:
    """A task in the middle of its work."""
    values: dict[str, Any] = {
        "code": "NV-2026-000001",
        "title": "Xây dựng danh mục văn bản cần sửa đổi",
        "deliverable": "Danh mục",
        "document": "07-TB/CQTTBCĐ",
        "deadline": date(2026, 10, 15),
        "lead": "Bộ Tư pháp",
        "progress": 40,
        "status": "đang thực hiện, trong hạn",
        "result": "Đã rà soát 40 văn bản",
        "request": "",
    }
    return Line(**(values | fields))


def excel(*rows: Line, layout: str = "government") -> bytes:
    """The list as Excel."""
    with workbook(iter(rows), layout=LAYOUTS[layout], cover=COVER) as file:
        return file.read()


def word(*rows: Line, layout: str = "government") -> Any:
    """The list as Word, opened."""
    return WordDocument(io.BytesIO(word_document(iter(rows), layout=LAYOUTS[layout], cover=COVER)))


def cells(content: bytes) -> list[list[Any]]:
    """The cells of the only sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def part(content: bytes, name: str) -> str:
    """A part of an office file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize(("layout", "headings"), [("government", GOVERNMENT), ("party", PARTY)])
def test_the_columns_are_the_official_ones_in_their_order(layout: str, headings: list[str]) -> None:
    table = cells(excel(line(), layout=layout))
    assert table[7] == headings
    assert [cell.text for cell in word(line(), layout=layout).tables[1].rows[0].cells] == headings[:-1]


def test_a_row_says_what_the_task_says() -> None:
    _number, *row = cells(excel(line()))[8]
    assert row[:2] == ["Xây dựng danh mục văn bản cần sửa đổi", "Danh mục"]
    assert row[2:7] == [date(2026, 10, 15), "Bộ Tư pháp", 0.4, "Đã rà soát 40 văn bản", "NV-2026-000001"]
    assert row[7] == line().stamp


def test_progress_is_a_number_that_shows_its_status() -> None:
    assert "0%&quot; – đang thực hiện, trong hạn&quot;" in part(excel(line()), "xl/styles.xml")
    assert word(line()).tables[1].rows[1].cells[5].text == "40% – đang thực hiện, trong hạn"


def test_above_the_table_stand_the_body_the_order_and_the_day() -> None:
    text = "\n".join(str(cell) for row in cells(excel(line()))[:7] for cell in row if cell)
    assert "VĂN PHÒNG TRUNG ƯƠNG ĐẢNG\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in text
    assert "TÌNH HÌNH THỰC HIỆN NHIỆM VỤ ĐƯỢC GIAO" in text
    assert "Theo văn bản số 07-TB/CQTTBCĐ ngày 05/03/2025\nNgày 14 tháng 09 năm 2026" in text
    party = "\n".join(str(cell) for row in cells(excel(line(), layout="party"))[:7] for cell in row if cell)
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in party
    assert "CỘNG HÒA" not in party


def test_it_prints_on_a4_across_with_its_heads_on_every_page() -> None:
    content = excel(line())
    sheet, book = part(content, "xl/worksheets/sheet1.xml"), part(content, "xl/workbook.xml")
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "$8:$8" in book
    # The code and the stamp stay off the paper; the stamp is not even seen on the screen.
    assert "NhiemVu!$A$1:$G$9" in book
    assert 'min="9" max="9"' in sheet
    assert 'hidden="1"' in sheet
    document = word(line())
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert "w:tblHeader" in document.tables[1].rows[0]._tr.xml


@pytest.mark.parametrize("formula", ["=1+1", "+84", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_text_runs_as_a_formula(formula: str) -> None:
    content = excel(line(title=formula, result=formula))
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")
    assert cells(content)[8][1] == f"'{formula}"
    assert typed(f"'{formula}") == formula


def test_a_list_begun_with_a_hyphen_stays_readable() -> None:
    assert shown("- Đã ban hành\n- Đã gửi") == "– Đã ban hành\n– Đã gửi"
    assert line(result="- Một\n- Hai").stamp == line(result="– Một\n– Hai").stamp


def test_a_very_long_text_and_signs_nobody_prints_fit_into_a_cell() -> None:
    result = "\x00\x0bĐã làm " * 10_000
    assert len(cells(excel(line(result=result)))[8][6]) <= 32_000
    assert "Đã làm" in word(line(result=result)).tables[1].rows[1].cells[6].text


def test_the_stamp_tells_which_cell_differs() -> None:
    before, after = line().stamp.split("."), line(progress=50).stamp.split(".")
    differing = [field for field, one, other in zip(STAMPED, before, after, strict=True) if one != other]
    assert differing == ["progress"]
    # Neither the status, which the day changes by itself, nor spaces count as a difference.
    assert line(status="đang thực hiện, quá hạn").stamp == line().stamp
    assert line(result=" Đã rà soát\n40 văn bản ").stamp == line().stamp
    # The same cells of another task carry other marks.
    assert not set(line(code="NV-2026-000002").stamp.split(".")) & set(before)


def test_word_carries_the_stamp_unseen() -> None:
    last = word(line()).tables[1].rows[1].cells[-1]
    assert last.text == f"NV-2026-000001 {line().stamp}"
    seen = [run.text for run in last.paragraphs[0].runs if not run.font.hidden]
    assert seen == ["NV-2026-000001"]


def test_the_same_list_is_the_same_file_whatever_the_clock_says() -> None:
    with time_machine.travel(datetime(2026, 9, 1, 8, tzinfo=UTC)):
        before = word_document([line()], layout=LAYOUTS["party"], cover=COVER)
    with time_machine.travel(datetime(2026, 9, 2, 9, tzinfo=UTC)):
        assert word_document([line()], layout=LAYOUTS["party"], cover=COVER) == before


def test_what_a_report_asks_for_has_a_column_of_its_own() -> None:
    text = with_request("Đã rà soát", "Cho lùi thời hạn")
    assert parted(text) == ("Đã rà soát", "Cho lùi thời hạn")
    assert parted("Đã rà soát") == ("Đã rà soát", "")


def test_lines_of_real_tasks(world: World, django_assert_max_num_queries: Any) -> None:
    given(world, deadline_raw="Thường xuyên", deadline_kind="recurring", due_on=None, title="Báo cáo")
    given(world, deadline_raw="Hằng quý", deadline_kind="recurring", due_on=None, title="Sơ kết")
    reported(world)
    completed(world)
    with django_assert_max_num_queries(2):
        found = {one.code[-1]: one for one in lines(for_list(Task.objects.all(), TODAY).prefetch_related(None), TODAY)}
    assert (found["1"].deadline, found["1"].status) == ("Thường xuyên", "chưa thực hiện, không có thời hạn")
    assert found["2"].deadline == "Hằng quý; kỳ này 30/09/2026"
    assert (found["3"].progress, found["3"].result) == (40, "Đã rà soát 40 văn bản")
    assert found["3"].status == "đang thực hiện, trong hạn"
    assert (found["4"].progress, found["4"].status) == (100, "hoàn thành")
