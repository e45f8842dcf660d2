"""A letter as docx in Times New Roman, ready to be edited and signed; the same bytes for the same letter."""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from thuocdo.engine.typesetting.composition import Composition, compose, heading_levels, text_width
from thuocdo.engine.typesetting.layouts import FONT, MARGINS, PAGE, Layout
from thuocdo.engine.typesetting.letters import Letter
from thuocdo.engine.typesetting.word_blocks import block_parts
from thuocdo.engine.typesetting.word_cover import cover_parts
from thuocdo.engine.typesetting.word_parts import (
    NAMESPACES,
    Shape,
    cell,
    frame_table,
    page_field,
    paragraph,
    rule,
    run,
    watermark,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Every member of the archive bears this time, the earliest a zip can say.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_POINTS_IN_MM = 72 / 25.4


def letter_docx(letter: Letter, layout: Layout) -> bytes:
    """The letter as docx; the same bytes for the same letter and layout."""
    frame = compose(letter, layout)
    document = Document()
    _describe(document, letter, frame)
    _style(document, layout)
    _lay_page(document, letter, layout)
    wide = text_width(is_across=letter.is_across)
    body = document.element.body
    end = body[-1]
    is_signed = bool(letter.signature or frame.recipients)
    parts = [] if letter.cover is None else cover_parts(letter.cover, frame, layout, wide, end)
    parts += [_head(frame, layout, wide), *_title(frame, layout), *_addressed(frame, layout)]
    for at, (block, level) in enumerate(zip(letter.blocks, heading_levels(letter), strict=True)):
        parts += block_parts(block, layout, level, wide, is_kept=is_signed and at == len(letter.blocks) - 1)
    if is_signed:
        parts += [paragraph("", Shape(before=8, size=2)), _signed(frame, layout, wide)]
    # Word wants a paragraph behind the last table.
    parts.append(paragraph("", Shape(size=1)))
    if letter.cover:
        end.find(qn("w:pgMar")).addnext(parse_xml(f'<w:pgNumType {NAMESPACES} w:start="1"/>'))
    for part in parse_xml(f"<w:body {NAMESPACES}>{''.join(parts)}</w:body>"):
        end.addprevious(part)
    return docx_bytes(document)


def _describe(document: Any, letter: Letter, frame: Composition) -> None:
    told = document.core_properties
    # The format allows 255 letters here.
    told.title, told.author, told.subject = (words[:255] for words in (frame.title, frame.author, frame.subject))
    told.last_modified_by, told.comments, told.language = told.author, "", "vi-VN"
    made = datetime.combine(letter.date, time(), UTC) if letter.date else _UNDATED
    told.created = told.modified = made
    told.revision = 1


def _style(document: Any, layout: Layout) -> None:
    """Times New Roman for all, and headings as the rules want them instead of Word's blue ones."""
    styles = document.styles
    size = round(layout.text_size * 2)
    faces = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
    language = '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/>'
    names = ["Normal", *(name for level in range(1, 5) for name in (f"Heading {level}", f"Heading {level} Char"))]
    for name in names:
        element, marks = styles[name].element, "" if name == "Normal" else "<w:b/>"
        for old in element.findall(qn("w:rPr")):
            element.remove(old)
        colour = '<w:color w:val="000000"/>'
        element.append(
            parse_xml(
                f"<w:rPr {NAMESPACES}>{faces}{marks}{colour}"
                f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>{language}</w:rPr>'
            )
        )
        if name.endswith("Char"):
            continue
        shape = styles[name].paragraph_format
        shape.space_before = shape.space_after = 0
        shape.line_spacing = 1.0
    defaults = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(parse_xml(language.replace("<w:lang ", f"<w:lang {NAMESPACES} ")))


def _lay_page(document: Any, letter: Letter, layout: Layout) -> None:
    section = document.sections[0]
    sides = PAGE[::-1] if letter.is_across else PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if letter.is_across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(side) for side in sides)
    section.left_margin, section.right_margin = Mm(MARGINS["left"]), Mm(MARGINS["right"])
    section.top_margin, section.bottom_margin = Mm(MARGINS["top"]), Mm(MARGINS["bottom"])
    section.header_distance = section.footer_distance = Mm(10)
    # The number stands in the middle of the upper margin, and not on the first page.
    section.different_first_page_header_footer = True
    for header, field in ((section.header, page_field(layout.page_number_size)), (section.first_page_header, "")):
        mark = watermark() if letter.is_draft else ""
        old = header.paragraphs[0]._p  # noqa: SLF001 (python-docx has no fields)
        new = parse_xml(paragraph(mark + field, Shape(side="center")).replace("<w:p>", f"<w:p {NAMESPACES}>", 1))
        old.getparent().replace(old, new)


