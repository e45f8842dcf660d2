"""The notice of conclusions goes out under a number; later wordings go out as amendments, never as an edit."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.directives.operations import describe
from thuocdo.engine.canonical import canonical_json, digest_of_bytes
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.meetings.lifecycle import MeetingState
from thuocdo.meetings.models import Meeting, Notice
from thuocdo.meetings.queries import lines_to_issue

from .keeping import lock, require_keeper
from .refusals import MeetingRefused, NotInThisState


@transaction.atomic
def issue_notice(*, actor: Actor, at: datetime, meeting: Meeting, number: str, issued_on: date) -> Notice:
    """Issue the conclusions of an ended meeting under their number and symbol; a second notice holds what changed.

    Sent twice under the same number, it goes out once.
    """
    current = lock(meeting)
    require_keeper(actor, current, Permission.RECORD_CONCLUSIONS)
    if current.state != MeetingState.CONCLUDED:
        raise NotInThisState(current)
    symbol = " ".join(nfc(number).split())[:80]
    if not symbol:
        raise MeetingRefused(
            gettext("Chưa có số, ký hiệu; nhập theo sổ văn thư, ví dụ 27-TB/VPTW."), code="empty", field="number"
        )
    issued = list(Notice.objects.filter(meeting=current).order_by("position"))
    if issued and issued[-1].number == symbol:
        return issued[-1]
    if not current.held_on <= issued_on <= localdate(at):
        raise MeetingRefused(
            gettext("Ngày ban hành phải từ ngày họp đến hôm nay; sửa lại ngày."), code="day_outside", field="issued_on"
        )
    if Notice.objects.filter(office=current.office, year=issued_on.year, number=symbol).exists():
        raise MeetingRefused(
            gettext("Số, ký hiệu này đã dùng cho một thông báo khác trong năm; kiểm tra lại sổ văn thư."),
            code="number_used",
            field="number",
        )
    lines = lines_to_issue(current, issued[-1] if issued else None)
    if not lines:
        raise MeetingRefused(
            gettext("Chưa có kết luận nào để ban hành; ghi hoặc sửa kết luận trước."),
            code="nothing_to_issue",
            field="number",
        )
    content = canonical_json({"amends": issued[0].number if issued else "", "lines": [line.plain for line in lines]})
    row = Notice.objects.create(
        meeting=current,
        position=len(issued) + 1,
        office=current.office,
        year=issued_on.year,
        number=symbol,
        issued_on=issued_on,
        content=content,
        digest=digest_of_bytes(content.encode()),
        at=at,
        by_label=actor.label,
    )
    if not issued and current.document is not None:
        document = current.document
        describe(
            actor=actor, at=at, document=document, title=document.title, number=symbol, issuer=current.office,
            issued_on=issued_on,
        )  # fmt: skip
    append(
        actor=actor.label,
        at=at,
        event=Event.NOTICE_ISSUED,
        subject=current.label,
        data={"position": row.position, "issued_on": issued_on, "digest": row.digest, "lines": len(lines)},
    )
    return row
