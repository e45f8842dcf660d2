"""A head's dossier as an official document: figures, where each leads, the head's words, the rule.

Its words are those of an official document and therefore Vietnamese whatever the language of the screen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import override

from thuocdo.alerts.files.urging_note import layout_of, office_copy
from thuocdo.engine.typesetting import (
    PARTY,
    Block,
    Column,
    Cover,
    Figures,
    Heading,
    Letter,
    Paragraph,
    Points,
    Signature,
    Span,
    Table,
    letter_docx,
    letter_pdf,
)
from thuocdo.engine.typesetting import Figure as KeyFigure
from thuocdo.publications.lifecycle import FIGURES, Group, figures_of_group, parse_term

from .content import Content, SignedRow

TITLE = "Hồ sơ trách nhiệm người đứng đầu"
_SYMBOL = "HSTN"
_KEY = ("owed", "in_time", "overdue")
GROUPS: tuple[tuple[Group, str], ...] = (
    (Group.DEBTS, "Nhiệm vụ phải thực hiện"),
    (Group.TAKEN_OVER, "Nhận bàn giao"),
    (Group.HAPPENINGS, "Việc đã xảy ra (số lần)"),
    (Group.EFFECT, "Hiệu quả của nhiệm vụ đã hoàn thành"),
    (Group.OBJECTIVE, "Nguyên nhân khách quan đã được chấp thuận (không tính là khuyết điểm)"),
)
_COLUMNS = (
    Column("Số", 10, "centre"),
    Column("Chỉ tiêu", 58),
    Column("Giá trị", 17, "centre"),
    Column("Các dòng ở mục V", 80),
)
_ROWS = (
    Column("Dòng", 12, "centre"),
    Column("Nhiệm vụ", 56),
    Column("Thời hạn", 25, "centre"),
    Column("Dữ kiện", 34),
    Column("Tính vào chỉ tiêu", 20, "centre"),
    Column("Mục nhật ký", 18, "centre"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the head said when signing, and when; `entry` is the ledger's entry of the signature."""

    at: datetime
    remark: str
    explanations: Mapping[str, str]
    digest: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A version ready to be laid out: its content, who the head is, how the body writes, and the head's words."""

    content: Content
    number: int
    digest: str
    person: str
    issuer: str
    place: str
    signature: Signature
    superior: str = ""
    abbreviation: str = ""
    signed: Words | None = None


def numbered() -> dict[str, int]:
    """The number by which each figure is called, from 1."""
    return {figure.code: place for place, figure in enumerate(FIGURES, start=1)}


def dossier_docx(paper: Paper) -> bytes:
    """The dossier as docx."""
    return letter_docx(dossier_letter(paper), layout_of(paper.content.bloc))


def dossier_pdf(paper: Paper) -> bytes:
    """The dossier as pdf (PDF/A-2a)."""
    return letter_pdf(dossier_letter(paper), layout_of(paper.content.bloc))


def dossier_letter(paper: Paper) -> Letter:
    """The dossier as a letter, without a layout's sizes."""
    with override("vi"):
        return _letter(paper)


def _letter(paper: Paper) -> Letter:
    content = paper.content
    term = parse_term(content.term).display("vi")
    return Letter(
        body=paper.issuer,
        superior=paper.superior,
        symbol=_symbol(paper),
        place=paper.place,
        date=paper.signed.at.date() if paper.signed else None,
        kind=TITLE,
        subject=f"kỳ {_in_text(term)}",
        blocks=tuple(_blocks(paper, term)),
        recipients=("Cơ quan thường trực", "Cơ quan quản lý cán bộ", office_copy(content.bloc)),
        signature=paper.signature,
        cover=Cover(
            title=TITLE,
            lines=(f"{content.post} {paper.person}", content.body_name, f"Kỳ {_in_text(term)}"),
            foot=f"Bản số {paper.number}, tính đến hết ngày {day(content.until)}",
        ),
        is_draft=paper.signed is None,
    )


def _symbol(paper: Paper) -> str:
    if not paper.abbreviation:
        return _SYMBOL
    mark = "/" if layout_of(paper.content.bloc) is PARTY else "-"
    return f"{_SYMBOL}{mark}{paper.abbreviation}"


def _blocks(paper: Paper, term: str) -> Iterable[Block]:
    content = paper.content
    yield Heading("I. THÔNG TIN CHUNG")
    yield Points(tuple(_facts(paper, term)), "dashes")
    yield Heading("II. SỐ LIỆU")
    yield Paragraph(
        "Mỗi chỉ tiêu có một số trong ngoặc; cột bên phải ghi các dòng ở mục V mà chỉ tiêu đếm, giá trị bằng đúng "
        "số dòng đó."
    )
    titles = {figure.code: str(figure.title) for figure in FIGURES}
    yield Figures(
        tuple(
            KeyFigure(str(content.figures.get(code, 0)), "nhiệm vụ", titles[code])
            for code in ("owed", "in_time", "overdue")
        )
    )
    for group, title in GROUPS:
        yield Table(
            _COLUMNS,
            tuple(_figure_row(content, figure.code, str(figure.title)) for figure in figures_of_group(group)),
            caption=title,
        )
    yield Heading("III. Ý KIẾN CỦA NGƯỜI ĐỨNG ĐẦU")
    yield from _words(paper)
    yield Heading("IV. CÁCH TÍNH")
    yield Points(content.method)
    yield Heading("V. CÁC DÒNG MÀ CHỈ TIÊU ĐẾM")
    yield from _annex(content)


