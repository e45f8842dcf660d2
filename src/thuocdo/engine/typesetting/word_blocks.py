"""The blocks of a letter as WordprocessingML: text, lists, tables with repeated heads, key figures, rulers."""

from thuocdo.engine.typesetting.layouts import Layout
from thuocdo.engine.typesetting.letters import (
    Bar,
    Block,
    Figures,
    Heading,
    PageBreak,
    Paragraph,
    Points,
    Ruler,
    Table,
    Words,
)
from thuocdo.engine.typesetting.word_parts import (
    JUSTIFICATION,
    Shape,
    cell,
    frame_table,
    paragraph,
    run,
    runs,
    twips,
)

INDENT = 28.35
# As in the pdf: 18 pt from line to line at 14 pt, where Word's single line of this face is 16.1 pt.
LINES = 1.12
# A row of more letters than this may run over the end of a page.
LONG = 900
_DARK, _LIGHT = "464646", "E4E4E4"


def block_parts(block: Block, layout: Layout, level: int, wide: float, *, is_kept: bool = False) -> list[str]:
    """The block as paragraphs and tables; `level` is that of a heading, `is_kept` keeps it with what follows."""
    match block:
        case Paragraph():
            first = INDENT if block.is_indented else 0
            side = JUSTIFICATION[block.side]
            is_kept = is_kept and _length(block.words) < LONG
            return [
                paragraph(
                    runs(block.words, size=layout.text_size),
                    Shape(
                        side=side, before=6, first=first, lines=LINES, is_kept=is_kept and _length(block.words) < LONG
                    ),
                )
            ]
        case Heading() if level == 0:
            return []
        case Heading():
            words = run(block.words, size=layout.text_size, bold=True, italic=level > 2)
            return [paragraph(words, Shape(before=10, after=2, style=f"Heading{min(level, 4)}", is_kept=True))]
        case Points():
            return [
                paragraph(
                    run(f"{_mark(block.marks, at)} ", size=layout.text_size) + runs(item, size=layout.text_size),
                    Shape(side="both", before=6, first=INDENT, lines=LINES),
                )
                for at, item in enumerate(block.items)
            ]
        case Table():
            return _table(block, layout, wide)
        case Figures():
            return _figures(block, layout, wide)
        case Ruler():
            return ruler_parts(block, layout, wide)
        case PageBreak():
            return ['<w:p><w:r><w:br w:type="page"/></w:r></w:p>']


def _table(table: Table, layout: Layout, wide: float) -> list[str]:
    size = layout.table_size
    whole = sum(column.width for column in table.columns)
    widths = [wide * column.width / whole for column in table.columns]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{breadth}" w:type="dxa"/>'
        for side, breadth in (("top", 40), ("left", 60), ("bottom", 40), ("right", 60))
    )
    heads = "".join(
        cell(paragraph(run(column.heading, size=size, bold=True), Shape(side="center")), breadth, middle=True)
        for column, breadth in zip(table.columns, widths, strict=True)
    )
    lines = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"]
    for row in (*table.rows, *([table.total] if table.total else [])):
        cells = "".join(
            cell(
                paragraph(runs(words, size=size, bold=row is table.total), Shape(side=JUSTIFICATION[column.side])),
                breadth,
            )
            for words, column, breadth in zip(row, table.columns, widths, strict=True)
        )
        whole_row = "" if max(map(_length, row)) > LONG else "<w:trPr><w:cantSplit/></w:trPr>"
        lines.append(f"<w:tr>{whole_row}{cells}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{twips(breadth)}"/>' for breadth in widths)
    parts = []
    if table.caption:
        words = run(table.caption, size=size, bold=True)
        parts.append(paragraph(words, Shape(side="center", before=10, after=3, is_kept=True)))
    if table.unit:
        words = run(table.unit, size=size, italic=True)
        parts.append(paragraph(words, Shape(side="right", before=3, after=3, is_kept=True)))
    if not parts:
        parts.append(paragraph("", Shape(size=6, is_kept=True)))
    parts.append(
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(map(twips, widths))}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f'<w:tblLook w:firstRow="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(lines)}</w:tbl>'
    )
    parts += [paragraph(run(note, size=size - 1, italic=True), Shape(before=2)) for note in table.notes]
    parts.append(paragraph("", Shape(size=4)))
    return parts


def _figures(figures: Figures, layout: Layout, wide: float) -> list[str]:
    across = max(1, min(3, len(figures.items)))
    breadth = wide / across
    edge = '<w:left w:val="single" w:sz="12" w:space="0" w:color="3C3C3C"/>'
    rows = []
    for start in range(0, len(figures.items), across):
        cells = [
            cell(
                paragraph(
                    run(item.value, size=20, bold=True) + run(f" {item.unit}", size=layout.table_size),
                    Shape(left=6, is_kept=True),
                )
                + paragraph(run(item.label, size=layout.table_size), Shape(left=6)),
                breadth,
                borders=edge,
            )
            for item in figures.items[start : start + across]
        ]
        rows.append(cells + [cell("", breadth)] * (across - len(cells)))
    gap = paragraph("", Shape(size=8))
    return [gap, frame_table((breadth,) * across, rows, is_whole=True), gap] if rows else []


def ruler_parts(ruler: Ruler, layout: Layout, wide: float) -> list[str]:
    """The ruler as a table without lines, whose bars are shaded cells."""
    label, bar, value = wide * 0.38, wide * 0.44, wide * 0.18
    size = layout.table_size
    rows = [
        [
            cell(paragraph(run(one.label, size=size), Shape(before=2)), label, middle=True),
            cell(_bar(one, bar) + paragraph("", Shape(size=1)), bar, middle=True),
            cell(paragraph(run(one.value, size=size), Shape(side="right")), value, middle=True),
        ]
        for one in ruler.bars
    ]
    parts = []
    if ruler.caption:
        words = run(ruler.caption, size=size, bold=True)
        parts.append(paragraph(words, Shape(side="center", before=8, after=3, is_kept=True)))
    gap = paragraph("", Shape(size=6))
    return [*parts, frame_table((label, bar, value), rows, is_whole=True), gap] if rows else parts


def _bar(bar: Bar, wide: float) -> str:
    """One row of shaded cells: what is reached, what is left, and a black edge at the mark."""
    ends = sorted({share for share in (bar.share, bar.mark, 1.0) if share})
    cells, widths, start = [], [], 0.0
    for end in ends:
        breadth = (end - start) * wide
        edge = '<w:right w:val="single" w:sz="18" w:space="0" w:color="000000"/>' if end == bar.mark else ""
        cells.append(
            cell(paragraph("", Shape(size=9)), breadth, fill=_DARK if end <= bar.share else _LIGHT, borders=edge)
        )
        widths.append(breadth)
        start = end
    return frame_table(tuple(widths), [cells])


def _mark(marks: str, at: int) -> str:
    if marks == "numbers":
        return f"{at + 1}."
    # Vietnamese lists go on with two letters after z, as do those of the pdf.
    return f"{_letters(at)})" if marks == "letters" else "-"


def _letters(at: int) -> str:
    higher, own = divmod(at, 26)
    return (_letters(higher - 1) if higher else "") + "abcdefghijklmnopqrstuvwxyz"[own]


def _length(words: Words) -> int:
    return len(words) if isinstance(words, str) else sum(len(span.words) for span in words)
