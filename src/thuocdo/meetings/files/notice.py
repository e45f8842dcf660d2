"""The notice of conclusions (thông báo kết luận) on paper, in the layout of the office that issues it."""

from dataclasses import dataclass
from datetime import date

from thuocdo.alerts.files import layout_of, office_copy
from thuocdo.engine.typesetting import Block, Letter, Paragraph, Signature, letter_docx, letter_pdf


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One conclusion as the notice says it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """What a notice says. `number` bears its symbol (27-TB/VPTW) and, like the day, may wait for the clerk.

    `amends` is the number of the notice that this one changes.
    """

    office: str
    superior: str
    bloc: str
    place: str
    symbol: str
    title: str
    held_on: date
    where: str
    lines: tuple[NoticeLine, ...]
    recipients: tuple[str, ...]
    signature: Signature
    number: str = ""
    issued_on: date | None = None
    amends: str = ""
    is_draft: bool = False


def notice_docx(paper: NoticePaper) -> bytes:
    """The notice as docx, to be signed."""
    return letter_docx(notice_letter(paper), layout_of(paper.bloc))


def notice_pdf(paper: NoticePaper) -> bytes:
    """The notice as pdf (PDF/A-2a)."""
    return letter_pdf(notice_letter(paper), layout_of(paper.bloc))


def symbol_of(kind: str, bloc: str, abbreviation: str) -> str:
    """The symbol of a body's documents of a kind: `TB-UBND` of the State, `TB/VPTW` of the Party."""
    if not abbreviation:
        return kind
    return f"{kind}/{abbreviation}" if layout_of(bloc).key == "party" else f"{kind}-{abbreviation}"


def notice_letter(paper: NoticePaper) -> Letter:
    """The notice as a letter, without a layout's sizes."""
    number, symbol = _parted(paper)
    title = f"{paper.title[:1].lower()}{paper.title[1:]}"
    subject = f"kết luận {title}"
    if paper.amends:
        subject = f"sửa đổi, bổ sung Thông báo số {paper.amends} kết luận {title}"
    return Letter(
        body=paper.office,
        superior=paper.superior,
        number=number,
        symbol=symbol,
        place=paper.place,
        date=paper.issued_on,
        kind="Thông báo",
        subject=subject,
        blocks=tuple(_blocks(paper)),
        recipients=(*paper.recipients, office_copy(paper.bloc)),
        signature=paper.signature,
        is_draft=paper.is_draft,
    )


def _parted(paper: NoticePaper) -> tuple[str, str]:
    """Number and symbol: 27 and TB/VPTW of 27-TB/VPTW, 45 and TB-UBND of 45/TB-UBND."""
    digits = "".join(letter for letter in paper.number.split("/")[0].split("-")[0] if letter.isdigit())
    if not digits or not paper.number.startswith(digits):
        return "", paper.number or paper.symbol
    return digits, paper.number[len(digits) :].lstrip("-/ ") or paper.symbol


def _blocks(paper: NoticePaper) -> list[Block]:
    where = f", tại {paper.where}" if paper.where else ""
    held = f"Ngày {paper.held_on:%d/%m/%Y}{where}, đã diễn ra {paper.title[:1].lower()}{paper.title[1:]}."
    said = "Cuộc họp kết luận như sau:" if not paper.amends else "Các kết luận sau đây được sửa đổi, bổ sung:"
    closing = layout_of(paper.bloc).closing
    blocks: list[Block] = [Paragraph(held), Paragraph(said)]
    blocks += [Paragraph(f"{line.number}. {line.text.rstrip(' .;')}.") for line in paper.lines]
    called = paper.office
    blocks.append(Paragraph(f"{called} thông báo để các cơ quan, đơn vị biết và tổ chức thực hiện{closing}"))
    return blocks
