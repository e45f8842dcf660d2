"""Official letters and reports as docx and pdf: plain objects in, bytes out, the same bytes for the same objects.

`letters` says what a letter is made of, `layouts` how State and Party want it laid out, `composition` which words
stand where; `word` and `pdf` only draw.
"""

from thuocdo.engine.typesetting.layouts import LAYOUTS, PARTY, STATE, Layout
from thuocdo.engine.typesetting.letters import (
    Bar,
    Block,
    Column,
    Cover,
    Figure,
    Figures,
    Heading,
    Letter,
    Mode,
    PageBreak,
    Paragraph,
    Points,
    Ruler,
    Signature,
    Span,
    Table,
    Words,
)
from thuocdo.engine.typesetting.pdf import letter_pdf
from thuocdo.engine.typesetting.word import docx_bytes, letter_docx

__all__ = [
    "LAYOUTS",
    "PARTY",
    "STATE",
    "Bar",
    "Block",
    "Column",
    "Cover",
    "Figure",
    "Figures",
    "Heading",
    "Layout",
    "Letter",
    "Mode",
    "PageBreak",
    "Paragraph",
    "Points",
    "Ruler",
    "Signature",
    "Span",
    "Table",
    "Words",
    "docx_bytes",
    "letter_docx",
    "letter_pdf",
]
