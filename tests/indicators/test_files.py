"""The spreadsheet goes out with codes and lists and comes back as rows that know their cells."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from decimal import Decimal

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.indicators.figures import load_figures, tell
from tests.web.workbooks import filled
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.files import (
    COLUMNS,
    HEADING_ROW,
    SheetUnreadable,
    neutralised,
    read_template,
    template,
    template_lines,
)
from thuocdo.indicators.files.unpacking import let_in
from thuocdo.indicators.models import Measurement
from thuocdo.indicators.operations import record_measurements
from thuocdo.indicators.queries import indicators, template_of


def sheet_of(*lines: list[object]) -> bytes:
    """A workbook as somebody filled it in."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("SoLieu")
    sheet.write_row(HEADING_ROW - 1, 0, [heading for _field, heading, _width in COLUMNS])
    for number, line in enumerate(lines, start=HEADING_ROW):
        sheet.write_row(number, 0, line)
    book.close()
    return stream.getvalue()


def line(value: object, state: str = "Có giá trị", code: str = "service_on_time") -> list[object]:
    return [code, "", "%", "01", "Hà Nội", "2026-08", 70, value, state, "Chính thức", "Báo cáo tháng"]


def test_an_untouched_template_says_nothing(world: World) -> None:
    load_figures(world)
    lines = template_lines(indicators(), [world.body("01")], {("service_on_time", "01"): Decimal("77.5")})
    content = template(lines, period="2026-08", title="Biểu nhập số liệu")
    assert read_template(content) == []
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("SoLieu").to_python()
    assert [row[0] for row in table[HEADING_ROW:]] == ["service_on_time", "satisfaction", "databases"]
    assert table[HEADING_ROW][6] == 77.5


def test_a_filled_in_line_becomes_a_measurement(world: World) -> None:
    load_figures(world)
    (found,) = read_template(sheet_of(line(79.5)))
    assert found.fields == {
        "indicator": "service_on_time", "body": "01", "period": "2026-08", "value": "79.5", "kind": "final",
        "source": "Báo cáo tháng",
    }  # fmt: skip
    result = record_measurements(actor=world.actor("ha"), at=NOW, rows=[found.fields])
    assert result.accepted == 1


def is_hidden(content: bytes, column: str) -> bool:
    """Whether a column of the sheet to fill in is hidden, by its number."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    (found,) = re.findall(rf'<col min="{column}"[^>]*>', sheet)
    return 'hidden="1"' in found


def test_a_survey_has_room_for_its_sample_and_others_have_not(world: World) -> None:
    """An evaluator fills in how many were asked; where nobody is asked, nobody sees the columns."""
    found = load_figures(world)
    lines = template_lines([found["satisfaction"]], [world.body("01")], {})
    content = template(lines, period="2026-Q2", title="Khảo sát")
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("SoLieu").to_python()
    assert table[HEADING_ROW - 1][12:14] == ["Cỡ mẫu", "Sai số chuẩn"]
    assert not is_hidden(content, "13")
    (row,) = read_template(filled(content, {"H5": 81.2, "M5": 800, "N5": 1.4}))
    assert (row.fields["sample_size"], row.fields["standard_error"]) == ("800", "1.4")
    result = record_measurements(actor=world.actor("son"), at=NOW, rows=[row.fields])
    assert not result.errors
    told = Measurement.objects.get()
    assert (told.provenance, told.sample_size, told.standard_error) == ("independent", 800, Decimal("1.4"))
    content = template(template_lines([found["databases"]], [world.body("01")], {}), period="2026", title="Đếm")
    assert is_hidden(content, "13")


def test_an_error_names_the_cell(world: World) -> None:
    load_figures(world)
    rows = read_template(
        sheet_of(line(79.5), line("", code="satisfaction"), line("79,5", code="databases"), line(81.0))
    )
    found = record_measurements(actor=world.actor("ha"), at=NOW, rows=[row.fields for row in rows])
    named = [(rows[error["row"] - 1].cell(error["field"]), error["code"]) for error in found.errors]
    assert named == [("H5", "duplicate_differs"), ("H7", "decimal_comma"), ("H8", "duplicate_differs")]
    assert found.accepted == 0
    kept = record_measurements(actor=world.actor("ha"), at=NOW, rows=[row.fields for row in rows], on_error="keep_good")
    assert kept.accepted == 0, "of figures that contradict each other none is taken"


def test_an_empty_sheet_has_no_rows(world: World) -> None:
    assert read_template(sheet_of()) == []


def test_the_value_of_the_period_before_stands_beside_the_cell(world: World) -> None:
    load_figures(world)
    tell(world, period="2026-07", value="77.5")
    content = template_of(
        indicators=list(indicators()), bodies=[world.body("01")], period=parse_period("2026-08"), title="=Biểu"
    )
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("SoLieu").to_python()
    assert table[HEADING_ROW][5:7] == ["2026-08", 77.5]
    assert table[0][0] == "'=Biểu"


def test_what_a_spreadsheet_computes_is_read_as_it_was_typed() -> None:
    values = [0.1 + 0.2, 80.0, 1e-7, 123456789012.25]
    assert [row.fields["value"] for row in read_template(sheet_of(*map(line, values)))] == [
        "0.3", "80", "0.0000001", "123456789012.25",
    ]  # fmt: skip


def test_not_applicable_is_chosen_from_the_list() -> None:
    (found,) = read_template(sheet_of(line("", "Không áp dụng")))
    assert found.fields["state"] == "not_applicable"


def test_a_formula_gives_its_saved_value_and_is_never_run() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("SoLieu")
    sheet.write_row(HEADING_ROW - 1, 0, [heading for _field, heading, _width in COLUMNS])
    sheet.write_row(HEADING_ROW, 0, line(""))
    sheet.write_formula(HEADING_ROW, 7, '=WEBSERVICE("http://example.org")', value=42)
    book.close()
    (found,) = read_template(stream.getvalue())
    assert found.fields["value"] == "42"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", "\t=1"])
def test_text_that_looks_like_a_formula_is_neutralised(text: str) -> None:
    assert neutralised(text) == f"'{text}"
    assert neutralised("Hà Nội") == "Hà Nội"


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken", sheet_of()[:400]])
def test_a_file_that_is_no_workbook_is_refused_with_a_remedy(content: bytes) -> None:
    with pytest.raises(SheetUnreadable, match="xlsx"):
        read_template(content)


def test_a_file_that_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thuocdo.indicators.files.unpacking.LARGEST_UNPACKED", 1_000)
    with pytest.raises(SheetUnreadable, match="giải nén"):
        read_template(sheet_of(line(79.5)))


def with_cell(cell: str, sheet: str = "SoLieu") -> bytes:
    """A template with one more cell, which may lie anywhere."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet("SoLieu")
    page.write_row(HEADING_ROW - 1, 0, [heading for _field, heading, _width in COLUMNS])
    page.write_row(HEADING_ROW, 0, line(79.5))
    (page if sheet == "SoLieu" else book.add_worksheet(sheet)).write(cell, "x")
    book.close()
    return stream.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    return stream.getvalue()


