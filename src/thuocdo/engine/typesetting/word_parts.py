"""WordprocessingML from words and measures: runs, paragraphs, rules, tables without lines, fields, the draft mark."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from thuocdo.engine.typesetting.layouts import FONT
from thuocdo.engine.typesetting.letters import Words
from thuocdo.engine.typesetting.wording import clean

NAMESPACES = " ".join(
    (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
        'xmlns:v="urn:schemas-microsoft-com:vml"',
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
        'xmlns:o="urn:schemas-microsoft-com:office:office"',
    )
)
JUSTIFICATION = {"left": "left", "centre": "center", "right": "right", "justified": "both"}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a paragraph lies, in points; `lines` is the distance of lines in single lines, `size` that of its mark."""

    side: str = "left"
    before: float = 0
    after: float = 0
    left: float = 0
    right: float = 0
    first: float = 0
    hanging: float = 0
    lines: float = 1
    size: float = 0
    style: str = ""
    is_kept: bool = False


def twips(points: float) -> int:
    """Twentieths of a point."""
    return round(points * 20)


def run(
    words: str,
    *,
    size: float = 0,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
    raised: bool = False,
) -> str:
    """Words of one kind; line ends become line breaks."""
    marks = "".join(
        sign for sign, is_set in (("<w:b/>", bold), ("<w:i/>", italic), ('<w:u w:val="single"/>', underlined)) if is_set
    )
    if size:
        # The order of the schema: weight, slant, size, line.
        line = '<w:u w:val="single"/>'
        sizes = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
        marks = marks.replace(line, sizes + line) if underlined else marks + sizes
    if raised:
        marks += '<w:vertAlign w:val="superscript"/>'
    lines = clean(words).split("\n")
    texts = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r><w:rPr>{marks}</w:rPr>{texts}</w:r>"


def runs(words: Words, *, size: float = 0, bold: bool = False) -> str:
    """Words with their stretches of weight and slant."""
    if isinstance(words, str):
        return run(words, size=size, bold=bold)
    return "".join(
        run(span.words, size=size, bold=bold or span.bold, italic=span.italic, raised=span.is_raised) for span in words
    )


def paragraph(content: str, shape: Shape) -> str:
    """A paragraph of runs."""
    style = f'<w:pStyle w:val="{shape.style}"/>' if shape.style else ""
    kept = "<w:keepNext/>" if shape.is_kept else ""
    exact = f'w:line="{max(twips(shape.size), 20)}" w:lineRule="exact"' if shape.size and not content else ""
    spacing = (
        f'<w:spacing w:before="{twips(shape.before)}" w:after="{twips(shape.after)}" '
        f'{exact or f"""w:line="{round(240 * shape.lines)}" w:lineRule="auto" """}/>'
    )
    first = f'w:hanging="{twips(shape.hanging)}"' if shape.hanging else f'w:firstLine="{twips(shape.first)}"'
    indent = f'<w:ind w:left="{twips(shape.left)}" w:right="{twips(shape.right)}" {first}/>'
    mark = f'<w:rPr><w:sz w:val="{max(2, round(shape.size * 2))}"/></w:rPr>' if shape.size else ""
    return f'<w:p><w:pPr>{style}{kept}{spacing}{indent}<w:jc w:val="{shape.side}"/>{mark}</w:pPr>{content}</w:p>'


def rule(length: float, wide: float) -> str:
    """A rule of a length in the middle of a width, both in points: the upper edge of an empty paragraph.

    It is a drawn line of its own, since Annex I forbids underlining the words instead.
    """
    side = twips(max(0, (wide - length) / 2))
    return (
        "<w:p><w:pPr>"
        '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
        '<w:spacing w:before="40" w:after="0" w:line="80" w:lineRule="exact"/>'
        f'<w:ind w:left="{side}" w:right="{side}"/><w:rPr><w:sz w:val="4"/></w:rPr></w:pPr></w:p>'
    )


def cell(content: str, wide: float, *, fill: str = "", middle: bool = False, borders: str = "") -> str:
    """A cell of a width in points; content is paragraphs."""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    height = '<w:vAlign w:val="center"/>' if middle else ""
    edges = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(wide)}" w:type="dxa"/>{edges}{shade}{height}</w:tcPr>'
        f"{content or '<w:p/>'}</w:tc>"
    )


def frame_table(widths: tuple[float, ...], rows: list[list[str]], *, is_whole: bool = False) -> str:
    """A table without lines and without inner margins, for what stands side by side; `is_whole` keeps rows whole."""
    grid = "".join(f'<w:gridCol w:w="{twips(wide)}"/>' for wide in widths)
    whole = "<w:trPr><w:cantSplit/></w:trPr>" if is_whole else ""
    lines = "".join(f"<w:tr>{whole}{''.join(cells)}</w:tr>" for cells in rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(map(twips, widths))}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"
    )


def page_field(size: float) -> str:
    """The number of the page."""
    marks = f'<w:rPr><w:sz w:val="{round(size * 2)}"/></w:rPr>'
    return f'<w:fldSimple w:instr="PAGE"><w:r>{marks}<w:t>2</w:t></w:r></w:fldSimple>'


def watermark() -> str:
    """The words of a draft across the page, behind the text."""
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        '<v:shape id="draft" o:spid="_x0000_s2049" type="#_x0000_t136" alt="Dự thảo" '
        'style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:110pt;rotation:305;'
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#e4e4e4" stroked="f">'
        f'<v:textpath style="font-family:&quot;{FONT}&quot;;font-size:1pt;font-weight:bold" string="DỰ THẢO"/>'
        "</v:shape></w:pict></w:r>"
    )
