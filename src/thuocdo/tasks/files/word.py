"""A list of tasks as a Word document in an official layout: A4 across, heads repeated on every page."""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from thuocdo.engine.typesetting import docx_bytes

from .layouts import Column, Cover, Layout, Line
from .workbook import FONT, PARTY_HEAD, STATE_HEAD, TITLE

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Width of an A4 page laid across, less its margins of 20 mm and 15 mm, in twentieths of a point.
_WIDTH = int((297 - 35) / 25.4 * 1440)
_CENTRED = {"number", "deadline", "code"}


def word_document(lines: Iterable[Line], *, layout: Layout, cover: Cover) -> bytes:
    """The list as docx, the same bytes for the same list.

    The code of each task and, unseen, its stamp stand in the last column.
    """
    document = Document()
    document.core_properties.title = TITLE
    document.core_properties.author = cover.body
    document.core_properties.language = "vi-VN"
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", FONT)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    section.top_margin = section.bottom_margin = Mm(18)
    _head(document, layout, cover)
    columns = [column for column in layout.columns if column.field != "stamp"]
    table = parse_xml(_table(columns))
    for number, line in enumerate(lines, start=1):
        table.append(parse_xml(_row(columns, line, number)))
    body = document.element.body
    body.insert(len(body) - 1, table)
    _page_numbers(section)
    return docx_bytes(document)


def _head(document: Any, layout: Layout, cover: Cover) -> None:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.width, right.width = Mm(115), Mm(147)
    _say(left.paragraphs[0], cover.body.upper(), bold=True)
    if layout.is_party:
        _say(right.paragraphs[0], PARTY_HEAD, bold=True)
    else:
        _say(right.paragraphs[0], STATE_HEAD[0], bold=True)
        _say(right.add_paragraph(), STATE_HEAD[1], bold=True)
    title = document.add_paragraph()
    title.paragraph_format.space_before = Pt(12)
    _say(title, TITLE, bold=True, size=14)
    if subject := ". ".join(part for part in (cover.subject, cover.filters) if part):
        _say(document.add_paragraph(), subject, italic=True)
    day = document.add_paragraph()
    day.paragraph_format.space_after = Pt(8)
    _say(day, cover.day_in_words, italic=True)


def _say(paragraph: Any, words: str, *, bold: bool = False, italic: bool = False, size: int = 12) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(words)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _page_numbers(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))  # noqa: SLF001 (python-docx has no fields)


def _table(columns: list[Column]) -> str:
    """The table with its head row, which Word repeats on every page."""
    whole = sum(column.width for column in columns)
    widths = [_WIDTH * column.width // whole for column in columns]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    heads = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="E8EEF4"/>'
        f'<w:vAlign w:val="center"/></w:tcPr>{_paragraph(column.heading, "center", bold=True)}</w:tc>'
        for column, width in zip(columns, widths, strict=True)
    )
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr></w:tbl>"
    )


def _row(columns: list[Column], line: Line, number: int) -> str:
    cells = []
    for column in columns:
        unseen = ""
        if column.field == "number":
            words = str(number)
        elif column.field == "code":
            words = line.code
            unseen = f'<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve"> {line.stamp}</w:t></w:r>'
        else:
            words = line.text(column.field)
        side = "center" if column.field in _CENTRED else "left"
        size = 16 if column.field == "code" else 21
        paragraphs = [_paragraph(one, side, size=size) for one in words.split("\n") or [""]]
        paragraphs[-1] = paragraphs[-1].replace("</w:p>", f"{unseen}</w:p>")
        cells.append(f"<w:tc>{''.join(paragraphs)}</w:tc>")
    return f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _paragraph(words: str, side: str, *, bold: bool = False, size: int = 21) -> str:
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:p><w:pPr><w:jc w:val="{side}"/></w:pPr><w:r><w:rPr>{weight}<w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'
    )
