"""A letter as PDF/A-2a and PDF/UA-1: tagged, in Vietnamese, with its faces inside, without a clock.

The words reach typst as data (JSON in `sys.inputs`) and never as markup, so nothing in them can be a command.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import typst

from thuocdo.engine.typesetting.composition import compose, heading_levels
from thuocdo.engine.typesetting.faces import font_folder
from thuocdo.engine.typesetting.layouts import MARGINS, PAGE, Layout
from thuocdo.engine.typesetting.letters import (
    Block,
    Cover,
    Figures,
    Heading,
    Letter,
    PageBreak,
    Paragraph,
    Points,
    Ruler,
    Table,
    Words,
)
from thuocdo.engine.typesetting.wording import printable

if TYPE_CHECKING:
    from typst import PDFStandard

MEDIA_TYPE = "application/pdf"
STANDARDS: "list[PDFStandard]" = ["a-2a", "ua-1"]
# The archive standard asks for a date; a letter that has none yet bears this one, which nobody takes for real.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
# A row of more letters than this may run over the end of a page.
LONG = 900


def letter_pdf(letter: Letter, layout: Layout) -> bytes:
    """The letter as pdf; the same bytes for the same letter, layout and version of typst."""
    made = datetime.combine(letter.date, time(), UTC) if letter.date else UNDATED
    content: bytes = typst.compile(
        _template(),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(_data(letter, layout), ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=made,
    )
    return content


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("thuocdo.engine.typesetting").joinpath("letter.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[font_folder()])


def _data(letter: Letter, layout: Layout) -> Any:
    return _printable(
        {
            "frame": asdict(compose(letter, layout)),
            "layout": asdict(layout),
            "page": {"width": PAGE[0], "height": PAGE[1], "is_across": letter.is_across, **MARGINS},
            "blocks": [
                _block(block, level) for block, level in zip(letter.blocks, heading_levels(letter), strict=True)
            ],
            "cover": _cover(letter.cover) if letter.cover else None,
            "is_signed": letter.signature is not None,
            "is_draft": letter.is_draft,
        }
    )


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value


def _block(block: Block, level: int) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {
                "sort": "paragraph",
                "spans": _spans(block.words),
                "side": block.side,
                "is_indented": block.is_indented,
                "is_long": _length(block.words) > LONG,
            }
        case Heading():
            return {"sort": "heading", "words": block.words, "level": level}
        case Points():
            return {"sort": "points", "marks": block.marks, "items": [_spans(item) for item in block.items]}
        case Table():
            return {
                "sort": "table",
                "columns": [asdict(column) for column in block.columns],
                "rows": [_row(row) for row in block.rows],
                "total": _row(block.total) if block.total else None,
                "caption": block.caption,
                "unit": block.unit,
                "notes": block.notes,
            }
        case Figures():
            return {"sort": "figures", "items": [asdict(item) for item in block.items]}
        case Ruler():
            return {"sort": "ruler", "bars": [asdict(bar) for bar in block.bars], "caption": block.caption}
        case PageBreak():
            return {"sort": "page_break"}


def _cover(cover: Cover) -> dict[str, Any]:
    return asdict(cover) | {"ruler": _block(cover.ruler, 0) if cover.ruler else None}


def _row(row: tuple[Words, ...]) -> dict[str, Any]:
    return {"cells": [_spans(words) for words in row], "is_long": max(map(_length, row)) > LONG}


def _spans(words: Words) -> list[dict[str, Any]]:
    if isinstance(words, str):
        return [{"words": words, "bold": False, "italic": False, "is_raised": False}]
    return [asdict(span) for span in words]


def _length(words: Words) -> int:
    return len(words) if isinstance(words, str) else sum(len(span.words) for span in words)
