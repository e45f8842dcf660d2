"""A ranking as a file: csv for machines, xlsx for people; texts that no program runs as formulas."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from django.utils.translation import gettext, pgettext

from thuocdo.indicators.files import neutralised
from thuocdo.scorecards.queries import SHARE, Interval, Standing, simulation_of
from thuocdo.web.design.figures import moment, named, period

from .choice import Chosen
from .marks import class_title, pillars_of, title_of

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
Cell = str | int | float | None
# Where the names of the bodies stand, counted from 0.
NAME_COLUMN = 5


def headings(chosen: Chosen) -> list[str]:
    """The heads of the columns."""
    return [
        gettext("Hạng"),
        gettext("Hạng từ"),
        gettext("Hạng đến"),
        gettext("Số cơ quan chưa phân biệt được"),
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
        interval: Interval | None = getattr(standing, "interval", None)
        yield [
            standing.rank,
            *((None, None, None) if interval is None else (interval.low, interval.high, interval.alike)),
            standing.body.code,
            named(standing.body),
            standing.rounded,
            *(_rounded(standing.part(code).get("score")) for code in pillars),
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


def as_json(chosen: Chosen, standings: Iterable[Standing]) -> bytes:
    """The ranking for programs, with the digests by which scores and intervals can be computed again."""
    assert chosen.run is not None  # noqa: S101
    run, simulation, pillars = chosen.run, simulation_of(chosen.run), [one.code for one in pillars_of(chosen.spec)]
    rows_of_bodies = []
    for standing in standings:
        interval: Interval | None = getattr(standing, "interval", None)
        rows_of_bodies.append(
            {
                "body": standing.body.code,
                "name": standing.body.name,
                "rank": standing.rank,
                "score": standing.rounded,
                "class": standing.score_class or None,
                "previous_rank": standing.previous_rank,
                "previous_score": standing.previous_rounded,
                "pillars": {code: _rounded(standing.part(code).get("score")) for code in pillars},
                "interval": None
                if interval is None
                else {"low": interval.low, "high": interval.high, "indistinguishable_from": interval.alike},
            }
        )
    told = {
        "scorecard": run.scorecard.code,
        "version": run.scorecard.version,
        "peer_group": run.peer_group,
        "period": run.period,
        "is_live": run.is_live,
        "known_at": run.known_at.isoformat(),
        "digests": {"method": run.method_digest, "inputs": run.inputs_digest, "outputs": run.outputs_digest},
        "engine": run.engine_version,
        "intervals": None
        if simulation is None
        else {
            "share": SHARE,
            "replicates": simulation.replicates,
            "seed": simulation.seed,
            "engine": simulation.engine_version,
            "digest": simulation.digest,
        },
        "standings": rows_of_bodies,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


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
        sheet.set_column(column, column, 44 if column == NAME_COLUMN else 13)
    last = 4
    for last, row in enumerate(rows(chosen, standings), start=5):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, column, neutralised(cell))
            elif cell is not None:
                sheet.write_number(last, column, cell, decimal if isinstance(cell, float) else None)
    sheet.freeze_panes(5, NAME_COLUMN + 1)
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