def _head(frame: Composition, layout: Layout, wide: float) -> str:
    left = layout.left * _POINTS_IN_MM
    right = wide - left
    centred = Shape(side="center")
    first = ""
    if frame.superior:
        first += paragraph(run(frame.superior, size=layout.superior_size), centred)
    first += paragraph(run(frame.body, size=layout.body_size, bold=True), centred)
    if layout.body_sign:
        first += paragraph(run(layout.body_sign, size=layout.body_size), centred)
    else:
        first += rule(frame.body_rule, left)
    second = "".join(paragraph(run(words, size=size, bold=True), centred) for words, size in layout.heads)
    second += rule(frame.head_rule, right)
    number = paragraph(run(frame.number, size=layout.number_size), centred)
    if frame.letter_subject:
        words = run(frame.letter_subject, size=layout.letter_subject_size, italic=layout.is_letter_subject_slanted)
        number += paragraph(words, Shape(side="center", before=3))
    day = paragraph(run(frame.day, size=layout.date_size, italic=True), centred)
    rows = [[cell(first, left), cell(second, right)], [cell(number, left), cell(day, right)]]
    return frame_table((left, right), rows)


def _title(frame: Composition, layout: Layout) -> list[str]:
    if not frame.kind:
        return [paragraph("", Shape(size=layout.text_size))]
    parts = [
        paragraph(
            run(frame.kind, size=layout.kind_size, bold=True),
            Shape(side="center", before=14, after=2, style="Heading1", is_kept=True),
        )
    ]
    if frame.subject:
        parts.append(
            paragraph(run(frame.subject, size=layout.subject_size, bold=True), Shape(side="center", is_kept=True))
        )
    if layout.subject_sign:
        parts.append(paragraph(run(layout.subject_sign, size=layout.subject_size), Shape(side="center", after=8)))
    elif frame.subject_rule:
        parts += [rule(frame.subject_rule, text_width()), paragraph("", Shape(size=8))]
    return parts


def _addressed(frame: Composition, layout: Layout) -> list[str]:
    word = run(layout.addressed, size=layout.text_size, italic=layout.is_addressed_slanted)
    if len(frame.addressees) == 1:
        only = run(" " + frame.addressees[0], size=layout.text_size)
        return [paragraph(word + only, Shape(side="center", before=6, after=10))]
    if not frame.addressees:
        return []
    indent = 25 * _POINTS_IN_MM
    lines = [paragraph(word, Shape(before=6, left=indent, is_kept=True))]
    for at, name in enumerate(frame.addressees):
        after = 10 if at == len(frame.addressees) - 1 else 0
        shape = Shape(before=3, after=after, left=indent + 48 * 1.4, hanging=8.5)
        lines.append(paragraph(run(name, size=layout.text_size), shape))
    return lines


def _signed(frame: Composition, layout: Layout, wide: float) -> str:
    half = wide / 2
    left = ""
    if frame.recipients:
        upright = layout.is_recipients_heading_underlined
        heading = run(
            layout.recipients_heading,
            size=layout.recipients_heading_size,
            bold=not upright,
            italic=not upright,
            underlined=upright,
        )
        left = paragraph(heading, Shape())
        for line in frame.recipients:
            left += paragraph(run(line, size=layout.recipients_size), Shape(left=5, hanging=5))
    right = ""
    if frame.post:
        centred = Shape(side="center")
        if frame.authority:
            right += paragraph(run(frame.authority, size=layout.signature_size, bold=True), centred)
        right += paragraph(run(frame.post, size=layout.signature_size, bold=layout.is_post_bold), centred)
        # Room for the signature and the seal.
        right += paragraph("", Shape(side="center", before=22 * _POINTS_IN_MM, size=1))
        right += paragraph(run(frame.name, size=layout.signature_size, bold=True), centred)
    return frame_table((half, half), [[cell(left, half), cell(right, half)]], is_whole=True)


def docx_bytes(document: Any) -> bytes:
    """The docx with one fixed time on every member of its archive: python-docx writes the time of day into it."""
    written, kept = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return kept.getvalue()
