"""One document as text, as Word and as printed paper: the same head and the same assignments from each."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tests.engine.extraction.printed import Paper, wrapped
from tests.engine.extraction.written import paragraph, table, word_file
from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.head import read_head
from thuocdo.engine.extraction.reader import read

CORPUS = Path(__file__).parents[2] / "extraction_corpus" / "train"
DOCUMENTS = [
    "chi_thi_chu_tich_ubnd_thanh_pho", "chuong_trinh_xa", "cong_dien_bao_so_4", "cong_van_bo_noi_vu_don_doc",
    "ket_luan_ban_thuong_vu_tinh_uy", "nghi_quyet_chinh_phu_phu_luc", "quyet_dinh_ubnd_tinh", "tin_bao_hop_duong_sat",
]  # fmt: skip
_CELLS = re.compile(r"\||\t")
_SIDES = re.compile(r"\s*(?P<left>\S.*?)\s{4,}(?P<right>\S.*)")


def rows_of(line: str) -> list[str] | None:
    """The cells of a line of a table, [] for the rule below its header, None for any other line."""
    if max(line.count("|"), line.count("\t")) < 2:
        return None
    cells = [cell.strip() for cell in _CELLS.split(line.strip().strip("|"))]
    return [] if all(set(cell) <= set("-: ") for cell in cells) else cells


def written(text: str) -> bytes:
    """The text as a Word file, its tables as tables."""
    body, rows = "", []
    for line in [*text.split("\n"), ""]:
        cells = rows_of(line)
        if cells is not None:
            rows += [[escape(cell) for cell in cells]] if cells else []
            continue
        body, rows = body + (table(*rows) if rows else ""), []
        body += paragraph("</w:t><w:tab/><w:t>".join(map(escape, re.split(r"\s{4,}", line.strip()))))
    return word_file(body)


def printed(text: str) -> bytes:
    """The text as a PDF: head and signature in two blocks, the title in the middle, tables with rules."""
    paper = Paper()
    y = 0.0
    rows: list[list[str]] = []
    for number, line in enumerate([*text.split("\n"), ""]):
        cells = rows_of(line)
        if cells is not None:
            rows += [cells] if cells else []
            continue
        if rows:
            width = max(map(len, rows))
            edges = [60.0, *(90.0 + 455 * column / (width - 1) for column in range(width))]
            for row in rows:
                if y < 150:
                    paper.page()
                    y = 780.0
                y = paper.table(y, edges, [row + [""] * (width - len(row))]) + 15
            rows, y = [], y - 15
        sides = _SIDES.fullmatch(line)
        shown = list(wrapped(line, 465, 28)) if line.strip() and not sides else [line]
        for place, part in enumerate(shown):
            if y < 75:
                paper.page()
                y = 780.0
            if sides:
                paper.text(60, y, sides["left"], 8)
                paper.text(320, y, sides["right"], 8)
            elif part.strip():
                is_title = number < 14 and part.isupper() and len(part) < 20
                left = 320 if part.startswith(" " * 20) else 260 if is_title else 98 if place == 0 else 70
                paper.text(left, y, part.strip(), 8 if left == 320 else 11)
            y -= 15 if part.strip() else 6
    return paper.data()


@pytest.mark.parametrize("make", [written, printed])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_format_does_not_change_what_is_read(name: str, make: Callable[[str], bytes]) -> None:
    text = unicodedata.normalize("NFC", (CORPUS / f"{name}.txt").read_text(encoding="utf-8"))
    source = read(make(text))
    head, again = read_head(text), read_head(source.text)
    for field in ("number", "kind", "issued_on", "place", "signer_post", "urgency"):
        assert getattr(again, field) == getattr(head, field), field
    assert [(one.lead, one.coordinating, one.deadline.date) for one in find_assignments(source.text)] == [
        (one.lead, one.coordinating, one.deadline.date) for one in find_assignments(text)
    ]
