"""The pack on paper: change since the last meeting, new delays with their address, promises, decisions wanted.

Its words are those of an official document and therefore Vietnamese whatever the language of the screen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from thuocdo.alerts.files import layout_of
from thuocdo.engine.typesetting import (
    Block,
    Column,
    Figure,
    Figures,
    Heading,
    Letter,
    Paragraph,
    Span,
    Table,
    Words,
    letter_docx,
    letter_pdf,
)
from thuocdo.meetings.pack import STANDINGS, Line, Pack, standings, totals

# How each mark is said on paper.
MARKS = {
    "": "mới giao",
    "overdue": "quá hạn",
    "due_soon": "sắp đến hạn",
    "on_time": "trong hạn",
    "no_deadline": "không có thời hạn",
    "suspended": "tạm dừng",
    "done": "hoàn thành đúng hạn",
    "done_late": "hoàn thành muộn",
    "submitted": "chờ phê duyệt",
    "returned": "bị trả lại",
    "disputed": "đang kiến nghị giao lại",
    "cancelled": "đã hủy",
}
STANDING_WORDS = {"kept": "Đúng hẹn", "broken": "Sai hẹn", "running": "Chưa đến hẹn", "void": "Không còn phải làm"}
KINDS = {
    "dispute": "Kiến nghị giao lại",
    "extension": "Đề nghị gia hạn",
    "approval": "Kết quả chờ phê duyệt",
    "decision": "Nhiệm vụ chờ quyết định",
    "finding": "Phát hiện sai lệch số liệu",
}
NONE = "Không có."


@dataclass(frozen=True, slots=True)
class Head:
    """Who headed a body at a time."""

    post: str
    person: str


@dataclass(frozen=True, slots=True)
class PackPaper:
    """What is printed: the pack as its reader may see it, and the names that it needs.

    `names` and `sessions` are by code of a body and number of a meeting; `heads` by body and the day on which the
    task fell due. `bloc` is that of the office, and chooses the layout.
    """

    pack: Pack
    office: str
    superior: str
    bloc: str
    place: str
    title: str
    held_on: date
    where: str
    agenda: tuple[str, ...]
    names: Mapping[str, str]
    heads: Mapping[tuple[str, date], Head]
    sessions: Mapping[int, str]
    is_frozen: bool
    symbol: str = ""


def pack_docx(paper: PackPaper) -> bytes:
    """The pack as docx."""
    return letter_docx(pack_letter(paper), layout_of(paper.bloc))


def pack_pdf(paper: PackPaper) -> bytes:
    """The pack as pdf (PDF/A-2a)."""
    return letter_pdf(pack_letter(paper), layout_of(paper.bloc))


def pack_letter(paper: PackPaper) -> Letter:
    """The pack as a report, without a layout's sizes."""
    return Letter(
        body=paper.office,
        superior=paper.superior,
        symbol=paper.symbol,
        place=paper.place,
        date=paper.held_on,
        kind="Tài liệu họp",
        subject=f"phục vụ {paper.title[:1].lower()}{paper.title[1:]}, ngày {_day(paper.held_on)}",
        blocks=tuple(_blocks(paper)),
    )


def _blocks(paper: PackPaper) -> Iterable[Block]:
    pack = paper.pack
    known = f"{localtime(pack.at):%H giờ %M, ngày %d/%m/%Y}"
    frozen = "được chốt khi khai mạc" if paper.is_frozen else "còn thay đổi đến khi khai mạc"
    yield Paragraph(f"Số liệu tính đến {known} và {frozen}. {_compared(pack.since)}")
    if paper.agenda:
        yield Heading("Chương trình")
        for number, line in enumerate(paper.agenda, start=1):
            yield Paragraph(f"{number}. {line.rstrip('.;')}.")
    yield Heading("1. Thay đổi từ phiên trước" if pack.since else "1. Tình hình thực hiện")
    yield _figures(pack)
    yield _counts(pack)
    yield Heading("2. Nhiệm vụ mới quá hạn" if pack.since else "2. Nhiệm vụ quá hạn")
    yield from _table(
        (("STT", 8), ("Nhiệm vụ", 42), ("Địa chỉ trách nhiệm", 36), ("Hạn", 24), ("Nguyên nhân; cam kết mới", 40)),
        [_overdue(paper, line) for line in pack.overdue],
    )
    yield Heading("3. Lời hứa tại các phiên trước")
    told = standings(pack.promises)
    yield Paragraph(
        f"Đúng hẹn {told['kept']:02}, sai hẹn {told['broken']:02}, chưa đến hẹn {told['running']:02}"
        + (f", không còn phải làm {told['void']:02}." if told["void"] else ".")
    )
    yield from _table(
        (("STT", 8), ("Nhiệm vụ", 50), ("Cơ quan", 32), ("Đã hứa", 28), ("Kết quả", 32)),
        [_promise(paper, line) for line in pack.promises],
    )
    yield Heading("4. Việc cần quyết định")
    yield from _table(
        (("STT", 8), ("Việc", 34), ("Nhiệm vụ, số liệu", 50), ("Cơ quan", 28), ("Nội dung", 30)),
        [_wanted(paper, line) for line in pack.wanted],
    )
    if pack.since is not None:
        yield Heading("5. Đã giải quyết từ phiên trước")
        yield from _table(
            (("STT", 8), ("Nhiệm vụ", 60), ("Cơ quan", 40), ("Trước", 20), ("Nay", 22)),
            [_change(paper, line) for line in pack.resolved],
        )
        yield Heading("6. Nhiệm vụ có diễn biến")
        yield from _table(
            (("STT", 8), ("Nhiệm vụ", 60), ("Cơ quan", 40), ("Trước", 20), ("Nay", 22)),
            [_change(paper, line) for line in pack.moved],
        )


