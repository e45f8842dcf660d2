"""A ranking as a file: csv for machines, xlsx for people; texts that no program runs as formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.utils.translation import gettext, pgettext

from thuocdo.indicators.files import neutralised
from thuocdo.scorecards.queries import Standing
from thuocdo.web.design.figures import moment, named, period

from .choice import Chosen
from .marks import class_title, pillars_of, title_of

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | None


def headings(chosen: Chosen) -> list[str]:
    """The heads of the columns."""
    return [
        gettext("Hạng"),
        gettext("Mã cơ quan"),
        pgettext("one", "Cơ quan"),
        gettext("Điểm chung"),
        *(title_of(one.title) for one in pillars_of(chosen.spec)),
        gettext("Xếp loại"),
        gettext("Điểm kỳ trước"),
        gettext("Hạng kỳ trước"),
        gettext("Thay đổi điểm"),
        gettext("Thay đổi hạng"),
    ]


def rows(chosen: Chosen, standings: Iterable[Standing]) -> Iterator[list[Cell]]:
    """One row per body; scores of pillars are rounded as on the pages."""
    pillars = [one.code for one in pillars_of(chosen.spec)]
    for standing in standings:
        yield [
            standing.rank,
            standing.body.code,
            named(standing.body),
            standing.rounded,
            *(_rounded(standing.parts.get(code, {}).get("score")) for code in pillars),
            class_title(chosen.spec, standing.score_class),
            standing.previous_rounded,
            standing.previous_rank,
            standing.change,
            standing.rank_change,
        ]


def as_csv(chosen: Chosen, standings: Iterable[Standing]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets see the accents; decimal points, as machines read them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings(chosen))
    for row in rows(chosen, standings):
        writer.writerow([neutralised(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(chosen: Chosen, standings: Iterable[Standing]) -> bytes:
    """A sheet that says above the table what was ranked, when, and by which version of the method."""
    assert chosen.run is not None  # noqa: S101
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(gettext("Xếp hạng"))
    strong = book.add_format({"bold": True, "font_size": 13})
    heading = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
    decimal = book.add_format({"num_format": "0.00"})
    titles = headings(chosen)
    _write_head(sheet, chosen, strong)
    for column, title in enumerate(titles):
        sheet.write_string(4, column, title, heading)
        sheet.set_column(column, column, 44 if column == 2 else 13)
    last = 4
    for last, row in enumerate(rows(chosen, standings), start=5):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, column, neutralised(cell))
            elif cell is not None:
                sheet.write_number(last, column, cell, decimal if isinstance(cell, float) else None)
    sheet.freeze_panes(5, 3)
    sheet.autofilter(4, 0, last, len(titles) - 1)
    book.close()
    return stream.getvalue()


def _write_head(sheet: xlsxwriter.worksheet.Worksheet, chosen: Chosen, strong: object) -> None:
    assert chosen.run is not None  # noqa: S101
    lines: Sequence[str] = (
        gettext("Xếp hạng: %(group)s, %(period)s")
        % {"group": title_of(chosen.group.title), "period": period(chosen.period)},
        gettext("Tính đến %(time)s") % {"time": moment(chosen.run.known_at)},
        gettext("Bộ chỉ số %(code)s, phiên bản %(version)s, mã băm %(digest)s")
        % {
            "code": chosen.run.scorecard.code,
            "version": chosen.run.scorecard.version,
            "digest": chosen.run.method_digest,
        },
    )
    for place, line in enumerate(lines):
        sheet.write_string(place, 0, line, strong if place == 0 else None)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 2)
