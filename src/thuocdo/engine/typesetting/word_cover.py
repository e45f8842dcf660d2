"""The title page of a dossier as WordprocessingML: a section of its own in a double frame."""

from typing import Any

from docx.oxml.ns import qn

from thuocdo.engine.typesetting.composition import Composition
from thuocdo.engine.typesetting.layouts import MARGINS, PAGE, Layout
from thuocdo.engine.typesetting.letters import Cover
from thuocdo.engine.typesetting.word_blocks import ruler_parts
from thuocdo.engine.typesetting.word_parts import Shape, paragraph, rule, run, twips

_POINTS_IN_MM = 72 / 25.4


def cover_parts(cover: Cover, frame: Composition, layout: Layout, wide: float, text: Any) -> list[str]:
    """The cover and the end of its section; `text` is the section of the letter itself, whose paper it shares."""
    tall = int(text.find(qn("w:pgSz")).get(qn("w:h"))) / 20
    parts = []
    if frame.superior:
        parts.append(_centred(frame.superior, layout.superior_size, before=18))
    parts.append(_centred(frame.body, layout.body_size, before=4, bold=True))
    if layout.body_sign:
        parts.append(_centred(layout.body_sign, layout.body_size))
    else:
        parts.append(rule(frame.body_rule, wide))
    parts.append(_centred(cover.title, 24, before=tall * 0.2, bold=True))
    parts += [_centred(line, 16, before=8) for line in cover.lines]
    if cover.ruler:
        parts += [paragraph("", Shape(before=tall * 0.1, size=2)), *ruler_parts(cover.ruler, layout, wide)]
    parts.append(_centred(cover.foot, layout.date_size, before=tall * 0.1, italic=True))
    return [*parts, f"<w:p><w:pPr>{_section(text)}</w:pPr></w:p>"]


def _centred(words: str, size: float, *, before: float = 0, bold: bool = False, italic: bool = False) -> str:
    return paragraph(run(words, size=size, bold=bold, italic=italic), Shape(side="center", before=before))


def _section(text: Any) -> str:
    """The section that ends here: no number on its page, only the mark of a draft, if there is one."""
    mark = next(one for one in text.findall(qn("w:headerReference")) if one.get(qn("w:type")) == "first")
    size = text.find(qn("w:pgSz"))
    turned = ' w:orient="landscape"' if int(size.get(qn("w:w"))) > twips(PAGE[0] * _POINTS_IN_MM) + 20 else ""
    margins = " ".join(f'w:{side}="{twips(breadth * _POINTS_IN_MM)}"' for side, breadth in MARGINS.items())
    lines = "".join(
        f'<w:{side} w:val="double" w:sz="6" w:space="12" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{mark.get(qn("r:id"))}"/><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{size.get(qn("w:w"))}" w:h="{size.get(qn("w:h"))}"{turned}/>'
        f'<w:pgMar {margins} w:header="567" w:footer="567" w:gutter="0"/>'
        f'<w:pgBorders w:offsetFrom="text">{lines}</w:pgBorders></w:sectPr>'
    )
