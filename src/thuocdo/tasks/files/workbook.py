"""A list of tasks as an Excel workbook in an official layout: A4 across, heads repeated, codes to find the way back."""

import tempfile
from collections.abc import Iterable
from datetime import date
from typing import IO, Any

import xlsxwriter

from .layouts import Cover, Layout, Line, shown

SHEET = "NhiemVu"
FONT = "Times New Roman"
# Rows of the sheet, counted from 0: the heads of state or Party, the title, what it is about, the column heads.
TITLE_ROW, SUBJECT_ROW, DAY_ROW, HEADING_ROW = 3, 4, 5, 7
# A line of print in points, the width of a usual sign in those by which columns are measured, the highest row.
LINE_HEIGHT, WIDTH_OF_SIGN, HIGHEST_ROW = 15.0, 0.88, 400.0
TITLE = "TÌNH HÌNH THỰC HIỆN NHIỆM VỤ ĐƯỢC GIAO"
PARTY_HEAD = "ĐẢNG CỘNG SẢN VIỆT NAM"
STATE_HEAD = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def workbook(lines: Iterable[Line], *, layout: Layout, cover: Cover) -> IO[bytes]:
    """A temporary file with the list; lines are written as they come, so that memory stays bounded."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (whoever asked closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": TITLE, "company": cover.body, "language": "vi-VN"})
    sheet = book.add_worksheet(SHEET)
    for number, column in enumerate(layout.columns):
        sheet.set_column(number, number, column.width, None, {"hidden": column.field == "stamp"})
    _head(book, sheet, layout, cover)
    last = _body(book, sheet, layout, lines)
    width = len(layout.official)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW)
    # On paper the list has the official columns and no other.
    sheet.print_area(0, 0, last, width - 1)
    sheet.set_footer(f'&C&"{FONT}"&P/&N')
    sheet.freeze_panes(HEADING_ROW + 1, 2)
    sheet.autofilter(HEADING_ROW, 0, last, width)
    book.close()
    file.seek(0)
    return file


def _head(book: Any, sheet: Any, layout: Layout, cover: Cover) -> None:
    """The lines above the table, in the order of rows: a workbook written in passing cannot go back."""
    middle = {"font_name": FONT, "align": "center", "valign": "vcenter"}
    strong = book.add_format({**middle, "font_size": 12, "bold": True})
    title = book.add_format({**middle, "font_size": 14, "bold": True})
    slanted = book.add_format({**middle, "font_size": 12, "italic": True})
    under = book.add_format({**middle, "font_size": 12, "bold": True, "underline": 1})
    last = len(layout.official) - 1
    half = 2
    sheet.merge_range(0, 0, 0, half, shown(cover.body.upper()), strong)
    sheet.merge_range(0, half + 1, 0, last, PARTY_HEAD if layout.is_party else STATE_HEAD[0], strong)
    if not layout.is_party:
        sheet.merge_range(1, half + 1, 1, last, STATE_HEAD[1], under)
    sheet.set_row(TITLE_ROW, 22)
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, TITLE, title)
    wrapped = book.add_format({**middle, "font_size": 12, "italic": True, "text_wrap": True})
    subject = ". ".join(part for part in (cover.subject, cover.filters) if part)
    sheet.set_row(SUBJECT_ROW, 17 * (1 + len(subject) // 130))
    sheet.merge_range(SUBJECT_ROW, 0, SUBJECT_ROW, last, shown(subject), wrapped)
    sheet.merge_range(DAY_ROW, 0, DAY_ROW, last, cover.day_in_words, slanted)
    heading = book.add_format(
        {**middle, "font_size": 11, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#E8EEF4"}
    )
    aside = book.add_format({**middle, "font_size": 9, "text_wrap": True, "font_color": "#5A5A5A", "border": 1})
    sheet.set_row(HEADING_ROW, 34)
    for number, column in enumerate(layout.columns):
        sheet.write_string(HEADING_ROW, number, column.heading, heading if number <= last else aside)


def _body(book: Any, sheet: Any, layout: Layout, lines: Iterable[Line]) -> int:
    """The rows of the table; gives the number of the last row that was written."""
    plain = {"font_name": FONT, "font_size": 11, "valign": "top", "border": 1, "text_wrap": True}
    text = book.add_format(plain)
    middle = book.add_format({**plain, "align": "center"})
    day = book.add_format({**plain, "align": "center", "num_format": "dd/mm/yyyy"})
    aside = book.add_format({**plain, "font_size": 9, "font_color": "#5A5A5A", "num_format": "@"})
    # A share whose format adds the status in words: people type a new share over it, as into any cell.
    shares: dict[str, Any] = {}
    row = HEADING_ROW
    for row, line in enumerate(lines, start=HEADING_ROW + 1):
        # Excel fits rows to wrapped text when it opens a file; other programs show the height that stands in it.
        sheet.set_row(row, _height(layout, line))
        for number, column in enumerate(layout.columns):
            match column.field:
                case "number":
                    sheet.write_number(row, number, row - HEADING_ROW, middle)
                case "progress":
                    if line.status not in shares:
                        words = line.status.replace('"', "")
                        shares[line.status] = book.add_format(
                            # A number does not wrap: too long a status is written smaller, never as "###".
                            {
                                **plain,
                                "num_format": f'0%" – {words}"',
                                "align": "left",
                                "text_wrap": False,
                                "shrink": True,
                            }
                        )
                    sheet.write_number(row, number, line.progress / 100, shares[line.status])
                case "deadline" if isinstance(line.deadline, date):
                    sheet.write_datetime(row, number, line.deadline, day)
                case "deadline":
                    sheet.write_string(row, number, line.text("deadline"), middle)
                case "code" | "stamp":
                    sheet.write_string(row, number, str(getattr(line, column.field)), aside)
                case field:
                    sheet.write_string(row, number, line.text(field), text)
    return row


def _height(layout: Layout, line: Line) -> float:
    """The height in points that the longest cell of a row needs in its column."""
    most = 1
    for column in layout.official:
        if column.field not in ("number", "progress"):
            said = line.text(column.field).split("\n")
            most = max(most, sum(1 + int(len(one) * WIDTH_OF_SIGN) // column.width for one in said))
    return min(most * LINE_HEIGHT + 2, HIGHEST_ROW)
