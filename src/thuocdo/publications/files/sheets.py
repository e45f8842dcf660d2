"""A head's dossier as a workbook: one sheet of figures, a sheet of rows behind each, and the way there and back."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import override

from thuocdo.publications.lifecycle import FIGURES, figures_of_group, parse_term
from thuocdo.tasks.files.layouts import shown

from .content import Content, SignedRow
from .paper import GROUPS, TITLE, Paper, day, fact_in_words, moment, numbered, spans_in_words

FONT = "Times New Roman"
FRONT = "Số liệu"
_HEADINGS = ("Dòng", "Mã nhiệm vụ", "Nhiệm vụ", "Phải làm từ", "Thời hạn", "Thời hạn ban đầu", "Ngày của dữ kiện",
             "Dữ kiện", "Số ngày chậm", "Mục nhật ký", "Giải trình của người đứng đầu")  # fmt: skip
_WIDTHS = (7, 15, 44, 11, 11, 11, 11, 28, 8, 9, 34)


def dossier_workbook(paper: Paper) -> bytes:
    """The dossier as xlsx; every figure links to the sheet that holds exactly its rows."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The same dossier gives the same bytes: the file was made when the facts were known.
    book.set_properties(
        {"title": TITLE, "company": paper.content.body_name, "created": paper.content.known_at.replace(tzinfo=None)}
    )
    with override("vi"):
        formats = _formats(book)
        sheets = _front(book, paper, formats)
        for code, name in sheets.items():
            _rows(book, paper, code, name, formats)
        _method(book, paper.content, formats)
    book.close()
    return kept.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    plain = {"font_name": FONT, "font_size": 11, "valign": "top"}
    boxed = {**plain, "border": 1, "text_wrap": True}
    return {
        "plain": book.add_format(plain),
        "wrapped": book.add_format({**plain, "text_wrap": True}),
        "title": book.add_format({**plain, "bold": True, "font_size": 14}),
        "group": book.add_format({**boxed, "bold": True, "bg_color": "#F4F1EA"}),
        "heading": book.add_format({**boxed, "bold": True, "bg_color": "#E8EEF4", "align": "center"}),
        "text": book.add_format(boxed),
        "middle": book.add_format({**boxed, "align": "center"}),
        "day": book.add_format({**boxed, "align": "center", "num_format": "dd/mm/yyyy"}),
        "link": book.add_format({**boxed, "align": "center", "font_color": "#1F4E79", "underline": 1}),
        "way": book.add_format({**plain, "font_color": "#1F4E79", "underline": 1}),
    }


def _front(book: Any, paper: Paper, formats: dict[str, Any]) -> dict[str, str]:
    """The sheet of figures; gives the sheet of each figure that counts something."""
    content, sheet = paper.content, book.add_worksheet(FRONT)
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 12)
    sheet.set_column(3, 3, 84)
    sheet.write_string(0, 0, TITLE.upper(), formats["title"])
    signed = paper.signed
    state = f"Đã ký lúc {moment(signed.at)}" if signed else "Chưa ký"
    lines = (
        f"{content.post} {paper.person}; {content.body_name}; {parse_term(content.term).display('vi')}",
        f"Giữ chức trong kỳ: {spans_in_words(content)}; số liệu tính đến hết ngày {day(content.until)}",
        f"Bản số {paper.number}, lập lúc {moment(content.known_at)}; {state}; SHA-256 {paper.digest}",
    )
    for line_row, line in enumerate(lines, start=1):
        sheet.write_string(line_row, 0, shown(line), formats["plain"])
    row = 5
    for column, heading in enumerate(("Số", "Chỉ tiêu", "Giá trị", "Chỉ tiêu đếm gì")):
        sheet.write_string(row, column, heading, formats["heading"])
    numbers = numbered()
    sheets: dict[str, str] = {}
    for group, title in GROUPS:
        row += 1
        sheet.merge_range(row, 0, row, 3, title, formats["group"])
        for figure in figures_of_group(group):
            row += 1
            value = content.figures.get(figure.code, 0)
            sheet.write_string(row, 0, f"({numbers[figure.code]})", formats["middle"])
            sheet.write_string(row, 1, str(figure.title), formats["text"])
            if value:
                sheets[figure.code] = f"({numbers[figure.code]})"
                # The link is written first: it would write over the number.
                sheet.write_url(
                    row, 2, f"internal:'{sheets[figure.code]}'!A1", formats["link"], tip="Các dòng được đếm"
                )
                sheet.write_number(row, 2, value, formats["link"])
            else:
                sheet.write_number(row, 2, 0, formats["middle"])
            sheet.write_string(row, 3, str(figure.meaning), formats["text"])
    if signed and signed.remark:
        sheet.write_string(row + 2, 0, "Ý kiến của người đứng đầu khi ký:", formats["plain"])
        sheet.merge_range(row + 3, 0, row + 3, 3, shown(signed.remark), formats["wrapped"])
        sheet.set_row(row + 3, 15 * (1 + len(signed.remark) // 130))
    _for_print(sheet, row + 3, 3)
    return sheets


def _rows(book: Any, paper: Paper, code: str, name: str, formats: dict[str, Any]) -> None:
    figure = next(one for one in FIGURES if one.code == code)
    sheet = book.add_worksheet(name)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, f"{name} {figure.title}", formats["title"])
    sheet.write_string(1, 0, shown(str(figure.meaning)), formats["plain"])
    sheet.write_url(2, 0, f"internal:'{FRONT}'!A1", formats["way"], string="Về bảng số liệu")
    for place, heading in enumerate(_HEADINGS):
        sheet.write_string(4, place, heading, formats["heading"])
    last = 4
    for last, row in enumerate(paper.content.rows_of(code), start=5):
        _row(sheet, last, row, paper, formats)
    sheet.freeze_panes(5, 2)
    sheet.autofilter(4, 0, last, len(_HEADINGS) - 1)
    sheet.repeat_rows(4)
    _for_print(sheet, last, len(_HEADINGS) - 1)


def _row(sheet: Any, place: int, row: SignedRow, paper: Paper, formats: dict[str, Any]) -> None:
    sheet.write_number(place, 0, row.number, formats["middle"])
    sheet.write_string(place, 1, row.code, formats["middle"])
    sheet.write_string(place, 2, shown(row.title), formats["text"])
    for column, value in ((3, row.owed_from), (4, row.due), (5, row.original_due), (6, row.on)):
        if value is None:
            sheet.write_blank(place, column, None, formats["day"])
        else:
            sheet.write_datetime(place, column, value, formats["day"])
    sheet.write_string(place, 7, fact_in_words(row), formats["text"])
    if row.days_late:
        sheet.write_number(place, 8, row.days_late, formats["middle"])
    else:
        sheet.write_blank(place, 8, None, formats["middle"])
    if row.entry:
        sheet.write_number(place, 9, row.entry, formats["middle"])
    else:
        sheet.write_blank(place, 9, None, formats["middle"])
    said = paper.signed.explanations.get(row.key, "") if paper.signed else ""
    sheet.write_string(place, 10, shown(said), formats["text"])


def _method(book: Any, content: Content, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Cách tính")
    sheet.set_column(0, 0, 120)
    sheet.write_string(0, 0, f"Cách tính, bản {content.method_version}", formats["title"])
    for place, line in enumerate(content.method, start=2):
        sheet.write_string(place, 0, line, formats["wrapped"])
    _for_print(sheet, len(content.method) + 2, 0)


def _for_print(sheet: Any, last_row: int, last_column: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer(f'&C&"{FONT}"&P/&N')
