"""The spreadsheet goes out with codes and lists and comes back as rows that know their cells."""

import io
from decimal import Decimal

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.indicators.figures import load_figures, tell
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
    monkeypatch.setattr("thuocdo.indicators.files.reading.LARGEST_UNPACKED", 1_000)
    with pytest.raises(SheetUnreadable, match="giải nén"):
        read_template(sheet_of(line(79.5)))


def test_a_workbook_without_the_columns_is_refused() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet("SoLieu").write_row(0, 0, ["Mã", "Số"])
    book.close()
    with pytest.raises(SheetUnreadable, match="biểu mẫu"):
        read_template(stream.getvalue())