def _compared(since: datetime | None) -> str:
    if since is None:
        return "Đây là phiên đầu tiên của chuỗi nên chưa có phiên trước để so sánh."
    return f"So với thời điểm chốt tài liệu phiên trước, {localtime(since):%H giờ %M ngày %d/%m/%Y}."


def _figures(pack: Pack) -> Figures:
    told = standings(pack.promises)
    return Figures(
        (
            Figure(f"{len(pack.overdue):02}", "nhiệm vụ", "mới quá hạn" if pack.since else "quá hạn"),
            Figure(f"{told['broken']:02}", "lời hứa", "sai hẹn"),
            Figure(f"{len(pack.wanted):02}", "việc", "cần quyết định"),
        )
    )


def _counts(pack: Pack) -> Table:
    now, before = totals(pack.now), totals(pack.before)
    words = {**MARKS, "done": "hoàn thành đúng hạn"}
    rows: list[tuple[Words, ...]] = []
    for name in STANDINGS:
        if not now[name] and not before[name]:
            continue
        label = words[name][:1].upper() + words[name][1:]
        if pack.since is None:
            rows.append((label, str(now[name])))
        else:
            rows.append((label, str(before[name]), str(now[name]), _signed(now[name] - before[name])))
    columns = (
        (Column("Tình trạng", 80), Column("Nay", 30, "right"))
        if pack.since is None
        else (
            Column("Tình trạng", 80),
            Column("Phiên trước", 30, "right"),
            Column("Nay", 30, "right"),
            Column("Thay đổi", 30, "right"),
        )
    )
    total: tuple[Words, ...] = ("Tổng số", str(sum(now.values())))
    if pack.since is not None:
        total = (
            "Tổng số",
            str(sum(before.values())),
            str(sum(now.values())),
            _signed(sum(now.values()) - sum(before.values())),
        )
    return Table(columns, tuple(rows), unit="Đơn vị: nhiệm vụ", total=total)


def _signed(number: int) -> str:
    return "0" if number == 0 else f"+{number}" if number > 0 else f"−{-number}"


def _table(columns: tuple[tuple[str, float], ...], rows: list[tuple[Words, ...]]) -> Iterable[Block]:
    if not rows:
        yield Paragraph(NONE)
        return
    heads = tuple(Column(heading, width, "centre" if heading == "STT" else "left") for heading, width in columns)
    yield Table(heads, tuple((str(number), *row) for number, row in enumerate(rows, start=1)))


def _task(line: Line) -> Words:
    source = "; ".join(part for part in (line.code, line.source and f"văn bản số {line.source}") if part)
    return (Span(line.title), Span(f"\n({source})", italic=True)) if source else line.title


def _overdue(paper: PackPaper, line: Line) -> tuple[Words, ...]:
    address = [paper.names.get(line.lead, line.lead)]
    if line.post:
        address.append(f"Phụ trách: {line.post}")
    head = paper.heads.get((line.lead, line.due_on)) if line.due_on else None
    if head is not None:
        address.append(f"{head.post}: {head.person}")
    due = _day(line.due_on)
    if line.original_due_on != line.due_on:
        due += f"\n(ban đầu {_day(line.original_due_on)})"
    if line.due_on is not None:
        due += f"\nquá {(localtime(paper.pack.at).date() - line.due_on).days} ngày"
    said = [f"Nguyên nhân: {line.reason}" if line.reason else "Chưa nêu nguyên nhân"]
    if line.promised_on:
        said.append(f"Cam kết xong ngày {_day(line.promised_on)}")
    elif line.reported_on:
        said.append(f"Báo cáo ngày {_day(line.reported_on)}: {line.report}")
    return (_task(line), "\n".join(address), due, "\n".join(said))


def _promise(paper: PackPaper, line: Line) -> tuple[Words, ...]:
    made = paper.sessions.get(line.meeting, "")
    how = f"kết luận số {line.conclusion}" if line.conclusion else "cam kết"
    promised = f"{_day(line.promised_on)}\n({'; '.join(part for part in (made, how) if part)})"
    result = STANDING_WORDS.get(line.standing, "")
    result += f"\nxong ngày {_day(line.done_on)}" if line.done_on else f"\n{MARKS.get(line.now, '')}"
    return (
        _task(line),
        paper.names.get(line.lead, line.lead),
        promised,
        (Span(result, bold=line.standing == "broken"),),
    )


def _wanted(paper: PackPaper, line: Line) -> tuple[Words, ...]:
    said = []
    if line.wanted_on:
        said.append(f"Xin đến {_day(line.wanted_on)} (hạn hiện nay {_day(line.due_on)})")
    if line.proposed:
        said.append(f"Đề nghị giao {paper.names.get(line.proposed, line.proposed)}")
    if line.by:
        said.append(f"Hạn {_day(line.by)}")
    if line.reason and line.kind != "finding":
        said.append(line.reason)
    title: Words = f"{line.title}, kỳ {line.code}" if line.kind == "finding" and line.code else _task(line)
    return (KINDS.get(line.kind, ""), title, paper.names.get(line.lead, line.lead), "\n".join(said))


def _change(paper: PackPaper, line: Line) -> tuple[Words, ...]:
    now = MARKS.get(line.now, "")
    if line.before_due_on and line.due_on != line.before_due_on:
        now += f"\nhạn {_day(line.before_due_on)} → {_day(line.due_on)}"
    if line.done_on:
        now += f"\nngày {_day(line.done_on)}"
    return (_task(line), paper.names.get(line.lead, line.lead), MARKS.get(line.before, ""), now)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"