def _facts(paper: Paper, term: str) -> Iterable[str]:
    content = paper.content
    yield f"Người đứng đầu: {paper.person}, {content.post}{' (giữ quyền, phụ trách)' if content.is_acting else ''}."
    yield f"Cơ quan: {content.body_name}. Kỳ: {_in_text(term)}."
    yield f"Những ngày giữ chức trong kỳ: {spans_in_words(content)}. Số liệu tính đến hết ngày {day(content.until)}."
    yield (
        f"Bản số {paper.number}, lập lúc {moment(content.known_at)}, khi nhật ký có {content.entry} mục; "
        f"mã kiểm tra SHA-256: {in_parts(paper.digest)}."
    )


def _figure_row(content: Content, code: str, title: str) -> tuple[str, ...]:
    rows = [row.number for row in content.rows_of(code)]
    return (f"({numbered()[code]})", title, str(content.figures.get(code, 0)), runs(rows) or "–")


def _words(paper: Paper) -> Iterable[Block]:
    signed = paper.signed
    if signed is None:
        yield Paragraph("Người đứng đầu chưa ký hồ sơ này.")
        return
    told = f", mục nhật ký số {signed.entry}" if signed.entry else ""
    yield Paragraph(
        f"Người đứng đầu đã xem và nhận trách nhiệm về hồ sơ trên hệ thống lúc {moment(signed.at)}{told}; "
        f"mã kiểm tra chữ ký: {in_parts(signed.digest)}."
    )
    if signed.remark:
        yield Paragraph(f"“{signed.remark}”")
    late = paper.content.late_rows
    if not late:
        yield Paragraph("Không có nhiệm vụ chậm phải giải trình.")
        return
    columns = (Column("Dòng", 12, "centre"), Column("Nhiệm vụ chậm", 58), Column("Giải trình", 95))
    yield Table(
        columns,
        tuple((str(row.number), _named(row), signed.explanations.get(row.key, "Chưa giải trình.")) for row in late),
        caption="Giải trình từng nhiệm vụ chậm",
    )


def _annex(content: Content) -> Iterable[Block]:
    debts = [row for row in content.rows if not row.is_event]
    events = [row for row in content.rows if row.is_event]
    if debts:
        yield Table(_ROWS, tuple(_annex_row(row) for row in debts), caption="A. Nhiệm vụ")
    if events:
        yield Table(_ROWS, tuple(_annex_row(row) for row in events), caption="B. Việc đã xảy ra với nhiệm vụ")
    if not content.rows:
        yield Paragraph("Trong những ngày này cơ quan không có nhiệm vụ phải thực hiện.")


def _annex_row(row: SignedRow) -> tuple[str | tuple[Span, ...], ...]:
    numbers = numbered()
    return (
        str(row.number),
        _named(row),
        due_in_words(row),
        fact_in_words(row),
        " ".join(f"({numbers[code]})" for code in row.figures if code in numbers),
        str(row.entry) if row.entry else "–",
    )


def _named(row: SignedRow) -> tuple[Span, ...]:
    return (Span(row.title), Span(f"\n({row.code})", italic=True))


def due_in_words(row: SignedRow) -> str:
    """The deadline in force, and the first one where it was another."""
    if row.due is None:
        return "Không có"
    first = f"\n(ban đầu {day(row.original_due)})" if row.original_due and row.original_due != row.due else ""
    return f"{day(row.due)}{first}"


_SAID = {
    "in_time": "Phê duyệt kết quả ngày {on}, trong hạn",
    "late": "Phê duyệt kết quả ngày {on}, muộn {late} ngày",
    "overdue": "Chưa xong, quá hạn {late} ngày",
    "running": "Đang làm, còn hạn",
    "suspended": "Đang tạm dừng",
    "left": "Rút hoặc chuyển đi ngày {on}",
    "debt_settled": "Nợ cũ, phê duyệt ngày {on}, muộn {late} ngày",
    "debt_open": "Nợ cũ chưa xong, quá hạn {late} ngày",
    "returned": "Kết quả bị trả lại ngày {on}",
    "transferred": "Chuyển cơ quan khác ngày {on}",
    "extended": "Gia hạn ngày {on}",
    "disputed": "Kiến nghị giao lại ngày {on}",
    "objective_extended": "Gia hạn vì nguyên nhân khách quan ngày {on}",
    "paused": "Được tạm dừng ngày {on}",
    "dispute_granted": "Kiến nghị ngày {on} được chấp nhận",
}


def fact_in_words(row: SignedRow) -> str:
    """What the row says, with its day."""
    said = next((_SAID[code] for code in row.figures if code in _SAID), "")
    words = said.format(on=day(row.on), late=row.days_late)
    return f"{words}; nhận bàn giao" if "inherited" in row.figures else words


def spans_in_words(content: Content) -> str:
    """The days in office, both ends included."""
    parts = [f"từ {day(first)} đến {day(date.fromordinal(until.toordinal() - 1))}" for first, until in content.spans]
    return "; ".join(parts)


def runs(numbers: list[int]) -> str:
    """Numbers of rows, neighbours drawn together: `1–4, 7`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found)


def in_parts(digest: str) -> str:
    """A digest in parts of eight digits, so that lines can break between them."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def day(value: date) -> str:
    """`14/09/2026`."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """`09:30 ngày 14/09/2026` on the clock of the given zone."""
    return f"{value:%H:%M} ngày {value:%d/%m/%Y}"


def _in_text(term: str) -> str:
    """A term in the middle of a sentence: its first letter is small."""
    return term[:1].lower() + term[1:]