@pytest.mark.parametrize("sheet", ["SoLieu", "_ThuocDo"])
def test_one_cell_at_the_end_of_the_world_ends_no_process(sheet: str) -> None:
    """The table between it and the first cell has 17 thousand million cells; the reader would hold all of them."""
    with pytest.raises(SheetUnreadable, match="dòng 1048576"):
        read_template(with_cell("XFD1048576", sheet))
    assert read_template(with_cell("P3000", sheet))[0].fields["value"] == "79.5"


def test_cells_that_do_not_say_where_they_stand_are_counted() -> None:
    """Three thousand rows of one cell and one row of three thousand make nine million."""
    lines = b"<row><c><v>1</v></c></row>" * 3_000 + b"<row>" + b"<c><v>1</v></c>" * 3_000 + b"</row>"
    content = changed(
        sheet_of(line(79.5)),
        lambda name, part: part.replace(b"</sheetData>", lines + b"</sheetData>") if "sheet1.xml" in name else part,
    )
    with pytest.raises(SheetUnreadable, match="quá xa"):
        read_template(content)


def test_a_part_that_lies_about_its_size_is_read_as_far_as_it_was_counted() -> None:
    """The directory of the archive says 100 bytes, and has their checksum; what is packed are twenty million."""
    stream = io.BytesIO()
    vast = b"<sst>" + b" " * 20_000_000
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/sharedStrings.xml", vast)
        part = made.getinfo("xl/sharedStrings.xml")
        part.file_size, part.CRC = 100, zlib.crc32(vast[:100])
    assert len(stream.getvalue()) < 50_000
    with zipfile.ZipFile(io.BytesIO(let_in(stream.getvalue()))) as found:
        assert found.read("xl/sharedStrings.xml") == vast[:100]


def test_pictures_are_left_behind_and_nothing_else() -> None:
    content = changed(with_cell("B9"), lambda _name, part: part)
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr("xl/media/image1.png", b"\x89PNG")
    with zipfile.ZipFile(io.BytesIO(let_in(stream.getvalue()))) as found:
        names = set(found.namelist())
    with zipfile.ZipFile(stream) as given:
        assert set(given.namelist()) - names == {"xl/media/image1.png"}
    assert read_template(stream.getvalue()) == read_template(content)


def test_a_workbook_without_the_columns_is_refused() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet("SoLieu").write_row(0, 0, ["Mã", "Số"])
    book.close()
    with pytest.raises(SheetUnreadable, match="biểu mẫu"):
        read_template(stream.getvalue())
