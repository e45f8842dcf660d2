"""The urging note (phiếu đôn đốc): which tasks of a body are late, what is asked of it and until when, ready to sign.

Its words are those of an official document and therefore Vietnamese whatever the language of the screen.
"""

from dataclasses import dataclass
from datetime import date

from thuocdo.engine.typesetting import (
    PARTY,
    STATE,
    Block,
    Column,
    Layout,
    Letter,
    Paragraph,
    Points,
    Signature,
    Span,
    Table,
    Words,
    letter_docx,
    letter_pdf,
)

KIND = "Phiếu đôn đốc"
SYMBOL = "PĐĐ"
# Bodies of these blocs write in the Party's layout: the Party's own, and the Centre, which leads the programme.
PARTY_BLOCS = frozenset({"party", "centre"})
_COMMITMENT = (
    "Cam kết ngày hoàn thành của từng nhiệm vụ, giải pháp và người chịu trách nhiệm; ngày cam kết không thay "
    "thời hạn đã giao khi chưa được cấp có thẩm quyền cho phép gia hạn."
)
_COLUMNS = (
    Column("STT", 10, "centre"),
    Column("Nhiệm vụ, văn bản giao", 55),
    Column("Hạn ban đầu", 22, "centre"),
    Column("Hạn hiện hành", 22, "centre"),
    Column("Quá hạn", 20, "centre"),
    Column("Báo cáo gần nhất", 36),
)


@dataclass(frozen=True, slots=True)
class UrgedLine:
    """One overdue task: `due` is the deadline in force, `days_late` and `working_days_late` count from it."""

    code: str
    title: str
    original_due: date
    due: date
    days_late: int
    working_days_late: int
    document: str = ""
    reported_on: date | None = None
    report: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UrgingNote:
    """What an urging note says; `number` and `signed_on` may wait for the signature.

    `bloc` is that of the issuing body and chooses the layout. `is_order` says "yêu cầu" (to a body below the issuer)
    instead of "đề nghị". `called` is the issuer's name in the text where its head's is too short ("Văn phòng").
    `request` is what the issuer asks beyond the usual, in its own words; each line is a point. Without `recipients`
    the addressee gets the note and the office keeps a copy.
    """

    issuer: str
    bloc: str
    place: str
    addressee: str
    tasks: tuple[UrgedLine, ...]
    counted_on: date
    reply_by: date
    signature: Signature
    superior: str = ""
    called: str = ""
    symbol: str = SYMBOL
    number: str = ""
    signed_on: date | None = None
    basis: tuple[str, ...] = ()
    request: str = ""
    recipients: tuple[str, ...] = ()
    is_order: bool = False
    is_draft: bool = False

    def __post_init__(self) -> None:
        if not self.tasks:
            raise ValueError("An urging note names at least one task.")


def layout_of(bloc: str) -> Layout:
    """The layout in which bodies of the bloc write."""
    return PARTY if bloc in PARTY_BLOCS else STATE


def office_copy(bloc: str) -> str:
    """How the last line of the recipients names the copy that stays with the office."""
    return "Lưu Văn phòng" if layout_of(bloc) is PARTY else "Lưu: VT"


def symbol_of(bloc: str, abbreviation: str) -> str:
    """The symbol of a body's urging notes: `PĐĐ-UBND` of the State, `PĐĐ/VPTW` of the Party."""
    if not abbreviation:
        return SYMBOL
    return f"{SYMBOL}/{abbreviation}" if layout_of(bloc) is PARTY else f"{SYMBOL}-{abbreviation}"


def urging_note_docx(note: UrgingNote) -> bytes:
    """The note as docx, to be changed and signed."""
    return letter_docx(urging_letter(note), layout_of(note.bloc))


def urging_note_pdf(note: UrgingNote) -> bytes:
    """The note as pdf (PDF/A-2a)."""
    return letter_pdf(urging_letter(note), layout_of(note.bloc))


def urging_letter(note: UrgingNote) -> Letter:
    """The note as a letter, without a layout's sizes."""
    return Letter(
        body=note.issuer,
        superior=note.superior,
        number=note.number,
        symbol=note.symbol,
        place=note.place,
        date=note.signed_on,
        kind=KIND,
        subject=f"về việc thực hiện {_counted(len(note.tasks))} nhiệm vụ quá hạn",
        addressees=(note.addressee,),
        blocks=_blocks(note),
        recipients=note.recipients or ("Như trên", office_copy(note.bloc)),
        signature=note.signature,
        is_draft=note.is_draft,
    )


def _blocks(note: UrgingNote) -> tuple[Block, ...]:
    grounds = [Paragraph((Span(f"Căn cứ {one.rstrip(' .;,')};", italic=True),)) for one in note.basis]
    found = (
        f"Qua theo dõi, tính đến ngày {_day(note.counted_on)}, {note.addressee} có {_counted(len(note.tasks))} "
        "nhiệm vụ đã quá hạn nhưng chưa có kết quả được chấp nhận, cụ thể như sau:"
    )
    asked = "yêu cầu" if note.is_order else "đề nghị"
    called = note.called or note.issuer
    closing = layout_of(note.bloc).closing
    return (
        *grounds,
        Paragraph(found),
        Table(_COLUMNS, tuple(_row(number, task) for number, task in enumerate(note.tasks, start=1))),
        Paragraph(f"{called} {asked} {note.addressee}:"),
        Points(tuple(_points(note))),
        Paragraph(
            f"Văn bản trả lời gửi về {called} chậm nhất ngày {_day(note.reply_by)} để tổng hợp, "
            f"báo cáo cấp có thẩm quyền{closing}"
        ),
    )


def _points(note: UrgingNote) -> list[str]:
    """What is asked, each point with its full stop."""
    own = [line.strip().rstrip(".;") + "." for line in note.request.splitlines() if line.strip()]
    return [
        "Xác nhận đã nhận Phiếu này; tập trung chỉ đạo hoàn thành dứt điểm các nhiệm vụ nêu trên.",
        "Báo cáo rõ nguyên nhân chậm của từng nhiệm vụ, trách nhiệm của tập thể, cá nhân có liên quan.",
        _COMMITMENT,
        *own,
    ]


def _row(number: int, task: UrgedLine) -> tuple[Words, ...]:
    source = f"Mã {task.code}" + (f"; {task.document}" if task.document else "")
    late = f"{task.days_late} ngày\n({task.working_days_late} ngày làm việc)"
    return (
        str(number),
        (Span(task.title), Span(f"\n({source})", italic=True)),
        _day(task.original_due),
        _day(task.due),
        late,
        _said(task),
    )


def _said(task: UrgedLine) -> str:
    lines = []
    if task.reported_on:
        lines.append(f"Ngày {_day(task.reported_on)}" + (f": {task.report}" if task.report else ""))
    else:
        lines.append("Chưa có báo cáo")
    if task.reason:
        lines.append(f"Nguyên nhân: {task.reason}")
    return "\n".join(lines)


def _counted(number: int) -> str:
    """Numbers below ten take a zero, so that none can be put before them by hand."""
    return f"{number:02}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
