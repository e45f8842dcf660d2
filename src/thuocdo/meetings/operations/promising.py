"""What a lead body says of its late task before or at a meeting: the reason, and by when it will be done."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.meetings.lifecycle import MeetingState
from thuocdo.meetings.models import Commitment, Meeting
from thuocdo.meetings.queries import may_keep, tasks_of
from thuocdo.tasks.lifecycle import OWED
from thuocdo.tasks.models import Task

from .keeping import lock
from .refusals import MeetingRefused, NotInThisState

LONGEST_REASON = 2000


@transaction.atomic
def commit_to(
    *, actor: Actor, at: datetime, meeting: Meeting, task: Task, reason: str, promised_on: date, key: str
) -> Commitment:
    """Write down the reason and the promised day for an owed task; the newest one of a meeting counts.

    By the lead body itself, or by the office that keeps the meeting when it is said there. It moves no deadline.
    """
    current = lock(meeting)
    owed = Task.objects.select_related("lead").get(pk=task.pk)
    if not may(actor, Permission.SUBMIT_RESULT, owed.lead) and not may_keep(actor, current):
        raise NotAllowed(actor, Permission.SUBMIT_RESULT, owed.lead)
    known = Commitment.objects.filter(meeting=current, task=owed, key=key).first()
    if known is not None:
        return known
    if current.state not in (MeetingState.PLANNED, MeetingState.HELD):
        raise NotInThisState(current)
    today = localdate(at)
    if owed.state not in OWED or not tasks_of(current, on=today).filter(pk=owed.pk).exists():
        raise MeetingRefused(
            gettext("Nhiệm vụ %(code)s không còn phải làm hoặc không thuộc phạm vi cuộc họp; chọn nhiệm vụ khác.")
            % {"code": owed.code},
            code="not_discussed",
            field="task",
        )
    words = nfc(reason).strip()[:LONGEST_REASON]
    if not words:
        raise MeetingRefused(
            gettext("Chưa nêu nguyên nhân; ghi rõ vì sao chậm và cách tháo gỡ."), code="empty", field="reason"
        )
    if promised_on < today:
        raise MeetingRefused(
            gettext("Ngày cam kết đã qua; chọn từ hôm nay trở đi."), code="promised_in_past", field="promised_on"
        )
    row = Commitment.objects.create(
        meeting=current,
        task=owed,
        body=owed.lead,
        reason=words,
        promised_on=promised_on,
        due_on=owed.due_on,
        original_due_on=owed.original_due_on,
        key=key,
        at=at,
        by_label=actor.label,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.COMMITMENT_MADE,
        subject=current.label,
        data={
            "task": owed.code,
            "lead": owed.lead.code,
            "promised_on": promised_on,
            "due_on": owed.due_on,
            "original_due_on": owed.original_due_on,
        },
    )
    return row
